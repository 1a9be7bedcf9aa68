package dev.sojourn.interfaces.hyperv;

import dev.sojourn.cpu.Vector;
import dev.sojourn.memory.GuestMemory;

/** The synthetic MSRs of one processor (TLFS appendix C). Those whose feature is not offered do not exist. */
final class Registers {
    private static final int GUEST_OS_ID = 0x4000_0000;
    private static final int HYPERCALL = 0x4000_0001;
    private static final int VP_INDEX = 0x4000_0002;
    private static final int RESET = 0x4000_0003;
    private static final int VP_RUNTIME = 0x4000_0010;
    private static final int TIME_REF_COUNT = 0x4000_0020;
    private static final int REFERENCE_TSC = 0x4000_0021;
    private static final int TSC_FREQUENCY = 0x4000_0022;
    private static final int APIC_FREQUENCY = 0x4000_0023;
    private static final int EOI = 0x4000_0070;
    private static final int ICR = 0x4000_0071;
    private static final int TPR = 0x4000_0072;
    private static final int VP_ASSIST_PAGE = 0x4000_0073;
    private static final int SCONTROL = 0x4000_0080;
    private static final int SVERSION = 0x4000_0081;
    private static final int SIEFP = 0x4000_0082;
    private static final int SIMP = 0x4000_0083;
    private static final int EOM = 0x4000_0084;
    private static final int SINT0 = 0x4000_0090;
    private static final int STIMER0_CONFIG = 0x4000_00b0;
    private static final int GUEST_IDLE = 0x4000_00f0;
    private static final int FIRST = 0x4000_0000;
    private static final int COUNT = 0x200;

    private static final int APIC_TPR = 0x80;
    private static final int APIC_ICR_LOW = 0x300;
    private static final int APIC_ICR_HIGH = 0x310;
    private static final long SYNIC_VERSION = 1;
    private static final long ASSIST_BITS = -GuestMemory.PAGE_BYTES | 1;

    private final Partition partition;
    private final Processor processor;

    Registers(Partition partition, Processor processor) {
        this.partition = partition;
        this.processor = processor;
    }

    static boolean has(int index) { return index - FIRST >= 0 && index - FIRST < COUNT; }

    private static boolean isSource(int index) { return index >= SINT0 && index < SINT0 + State.SOURCES; }

    private static boolean isTimer(int index) { return index >= STIMER0_CONFIG && index < STIMER0_CONFIG + 2 * State.TIMERS; }

    private SyntheticTimer timer(int index) { return processor.timers[index - STIMER0_CONFIG >> 1]; }

    long read(int index) {
        if (isSource(index)) {
            return processor.interrupts.source(index - SINT0);
        }
        if (isTimer(index)) {
            return (index & 1) == 0 ? timer(index).config() : timer(index).count();
        }
        return switch (index) {
            case GUEST_OS_ID -> partition.guestOs();
            case HYPERCALL -> partition.hypercall();
            case VP_INDEX -> processor.ops.cpu().id;
            case RESET, EOM -> 0;
            case VP_RUNTIME -> processor.runtime() / Clock.NANOS;
            case TIME_REF_COUNT -> partition.clock.time();
            case REFERENCE_TSC -> partition.clock.msr();
            case TSC_FREQUENCY -> partition.ops.timeStamp().hertz();
            case APIC_FREQUENCY -> partition.ops.apicTimer().hertz();
            case ICR -> apic(APIC_ICR_HIGH) << 32 | apic(APIC_ICR_LOW);
            case TPR -> apic(APIC_TPR);
            case VP_ASSIST_PAGE -> processor.assistPage;
            case SCONTROL -> processor.interrupts.control();
            case SVERSION -> SYNIC_VERSION;
            case SIEFP -> processor.interrupts.eventPage();
            case SIMP -> processor.interrupts.messagePage();
            case GUEST_IDLE -> {
                processor.waitForInterrupt();
                yield 0;
            }
            default -> throw processor.ops.cpu().fault(Vector.GP, 0);
        };
    }

    void write(int index, long value) {
        boolean allowed = true;
        if (isTimer(index)) {
            writeTimer(index, value);
        } else {
            allowed = isSource(index) ? processor.interrupts.source(index - SINT0, value) : writeOther(index, value);
        }
        if (!allowed) {
            throw processor.ops.cpu().fault(Vector.GP, 0);
        }
    }

    private void writeTimer(int index, long value) {
        if ((index & 1) == 0) {
            timer(index).config(value);
        } else {
            timer(index).count(value);
        }
    }

    /** @return false if it is none that can be written, or not with this value */
    private boolean writeOther(int index, long value) {
        switch (index) {
            case GUEST_OS_ID -> partition.guestOs(value);
            case HYPERCALL -> {
                return partition.hypercall(value);
            }
            case RESET -> {
                if ((value & 1) != 0) {
                    partition.ops.power().reset();
                }
            }
            case REFERENCE_TSC -> partition.referenceTsc(value);
            case EOI -> processor.ops.apic().endService();
            case ICR -> {
                apic(APIC_ICR_HIGH, value >>> 32);
                apic(APIC_ICR_LOW, value);
            }
            case TPR -> apic(APIC_TPR, value);
            case VP_ASSIST_PAGE -> assistPage(value);
            case SCONTROL -> processor.interrupts.control(value);
            case SIEFP -> processor.interrupts.eventPage(value);
            case SIMP -> processor.interrupts.messagePage(value);
            case EOM -> processor.messageEnded();
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Its word "no EOI required" stays 0: an EOI is a register write here, no exit worth saving. */
    private void assistPage(long value) {
        processor.assistPage = value & ASSIST_BITS;
        long at = value & -GuestMemory.PAGE_BYTES;
        if ((value & 1) != 0 && partition.ops.memory().isRam(at)) {
            partition.ops.memory().putInt(at, 0);
        }
    }

    private long apic(int register) { return processor.ops.apic().read(register, 4) & 0xffff_ffffL; }

    private void apic(int register, long value) { processor.ops.apic().write(register, 4, value & 0xffff_ffffL); }

    static String name(int index) {
        if (isSource(index)) {
            return "SINT" + (index - SINT0);
        }
        if (isTimer(index)) {
            return "STIMER" + (index - STIMER0_CONFIG >> 1) + ((index & 1) == 0 ? "_CONFIG" : "_COUNT");
        }
        return switch (index) {
            case GUEST_OS_ID -> "GUEST_OS_ID";
            case HYPERCALL -> "HYPERCALL";
            case VP_INDEX -> "VP_INDEX";
            case RESET -> "RESET";
            case VP_RUNTIME -> "VP_RUNTIME";
            case TIME_REF_COUNT -> "TIME_REF_COUNT";
            case REFERENCE_TSC -> "REFERENCE_TSC";
            case TSC_FREQUENCY -> "TSC_FREQUENCY";
            case APIC_FREQUENCY -> "APIC_FREQUENCY";
            case EOI -> "EOI";
            case ICR -> "ICR";
            case TPR -> "TPR";
            case VP_ASSIST_PAGE -> "VP_ASSIST_PAGE";
            case SCONTROL -> "SCONTROL";
            case SVERSION -> "SVERSION";
            case SIEFP -> "SIEFP";
            case SIMP -> "SIMP";
            case EOM -> "EOM";
            case GUEST_IDLE -> "GUEST_IDLE";
            default -> "MSR 0x" + Integer.toHexString(index);
        };
    }
}
