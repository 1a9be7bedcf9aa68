package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import dev.sojourn.assembler.Register;
import dev.sojourn.machine.Ending;

/**
 * A guest in 64-bit mode that makes an interface's calls and reports each answer on a line of its own.
 *
 * <p>A line is what was called, then what it gave; {@code d/0} is #GP(0), {@code 6/0} is #UD.
 */
final class CallingGuest {
    /** Memory for whatever a call reads or writes; zero at first. */
    static final int DATA = 0x80_0000;
    /** The machine has 16 MiB. */
    static final long NO_RAM = 0x200_0000;

    private static final int APIC = 0xfee0_0000;
    private static final int SECOND_CODE = 0x8000;
    /** Where the second processor counts how often it went on behind HLT, and its NMIs. */
    private static final int SECOND_WOKEN = 0x9008;
    private static final int SECOND_NMIS = 0x9004;
    private static final int SECOND_STARTED = 0x9000;

    final Guest g;
    final Assembler a;

    CallingGuest(String guestInterface) {
        g = Guest.long64().on(guestInterface);
        a = g.a;
    }

    /** EAX, EBX, ECX and EDX of a leaf. */
    void cpuid(int leaf) {
        a.mov(EAX, leaf & 0xffff_ffffL);
        a.xor(ECX, ECX);
        a.cpuid();
        a.mov(ESI, EDX);
        g.hex("cpuid " + Integer.toHexString(leaf) + " ", RAX);
        g.hex("", RBX);
        g.hex("", RCX);
        g.hex(RSI);
        g.print("\n");
    }

    void read(int msr) {
        g.print("read " + Integer.toHexString(msr) + " ");
        g.probe(() -> {
            a.mov(ECX, msr & 0xffff_ffffL);
            a.rdmsr();
            a.shl(RDX, 32);
            a.or(RAX, RDX);
            g.hex("", RAX);
        });
        g.print("\n");
    }

    void write(int msr, long value) {
        g.print("write " + Integer.toHexString(msr) + " " + Long.toHexString(value) + " ");
        g.probe(() -> g.msr(msr, value));
        g.print("\n");
    }

    /** A quadword of memory. */
    void memory(int address) {
        a.mov(RAX, absolute(address));
        g.hex("at " + Integer.toHexString(address) + " ", RAX);
        g.print("\n");
    }

    /** A doubleword of memory. */
    void word(int address) {
        a.mov(EAX, absolute(address));
        g.hex("at " + Integer.toHexString(address) + " ", RAX);
        g.print("\n");
    }

    /** Whether a register is a number at least. */
    void atLeast(int msr, int least) {
        a.mov(ECX, msr & 0xffff_ffffL);
        a.rdmsr();
        a.cmp(EAX, least);
        a.setcc(Condition.NC, AL);
        a.movzx(EAX, AL);
        g.hex("read " + Integer.toHexString(msr) + " is " + least + " or more ", RAX);
        g.print("\n");
    }

    void put(int address, long value) { g.store(absolute(address), value); }

    void set(Register register, long value) { a.mov(register, value); }

    /** VMCALL with the registers set, at this level or at level 3. */
    void call(String text, boolean user, Register... results) { instruction(text, user, new int[] {0x0f, 0x01, 0xc1}, results); }

    void instruction(String text, boolean user, int[] bytes, Register... results) {
        g.print(text + " ");
        g.probe(() -> {
            if (user) {
                g.user(() -> a.db(bytes));
            } else {
                a.db(bytes);
            }
            // The report of a number keeps registers.
            for (Register result : results) {
                g.hex("", result);
            }
        });
        g.print("\n");
    }

    /** Starts a second processor that waits in HLT with interrupts off. */
    void startSecond() {
        g.cpus(2);
        Assembler b = new Assembler(0);
        b.bits(16);
        b.jmp("start");
        b.label("nmi");
        b.inc(absolute(SECOND_NMIS).bytes(4));
        b.iret(2);
        b.label("start");
        b.xor(AX, AX);
        b.mov(DS, EAX);
        b.mov(SS, EAX);
        b.mov(SP, 0x7000);
        b.mov(absolute(8).bytes(2), (int) b.address("nmi"));
        b.mov(absolute(10).bytes(2), SECOND_CODE >> 4);
        b.inc(absolute(SECOND_STARTED).bytes(4));
        b.label("stop");
        b.hlt();
        b.inc(absolute(SECOND_WOKEN).bytes(4));
        b.jmp("stop");
        byte[] code = b.assemble();
        String over = g.name();
        String from = g.name();
        a.jmp(over);
        a.label(from);
        a.db(code);
        a.label(over);
        a.mov(ESI, from);
        a.mov(EDI, SECOND_CODE);
        a.mov(ECX, code.length);
        a.rep();
        a.movs(1);
        a.mov(R14D, APIC & 0xffff_ffffL);
        a.mov(at(R14, 0xf0).bytes(4), 0x1ff);
        a.mov(at(R14, 0x310).bytes(4), 1 << 24);
        a.mov(at(R14, 0x300).bytes(4), 0x4500);
        a.mov(at(R14, 0x300).bytes(4), 0x4600 | SECOND_CODE >> 12);
        await(SECOND_STARTED, 1);
    }

    /** Waits until the second processor has gone on behind HLT so often. */
    void awaitWoken(int times) {
        await(SECOND_WOKEN, times);
        g.print("second woken\n");
    }

    void awaitNmis(int times) {
        await(SECOND_NMIS, times);
        g.print("second had an NMI\n");
    }

    void await(int address, int value) {
        String again = g.name();
        a.label(again);
        a.pause();
        a.cmp(absolute(address).bytes(4), value);
        a.jcc(Condition.NZ, again);
    }

    /** Makes time pass: so many turns of an empty loop. */
    void wait(int loops) {
        String again = g.name();
        a.mov(ECX, loops);
        a.label(again);
        a.loop(again);
    }

    /** A handler for a vector that counts its calls at an address and ends the interrupt. */
    void handler(int vector, int counter, Runnable end) {
        String over = g.name();
        String label = g.name();
        a.jmp(over);
        a.label(label);
        a.push(RAX);
        a.push(RCX);
        a.push(RDX);
        a.inc(absolute(counter).bytes(4));
        end.run();
        a.pop(RDX);
        a.pop(RCX);
        a.pop(RAX);
        a.iretq();
        a.label(over);
        g.vector(vector, label, 0x8e, 0);
    }

    /** Runs to power-off and compares the lines. */
    void reports(String expected) {
        GuestRun run = g.run();
        assertEquals(expected.strip(), run.text().replace(" \n", "\n").strip(), () -> run.ending().toString());
        assertEquals(new Ending.PoweredOff(), run.ending());
    }
}
