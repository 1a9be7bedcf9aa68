package dev.sojourn.testkit.generator;

/** What the generator must know of an instruction besides its operands. */
enum Trait {
    /** May carry LOCK when its destination is memory. */
    LOCK,
    /** Exists only in compatibility mode. */
    ONLY32,
    /** Exists only in 64-bit mode. */
    ONLY64,
    /** Operand size is 64 bits by default in 64-bit mode, and never 32. */
    STACK64,
    /** A near branch: no operand size prefix in 64-bit mode, where vendors differ. */
    BRANCH,
    /** No operand size prefix at all: the result would be undefined. */
    NO66,
    /** Memory need not be aligned although it is a full vector. */
    UNALIGNED,
    /** A string instruction; REP and the pointers are prepared. */
    STRING,
    /** A string comparison: REPNE means something too. */
    COMPARES,
    /** Bit offset from a register reaches beyond the operand. */
    BIT_STRING,
    /** Uses the frame pointer as an address. */
    FRAME,
    /** Returns to an address on the stack. */
    RETURN,
    /** Pops or jumps to an address with a selector. */
    FAR,
    /** Jumps to an address in its operand. */
    INDIRECT,
    /** Compares with the accumulator. */
    ACCUMULATOR,
    /** Divides the accumulator. */
    DIVIDE,
    /** Counts by CL. */
    COUNT_CL,
    /** Uses XLAT's address, RBX and AL. */
    XLAT,
    /** Stores to RDI by a mask. */
    MASK_STORE,
    /** Takes lengths from RAX and RDX. */
    LENGTHS,
    /** Compares with two limits in memory. */
    BOUNDS,
    /** Takes only a small number in ST(0). */
    SMALL_ARGUMENT,
    /** Loads state from memory that must make some sense. */
    LOADS_FX,
    LOADS_ENVIRONMENT,
    LOADS_MXCSR,
    LOADS_CONTROL,

    // What is undefined afterwards.
    U_AF, U_SHIFT, U_ROTATE, U_DOUBLE_SHIFT, U_MULTIPLY, U_ALL_FLAGS, U_BIT_SCAN, U_BIT_TEST, U_DECIMAL, U_AAA, U_AAM,
    U_C023, U_C0123, U_C03, U_TRANSCENDENTAL, U_PARTIAL_REMAINDER, U_APPROXIMATE, U_PACKED,
}
