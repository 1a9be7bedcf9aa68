package dev.sojourn.interfaces.vmware;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.interfaces.ExitTrace;
import dev.sojourn.interfaces.ProcessorPlatform;
import dev.sojourn.interfaces.Rig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The steal clock between calls. */
class ProcessorTest {
    private static final long AT = 0x2000;

    private final Rig rig = new Rig(new VmwareInterface(), 2, ExitTrace.NONE);
    private final ProcessorPlatform first = rig.processors.getFirst();

    @AfterEach void close() { rig.close(); }

    private void steal(long at) {
        first.cpu.r[Cpu.RAX] = 0x564d_5868;
        first.cpu.r[Cpu.RCX] = 91;
        first.cpu.r[Cpu.RDX] = 0;
        first.cpu.r[Cpu.RSI] = at >>> 32;
        first.cpu.r[Cpu.RDI] = at;
        first.hypercall(first.cpu);
    }

    private void waitForTurn() {
        first.leave();
        rig.nanos += 300;
        first.enter();
    }

    @Test void waitingForATurnIsStolenTimeInTicks() {
        steal(AT);
        assertEquals(1, first.cpu.r[Cpu.RAX]);
        waitForTurn();
        assertEquals(300, rig.memory.getLong(AT));
    }

    @Test void nothingIsToldOnceItIsOff() {
        steal(AT);
        steal(State.NO_PAGE);
        assertEquals(0, first.cpu.r[Cpu.RAX]);
        waitForTurn();
        assertEquals(0, rig.memory.getLong(AT));
    }

    @Test void initForgetsThePage() {
        steal(AT);
        first.init();
        waitForTurn();
        assertEquals(0, rig.memory.getLong(AT));
    }
}
