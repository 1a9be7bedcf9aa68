package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.conformance.system.Guest.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import org.junit.jupiter.api.Test;

/** Interrupts and their controllers (SDM volume 3, 6.8 and chapter 10), timers, and more than one processor. */
class InterruptsTest {
    private static final int LOG = PAGES;
    private static final int EOI = 0xb0;
    private static final int SPURIOUS = 0xf0;
    private static final int ICR_LOW = 0x300;
    private static final int ICR_HIGH = 0x310;
    private static final int LVT_TIMER = 0x320;
    private static final int INITIAL_COUNT = 0x380;
    private static final int CURRENT_COUNT = 0x390;
    private static final int DIVIDE = 0x3e0;
    private static final int SELF = 0x4_0000;

    private final Guest g = long64();
    private final Assembler a = g.a;

    /** R14 leads to the local APIC, R15 to the log. */
    InterruptsTest() {
        a.mov(R14D, 0xfee0_0000L);
        a.mov(R15D, LOG);
        apic(SPURIOUS, 0x1ff);
    }

    private void apic(int register, int value) { a.mov(at(R14, register).bytes(4), value); }

    /** A handler that logs its vector, does something more, and ends the interrupt. */
    private void handler(int vector, Runnable more) {
        String over = g.name();
        String label = g.name();
        a.jmp(over);
        a.label(label);
        a.push(RAX);
        a.mov(at(R15).bytes(1), vector);
        a.inc(R15);
        a.mov(RAX, at(RSP, 8));
        a.mov(at("word"), RAX);
        more.run();
        a.pop(RAX);
        a.iretq();
        a.label(over);
        g.vector(vector, label, 0x8e, 0);
    }

    private void handler(int vector) { handler(vector, () -> apic(EOI, 0)); }

    /** Reports what was logged since the last time, the first vector last. */
    private void log() {
        a.mov(RAX, at(R15, -8));
        g.hex("", RAX);
        a.mov(R15D, LOG + 8);
        a.mov(absolute(LOG).bytes(8), 0);
    }

    private void startLog() {
        a.mov(R15D, LOG + 8);
        a.mov(absolute(LOG).bytes(8), 0);
        a.mov(absolute(LOG + 8).bytes(8), 0);
    }

    private void waitForInterrupt() {
        a.sti();
        a.hlt();
        a.cli();
    }

    /** 10.5.4: one shot, then nothing; periodic; and by the time-stamp counter, whose deadline then reads zero. */
    @Test void localTimer() {
        handler(0x40);
        startLog();
        apic(DIVIDE, 0xb);
        apic(LVT_TIMER, 0x40);
        apic(INITIAL_COUNT, 1000);
        waitForInterrupt();
        a.mov(EAX, at(R14, CURRENT_COUNT));
        g.hex("", RAX);
        log();
        apic(LVT_TIMER, 0x2_0040);
        apic(INITIAL_COUNT, 1000);
        for (int i = 0; i < 3; i++) {
            waitForInterrupt();
        }
        apic(LVT_TIMER, 0x1_0040);
        log();
        apic(LVT_TIMER, 0x4_0040);
        a.rdtsc();
        a.add(EAX, 200_000);
        a.adc(EDX, 0);
        a.mov(ECX, 0x6e0);
        a.wrmsr();
        waitForInterrupt();
        a.rdmsr();
        g.hex("", RAX);
        log();
        g.reports("0 4000000000000000 4040400000000000 0 4000000000000000");
    }

    /** 10.8.3: the highest priority first, and only what is above the task priority; CR8 is its upper half. */
    @Test void prioritiesOrderAndMask() {
        handler(0x41);
        handler(0x52);
        startLog();
        apic(ICR_LOW, SELF | 0x41);
        apic(ICR_LOW, SELF | 0x52);
        a.sti();
        a.nop();
        a.nop();
        a.cli();
        log();
        a.mov(EAX, 4);
        a.mov(CR8, RAX);
        apic(ICR_LOW, SELF | 0x41);
        apic(ICR_LOW, SELF | 0x52);
        a.sti();
        a.nop();
        log();
        a.mov(EAX, at(R14, 0x80));
        g.hex("tpr=", RAX);
        a.xor(EAX, EAX);
        a.mov(CR8, RAX);
        a.nop();
        a.cli();
        log();
        g.reports("4152000000000000 5200000000000000 tpr=40 4100000000000000");
    }

    /** 6.8.1: no interrupt between STI and the end of the instruction behind it. */
    @Test void stiHoldsInterruptsBack() {
        handler(0x41);
        startLog();
        apic(ICR_LOW, SELF | 0x41);
        a.sti();
        a.cli();
        a.nop();
        log();
        a.sti();
        a.label("shadow");
        a.nop();
        a.nop();
        a.cli();
        a.mov(RAX, at("word"));
        a.mov(EBX, "shadow");
        a.sub(RAX, RBX);
        g.hex("+", RAX);
        log();
        g.reports("0 +1 4100000000000000");
    }

    /** 6.7.1: a second NMI waits for the IRET of the first, whatever IF says. */
    @Test void nmiBlocksUntilReturn() {
        handler(2, () -> {
            String second = g.name();
            a.cmp(R15, LOG + 9);
            a.jcc(Condition.NZ, second);
            apic(ICR_LOW, 0x400);
            a.jmpShort(second);
            a.label(second);
            a.mov(at(R15).bytes(1), 0xee);
            a.inc(R15);
        });
        startLog();
        apic(ICR_HIGH, 0);
        apic(ICR_LOW, 0x400);
        a.jmpShort("sent");
        a.label("sent");
        log();
        g.reports("ee02ee0200000000");
    }

    private void ports(int... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            a.mov(AL, pairs[i + 1]);
            a.out(pairs[i], AL);
        }
    }

    /** Sets both controllers up for vectors 20 to 2f. */
    private void pic(int mask) {
        ports(0x20, 0x11, 0x21, 0x20, 0x21, 4, 0x21, 1,
                0xa0, 0x11, 0xa1, 0x28, 0xa1, 2, 0xa1, 1, 0x21, mask, 0xa1, 0xff);
    }

    /** 8259A and 8254 through LINT0 as ExtINT. */
    @Test void intervalTimerThroughThePic() {
        handler(0x20, () -> ports(0x20, 0x20));
        startLog();
        pic(0xfe);
        apic(0x350, 0x700);
        ports(0x43, 0x34, 0x40, 0xe8, 0x40, 0x03);
        waitForInterrupt();
        waitForInterrupt();
        ports(0x21, 0xff);
        log();
        g.reports("2020000000000000");
    }

    private void ioApic(int register, int value) {
        a.mov(EAX, 0xfec0_0000L);
        a.mov(at(RAX).bytes(4), register);
        a.mov(at(RAX, 0x10).bytes(4), value);
    }

    /** An edge at the I/O APIC: input 2 is the interval timer. */
    @Test void intervalTimerThroughTheIoApic() {
        handler(0x42);
        startLog();
        pic(0xff);
        ioApic(0x15, 0);
        ioApic(0x14, 0x42);
        ports(0x43, 0x34, 0x40, 0xe8, 0x40, 0x03);
        waitForInterrupt();
        waitForInterrupt();
        ioApic(0x14, 0x1_0042);
        log();
        g.reports("4242000000000000");
    }

    /** A level that still is high at the end of the interrupt comes again; remote IRR shows it in service. */
    @Test void levelsComeAgainUntilTheyFall() {
        handler(0x43, () -> {
            a.mov(EAX, 0xfec0_0000L);
            a.mov(at(RAX).bytes(4), 0x18);
            a.mov(EAX, at(RAX, 0x10));
            a.shr(EAX, 12);
            a.mov(at(R15), AL);
            a.inc(R15);
            String first = g.name();
            a.cmp(R15, LOG + 8 + 3);
            a.jcc(Condition.C, first);
            a.mov(EDX, 0x3f9);
            a.xor(EAX, EAX);
            a.out(AL);
            a.label(first);
            apic(EOI, 0);
        });
        startLog();
        pic(0xff);
        a.mov(EDX, 0x3fc);
        a.mov(AL, 8);
        a.out(AL);
        ioApic(0x19, 0);
        ioApic(0x18, 0x8043);
        a.sti();
        a.mov(EDX, 0x3f9);
        a.mov(AL, 2);
        a.out(AL);
        for (int i = 0; i < 20; i++) {
            a.nop();
        }
        a.cli();
        log();
        g.reports("c430c4300000000");
    }

    /** 8.4.3: INIT and STARTUP begin a processor in real mode at the page of the vector; LOCK keeps counters whole. */
    @Test void secondProcessorStartsInRealModeAndCounts() {
        a.jmp("go");
        Assembler b = new Assembler(0);
        b.bits(16);
        b.xor(AX, AX);
        b.mov(DS, EAX);
        b.mov(absolute(0x9008), CS);
        b.mov(CX, 1000);
        b.label("loop");
        b.lock();
        b.inc(absolute(0x9000).bytes(4));
        b.loop("loop");
        b.lock();
        b.inc(absolute(0x9004).bytes(4));
        b.label("stop");
        b.hlt();
        b.jmp("stop");
        byte[] code = b.assemble();
        a.label("code");
        a.db(code);
        a.label("go");
        a.mov(ESI, "code");
        a.mov(EDI, 0x8000);
        a.mov(ECX, code.length);
        a.rep();
        a.movs(1);
        for (int pass = 1; pass <= 2; pass++) {
            apic(ICR_HIGH, 1 << 24);
            apic(ICR_LOW, 0x4500);
            apic(ICR_LOW, 0x4608);
            apic(ICR_LOW, 0x4608);
            a.mov(ECX, 1000);
            a.label("count" + pass);
            a.lock();
            a.inc(absolute(0x9000).bytes(4));
            a.loop("count" + pass);
            a.label("wait" + pass);
            a.pause();
            a.cmp(absolute(0x9004).bytes(4), pass);
            a.jcc(Condition.NZ, "wait" + pass);
            a.mov(EAX, absolute(0x9000));
            g.hex("", RAX);
        }
        a.movzx(EAX, absolute(0x9008).bytes(2));
        g.hex("cs=", RAX);
        g.cpus(2).reports("7d0 fa0 cs=800");
    }

    /** 10.6: interrupts between processors: a fixed one and an NMI wake the other one, in real mode. */
    @Test void interruptsBetweenProcessors() {
        a.jmp("go");
        Assembler b = new Assembler(0);
        b.bits(16);
        b.jmp("start");
        b.label("nmi");
        b.inc(absolute(0x9004).bytes(4));
        b.iret(2);
        b.label("start");
        b.xor(AX, AX);
        b.mov(DS, EAX);
        b.mov(SS, EAX);
        b.mov(SP, 0x7000);
        b.mov(absolute(8).bytes(2), (int) b.address("nmi"));
        b.mov(absolute(10).bytes(2), 0x800);
        b.inc(absolute(0x9000).bytes(4));
        b.label("stop");
        b.hlt();
        b.inc(absolute(0x9008).bytes(4));
        b.jmp("stop");
        byte[] code = b.assemble();
        a.label("code");
        a.db(code);
        a.label("go");
        a.mov(ESI, "code");
        a.mov(EDI, 0x8000);
        a.mov(ECX, code.length);
        a.rep();
        a.movs(1);
        apic(ICR_HIGH, 1 << 24);
        apic(ICR_LOW, 0x4500);
        apic(ICR_LOW, 0x4608);
        await(0x9000, 1);
        apic(ICR_LOW, 0x400);
        await(0x9008, 1);
        apic(ICR_LOW, 0x400);
        await(0x9008, 2);
        a.mov(EAX, absolute(0x9004));
        g.hex("", RAX);
        g.cpus(2).reports("2");
    }

    private void await(int address, int value) {
        String again = g.name();
        a.label(again);
        a.pause();
        a.cmp(absolute(address).bytes(4), value);
        a.jcc(Condition.NZ, again);
    }
}
