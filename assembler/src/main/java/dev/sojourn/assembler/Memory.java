package dev.sojourn.assembler;

import java.util.Objects;

/**
 * A memory operand: {@code segment:[base + index * scale + displacement + label]}, each part optional.
 *
 * <p>A label alone is addressed relative to RIP in 64-bit code and absolutely elsewhere; with a base or index it is an
 * absolute 32-bit displacement.
 */
public record Memory(Register base, Register index, int scale, int displacement, String label, Register segment,
        int bytes) implements Operand {
    public Memory {
        if (scale != 1 && scale != 2 && scale != 4 && scale != 8) {
            throw new IllegalArgumentException("Scale " + scale);
        }
        if (index == Register.RSP || index == Register.ESP) {
            throw new IllegalArgumentException("The stack pointer cannot be an index");
        }
    }

    public static Memory at(Register base) { return at(base, 0); }

    public static Memory at(Register base, int displacement) { return at(base, null, 1, displacement); }

    public static Memory at(Register base, Register index, int scale, int displacement) {
        return new Memory(base, index, scale, displacement, null, null, 0);
    }

    public static Memory at(String label) { return at(label, 0); }

    public static Memory at(String label, int displacement) {
        return new Memory(null, null, 1, displacement, Objects.requireNonNull(label), null, 0);
    }

    /** A fixed 32-bit address, sign-extended in 64-bit code. */
    public static Memory absolute(int address) { return at((Register) null, address); }

    /** The same place as an operand of that many bytes. */
    public Memory bytes(int size) { return new Memory(base, index, scale, displacement, label, segment, size); }

    public Memory in(Register segment) { return new Memory(base, index, scale, displacement, label, segment, bytes); }
}
