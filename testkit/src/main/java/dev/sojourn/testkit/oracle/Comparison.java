package dev.sojourn.testkit.oracle;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * What differs between two outcomes of a case, apart from what the manual leaves open.
 *
 * <p>Never compared: the x87 instruction and data pointers and the last opcode, RF, the reserved bytes of the FXSAVE
 * image, MXCSR_MASK, and in compatibility mode the upper halves of registers and XMM8 to XMM15. In the error code of a
 * page fault above the user's part the present bit does not count: Linux hides it.
 */
public final class Comparison {
    private static final String[] NAMES = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10",
        "r11", "r12", "r13", "r14", "r15"};
    private static final long RESUME_FLAG = 0x1_0000;
    private static final long LINUX_USER_END = 0x7fff_ffff_f000L;
    private static final int SUMMARY_AND_BUSY = 0x8080;
    private static final int STACK_REGISTER_BYTES = 10;
    private static final int WINDOW_LINE_BYTES = 16;

    /** The relative error of RCPPS and RSQRTPS is at most 1.5 / 2^12 for each of the two. */
    private static final float APPROXIMATE_ERROR = 3f / 4096;

    private final Case c;
    private final Outcome expected;
    private final Outcome actual;
    private final StringBuilder text = new StringBuilder();

    private Comparison(Case c, Outcome expected, Outcome actual) {
        this.c = c;
        this.expected = expected;
        this.actual = actual;
    }

    /** Readable lines: the case and each difference; empty if there is none. */
    public static String differences(Case c, Outcome expected, Outcome actual) {
        Comparison comparison = new Comparison(c, expected, actual);
        comparison.compare();
        return comparison.text.isEmpty() ? "" : comparison.heading() + comparison.text;
    }

    private void compare() {
        if (!sameFault(expected.fault(), actual.fault())) {
            text.append("  fault  expected %s, actual %s%n".formatted(expected.fault(), actual.fault()));
        }
        ProcessorState before = c.before();
        ProcessorState wanted = expected.after();
        ProcessorState got = actual.after();
        number("rip", before.rip(), wanted.rip(), got.rip(), -1);
        // A fault of the instruction itself leaves the flags as they were: nothing is undefined then, but after a
        // division error. One of what follows does not.
        int vector = expected.fault().vector();
        boolean strict = vector >= 0 && vector != 1 && vector != 3 && vector != 0 && wanted.rip() == before.rip();
        int undefined = strict ? 0 : c.looseness().flags();
        number("rflags", before.rflags(), wanted.rflags(), got.rflags(), ~(undefined | RESUME_FLAG));
        if (c.looseness().destination() && !strict) {
            return;
        }
        long mask = c.bits32() ? 0xffff_ffffL : -1;
        for (int i = 0; i < ProcessorState.GENERAL; i++) {
            number(NAMES[i], before.general()[i], wanted.general()[i], got.general()[i], mask);
        }
        compareFloat(before, wanted, got);
        compareVectors(before, wanted, got);
        compareWindows(before.windows(), wanted.windows(), got.windows());
    }

    private static boolean sameFault(Fault a, Fault b) {
        boolean kernelHalf = a.vector() == Fault.PAGE_FAULT
                && Long.compareUnsigned(a.address(), LINUX_USER_END) >= 0;
        return a.vector() == b.vector() && a.address() == b.address()
                && (a.errorCode() | (kernelHalf ? 1 : 0)) == (b.errorCode() | (kernelHalf ? 1 : 0));
    }

    private void compareFloat(ProcessorState before, ProcessorState wanted, ProcessorState got) {
        field("fcw", ProcessorState.FX_CONTROL, 0xffff, before, wanted, got);
        int open = c.looseness().status();
        // An exception that may or may not be flagged may or may not be pending.
        open |= (open & 0x3f) != 0 ? SUMMARY_AND_BUSY : 0;
        field("fsw", ProcessorState.FX_STATUS, 0xffff & ~open, before, wanted, got);
        field("ftw", ProcessorState.FX_TAGS, 0xff, before, wanted, got);
        for (int i = 0; i < 8; i++) {
            int at = ProcessorState.FX_STACK + 16 * i;
            if (!near80(wanted, got, at)) {
                bytes("st" + i, at, STACK_REGISTER_BYTES, before.fx(), wanted.fx(), got.fx());
            }
        }
    }

    private void compareVectors(ProcessorState before, ProcessorState wanted, ProcessorState got) {
        long wantedMxcsr = wanted.fxInt(ProcessorState.FX_MXCSR) & 0xffff_ffffL;
        number("mxcsr", before.fxInt(ProcessorState.FX_MXCSR) & 0xffff_ffffL, wantedMxcsr,
                got.fxInt(ProcessorState.FX_MXCSR) & 0xffff_ffffL, -1);
        int count = c.bits32() ? 8 : 16;
        for (int i = 0; i < count; i++) {
            int at = ProcessorState.FX_XMM + 16 * i;
            if (!(c.looseness().approximate() && nearSingles(wanted, got, at))) {
                bytes("xmm" + i, at, 16, before.fx(), wanted.fx(), got.fx());
            }
        }
    }

    private void compareWindows(byte[] before, byte[] wanted, byte[] got) {
        for (int i = 0; i < before.length; i += WINDOW_LINE_BYTES) {
            bytes("%x".formatted(Layout.windowAddress(i)), i, WINDOW_LINE_BYTES, before, wanted, got);
        }
    }

    private boolean near80(ProcessorState wanted, ProcessorState got, int at) {
        int ulps = c.looseness().ulps();
        if (ulps == 0) {
            return false;
        }
        int signExponent = wanted.fxShort(at + 8);
        int otherSignExponent = got.fxShort(at + 8);
        long difference = wanted.fxLong(at) - got.fxLong(at);
        if (signExponent == otherSignExponent) {
            return difference >= -ulps && difference <= ulps;
        }
        // Just below and just above a power of two: the lower one's last place is half as wide.
        boolean up = signExponent == otherSignExponent + 1;
        boolean down = otherSignExponent == signExponent + 1;
        long above = (up ? wanted : got).fxLong(at) - Long.MIN_VALUE;
        long below = -1L - (up ? got : wanted).fxLong(at);
        return (up || down) && above >= 0 && above <= ulps && below >= 0 && below <= ulps;
    }

    private static boolean nearSingles(ProcessorState wanted, ProcessorState got, int at) {
        for (int i = at; i < at + 16; i += 4) {
            float a = Float.intBitsToFloat(wanted.fxInt(i));
            float b = Float.intBitsToFloat(got.fxInt(i));
            boolean same = wanted.fxInt(i) == got.fxInt(i);
            if (!same && !(Math.abs(a - b) <= Math.abs(a) * APPROXIMATE_ERROR)) {
                return false;
            }
        }
        return true;
    }

    private void field(String name, int at, int mask, ProcessorState before, ProcessorState wanted,
            ProcessorState got) {
        number(name, before.fxShort(at), wanted.fxShort(at), got.fxShort(at), mask);
    }

    private void number(String name, long before, long wanted, long got, long mask) {
        if (((wanted ^ got) & mask) != 0) {
            text.append("  %-8s before %16x, expected %16x, actual %16x%n".formatted(name, before, wanted & mask,
                    got & mask));
        }
    }

    private void bytes(String name, int at, int length, byte[] before, byte[] wanted, byte[] got) {
        if (!Arrays.equals(wanted, at, at + length, got, at, at + length)) {
            text.append("  %-8s before %s, expected %s, actual %s%n".formatted(name, number(before, at, length),
                    number(wanted, at, length), number(got, at, length)));
        }
    }

    /** Bytes as the digits of a number: the last one first. */
    private static String number(byte[] bytes, int at, int length) {
        StringBuilder digits = new StringBuilder();
        for (int i = at + length - 1; i >= at; i--) {
            digits.append("%02x".formatted(bytes[i]));
        }
        return digits.toString();
    }

    private String heading() {
        StringBuilder heading = new StringBuilder();
        heading.append("%s  [%s] at %x in %d-bit mode, seed 0x%x%n".formatted(c.name(),
                HexFormat.ofDelimiter(" ").formatHex(c.code()), c.before().rip(), c.bits32() ? 32 : 64, c.seed()));
        heading.append("  before: fcw %x fsw %x ftw %x mxcsr %x rflags %x%n".formatted(
                c.before().fxShort(ProcessorState.FX_CONTROL), c.before().fxShort(ProcessorState.FX_STATUS),
                c.before().fxShort(ProcessorState.FX_TAGS) & 0xff, c.before().fxInt(ProcessorState.FX_MXCSR),
                c.before().rflags()));
        for (int i = 0; i < ProcessorState.GENERAL; i++) {
            heading.append("  %s %x%s".formatted(NAMES[i], c.before().general()[i], i % 8 == 7 ? "\n" : ""));
        }
        return heading.toString();
    }
}
