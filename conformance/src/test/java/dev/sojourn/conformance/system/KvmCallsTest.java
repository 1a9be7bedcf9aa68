package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.conformance.system.CallingGuest.DATA;
import static dev.sojourn.conformance.system.CallingGuest.NO_RAM;

import org.junit.jupiter.api.Test;

/** Everything the interface {@code kvm} offers, and what it refuses (Linux, Documentation/virt/kvm/x86). */
class KvmCallsTest {
    private static final int WALL_CLOCK = 0x4b56_4d00;
    private static final int SYSTEM_TIME = 0x4b56_4d01;
    private static final int STEAL_TIME = 0x4b56_4d03;
    private static final int PV_EOI = 0x4b56_4d04;

    private final CallingGuest k = new CallingGuest("kvm");

    private void call(String text, long number, long rbx, long rcx, long rdx, long rsi) {
        registers(number, rbx, rcx, rdx, rsi);
        k.call(text, false, RAX);
    }

    private void registers(long number, long rbx, long rcx, long rdx, long rsi) {
        k.set(RAX, number);
        k.set(RBX, rbx);
        k.set(RCX, rcx);
        k.set(RDX, rdx);
        k.set(RSI, rsi);
    }

    @Test void leaves() {
        k.cpuid(1);
        k.cpuid(0x4000_0000);
        k.cpuid(0x4000_0001);
        k.cpuid(0x4000_0002);
        k.cpuid(0x8000_0007);
        k.reports("""
                cpuid 1 206c2 10800 c5982201 178bbb7d
                cpuid 40000000 40000001 4b4d564b 564b4d56 4d
                cpuid 40000001 1002aeb 0 0 0
                cpuid 40000002 0 0 0 0
                cpuid 80000007 0 0 0 0
                """);
    }

    @Test void registers() {
        for (int msr : new int[] {0x11, 0x12, WALL_CLOCK, SYSTEM_TIME, 0x4b56_4d02, STEAL_TIME, PV_EOI, 0x4b56_4d05,
            0x4b56_4d06, 0x4b56_4d07, 0x4b56_4d08}) {
            k.read(msr);
        }
        k.write(WALL_CLOCK, DATA);
        k.read(0x11);
        k.word(DATA);
        k.write(WALL_CLOCK, NO_RAM);
        k.write(SYSTEM_TIME, DATA + 0x100 | 1);
        k.read(0x12);
        k.memory(DATA + 0x100);
        k.memory(DATA + 0x118);
        k.write(0x12, DATA + 0x100 | 1);
        k.memory(DATA + 0x100);
        k.write(SYSTEM_TIME, NO_RAM | 1);
        k.write(SYSTEM_TIME, -1);
        k.write(0x4b56_4d02, 0);
        k.write(STEAL_TIME, DATA + 0x200 | 1);
        k.memory(DATA + 0x208);
        k.write(STEAL_TIME, DATA + 0x200 | 3);
        k.write(STEAL_TIME, DATA + 0x220 | 1);
        k.write(STEAL_TIME, NO_RAM | 1);
        k.write(PV_EOI, DATA + 0x302);
        k.write(PV_EOI, NO_RAM | 1);
        k.read(PV_EOI);
        k.write(0x4b56_4d05, 0);
        k.reports("""
                read 11 0 ok
                read 12 0 ok
                read 4b564d00 0 ok
                read 4b564d01 0 ok
                read 4b564d02 d/0+5
                read 4b564d03 0 ok
                read 4b564d04 0 ok
                read 4b564d05 d/0+5
                read 4b564d06 d/0+5
                read 4b564d07 d/0+5
                read 4b564d08 d/0+5
                write 4b564d00 800000 ok
                read 11 800000 ok
                at 800000 2
                write 4b564d00 2000000 ok
                write 4b564d01 800101 ok
                read 12 800101 ok
                at 800100 2
                at 800118 10180000000
                write 12 800101 ok
                at 800100 4
                write 4b564d01 2000001 ok
                write 4b564d01 ffffffffffffffff ok
                write 4b564d02 0 d/0+f
                write 4b564d03 800201 ok
                at 800208 2
                write 4b564d03 800203 d/0+f
                write 4b564d03 800221 d/0+f
                write 4b564d03 2000001 ok
                write 4b564d04 800302 d/0+f
                write 4b564d04 2000001 ok
                read 4b564d04 2000001 ok
                write 4b564d05 0 d/0+f
                """);
    }

    @Test void calls() {
        call("poll", 1, 0, 0, 0, 0);
        call("mmu", 2, 0, 0, 0, 0);
        call("features", 3, 0, 0, 0, 0);
        call("kick nobody", 5, 0, 77, 0, 0);
        call("kick nobody", 5, 0, -1, 0, 0);
        call("pair", 9, DATA + 0x400, 0, 0, 0);
        k.memory(DATA + 0x418);
        call("pair, other clock", 9, DATA + 0x400, 1, 0, 0);
        call("pair nowhere", 9, NO_RAM, 0, 0, 0);
        call("pair nowhere", 9, -1, 0, 0, 0);
        call("send to nobody", 10, 0, 0, 0, 0x40);
        call("send to others", 10, -1, -1, 7, 0x40);
        call("send far away", 10, -1, -1, -1, 0x40);
        call("send an INIT", 10, 1, 0, 0, 0x500);
        call("send to all by shorthand", 10, 1, 0, 0, 0x80040);
        call("yield", 11, 3, 0, 0, 0);
        call("map", 12, 0, 1, 1, 0);
        call("no call", 0, 0, 0, 0, 0);
        call("no call", 13, 0, 0, 0, 0);
        call("no call", -1, 0, 0, 0, 0);
        call("no call", 0x1_0000_0001L, 0, 0, 0, 0);
        registers(1, 0, 0, 0, 0);
        k.call("poll at level 3", true, RAX);
        registers(1, 0, 0, 0, 0);
        k.instruction("poll by VMMCALL", false, new int[] {0x0f, 0x01, 0xd9}, RAX);
        k.reports("""
                poll 0 ok
                mmu fffffffffffffc18 ok
                features fffffffffffffc18 ok
                kick nobody 0 ok
                kick nobody 0 ok
                pair 0 ok
                at 800418 0
                pair, other clock ffffffffffffffa1 ok
                pair nowhere fffffffffffffff2 ok
                pair nowhere fffffffffffffff2 ok
                send to nobody 0 ok
                send to others 0 ok
                send far away 0 ok
                send an INIT ffffffffffffffea ok
                send to all by shorthand ffffffffffffffea ok
                yield 0 ok
                map fffffffffffffc18 ok
                no call fffffffffffffc18 ok
                no call fffffffffffffc18 ok
                no call fffffffffffffc18 ok
                no call fffffffffffffc18 ok
                poll at level 3 ffffffffffffffff ok
                poll by VMMCALL 0 ok
                """);
    }

    /** A kick ends HLT with interrupts off; one that comes first is kept. */
    @Test void callsToAnotherProcessor() {
        k.startSecond();
        call("kick", 5, 0, 1, 0, 0);
        k.awaitWoken(1);
        call("kick", 5, 0, 1, 0, 0);
        call("kick again before it ran", 5, 0, 1, 0, 0);
        k.awaitWoken(2);
        call("NMI", 10, 1, 0, 1, 0x400);
        k.awaitNmis(1);
        call("NMI, bit of the upper word", 10, 0, 1L << 1, -64 & 0xffff_ffffL, 0x400);
        call("NMI to itself and the other", 10, 2, 0, 0, 0x400);
        k.awaitNmis(2);
        k.reports("""
                kick 0 ok
                second woken
                kick 0 ok
                kick again before it ran 0 ok
                second woken
                NMI 1 ok
                second had an NMI
                NMI, bit of the upper word 0 ok
                NMI to itself and the other 1 ok
                second had an NMI
                """);
    }

    /** An interrupt whose end concerns nobody else is ended by clearing a bit; another one takes the permission back. */
    @Test void needlessEndOfInterrupt() {
        int word = DATA + 0x10;
        k.handler(0x50, DATA, () -> {
            k.a.mov(EAX, absolute(word));
            k.a.mov(absolute(DATA + 8), RAX);
            k.a.and(absolute(word).bytes(4), ~1);
        });
        k.a.mov(R14D, 0xfee0_0000L);
        k.a.mov(at(R14, 0xf0).bytes(4), 0x1ff);
        k.write(PV_EOI, word | 1);
        k.a.sti();
        for (int i = 0; i < 2; i++) {
            k.a.mov(at(R14, 0x300).bytes(4), 0x4_0050);
            k.wait(1);
        }
        k.memory(DATA);
        k.memory(DATA + 8);
        k.a.mov(EAX, at(R14, 0x120));
        k.g.hex("in service ", RAX);
        k.reports("""
                write 4b564d04 800011 ok
                at 800000 2
                at 800008 1
                in service 0
                """);
    }
}
