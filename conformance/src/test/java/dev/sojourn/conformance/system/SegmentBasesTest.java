package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Register.*;

import dev.sojourn.machine.MachineType;
import org.junit.jupiter.api.Test;

/** RDFSBASE and its like (SDM volume 2), which come with machine type {@code sojourn-2}. */
class SegmentBasesTest {
    private static final int SWITCH = 1 << 16;

    private final Guest g = Guest.long64();

    private void bases() {
        g.probe(() -> {
            g.a.mov(RCX, 0x1234_5678_9abcL);
            g.a.db(0xf3, 0x48, 0x0f, 0xae, 0xd1);      // wrfsbase rcx
            g.a.db(0xf3, 0x48, 0x0f, 0xae, 0xc0);      // rdfsbase rax
            g.hex("64 bits ", RAX);
        });
        g.probe(() -> {
            g.a.db(0xf3, 0x0f, 0xae, 0xd9);            // wrgsbase ecx
            g.a.db(0xf3, 0x48, 0x0f, 0xae, 0xc8);      // rdgsbase rax
            g.hex("32 bits ", RAX);
        });
        g.probe(() -> {
            g.a.mov(RCX, 1L << 47);
            g.a.db(0xf3, 0x48, 0x0f, 0xae, 0xd1);
        });
        g.probe(() -> {
            g.a.mov(RCX, 0x3b_8000);
            g.a.db(0xf3, 0x48, 0x0f, 0xae, 0xd9);
            g.a.mov(RAX, absolute(0).in(GS));
            g.hex("through GS ", RAX);
        });
        g.probe(() -> g.user(() -> g.a.db(0xf3, 0x48, 0x0f, 0xae, 0xc8)));
    }

    @Test void readAndWriteOnceTheKernelSwitchesThemOn() {
        g.on(MachineType.SOJOURN_2);
        g.a.mov(EAX, 77);
        g.a.mov(absolute(0x3b_8000), RAX);
        g.probe(0xf3, 0x48, 0x0f, 0xae, 0xc0);
        g.or(CR4, SWITCH);
        bases();
        g.reports("6/0+0 64 bits 123456789abc ok 32 bits 56789abc ok d/0+a through GS 4d ok ok");
    }

    @Test void firstTypeHasNoSuchInstructions() {
        g.probe(() -> g.or(CR4, SWITCH));
        g.probe(0xf3, 0x48, 0x0f, 0xae, 0xc0);
        g.probe(0xf3, 0x48, 0x0f, 0xae, 0xd9);
        g.reports("d/0+a 6/0+0 6/0+0");
    }
}
