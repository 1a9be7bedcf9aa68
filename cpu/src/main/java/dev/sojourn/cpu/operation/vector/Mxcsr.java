package dev.sojourn.cpu.operation.vector;

/**
 * MXCSR, and the exceptions that the instruction under way has raised; see SDM volume 1, sections 10.2.3 and 11.5.
 *
 * <p>An operation raises flags; they reach the register when the caller settles them, which it does before it writes
 * the destination, so that #XM leaves the destination alone:
 *
 * <pre>
 * long result = FloatArithmetic.addsd(mxcsr, a, b);
 * if (mxcsr.raised() != 0 &amp;&amp; mxcsr.settle()) throw XM;
 * xmm[n] = result;
 * </pre>
 */
public final class Mxcsr {
    public static final int INVALID = 0x01;
    public static final int DENORMAL = 0x02;
    public static final int ZERO_DIVIDE = 0x04;
    public static final int OVERFLOW = 0x08;
    public static final int UNDERFLOW = 0x10;
    public static final int INEXACT = 0x20;
    public static final int DENORMALS_ARE_ZEROS = 0x40;
    public static final int FLUSH_TO_ZERO = 0x8000;

    /** The value after reset: all exceptions masked, rounding to nearest. */
    public static final int RESET = 0x1f80;

    /** What MXCSR_MASK reports; a load with any other bit is #GP. */
    public static final int WRITABLE = 0xffff;

    static final int NEAREST = 0;
    static final int DOWN = 1;
    static final int UP = 2;
    static final int TRUNCATE = 3;

    private static final int MASKS_SHIFT = 7;
    private static final int ROUNDING_SHIFT = 13;

    /** Exceptions found before a result is computed; unmasked, they hide those found after. */
    private static final int BEFORE_RESULT = INVALID | DENORMAL | ZERO_DIVIDE;

    private int value;
    private int raised;
    private boolean inexactIsSilent;

    public Mxcsr() { load(RESET); }

    public int value() { return value; }

    /** Takes a value that has no bit outside {@link #WRITABLE}. */
    public void load(int newValue) {
        value = newValue;
        raised = 0;
        refresh();
    }

    /** The exceptions raised since the last settling. */
    public int raised() { return raised; }

    /** Makes raised flags sticky. True means that #XM is due, and that the destination must not be written. */
    public boolean settle() {
        int unmasked = ~(value >>> MASKS_SHIFT);
        int early = raised & BEFORE_RESULT;
        int kept = (early & unmasked) != 0 ? early : raised;
        value |= kept;
        raised = 0;
        refresh();
        return (kept & unmasked) != 0;
    }

    void raise(int flags) { raised |= flags; }

    /**
     * Ends one step of an instruction that has several. True means that #XM is due: the instruction goes no further,
     * and the caller's settling will find the flags of this step. Those of steps before it are sticky already.
     */
    boolean endStep() {
        if ((raised & ~(value >>> MASKS_SHIFT)) != 0) return true;
        if (raised != 0) settle();
        return false;
    }

    /** True if a rounded result to nearest needs nothing said: PE is set already, masked, and nearest is the mode. */
    boolean inexactIsSilent() { return inexactIsSilent; }

    int rounding() { return value >> ROUNDING_SHIFT & 3; }

    boolean masks(int flag) { return (value >>> MASKS_SHIFT & flag) != 0; }

    boolean denormalsAreZeros() { return (value & DENORMALS_ARE_ZEROS) != 0; }

    boolean flushesToZero() { return (value & FLUSH_TO_ZERO) != 0; }

    private void refresh() {
        inexactIsSilent = (value & INEXACT) != 0 && masks(INEXACT) && rounding() == NEAREST;
    }
}
