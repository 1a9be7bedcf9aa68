package dev.sojourn.cpu.operation.vector;

/** Bitwise operations, the same for integers and floating-point lanes (pand, andps, andpd and so on). */
public final class PackedLogic {
    private PackedLogic() {}

    public static long and(long a, long b) { return a & b; }

    /** The destination is the one that is inverted. */
    public static long andNot(long a, long b) { return ~a & b; }

    public static long or(long a, long b) { return a | b; }

    public static long xor(long a, long b) { return a ^ b; }
}
