package dev.sojourn.testkit.oracle;

import java.util.Objects;

/**
 * A few instructions and the state before them.
 *
 * <p>The code lies at {@code before.rip()}. The case runs until an exception happens; that of an INT3 outside of its
 * own code is how it ends without a fault.
 *
 * @param name the row it was made from, for people
 * @param seed what it was made from, for the generator
 * @param bits32 whether it runs in compatibility mode; else in 64-bit mode
 * @param looseness what may differ afterwards
 */
public record Case(String name, long seed, byte[] code, boolean bits32, ProcessorState before, Looseness looseness) {
    public static final int CODE_BYTES_MAX = 64;

    public Case {
        Objects.requireNonNull(name);
        if (code.length == 0 || code.length > CODE_BYTES_MAX) {
            throw new IllegalArgumentException("Code of " + code.length + " bytes");
        }
        if (!inCode(before.rip()) || !inCode(before.rip() + code.length - 1)) {
            throw new IllegalArgumentException("Code at 0x" + Long.toHexString(before.rip()));
        }
    }

    /** Whether an address is that of a byte of this case's own code. */
    public boolean owns(long address) {
        return Long.compareUnsigned(address - before.rip(), code.length) < 0;
    }

    private static boolean inCode(long address) {
        return address >= Layout.CODE && address < Layout.CODE + Layout.CODE_BYTES;
    }
}
