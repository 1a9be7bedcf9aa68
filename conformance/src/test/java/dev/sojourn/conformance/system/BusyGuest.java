package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.conformance.system.CallingGuest.DATA;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;

/**
 * A guest that has as much of its machine and interface in use as it can, works, and says all it knows in the end: how often which
 * timer rang, what its clocks show, and a sum over its memory.
 */
final class BusyGuest {
    private static final int APIC = 0xfee0_0000;
    private static final int APIC_TICKS = DATA + 0x4_0000;
    private static final int LEGACY_TICKS = APIC_TICKS + 8;
    private static final int OWN_TICKS = APIC_TICKS + 16;
    private static final int SUMMED = DATA + 0x10_0000;
    private static final int SUMMED_QUADS = 0x1000;
    private static final int SHARED = 0xd_2000;
    private static final int ROUNDS = 100;

    private final CallingGuest x;
    private final Assembler a;

    private BusyGuest(String guestInterface) {
        x = new CallingGuest(guestInterface);
        a = x.a;
    }

    static byte[] kernel(String guestInterface) {
        BusyGuest guest = new BusyGuest(guestInterface);
        guest.body(guestInterface);
        return guest.x.g.kernel();
    }

    private void body(String guestInterface) {
        boolean chips = !guestInterface.startsWith("xen");
        x.startSecond();
        x.read(0x1b);
        x.handler(0x40, APIC_TICKS, this::endOfInterrupt);
        a.mov(R14D, APIC & 0xffff_ffffL);
        a.mov(at(R14, 0xf0).bytes(4), 0x1ff);
        a.mov(at(R14, 0x3e0).bytes(4), 0xb);
        a.mov(at(R14, 0x320).bytes(4), 0x2_0040);
        a.mov(at(R14, 0x380).bytes(4), 1777);
        if (chips) {
            legacy();
        }
        switch (guestInterface) {
            case "kvm" -> {
                x.write(0x4b56_4d01, DATA + 0x101);
                x.write(0x4b56_4d03, DATA + 0x201);
                x.write(0x4b56_4d04, DATA + 0x301);
            }
            case "hyperv" -> {
                x.handler(0x50, OWN_TICKS, () -> x.g.msr(0x4000_0070, 0));
                x.write(0x4000_0000, 1L << 48);
                x.write(0x4000_0021, DATA + 0x1001);
                x.write(0x4000_0083, DATA + 0x2001);
                x.write(0x4000_0080, 1);
                x.write(0x4000_0093, 0x50);
                x.write(0x4000_00b1, 777);
                x.write(0x4000_00b0, 0x3_0003);
            }
            case "xen-pvh" -> events();
            default -> { }
        }
        work();
        report(guestInterface);
    }

    private void endOfInterrupt() {
        a.mov(EAX, APIC & 0xffff_ffffL);
        a.mov(at(RAX, 0xb0).bytes(4), 0);
    }

    /** A vCPU's information elsewhere, and its periodic timer by an event, told by a vector of its own. */
    private void events() {
        int info = DATA + 0x5000;
        x.handler(0x60, OWN_TICKS, () -> {
            a.mov(absolute(info).bytes(1), 0);
            a.mov(absolute(info + 8).bytes(8), 0);
            a.mov(absolute(SHARED + 0x800).bytes(8), 0);
            endOfInterrupt();
        });
        x.put(DATA, info >> 12);
        x.put(DATA + 8, 0);
        hypercall("register", 24, 10, 0, DATA);
        x.put(DATA, 0);
        hypercall("bind", 32, 1, DATA);
        x.put(DATA, 0x60L << 32);
        hypercall("vector", 34, 23, DATA);
        x.put(DATA, 1_100_000);
        hypercall("period", 24, 6, 0, DATA);
    }

    private void hypercall(String text, long number, long... arguments) {
        x.set(RAX, number);
        x.set(RDI, arguments[0]);
        x.set(RSI, arguments[1]);
        x.set(RDX, arguments.length > 2 ? arguments[2] : 0);
        x.call(text, false, RAX);
    }

    /** The 8254 by the 8259, and the clock's interrupt waiting. */
    private void legacy() {
        x.handler(0x20, LEGACY_TICKS, () -> {
            a.mov(EAX, 0x20);
            a.out(0x20, AL);
        });
        int[][] program = {{0x20, 0x11}, {0x21, 0x20}, {0x21, 4}, {0x21, 1}, {0x21, 0xfe}, {0xa1, 0xff}, {0x43, 0x34}, {0x40, 0x77},
            {0x40, 0x01}, {0x61, 1}, {0x43, 0xb4}, {0x42, 0x99}, {0x42, 0x22}, {0x70, 0x0b}, {0x71, 0x42}};
        for (int[] write : program) {
            a.mov(EAX, write[1]);
            a.out(write[0], AL);
        }
        a.mov(at(R14, 0x350).bytes(4), 0x700);
    }

    private void work() {
        a.sti();
        a.mov(R13, ROUNDS);
        a.mov(R12, 1);
        a.label("round");
        a.mov(RDI, SUMMED);
        a.mov(ECX, SUMMED_QUADS);
        a.label("fill");
        a.imul(R12, R12, 0x343fd);
        a.add(R12, 0x26_9ec3);
        a.xor(at(RDI), R12);
        a.add(RDI, 8);
        a.dec(ECX);
        a.jcc(Condition.NZ, "fill");
        x.g.print(".");
        a.hlt();
        a.dec(R13);
        a.jcc(Condition.NZ, "round");
        a.cli();
    }

    private void report(String guestInterface) {
        x.g.print("\n");
        a.mov(RDI, SUMMED);
        a.mov(ECX, SUMMED_QUADS);
        a.xor(EAX, EAX);
        a.label("sum");
        a.imul(RAX, RAX, 31);
        a.add(RAX, at(RDI));
        a.add(RDI, 8);
        a.dec(ECX);
        a.jcc(Condition.NZ, "sum");
        x.g.hex("sum ", RAX);
        x.g.print("\n");
        for (int counter : new int[] {APIC_TICKS, LEGACY_TICKS, OWN_TICKS}) {
            x.memory(counter);
        }
        a.rdtsc();
        x.g.hex("tsc ", RAX);
        x.g.print("\n");
        switch (guestInterface) {
            case "kvm" -> {
                x.read(0x4b56_4d01);
                x.memory(DATA + 0x100);
                x.memory(DATA + 0x200);
                x.word(DATA + 0x300);
            }
            case "hyperv" -> {
                x.read(0x4000_0000);
                x.read(0x4000_0020);
                x.read(0x4000_0010);
                x.read(0x4000_0093);
                x.memory(DATA + 0x2300);
            }
            default -> { }
        }
    }
}
