package dev.sojourn.cpu;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.Arrays;

/** The model-specific registers that are the processor's own (SDM volume 4, chapter 2). The rest are the machine's. */
public final class Msrs {
    public static final int TSC = 0x10;
    public static final int TSC_ADJUST = 0x3b;
    public static final int PMC0 = 0xc1;
    public static final int PERFEVTSEL0 = 0x186;
    public static final int SYSENTER_CS = 0x174;
    public static final int SYSENTER_ESP = 0x175;
    public static final int SYSENTER_EIP = 0x176;
    public static final int PAT = 0x277;
    public static final int EFER = 0xc000_0080;
    public static final int STAR = 0xc000_0081;
    public static final int LSTAR = 0xc000_0082;
    public static final int CSTAR = 0xc000_0083;
    public static final int SFMASK = 0xc000_0084;
    public static final int FS_BASE = 0xc000_0100;
    public static final int GS_BASE = 0xc000_0101;
    public static final int KERNEL_GS_BASE = 0xc000_0102;
    public static final int TSC_AUX = 0xc000_0103;

    private static final long COUNTER_MASK = (1L << CpuModel.COUNTER_BITS) - 1;
    private static final long PAT_RESET = 0x0007_0406_0007_0406L;

    public long star;
    public long lstar;
    public long cstar;
    public long sfmask;
    public long kernelGsBase;
    public long tscAux;
    public long tscAdjust;
    public long sysenterCs;
    public long sysenterEsp;
    public long sysenterEip;
    public long pat = PAT_RESET;
    /** They hold what is written: there is no event to count. */
    private final long[] counters = new long[CpuModel.COUNTERS];
    private final long[] eventSelects = new long[CpuModel.COUNTERS];

    void reset() {
        star = 0;
        lstar = 0;
        cstar = 0;
        sfmask = 0;
        kernelGsBase = 0;
        tscAux = 0;
        sysenterCs = 0;
        sysenterEsp = 0;
        sysenterEip = 0;
        pat = PAT_RESET;
        Arrays.fill(counters, 0);
        Arrays.fill(eventSelects, 0);
    }

    void saveCounters(StateWriter out) { out.numbers("counters", counters).numbers("event-selects", eventSelects); }

    void restoreCounters(StateReader in) throws BadState {
        System.arraycopy(in.numbersOf("counters", counters.length), 0, counters, 0, counters.length);
        System.arraycopy(in.numbersOf("event-selects", eventSelects.length), 0, eventSelects, 0, eventSelects.length);
    }

    /** @throws GuestFault #GP(0) if there is none */
    public long read(Cpu cpu, int index) {
        return switch (index) {
            case TSC -> timeStamp(cpu);
            case TSC_ADJUST -> tscAdjust;
            case SYSENTER_CS -> sysenterCs;
            case SYSENTER_ESP -> sysenterEsp;
            case SYSENTER_EIP -> sysenterEip;
            case PAT -> pat;
            case EFER -> cpu.efer;
            case STAR -> star;
            case LSTAR -> lstar;
            case CSTAR -> cstar;
            case SFMASK -> sfmask;
            case FS_BASE -> cpu.segments[4].base;
            case GS_BASE -> cpu.segments[5].base;
            case KERNEL_GS_BASE -> kernelGsBase;
            case TSC_AUX -> tscAux;
            case PMC0, PMC0 + 1 -> counters[index - PMC0];
            case PERFEVTSEL0, PERFEVTSEL0 + 1 -> eventSelects[index - PERFEVTSEL0];
            default -> cpu.hooks.readMsr(cpu, index);
        };
    }

    /** @throws GuestFault #GP(0) if there is none or the value is not allowed */
    public void write(Cpu cpu, int index, long value) {
        switch (index) {
            case TSC -> adjust(cpu, tscAdjust + value - timeStamp(cpu));
            case TSC_ADJUST -> adjust(cpu, value);
            case SYSENTER_CS -> sysenterCs = value & 0xffff;
            case SYSENTER_ESP -> sysenterEsp = canonical(cpu, value);
            case SYSENTER_EIP -> sysenterEip = canonical(cpu, value);
            case PAT -> pat = pat(cpu, value);
            case EFER -> ControlRegisters.efer(cpu, value);
            case STAR -> star = value;
            case LSTAR -> lstar = canonical(cpu, value);
            case CSTAR -> cstar = canonical(cpu, value);
            case SFMASK -> sfmask = value & 0xffff_ffffL;
            case FS_BASE -> base(cpu, 4, value);
            case GS_BASE -> base(cpu, 5, value);
            case KERNEL_GS_BASE -> kernelGsBase = canonical(cpu, value);
            case TSC_AUX -> tscAux = value & 0xffff_ffffL;
            case PMC0, PMC0 + 1 -> counters[index - PMC0] = (int) value & COUNTER_MASK;
            case PERFEVTSEL0, PERFEVTSEL0 + 1 -> eventSelects[index - PERFEVTSEL0] = eventSelect(cpu, value);
            default -> cpu.hooks.writeMsr(cpu, index, value);
        }
    }

    /** RDPMC. @throws GuestFault #GP(0) */
    public long counter(Cpu cpu, int index) {
        boolean open = cpu.cpl == 0 || (cpu.cr4 & Cpu.CR4_PCE) != 0;
        if (!open || index < 0 || index >= CpuModel.COUNTERS) {
            throw cpu.fault(Vector.GP, 0);
        }
        return counters[index];
    }

    private static long eventSelect(Cpu cpu, long value) {
        if (value >>> 32 != 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        return value;
    }

    /** What RDTSC gives. */
    public long timeStamp(Cpu cpu) { return cpu.hooks.timeStamp() + tscAdjust; }

    private void adjust(Cpu cpu, long value) {
        tscAdjust = value;
        cpu.hooks.timeStampChanged(cpu);
    }

    private static void base(Cpu cpu, int segment, long value) {
        cpu.segments[segment].base = canonical(cpu, value);
        cpu.bases[segment] = value;
    }

    private static long canonical(Cpu cpu, long value) {
        if (value << 16 >> 16 != value) {
            throw cpu.fault(Vector.GP, 0);
        }
        return value;
    }

    private static long pat(Cpu cpu, long value) {
        for (int i = 0; i < 8; i++) {
            long type = value >>> 8 * i & 0xff;
            if (type == 2 || type == 3 || type > 7) {
                throw cpu.fault(Vector.GP, 0);
            }
        }
        return value;
    }
}
