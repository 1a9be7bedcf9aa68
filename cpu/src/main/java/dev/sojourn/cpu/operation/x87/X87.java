package dev.sojourn.cpu.operation.x87;

/**
 * The registers of the floating-point unit (SDM volume 1, section 8.1).
 *
 * <p>Registers are kept by physical number; ST(i) is register {@code top + i} modulo 8. The bits ES and B of the status
 * word are not kept: they say that some exception flag is set whose mask is clear, and are derived from that.
 *
 * <p>The pointers to the last instruction and operand, and its opcode, are kept only for those who load and store them:
 * no operation sets them, so that a guest which never loaded them reads zeros. The selectors are always zero.
 */
public final class X87 {
    /** Exception flags of the status word; the masks of the control word have the same bits. */
    public static final int INVALID = 0x01;
    public static final int DENORMAL = 0x02;
    public static final int ZERO_DIVIDE = 0x04;
    public static final int OVERFLOW = 0x08;
    public static final int UNDERFLOW = 0x10;
    public static final int PRECISION = 0x20;

    /** The other bits of the status word. */
    public static final int STACK_FAULT = 0x40;
    public static final int ERROR_SUMMARY = 0x80;
    public static final int C0 = 0x100;
    public static final int C1 = 0x200;
    public static final int C2 = 0x400;
    public static final int TOP_SHIFT = 11;
    public static final int C3 = 0x4000;
    public static final int BUSY = 0x8000;

    /** The control word after FNINIT: all masked, 64-bit precision, round to nearest. */
    public static final int CONTROL_INITIAL = 0x37f;

    /** The control word after power-on, before any FNINIT (SDM volume 3, processor state after reset). */
    public static final int CONTROL_RESET = 0x40;

    static final int EXCEPTIONS = 0x3f;
    static final int CONDITIONS = C0 | C1 | C2 | C3;
    static final int PRECISION_AND_ROUNDING = 0xf00;
    static final int EXTENDED_NEAREST = 0x300;

    private static final int CONTROL_WRITABLE = 0x1f3f;
    private static final int CONTROL_ONES = 0x40;
    private static final int STATUS_KEPT = CONDITIONS | STACK_FAULT | EXCEPTIONS;

    final long[] significands = new long[8];
    final int[] exponents = new int[8];
    int control = CONTROL_RESET;
    /** The status word without TOP, ES and B. */
    int flags;
    int top;
    /** The abridged tag word: bit n is set when physical register n is not empty. */
    int full = 0xff;
    /** The sign and exponent of the last 80-bit value stored, or the upper 16 bits of the last packed decimal. */
    int storedHigh;
    /** Whether the last store met an unmasked exception, so that memory keeps its value. */
    boolean storeAbandoned;
    final X87Wide wide = new X87Wide();
    private long instructionPointer;
    private long dataPointer;
    private int lastOpcode;

    /** FNINIT: the registers keep their values but are tagged empty. */
    public void initialize() {
        control = CONTROL_INITIAL;
        flags = 0;
        top = 0;
        full = 0;
        instructionPointer = 0;
        dataPointer = 0;
        lastOpcode = 0;
    }

    /** Power-on: registers are zero and tagged as such. An INIT of the processor leaves the unit alone. */
    public void reset() {
        initialize();
        control = CONTROL_RESET;
        full = 0xff;
        for (int i = 0; i < 8; i++) {
            significands[i] = 0;
            exponents[i] = 0;
        }
    }

    public int control() { return control; }

    /** FLDCW: reserved bits keep their values. */
    public void control(int value) { control = value & CONTROL_WRITABLE | CONTROL_ONES; }

    public int status() {
        return flags | top << TOP_SHIFT | (exceptionPending() ? ERROR_SUMMARY | BUSY : 0);
    }

    /** Sets flags, conditions and TOP; ES and B follow from the flags and the masks. */
    public void status(int value) {
        flags = value & STATUS_KEPT;
        top = value >> TOP_SHIFT & 7;
    }

    /** Whether an instruction that waits must raise #MF first: the ES bit. */
    public boolean exceptionPending() { return (flags & ~control & EXCEPTIONS) != 0; }

    /** FNCLEX: clears the exception flags, the stack fault, ES and B. */
    public void clearExceptions() { flags &= ~(EXCEPTIONS | STACK_FAULT); }

    public int top() { return top; }

    /** The tag word as FXSAVE writes it: bit n is set when physical register n is not empty. */
    public int abridgedTags() { return full; }

    public void abridgedTags(int value) { full = value & 0xff; }

    /** The tag word as FNSTENV writes it: two bits for each physical register (SDM volume 1, section 8.1.7). */
    public int tags() {
        int tags = 0;
        for (int register = 7; register >= 0; register--) {
            tags = tags << 2 | tag(register);
        }
        return tags;
    }

    /** Takes only emptiness from a tag word; the other tags follow from the contents. */
    public void tags(int value) {
        full = 0;
        for (int register = 0; register < 8; register++) {
            full |= (value >> 2 * register & 3) == 3 ? 0 : 1 << register;
        }
    }

    /** The significand of ST(i), empty or not. */
    public long significand(int i) { return significands[top + i & 7]; }

    /** The sign and exponent of ST(i), empty or not. */
    public int exponent(int i) { return exponents[top + i & 7]; }

    public boolean empty(int i) { return (full >> (top + i & 7) & 1) == 0; }

    /** Sets ST(i) without a change of its tag, as FXRSTOR does. */
    public void restore(int i, long significand, int exponent) {
        significands[top + i & 7] = significand;
        exponents[top + i & 7] = exponent & 0xffff;
    }

    /** Bits 64 to 79 of the 80-bit value that was stored last. */
    public int storedHigh() { return storedHigh; }

    /** Whether the store just made must not reach memory, because an unmasked exception came first. */
    public boolean storeAbandoned() { return storeAbandoned; }

    public long instructionPointer() { return instructionPointer; }

    public void instructionPointer(long value) { instructionPointer = value; }

    public long dataPointer() { return dataPointer; }

    public void dataPointer(long value) { dataPointer = value; }

    public int lastOpcode() { return lastOpcode; }

    public void lastOpcode(int value) { lastOpcode = value & 0x7ff; }

    /** Reads MMi, which makes all registers valid and the stack top zero (SDM volume 1, section 9.5.1). */
    public long mmx(int i) {
        top = 0;
        full = 0xff;
        return significands[i & 7];
    }

    /** Writes MMi: sign and exponent become all ones. */
    public void mmx(int i, long value) {
        top = 0;
        full = 0xff;
        significands[i & 7] = value;
        exponents[i & 7] = 0xffff;
    }

    /** EMMS: all registers become empty. */
    public void emptyMmx() {
        top = 0;
        full = 0;
    }

    /** Sets exception flags. @return whether one of them is unmasked */
    boolean raise(int exceptions) {
        flags |= exceptions;
        return (exceptions & ~control & EXCEPTIONS) != 0;
    }

    boolean emptyRegister(int register) { return (full >> register & 1) == 0; }

    void put(int register, long significand, int exponent) {
        significands[register] = significand;
        exponents[register] = exponent;
    }

    /** Writes the indefinite NaN to a register unless the invalid operation is unmasked. */
    boolean invalid(int register) {
        if (raise(INVALID)) {
            return false;
        }
        put(register, Float80.INDEFINITE_SIGNIFICAND, Float80.INDEFINITE_EXPONENT);
        return true;
    }

    /** An operand is empty. @return whether execution goes on, with the indefinite NaN in its place */
    boolean underflowGoesOn() {
        flags &= ~C1;
        return !raise(INVALID | STACK_FAULT);
    }

    /** There is no room for a push. @return whether execution goes on, with the indefinite NaN for a result */
    boolean overflowGoesOn() {
        flags |= C1;
        return !raise(INVALID | STACK_FAULT);
    }

    /** Makes room for a value at the new ST(0). */
    void push(long significand, int exponent) {
        top = top - 1 & 7;
        full |= 1 << top;
        put(top, significand, exponent);
    }

    void pushIndefinite() { push(Float80.INDEFINITE_SIGNIFICAND, Float80.INDEFINITE_EXPONENT); }

    void pop() {
        full &= ~(1 << top);
        top = top + 1 & 7;
    }

    private int tag(int register) {
        if (emptyRegister(register)) {
            return 3;
        }
        long significand = significands[register];
        int exponent = exponents[register];
        return Float80.normal(significand, exponent) ? 0 : Float80.zero(significand, exponent) ? 1 : 2;
    }
}
