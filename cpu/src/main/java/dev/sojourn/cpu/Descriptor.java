package dev.sojourn.cpu;

/** The fields of a segment descriptor, eight bytes as they lie in memory (SDM volume 3, 3.4.5). */
final class Descriptor {
    static final int TSS_16 = 1;
    static final int LDT = 2;
    static final int TSS_16_BUSY = 3;
    static final int CALL_GATE_16 = 4;
    static final int TASK_GATE = 5;
    static final int INTERRUPT_GATE_16 = 6;
    static final int TRAP_GATE_16 = 7;
    static final int TSS = 9;
    static final int TSS_BUSY = 11;
    static final int CALL_GATE = 12;
    static final int INTERRUPT_GATE = 14;
    static final int TRAP_GATE = 15;

    private Descriptor() {}

    static long base(long d) { return d >>> 16 & 0xff_ffff | d >>> 32 & 0xff00_0000L; }

    static long limit(long d) {
        long limit = d & 0xffff | d >>> 32 & 0xf_0000;
        return (attributes(d) & SegmentRegister.GRANULAR) != 0 ? limit << 12 | 0xfff : limit;
    }

    static int attributes(long d) { return (int) (d >>> 40) & 0xf0ff; }

    static int type(long d) { return (int) (d >>> 40) & 15; }

    static int dpl(long d) { return (int) (d >>> 45) & 3; }

    static boolean isPresent(long d) { return (d >>> 47 & 1) != 0; }

    static boolean isSystem(long d) { return (d >>> 44 & 1) == 0; }

    static boolean isCode(long d) { return !isSystem(d) && (type(d) & SegmentRegister.TYPE_CODE) != 0; }

    static boolean isConforming(long d) { return isCode(d) && (type(d) & SegmentRegister.TYPE_DOWN_OR_CONFORMING) != 0; }

    static boolean isWritableData(long d) {
        return !isSystem(d) && (type(d) & (SegmentRegister.TYPE_CODE | SegmentRegister.TYPE_READ_WRITE))
                == SegmentRegister.TYPE_READ_WRITE;
    }

    static boolean isReadable(long d) { return !isCode(d) || (type(d) & SegmentRegister.TYPE_READ_WRITE) != 0; }

    static boolean isLong(long d) { return (attributes(d) & SegmentRegister.LONG) != 0; }

    static boolean isBig(long d) { return (attributes(d) & SegmentRegister.BIG) != 0; }

    /** Of a gate: where it leads. */
    static int gateSelector(long d) { return (int) (d >>> 16) & 0xffff; }

    static long gateOffset(long d) { return d & 0xffff | d >>> 32 & 0xffff_0000L; }
}
