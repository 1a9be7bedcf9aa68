package dev.sojourn.conformance.system;

import static dev.sojourn.testkit.assembler.Register.*;

import org.junit.jupiter.api.Test;

/** Exceptions and their error codes in 64-bit mode (SDM volume 3, chapter 6). */
class ExceptionsTest {
    @Test void faultsSaveTheInstructionAndTrapsTheNextOne() {
        Guest g = Guest.long64();
        g.probe(g.a::ud2);
        g.probe(() -> {
            g.a.xor(ECX, ECX);
            g.a.div(ECX);
        });
        g.probe(g.a::int3);
        g.probe(0xf1);
        g.reports("6/0+0 0/0+2 3/0+1 1/0+1");
    }

    @Test void faultsIn32BitMode() {
        Guest g = Guest.flat32();
        g.probe(g.a::ud2);
        g.reports("6/0+0");
    }
}
