package dev.sojourn.isa;

import java.util.Set;

/**
 * What one opcode means: a row of the manual's opcode map.
 *
 * @param op the operation, {@link Op#INVALID} where there is none
 * @param vector which of the vector operations; null unless the operation is {@link Op#VECTOR}
 * @param group rows chosen by the reg field of the ModRM byte (nine to sixteen: for register operands), else null
 */
public record Row(Op op, VectorOp vector, Form form, Set<Trait> traits, Row[] group) {
    /** No instruction, but with a ModRM byte that counts for its length. */
    static final Row INVALID_MODRM = new Row(Op.INVALID, null, Form.NONE, Set.of(Trait.MODRM), null);

    public static final Row INVALID = new Row(Op.INVALID, null, Form.NONE, Set.of(), null);

    /** What else is to be known of a row. */
    public enum Trait {
        /** LOCK may precede it when the destination is memory. */
        LOCKABLE,
        /** No instruction in 64-bit mode. */
        NOT_64,
        /** An instruction in 64-bit mode only. */
        ONLY_64,
        /** Operand size in 64-bit mode is 64 bits unless prefixed to 16 (the stack). */
        DEFAULT_64,
        /** Operand size in 64-bit mode is 64 bits whatever the prefixes say (near branches). */
        FORCED_64,
        /** The last instruction of a block: it branches, or changes how what follows is decoded or interrupted. */
        ENDS_BLOCK,
        /** Has a ModRM byte although no operand needs it. */
        MODRM
    }

    static Row of(Op op, Form form, Trait... traits) { return new Row(op, null, form, Set.of(traits), null); }

    static Row vector(VectorOp op, Form form) { return new Row(Op.VECTOR, op, form, Set.of(), null); }

    /** A group of eight rows by the reg field, or sixteen: eight for memory, eight for registers. */
    static Row group(Row... rows) { return new Row(Op.INVALID, null, Form.NONE, Set.of(), rows); }

    public boolean is(Trait trait) { return traits.contains(trait); }
}
