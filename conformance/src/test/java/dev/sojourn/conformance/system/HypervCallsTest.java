package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.conformance.system.CallingGuest.DATA;
import static dev.sojourn.conformance.system.CallingGuest.NO_RAM;

import dev.sojourn.assembler.Condition;
import dev.sojourn.assembler.Memory;
import org.junit.jupiter.api.Test;

/** Everything the interface {@code hyperv} offers, and what it refuses (Hypervisor Top-Level Functional Specification). */
class HypervCallsTest {
    private static final int GUEST_OS_ID = 0x4000_0000;
    private static final int HYPERCALL = 0x4000_0001;
    private static final int REFERENCE_TSC = 0x4000_0021;
    private static final int EOI = 0x4000_0070;
    private static final int SCONTROL = 0x4000_0080;
    private static final int SIMP = 0x4000_0083;
    private static final int EOM = 0x4000_0084;
    private static final int SINT0 = 0x4000_0090;
    private static final int STIMER0_CONFIG = 0x4000_00b0;
    private static final int STIMER0_COUNT = 0x4000_00b1;

    private static final int PAGE = DATA + 0x1_0000;
    private static final int MESSAGES = DATA + 0x2_0000;
    private static final int INPUT = DATA + 0x3_0000;
    private static final int COUNTER = DATA + 0x4_0000;
    private static final long FAST = 0x1_0000;

    private final CallingGuest h = new CallingGuest("hyperv");

    private void enable() {
        h.g.msr(GUEST_OS_ID, 1);
        h.g.msr(HYPERCALL, PAGE | 1);
    }

    /** By the page. */
    private void call(String text, long control, long rdx, long r8) {
        h.set(RCX, control);
        h.set(RDX, rdx);
        h.set(R8, r8);
        h.g.print(text + " ");
        h.a.mov(EAX, PAGE);
        h.a.call(RAX);
        h.g.hex(RAX);
        h.g.print("\n");
    }

    private void input(long... words) {
        for (int i = 0; i < words.length; i++) {
            h.put(INPUT + 8 * i, words[i]);
        }
    }

    @Test void leaves() {
        h.cpuid(1);
        for (int leaf = 0x4000_0000; leaf < 0x4000_0008; leaf++) {
            h.cpuid(leaf);
        }
        h.cpuid(0x4000_0080);
        h.cpuid(0x8000_0007);
        h.reports("""
                cpuid 1 206c2 10800 c5982201 178bbb7d
                cpuid 40000000 40000006 7263694d 666f736f 76482074
                cpuid 40000001 31237648 0 0 0
                cpuid 40000002 4f7c a0000 0 0
                cpuid 40000003 eff 0 0 80120
                cpuid 40000004 e2c fff 28 0
                cpuid 40000005 40 40 0 0
                cpuid 40000006 0 0 0 0
                cpuid 40000007 0 0 0 0
                cpuid 40000080 0 0 0 0
                cpuid 80000007 0 0 0 0
                """);
    }

    @Test void registersThatRead() {
        for (int msr : new int[] {0, 1, 2, 3, 4, 0x11, 0x21, 0x22, 0x23, 0x40, 0x70, 0x71, 0x72, 0x73, 0x80, 0x81,
            0x82, 0x83, 0x84, 0x90, 0x9f, 0xa0, 0xb0, 0xb7, 0xb8, 0x100, 0x105, 0x106, 0x118, 0x1ff}) {
            h.read(0x4000_0000 + msr);
        }
        h.wait(20_000);
        h.atLeast(0x4000_0010, 200);
        h.atLeast(0x4000_0020, 200);
        h.reports("""
                read 40000000 0 ok
                read 40000001 0 ok
                read 40000002 0 ok
                read 40000003 0 ok
                read 40000004 d/0+5
                read 40000011 d/0+5
                read 40000021 0 ok
                read 40000022 3b9aca00 ok
                read 40000023 17d7840 ok
                read 40000040 d/0+5
                read 40000070 d/0+5
                read 40000071 0 ok
                read 40000072 0 ok
                read 40000073 0 ok
                read 40000080 0 ok
                read 40000081 1 ok
                read 40000082 0 ok
                read 40000083 0 ok
                read 40000084 0 ok
                read 40000090 10000 ok
                read 4000009f 10000 ok
                read 400000a0 d/0+5
                read 400000b0 0 ok
                read 400000b7 0 ok
                read 400000b8 d/0+5
                read 40000100 d/0+5
                read 40000105 d/0+5
                read 40000106 d/0+5
                read 40000118 d/0+5
                read 400001ff d/0+5
                read 40000010 is 200 or more 1
                read 40000020 is 200 or more 1
                """);
    }

    @Test void registersThatAreWritten() {
        h.write(HYPERCALL, PAGE | 1);
        h.read(HYPERCALL);
        h.write(GUEST_OS_ID, 0x8100_0006_0001_0000L);
        h.write(HYPERCALL, NO_RAM | 1);
        h.write(HYPERCALL, PAGE | 1);
        h.read(HYPERCALL);
        h.memory(PAGE);
        h.write(GUEST_OS_ID, 0);
        h.read(HYPERCALL);
        for (int msr : new int[] {2, 4, 0x10, 0x20, 0x22, 0x23, 0x81, 0x106, 0x118}) {
            h.write(0x4000_0000 + msr, 1);
        }
        h.write(0x4000_0003, 0);
        h.write(REFERENCE_TSC, DATA | 1);
        h.memory(DATA);
        h.memory(DATA + 8);
        h.write(REFERENCE_TSC, NO_RAM | 1);
        h.write(0x4000_0072, 0x20);
        h.read(0x4000_0072);
        h.put(DATA, -1);
        h.write(0x4000_0073, DATA | 1);
        h.memory(DATA);
        h.write(0x4000_0073, NO_RAM | 1);
        h.read(0x4000_0073);
        h.write(SCONTROL, -1);
        h.read(SCONTROL);
        h.write(0x4000_0082, MESSAGES + 0x1001);
        h.read(0x4000_0082);
        h.write(SIMP, NO_RAM | 1);
        h.write(SINT0 + 2, 0xf);
        h.write(SINT0 + 2, 0x1_000f);
        h.write(SINT0 + 2, -1);
        h.read(SINT0 + 2);
        h.write(EOI, 0);
        h.write(EOM, 0);
        h.reports("""
                write 40000001 810001 ok
                read 40000001 810000 ok
                write 40000000 8100000600010000 ok
                write 40000001 2000001 d/0+f
                write 40000001 810001 ok
                read 40000001 810001 ok
                at 810000 ccccccccc3c1010f
                write 40000000 0 ok
                read 40000001 810000 ok
                write 40000002 1 d/0+f
                write 40000004 1 d/0+f
                write 40000010 1 d/0+f
                write 40000020 1 d/0+f
                write 40000022 1 d/0+f
                write 40000023 1 d/0+f
                write 40000081 1 d/0+f
                write 40000106 1 d/0+f
                write 40000118 1 d/0+f
                write 40000003 0 ok
                write 40000021 800001 ok
                at 800000 1
                at 800008 28f5c28f5c28f5c
                write 40000021 2000001 ok
                write 40000072 20 ok
                read 40000072 20 ok
                write 40000073 800001 ok
                at 800000 ffffffff00000000
                write 40000073 2000001 ok
                read 40000073 2000001 ok
                write 40000080 ffffffffffffffff ok
                read 40000080 1 ok
                write 40000082 821001 ok
                read 40000082 821001 ok
                write 40000083 2000001 ok
                write 40000092 f d/0+f
                write 40000092 1000f ok
                write 40000092 ffffffffffffffff ok
                read 40000092 700ff ok
                write 40000070 0 ok
                write 40000084 0 ok
                """);
    }

    /** Without an identity, outside level 0: no such instruction. */
    @Test void callsThatAreNone() {
        h.call("before", false, RAX);
        enable();
        h.set(RCX, 0x1_0008);
        h.call("after", false, RAX);
        h.g.print("at level 3 ");
        h.g.probe(() -> h.g.user(() -> h.a.db(0x0f, 0x01, 0xc1)));
        h.g.print("\n");
        h.g.msr(GUEST_OS_ID, 0);
        h.call("without identity", false, RAX);
        h.reports("""
                before 6/0+0
                after 0 ok
                at level 3 6/0+2c
                without identity 6/0+0
                """);
    }

    @Test void calls() {
        enable();
        call("no call", 0, 0, 0);
        call("no call", 0xffff, 0, 0);
        call("get partition id", 0x46, 0, 0);
        call("post message", 0x5c, 0, 0);
        call("signal event", FAST | 0x5d, 0, 0);
        call("query capabilities", 0x8001, 0, 0);
        call("retarget interrupt", 0x7e, 0, 0);
        call("reserved bit of the control word", 1L << 60 | FAST | 8, 0, 0);
        call("nested", 1L << 31 | FAST | 8, 0, 0);
        call("long spin wait", FAST | 8, 0, 0);
        call("long spin wait in memory", 8, INPUT, 0);
        call("send", FAST | 0xb, 0x40, 0);
        call("send, vector too small", FAST | 0xb, 0xf, 1);
        call("send, vector too large", FAST | 0xb, 0x100, 1);
        call("send, repeated", 1L << 32 | FAST | 0xb, 0x40, 0);
        call("send to nobody", FAST | 0xb, 0x40, 1L << 63);
        input(0x40, 0);
        call("send in memory", 0xb, INPUT, 0);
        call("send, not aligned", 0xb, INPUT + 4, 0);
        call("send, across pages", 0xb, INPUT + 0xff8, 0);
        call("send from nowhere", 0xb, NO_RAM, 0);
        call("send from nowhere", 0xb, -16, 0);
        input(0x40, 0, 1, 0);
        call("send to set", 1L << 17 | 0x15, INPUT, 0);
        call("send to set, another count of banks", 0x15, INPUT, 0);
        input(0x40, 1, 0);
        call("send to all", 0x15, INPUT, 0);
        input(0x40, 2, 0);
        call("send to set of another format", 0x15, INPUT, 0);
        input(0, 1, 0);
        call("flush", 2, INPUT, 0);
        call("flush, fast", FAST | 2, 0, 0);
        call("flush, with header", 1L << 17 | 2, INPUT, 0);
        input(0, 0x10, 1);
        call("flush, unknown flag", 2, INPUT, 0);
        input(0, 0, 1, 0x40_0000, 0x40_0fff, -1);
        call("flush list", 3L << 32 | 3, INPUT, 0);
        call("flush list from the second", 1L << 48 | 3L << 32 | 3, INPUT, 0);
        call("flush list from beyond", 3L << 48 | 3L << 32 | 3, INPUT, 0);
        call("flush empty list", 3, INPUT, 0);
        call("flush longest list", 0xfffL << 32 | 3, INPUT, 0);
        input(0, 0, 0, 1, 1, 0x40_0000);
        call("flush set", 1L << 17 | 0x13, INPUT, 0);
        call("flush list of set", 1L << 32 | 1L << 17 | 0x14, INPUT, 0);
        input(0, 1, 2, 0);
        call("flush set of no format", 0x13, INPUT, 0);
        h.reports("""
                no call 2
                no call 2
                get partition id 6
                post message 6
                signal event 6
                query capabilities 6
                retarget interrupt 2
                reserved bit of the control word 3
                nested 3
                long spin wait 0
                long spin wait in memory 3
                send 0
                send, vector too small 5
                send, vector too large 5
                send, repeated 3
                send to nobody 0
                send in memory 0
                send, not aligned 4
                send, across pages 4
                send from nowhere 5
                send from nowhere 5
                send to set 0
                send to set, another count of banks 3
                send to all 0
                send to set of another format 3
                flush 0
                flush, fast 3
                flush, with header 3
                flush, unknown flag 5
                flush list 300000000
                flush list from the second 300000000
                flush list from beyond 3
                flush empty list 3
                flush longest list 4
                flush set 0
                flush list of set 100000000
                flush set of no format 3
                """);
    }

    /** A page that was mapped elsewhere is seen there after the call that flushes it. */
    @Test void flushesAreDone() {
        enable();
        int[] places = {Guest.PAGES, Guest.PAGES + 0x1000, Guest.PAGES + 0x2000, Guest.PAGES + 0x3000};
        for (int place : places) {
            h.put(place, place);
        }
        String[] names = {"all pages", "a list", "a set"};
        for (int i = 0; i < names.length; i++) {
            h.memory(Guest.PAGES);
            h.put(INPUT, 0);
            h.put(INPUT + 8, i == 2 ? 1 : 0);
            h.put(INPUT + 16, 1);
            h.put(INPUT + 24, i == 1 ? Guest.PAGES : 0);
            h.a.mov(RAX, places[i + 1] | 7);
            h.a.mov(Memory.at("pt"), RAX);
            call(names[i], i == 0 ? 2 : i == 1 ? 1L << 32 | 3 : 0x13, INPUT, 0);
        }
        h.memory(Guest.PAGES);
        h.reports("""
                at 400000 400000
                all pages 0
                at 400000 401000
                a list 100000000
                at 400000 402000
                a set 0
                at 400000 403000
                """);
    }

    /** Interrupts to the other processor: by call, by ICR; the other one is in real mode, behind HLT. */
    @Test void interruptsToAnotherProcessor() {
        enable();
        h.startSecond();
        h.write(0x4000_0071, 1L << 56 | 0x400);
        h.awaitNmis(1);
        h.read(0x4000_0071);
        h.reports("""
                write 40000071 100000000000400 ok
                second had an NMI
                read 40000071 100000000000400 ok
                """);
    }

    /** A timer by message: into the slot, with the source's interrupt; the next waits until the slot is free. */
    @Test void timersSendMessages() {
        h.handler(0x50, COUNTER, () -> h.g.msr(EOI, 0));
        apicOn();
        h.g.msr(SIMP, MESSAGES | 1);
        h.g.msr(SCONTROL, 1);
        h.g.msr(SINT0 + 3, 0x50);
        h.write(STIMER0_CONFIG, 0x3_0008);
        h.write(STIMER0_COUNT, 1);
        h.read(STIMER0_CONFIG);
        h.a.sti();
        h.wait(20_000);
        h.memory(COUNTER);
        h.memory(MESSAGES + 0x300);
        h.memory(MESSAGES + 0x310);
        h.memory(MESSAGES + 0x318);
        h.read(STIMER0_CONFIG);
        h.write(STIMER0_COUNT, 2);
        h.wait(20_000);
        h.memory(COUNTER);
        h.memory(MESSAGES + 0x300);
        h.read(STIMER0_CONFIG);
        h.put(MESSAGES + 0x300, 0);
        h.write(EOM, 0);
        h.wait(1);
        h.memory(COUNTER);
        h.memory(MESSAGES + 0x318);
        h.read(STIMER0_CONFIG);
        h.reports("""
                write 400000b0 30008 ok
                write 400000b1 1 ok
                read 400000b0 30009 ok
                at 840000 1
                at 820300 1880000010
                at 820310 0
                at 820318 1
                read 400000b0 30008 ok
                write 400000b1 2 ok
                at 840000 1
                at 820300 11880000010
                read 400000b0 30009 ok
                write 40000084 0 ok
                at 840000 2
                at 820318 2
                read 400000b0 30008 ok
                """);
    }

    /** A timer by an interrupt of its own; it does not start where nobody would hear of it. */
    @Test void timersInterruptDirectly() {
        h.handler(0x51, COUNTER, () -> h.g.msr(EOI, 0));
        apicOn();
        h.write(STIMER0_CONFIG, 0x9);
        h.read(STIMER0_CONFIG);
        h.write(STIMER0_CONFIG, 0x1009);
        h.read(STIMER0_CONFIG);
        h.write(STIMER0_CONFIG, 0x1000 | 0x51 << 4 | 8);
        h.write(STIMER0_COUNT, 5);
        h.a.sti();
        h.wait(20_000);
        h.memory(COUNTER);
        h.write(STIMER0_COUNT, -1);
        h.wait(20_000);
        h.memory(COUNTER);
        h.write(STIMER0_CONFIG, 0x1000 | 0x51 << 4 | 3);
        h.write(STIMER0_COUNT, 100);
        h.read(STIMER0_CONFIG);
        h.wait(100_000);
        h.write(STIMER0_COUNT, 0);
        h.read(STIMER0_CONFIG);
        h.a.cmp(absolute(COUNTER).bytes(4), 10);
        h.a.setcc(Condition.NC, AL);
        h.a.movzx(EAX, AL);
        h.g.hex("ten or more ", RAX);
        h.reports("""
                write 400000b0 9 ok
                read 400000b0 8 ok
                write 400000b0 1009 ok
                read 400000b0 1008 ok
                write 400000b0 1518 ok
                write 400000b1 5 ok
                at 840000 1
                write 400000b1 ffffffffffffffff ok
                at 840000 1
                write 400000b0 1513 ok
                write 400000b1 64 ok
                read 400000b0 1513 ok
                write 400000b1 0 ok
                read 400000b0 1512 ok
                ten or more 1
                """);
    }

    /** The read waits with interrupts off, until one is there to be taken. */
    @Test void idleWaitsForAnyInterrupt() {
        h.handler(0x51, COUNTER, () -> h.g.msr(EOI, 0));
        apicOn();
        h.write(STIMER0_CONFIG, 0x1000 | 0x51 << 4 | 8);
        h.write(STIMER0_COUNT, 100_000);
        h.read(0x4000_00f0);
        h.memory(COUNTER);
        h.read(0x4000_00f0);
        h.atLeast(0x4000_0020, 100_000);
        h.a.sti();
        h.wait(1);
        h.memory(COUNTER);
        h.reports("""
                write 400000b0 1518 ok
                write 400000b1 186a0 ok
                read 400000f0 0 ok
                at 840000 0
                read 400000f0 0 ok
                read 40000020 is 100000 or more 1
                at 840000 1
                """);
    }

    private void apicOn() {
        h.a.mov(R14D, 0xfee0_0000L);
        h.a.mov(at(R14, 0xf0).bytes(4), 0x1ff);
    }
}
