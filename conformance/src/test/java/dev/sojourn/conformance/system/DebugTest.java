package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.conformance.system.Guest.*;

import dev.sojourn.assembler.Assembler;
import org.junit.jupiter.api.Test;

/** Single steps and breakpoints (SDM volume 3, chapter 17). */
class DebugTest {
    private static final int LOG = PAGES + 0x10_0000;
    private static final int TRAP_FLAG = 0x100;

    private final Guest g = long64();
    private final Assembler a = g.a;
    private final StringBuilder expected = new StringBuilder();

    /** The handler logs the saved instruction pointer and DR6, and returns with RF set. */
    DebugTest() {
        a.jmp("go");
        a.label("trap");
        a.push(RAX);
        a.mov(RAX, at(RSP, 8));
        a.mov(at(R15), RAX);
        a.mov(RAX, DR6);
        a.mov(at(R15, 8), RAX);
        a.mov(EAX, 0);
        a.mov(DR6, RAX);
        a.add(R15, 16);
        a.or(at(RSP, 24).bytes(4), 0x1_0000);
        a.pop(RAX);
        a.iretq();
        a.label("go");
        a.mov(R15, LOG);
        g.vector(1, "trap", 0x8e, 0);
    }

    /** Says that the next instruction's address is logged with these bits of DR6. */
    private void expectHere(int dr6) {
        expected.append(Long.toHexString(a.here())).append(' ').append(Integer.toHexString(dr6)).append(' ');
    }

    private void debug(dev.sojourn.assembler.Register register, long value) {
        a.mov(RAX, value);
        a.mov(register, RAX);
    }

    private void check() {
        int entries = (int) expected.chars().filter(c -> c == ' ').count() / 2;
        for (int i = 0; i < entries; i++) {
            g.hex("", absolute(LOG + 16 * i).bytes(8));
            a.mov(EAX, absolute(LOG + 16 * i + 8));
            a.and(EAX, 0xe00f);
            g.hex("", RAX);
        }
        a.sub(R15, LOG);
        g.hex("end ", R15);
        g.reports(expected + "end " + Integer.toHexString(16 * entries));
    }

    private void trapFlag(boolean set) {
        a.pushf();
        if (set) {
            a.or(at(RSP).bytes(4), TRAP_FLAG);
        } else {
            expectHere(0x4000);
            a.and(at(RSP).bytes(4), ~TRAP_FLAG);
            expectHere(0x4000);
        }
        a.popf();
        if (!set) {
            expectHere(0x4000);
        }
    }

    /** 17.3.1.4: a trap behind each instruction that began with TF set, the one that clears it included. */
    @Test void trapFlagTrapsBehindEachInstruction() {
        trapFlag(true);
        a.nop();
        expectHere(0x4000);
        a.xor(EAX, EAX);
        expectHere(0x4000);
        a.jmpShort("ahead");
        a.nop();
        a.label("ahead");
        expectHere(0x4000);
        trapFlag(false);
        a.nop();
        check();
    }

    /** 17.3.1.4: each iteration of a repeated instruction traps; before the last the instruction itself is saved. */
    @Test void repeatedInstructionsTrapAtEachIteration() {
        a.mov(ESI, PAGES);
        a.mov(EDI, PAGES + 64);
        a.mov(ECX, 3);
        trapFlag(true);
        expectHere(0x4000);
        expectHere(0x4000);
        a.rep();
        a.movs(1);
        expectHere(0x4000);
        trapFlag(false);
        check();
    }

    /** 6.8.3: no trap between MOV SS and the instruction behind it. */
    @Test void movToStackSegmentHoldsTrapsBack() {
        a.mov(EAX, DATA);
        trapFlag(true);
        a.mov(SS, EAX);
        a.nop();
        expectHere(0x4000);
        trapFlag(false);
        check();
    }

    /** 17.3.1.1: an instruction breakpoint is a fault; RF lets the instruction run. */
    @Test void instructionBreakpointsAreFaultsThatRfSuppresses() {
        a.mov(EAX, "here");
        a.mov(DR2, RAX);
        debug(DR7, 1 << 4);
        a.mov(ECX, 2);
        a.label("here");
        expectHere(4);
        expectHere(4);
        a.dec(ECX);
        a.jcc(dev.sojourn.assembler.Condition.NZ, "here");
        debug(DR7, 0);
        a.jmpShort("end");
        a.label("end");
        check();
    }

    /** 17.3.1.2: data breakpoints are traps; any overlapping byte counts, also behind a page end. */
    @Test void dataBreakpointsTrapBehindTheInstruction() {
        debug(DR0, PAGES + 0x1000);
        debug(DR1, PAGES + 0x2004);
        debug(DR7, 0x1 | 0x1_0000 | 0x4 | 0xf0_0000);
        a.mov(RBX, -1);
        a.mov(EAX, absolute(PAGES + 0x1000));
        a.mov(absolute(PAGES + 0xffc), EAX);
        a.mov(absolute(PAGES + 0xffc), RBX);
        expectHere(1);
        a.mov(absolute(PAGES + 0x1001), RBX);
        a.mov(EAX, absolute(PAGES + 0x2004));
        expectHere(2);
        a.mov(AL, absolute(PAGES + 0x2007));
        expectHere(2);
        a.mov(AL, absolute(PAGES + 0x2008));
        a.mov(absolute(PAGES + 0x2000), RBX);
        expectHere(2);
        a.mov(ESI, PAGES + 0x3000);
        a.mov(EDI, PAGES + 0xff8);
        a.movs(8);
        a.movs(8);
        expectHere(1);
        debug(DR7, 0);
        a.mov(absolute(PAGES + 0x1000), RBX);
        check();
    }

    /** 17.2.4 and 17.3.1.3: DR7.GD refuses accesses to debug registers; the handler may use them. */
    @Test void generalDetectRefusesAccesses() {
        debug(DR7, 0x2000);
        a.jmpShort("guarded");
        a.label("guarded");
        expectHere(0x2000);
        a.mov(RAX, DR0);
        a.mov(RAX, DR7);
        g.hex("dr7=", RAX);
        g.hex("", absolute(LOG).bytes(8));
        a.mov(EAX, absolute(LOG + 8));
        a.and(EAX, 0xe00f);
        g.hex("", RAX);
        g.reports("dr7=400 " + expected);
    }

    /** 17.2.4: with CR4.DE breakpoints on ports are traps; without it that kind is none. */
    @Test void portBreakpointsTrap() {
        debug(DR3, 0x80);
        debug(DR7, 0x40 | 0x6000_0000);
        a.in(AL, 0x80);
        g.or(CR4, 8);
        a.in(AL, 0x81);
        expectHere(8);
        a.out(0x82, AL);
        a.in(EAX, 0x7e);
        expectHere(8);
        debug(DR7, 0);
        check();
    }

    /** 17.2.2 and 17.2.4: DR4 and DR5 stand for DR6 and DR7 unless CR4.DE; fixed bits; upper halves must be zero. */
    @Test void registersHaveFixedBits() {
        debug(DR6, 0);
        a.mov(RAX, DR6);
        g.hex("", RAX);
        debug(DR6, 0xffff_ffffL);
        a.mov(RAX, DR6);
        g.hex("", RAX);
        a.db(0x0f, 0x21, 0xe8);
        g.hex("", RAX);
        g.or(CR4, 8);
        g.probe(0x0f, 0x21, 0xe8);
        a.mov(RAX, 1L << 32);
        g.probe(() -> a.mov(DR7, RAX));
        g.probe(() -> a.mov(DR0, RAX));
        g.reports("ffff0ff0 ffffefff 400 6/0+0 d/0+0 ok");
    }
}
