package dev.sojourn.probe;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.probe.Program.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import dev.sojourn.assembler.ElfFile;
import dev.sojourn.assembler.Register;

/**
 * A paravirtual Xen guest: entered in 64-bit mode, told of its faults by the hypervisor, with a console of shared
 * memory.
 */
final class XenPvWorld implements World {
    /** Where the registers of the entry are kept, in the order of {@link #ENTRY}. */
    static final int ENTERED = 0x39_4000;
    static final Register[] ENTRY = {RAX, RBX, RCX, RDX, RSI, RDI, RBP, RSP, R8, R9, R10, R11, R12, R13, R14, R15};
    static final int ENTERED_SELECTORS = ENTERED + 0x80;
    static final Register[] SELECTORS = {CS, DS, ES, SS, FS, GS};
    static final int ENTERED_FLAGS = ENTERED + 0xb0;
    /** Where the start info is. */
    static final int START_INFO = ENTERED + 0xc0;

    private static final int CONSOLE = ENTERED + 0xc8;
    private static final int ARGUMENT = ENTERED + 0xd0;
    private static final int VECTORS = 32;
    private static final int SET_TRAP_TABLE = 0;
    private static final int SCHED_OP = 29;
    private static final int SHUTDOWN = 2;
    private static final int EVENT_CHANNEL_OP = 32;
    private static final int SEND = 4;
    private static final long PHYSICAL_OF_MACHINE = 0xffff_8000_0000_0000L;
    private static final int RING_MASK = 2047;

    private final Program p;
    private final Assembler a;

    XenPvWorld(Program p) {
        this.p = p;
        a = p.a;
    }

    @Override
    public void enter() {
        a.label("entry");
        for (int i = 0; i < ENTRY.length; i++) {
            a.mov(absolute(ENTERED + 8 * i), ENTRY[i]);
        }
        for (int i = 0; i < SELECTORS.length; i++) {
            a.mov(EAX, SELECTORS[i]);
            a.mov(absolute(ENTERED_SELECTORS + 8 * i), RAX);
        }
        a.mov(absolute(START_INFO), RSI);
        a.mov(ESP, STACK);
        a.pushf();
        a.pop(RAX);
        a.mov(absolute(ENTERED_FLAGS), RAX);
        a.mov(RCX, PHYSICAL_OF_MACHINE);
        a.mov(RAX, at(RSI, 0x48));
        a.mov(RAX, at(RCX, RAX, 8, 0));
        a.shl(RAX, 12);
        a.mov(absolute(CONSOLE), RAX);
        a.mov(EAX, LINE);
        a.mov(at("lineEnd"), RAX);
        a.mov(RDI, "traps");
        a.mov(EAX, SET_TRAP_TABLE);
        a.syscall();
        handlers();
        p.routine("flush", this::flush);
    }

    /** A handler finds RCX and R11 on its stack, then the error code if the vector has one. */
    private void handlers() {
        p.routine("handlers", () -> {
            for (int vector = 0; vector < VECTORS; vector++) {
                a.label("vector" + vector);
                boolean error = vector == 8 || vector >= 10 && vector <= 14 || vector == 17;
                p.kind(FAULT | vector);
                if (error) {
                    a.mov(RAX, at(RSP, 16));
                    a.mov(at("now", ERROR), RAX);
                }
                a.jmp("caught");
            }
            a.label("caught");
            a.mov(RSP, at("savedStack"));
            a.jmp(at("resume"));
        });
    }

    private void flush() {
        String next = p.name();
        String wait = p.name();
        a.mov(ESI, LINE);
        a.mov(RDI, absolute(CONSOLE));
        a.mov(EDX, at(RDI, 0xc0c));
        a.label(next);
        a.mov(AL, at(RSI));
        a.mov(ECX, EDX);
        a.and(ECX, RING_MASK);
        a.mov(at(RDI, RCX, 1, 0x400), AL);
        a.inc(EDX);
        a.inc(RSI);
        a.cmp(RSI, at("lineEnd"));
        a.jcc(Condition.C, next);
        a.mov(at(RDI, 0xc0c), EDX);
        a.mov(RAX, absolute(START_INFO));
        a.mov(EAX, at(RAX, 0x50));
        a.mov(absolute(ARGUMENT), RAX);
        a.mov(ESI, ARGUMENT);
        a.mov(EDI, SEND);
        a.mov(EAX, EVENT_CHANNEL_OP);
        a.syscall();
        a.mov(RDI, absolute(CONSOLE));
        a.label(wait);
        a.mov(EAX, at(RDI, 0xc08));
        a.cmp(EAX, at(RDI, 0xc0c));
        a.jcc(Condition.NZ, wait);
        a.ret();
    }

    @Override
    public byte[] finish() {
        a.mov(absolute(ARGUMENT).bytes(8), 0);
        a.mov(ESI, ARGUMENT);
        a.mov(EDI, SHUTDOWN);
        a.mov(EAX, SCHED_OP);
        a.syscall();
        a.label("over");
        a.jmp("over");
        a.align(16);
        a.label("traps");
        for (int vector = 0; vector < VECTORS; vector++) {
            a.dd(vector);
            a.dd(0);
            a.dq("vector" + vector);
        }
        a.dq(0, 0);
        p.data();
        byte[] code = a.assemble();
        return ElfFile.paravirtualKernel(BASE, code, a.address("entry"),
                END - BASE - ElfFile.KERNEL_HEADER_BYTES - code.length);
    }
}
