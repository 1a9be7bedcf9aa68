package dev.sojourn.cpu;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;

/**
 * All of a processor between two of its turns: the registers of its {@link ProcessorImage}, and what no instruction compares.
 * Translations and decoded code are not state: they are dropped and made again.
 */
public final class CpuState implements Stateful {
    private static final int SYSTEM_FLAGS = 0x3f_7fd7;
    private static final int XCR0_MAX = 3;

    private final Cpu cpu;

    public CpuState(Cpu cpu) { this.cpu = cpu; }

    @Override
    public void save(StateWriter out) {
        new ProcessorImage().take(cpu).save(out);
        out.numbers("page-pointers", cpu.mmu.pointers()).number("enabled-at", cpu.enabledAt);
        out.flag("interrupted-by-software", cpu.interruptedBySoftware);
        cpu.msrs.saveCounters(out);
    }

    @Override
    public void restore(StateReader in) throws BadState {
        ProcessorImage image = ProcessorImage.read(in);
        image.restore(cpu);
        if (cpu.cpl < 0 || cpu.cpl > 3 || (cpu.xcr0 & ~XCR0_MAX) != 0 || cpu.executed < 0) {
            throw in.bad("has level " + cpu.cpl + ", state components " + cpu.xcr0 + ", " + cpu.executed + " instructions");
        }
        cpu.system &= SYSTEM_FLAGS;
        cpu.mmu.pointers(in.numbersOf("page-pointers", 4));
        cpu.enabledAt = in.number("enabled-at");
        cpu.interruptedBySoftware = in.flag("interrupted-by-software");
        cpu.msrs.restoreCounters(in);
        cpu.mmu.flushAll();
        cpu.modeChanged();
    }
}
