package dev.sojourn.isa;

/**
 * One decoded instruction: a row and the fields its bytes carried.
 *
 * <p>Register numbers include the REX bits. A byte register from 4 to 7 without a REX prefix means AH, CH, DH, BH.
 */
public final class Instruction {
    /** Register number of an absent base or index. */
    public static final int NO_REGISTER = 16;

    public static final int ES = 0;
    public static final int CS = 1;
    public static final int SS = 2;
    public static final int DS = 3;
    public static final int FS = 4;
    public static final int GS = 5;

    public final Row row;
    public final Op op;
    /** Which of the vector operations; null unless {@link #op} is {@link Op#VECTOR}. */
    public final VectorOp vector;
    public final Form form;
    public final Mode mode;
    /** The last opcode byte: condition, register and x87 row are in it. */
    public final int opcode;
    public final int length;
    /** Bytes: 1 is never used here, byte forms say so themselves. */
    public final int operandBytes;
    public final int addressBytes;
    public final boolean lock;
    /** F3 and F2, whatever they mean here. */
    public final boolean rep;
    public final boolean repne;
    public final boolean rex;
    public final int modrm;
    /** The reg field with REX.R, the r/m field with REX.B; without ModRM the latter is the register in the opcode. */
    public final int reg;
    public final int rm;
    public final int base;
    public final int index;
    public final int scale;
    /** For an address relative to the instruction pointer this is from the end of the instruction. */
    public final long displacement;
    public final boolean ripRelative;
    /** The segment of the memory operand, override applied. */
    public final int segment;
    public final boolean segmentOverride;
    /** Sign-extended where the form says so, else as the bytes are. */
    public final long immediate;
    /** The second immediate: ENTER's level, a far pointer's selector. */
    public final int immediate2;

    Instruction(DecoderState s, Row row) {
        this.row = row;
        op = row.op();
        vector = row.vector();
        form = row.form();
        mode = s.mode;
        opcode = s.opcode;
        length = s.length;
        operandBytes = s.operandBytes;
        addressBytes = s.addressBytes;
        lock = s.lock;
        rep = s.rep;
        repne = s.repne;
        rex = s.rexPresent;
        modrm = s.modrm;
        reg = s.reg;
        rm = s.rm;
        base = s.base;
        index = s.index;
        scale = s.scale;
        displacement = s.displacement;
        ripRelative = s.ripRelative;
        segment = s.segment;
        segmentOverride = s.segmentOverride;
        immediate = s.immediate;
        immediate2 = s.immediate2;
    }

    /** Whether the r/m field names memory. */
    public boolean isMemory() { return modrm < 0xc0; }

    /** Whether it is the last of its block; a repeated string instruction is, since it may come again. */
    public boolean endsBlock() {
        return row.is(Row.Trait.ENDS_BLOCK) || op == Op.INVALID || op == Op.TOO_LONG || isRepeatedString();
    }

    private boolean isRepeatedString() {
        return (rep || repne) && switch (op) {
            case MOVS, CMPS, STOS, LODS, SCAS, INS, OUTS -> true;
            default -> false;
        };
    }

    /** The low four bits of the opcode as a condition (SDM volume 1, appendix B). */
    public int condition() { return opcode & 15; }
}
