package dev.sojourn.probe;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.probe.Program.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Register;
import java.util.Locale;

/** What a paravirtual kernel is started with, and what it has instead of chips. */
final class XenPvStart {
    private static final int INFO_BYTES = 0x4a0;
    private static final int MEMORY_OP = 12;
    private static final int MEMORY_MAP = 9;
    private static final int VCPU_OP = 24;
    private static final int REGISTER_INFO = 10;
    private static final int PHYSDEV_OP = 33;
    private static final int SET_IOPL = 6;

    private final Program p;
    private final Assembler a;

    XenPvStart(Program p) {
        this.p = p;
        a = p.a;
    }

    void registers() {
        for (int i = 0; i < XenPvWorld.ENTRY.length; i++) {
            kept("start." + lower(XenPvWorld.ENTRY[i]), XenPvWorld.ENTERED + 8 * i);
        }
        for (int i = 0; i < XenPvWorld.SELECTORS.length; i++) {
            kept("start." + lower(XenPvWorld.SELECTORS[i]), XenPvWorld.ENTERED_SELECTORS + 8 * i);
        }
        kept("start.rflags", XenPvWorld.ENTERED_FLAGS);
        a.mov(RSI, absolute(XenPvWorld.START_INFO));
        a.mov(ECX, INFO_BYTES);
        p.dump("start.info.");
    }

    private static String lower(Register register) { return register.name().toLowerCase(Locale.ROOT); }

    private void kept(String name, int address) {
        p.one(name, "format64", () -> {
            a.mov(RAX, absolute(address));
            p.value(0, RAX);
        });
    }

    /** Lets the kernel use ports. */
    void openPorts() {
        p.put(DATA, 1);
        call(PHYSDEV_OP, SET_IOPL, DATA, 0);
    }

    private void call(int number, long rdi, long rsi, long rdx) {
        a.mov(RDI, rdi);
        a.mov(RSI, rsi);
        a.mov(RDX, rdx);
        a.mov(EAX, number);
        a.syscall();
    }

    void memoryMap() {
        a.call("clearData");
        p.put(DATA, 32);
        p.put(DATA + 8, DATA + 0x100);
        call(MEMORY_OP, MEMORY_MAP, DATA, 0);
        a.mov(ESI, DATA);
        a.mov(ECX, 0x400);
        p.dump("memory.map.");
    }

    /** Has the hypervisor keep this processor's clock in a page of ours. */
    void vcpuInfo() {
        a.call("clearData");
        a.mov(RAX, absolute(XenPvWorld.START_INFO));
        a.mov(RAX, at(RAX, 0x68));
        a.mov(RAX, at(RAX, (DATA + 0x3000 >> 12) * 8));
        a.mov(absolute(DATA), RAX);
        call(VCPU_OP, REGISTER_INFO, 0, DATA);
    }
}
