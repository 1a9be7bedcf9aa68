package dev.sojourn.probe;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.probe.Program.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Register;

/** The calls of the interfaces that are entered as a PC: KVM, Hyper-V and VMware; and both call instructions on any. */
final class HvmCalls {
    private static final int[] VMCALL = {0x0f, 0x01, 0xc1};
    private static final int[] VMMCALL = {0x0f, 0x01, 0xd9};
    private static final int CALLS = 64;
    private static final int BACKDOOR = 0x5658;
    private static final int MAGIC = 0x564d_5868;
    private static final int COMMANDS = 0x100;
    private static final int GUEST_OS_ID = 0x4000_0000;
    private static final int HYPERCALL = 0x4000_0001;
    private static final int REFERENCE_TSC = 0x4000_0021;
    private static final long FAST = 1 << 16;

    private final Program p;
    private final Assembler a;

    HvmCalls(Program p) {
        this.p = p;
        a = p.a;
    }

    /**
     * The call instructions with numbers in RAX.
     *
     * @param arguments what the other registers hold
     */
    void instructions(long... arguments) {
        for (int[] instruction : new int[][] {VMCALL, VMMCALL}) {
            String name = instruction == VMCALL ? "vmcall" : "vmmcall";
            for (long argument : arguments) {
                String line = "call." + name + (argument == 0 ? ".nothing." : ".nowhere.");
                p.walk(line, 2, 0, CALLS, "format64", () -> p.attempt(() -> {
                    for (Register register : new Register[] {RBX, RCX, RDX, RSI, RDI, R8, R10}) {
                        a.mov(register, argument);
                    }
                    a.mov(RAX, at("index"));
                    a.db(instruction);
                    p.value(0, RAX);
                }));
            }
        }
    }

    private void write(int msr, long value) {
        a.mov(ECX, msr & 0xffff_ffffL);
        a.mov(EAX, value & 0xffff_ffffL);
        a.mov(EDX, value >>> 32);
        a.wrmsr();
    }

    /** What the clock's structures say for good: their times are of the moment. */
    void kvmClock() {
        p.attempt(() -> write(0x4b56_4d01, DATA | 1));
        p.one("clock.kvm.scale", "format64", () -> {
            a.mov(RAX, absolute(DATA + 0x18));
            p.value(0, RAX);
        });
        p.attempt(() -> write(0x4b56_4d01, 0));
        p.attempt(() -> write(0x4b56_4d03, DATA + 0x40 | 1));
        p.one("clock.kvm.steal-time.flags", "format64", () -> {
            a.mov(RAX, absolute(DATA + 0x4c));
            p.value(0, RAX);
        });
        p.attempt(() -> write(0x4b56_4d03, 0));
    }

    /** Commands of the backdoor, by port and by call. */
    void backdoor() {
        for (boolean port : new boolean[] {true, false}) {
            String line = port ? "call.backdoor.port." : "call.backdoor.vmcall.";
            p.walk(line, 2, 0, COMMANDS, "formatCpuid", () -> p.attempt(() -> {
                a.mov(EAX, MAGIC);
                a.xor(EBX, EBX);
                a.mov(RSI, -1);
                a.mov(RDI, -1);
                a.mov(RCX, at("index"));
                a.mov(EDX, port ? BACKDOOR : 0);
                if (port) {
                    a.in(EAX);
                } else {
                    a.db(VMCALL);
                }
                p.value(0, RAX);
                p.value(1, RBX);
                p.value(2, RCX);
                p.value(3, RDX);
            }));
        }
    }

    /** Calls by the page that the hypervisor fills, and the scale of the reference clock. */
    void hyperv() {
        int page = DATA + 0x2000;
        p.attempt(() -> write(GUEST_OS_ID, 0x8100_0000_0000_0000L));
        p.attempt(() -> write(HYPERCALL, page | 1));
        a.mov(ESI, page);
        a.mov(ECX, 0x1000);
        p.dump("call.page.");
        for (long first : new long[] {0, 0x8000}) {
            codes("call.memory.", first, 0, DATA);
            codes("call.fast.", first, FAST, 0);
            codes("call.repeated.", first, 1L << 32, DATA);
            codes("call.nowhere.", first, 0, NO_RAM);
            codes("call.reserved.", first, 1L << 60, DATA);
        }
        p.attempt(() -> write(REFERENCE_TSC, DATA + 0x1000 | 1));
        p.one("clock.reference.scale", "formatPair", () -> {
            a.mov(RAX, absolute(DATA + 0x1000));
            p.value(0, RAX);
            a.mov(RAX, absolute(DATA + 0x1008));
            p.value(1, RAX);
        });
        p.attempt(() -> write(REFERENCE_TSC, 0));
        p.attempt(() -> write(HYPERCALL, 0));
        p.attempt(() -> write(GUEST_OS_ID, 0));
    }

    private void codes(String name, long first, long control, long input) {
        p.walk(name, 4, first, first + 0x100, "format64", () -> p.attempt(() -> {
            a.mov(RCX, control);
            a.or(RCX, at("index"));
            a.mov(RDX, input);
            a.xor(R8, R8);
            a.mov(EAX, DATA + 0x2000);
            a.call(RAX);
            p.value(0, RAX);
        }));
    }
}
