package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.conformance.system.Guest.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import dev.sojourn.assembler.Register;
import org.junit.jupiter.api.Test;

/** Virtual time: a nanosecond for each instruction, exact at each of them. */
class TimeTest {
    private final Guest g = long64();
    private final Assembler a = g.a;

    @Test void timeStampCountsInstructionsInTheMiddleOfABlock() {
        a.rdtsc();
        a.mov(RBX, RAX);
        a.nop();
        a.nop();
        a.rdtsc();
        a.sub(RAX, RBX);
        g.hex(RAX);
        g.reports("4");
    }

    @Test void timerCountsDownByInstructions() {
        // Counter 2 of the 8254, mode 2, 1,193,182 Hz: 8,809 ns are ten ticks and a half.
        a.mov(EAX, 1);
        a.out(0x61, AL);
        a.mov(EAX, 0xb4);
        a.out(0x43, AL);
        a.mov(EAX, 0xff);
        a.out(0x42, AL);
        a.out(0x42, AL);
        // It is loaded at its next tick.
        spin(1000);
        count(EBX);
        spin(4400);
        count(EAX);
        a.sub(EBX, EAX);
        g.hex(RBX);
        g.reports("a");
    }

    /** So many pairs of instructions. */
    private void spin(int pairs) {
        String again = g.name();
        a.mov(ECX, pairs);
        a.label(again);
        a.dec(ECX);
        a.jcc(Condition.NZ, again);
    }

    /** The counter's value as it is now. */
    private void count(Register to) {
        a.mov(EAX, 0x80);
        a.out(0x43, AL);
        a.mov(EAX, 0);
        a.in(AL, 0x42);
        a.mov(EDX, EAX);
        a.in(AL, 0x42);
        a.shl(EAX, 8);
        a.or(EAX, EDX);
        a.mov(to, EAX);
    }
}
