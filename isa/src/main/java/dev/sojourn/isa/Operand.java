package dev.sojourn.isa;

/** One operand in the manual's letters (SDM volume 2, appendix A.2), with where it is found and how wide it is. */
public enum Operand {
    Eb(Kind.RM, Width.BYTE), Ew(Kind.RM, Width.WORD), Ed(Kind.RM, Width.DOUBLE), Ev(Kind.RM, Width.V), Ey(Kind.RM, Width.Y),
    /** A register of the operand's width, or a word in memory (MOV from a segment register, SMSW, SLDT, STR). */
    EvMw(Kind.RM, Width.V),
    Ez(Kind.RM, Width.Z),
    /** A near branch or stack operand: 64 bits in 64-bit mode unless prefixed to 16. */
    Ev64(Kind.RM, Width.STACK),
    Gb(Kind.REG, Width.BYTE), Gw(Kind.REG, Width.WORD), Gd(Kind.REG, Width.DOUBLE), Gv(Kind.REG, Width.V), Gy(Kind.REG, Width.Y),
    Zb(Kind.OPCODE_REG, Width.BYTE), Zv(Kind.OPCODE_REG, Width.V), Zv64(Kind.OPCODE_REG, Width.STACK),
    AL(Kind.ACCUMULATOR, Width.BYTE), rAX(Kind.ACCUMULATOR, Width.V),
    CL(Kind.COUNT, Width.BYTE), ONE(Kind.ONE, Width.BYTE), DX(Kind.PORT, Width.WORD),
    Ib(Kind.IMMEDIATE, Width.BYTE), Iw(Kind.IMMEDIATE, Width.WORD), Iz(Kind.IMMEDIATE, Width.Z), Iv(Kind.IMMEDIATE, Width.V),
    /** A byte, sign-extended to the operand's width. */
    sIb(Kind.IMMEDIATE, Width.BYTE),
    Jb(Kind.RELATIVE, Width.BYTE), Jz(Kind.RELATIVE, Width.Z),
    /** A far pointer in the instruction: offset, then selector. */
    Ap(Kind.FAR, Width.V),
    /** Memory only; a register is no instruction. */
    M(Kind.MEMORY, Width.V), Mb(Kind.MEMORY, Width.BYTE), Md(Kind.MEMORY, Width.DOUBLE), Mq(Kind.MEMORY, Width.QUAD), My(Kind.MEMORY, Width.Y),
    Ob(Kind.OFFSET, Width.BYTE), Ov(Kind.OFFSET, Width.V),
    Sw(Kind.SEGMENT, Width.WORD), Cd(Kind.CONTROL, Width.NATIVE), Dd(Kind.DEBUG, Width.NATIVE),
    /** A general register by the r/m field, always a register (moves to control and debug registers). */
    Rd(Kind.RM_REGISTER, Width.NATIVE), Rv(Kind.RM_REGISTER, Width.V), Ry(Kind.RM_REGISTER, Width.Y),

    /** A vector register by the reg field; the width is what a memory partner transfers. */
    V(Kind.XMM, Width.XMM),
    /** A vector register by r/m, or so much memory. */
    W(Kind.XMM_RM, Width.XMM), Wq(Kind.XMM_RM, Width.QUAD), Wd(Kind.XMM_RM, Width.DOUBLE), Ww(Kind.XMM_RM, Width.WORD),
    /** A vector register by r/m, never memory. */
    U(Kind.XMM_RM_REGISTER, Width.XMM),
    /** Memory of a vector's width. */
    Mx(Kind.MEMORY, Width.XMM),
    /** An MMX register by the reg field, by r/m (or memory), by r/m only. */
    P(Kind.MMX, Width.QUAD), Q(Kind.MMX_RM, Width.QUAD), Qd(Kind.MMX_RM, Width.DOUBLE), N(Kind.MMX_RM_REGISTER, Width.QUAD),
    /** A byte or word in memory, or the low part of a general register (PINSRB, PINSRW, PEXTRB). */
    RdMb(Kind.RM, Width.BYTE_OR_DOUBLE), RdMw(Kind.RM, Width.WORD_OR_DOUBLE);

    /** Where an operand is found. */
    public enum Kind {
        RM, RM_REGISTER, MEMORY, REG, OPCODE_REG, ACCUMULATOR, COUNT, ONE, PORT, IMMEDIATE, RELATIVE, FAR, OFFSET, SEGMENT, CONTROL,
        DEBUG, XMM, XMM_RM, XMM_RM_REGISTER, MMX, MMX_RM, MMX_RM_REGISTER;

        /** Whether it needs a ModRM byte. */
        public boolean isModRm() {
            return switch (this) {
                case OPCODE_REG, ACCUMULATOR, COUNT, ONE, PORT, IMMEDIATE, RELATIVE, FAR, OFFSET -> false;
                default -> true;
            };
        }
    }

    /** How wide an operand is: fixed, or by the operand size. */
    public enum Width {
        BYTE, WORD, DOUBLE, QUAD, XMM,
        /** The operand size: 16, 32 or 64 bits. */
        V,
        /** The operand size, at most 32 bits. */
        Z,
        /** 32 bits, or 64 with REX.W. */
        Y,
        /** 64 bits in 64-bit mode, else 32. */
        NATIVE,
        /** As V, but 64 instead of 32 bits in 64-bit mode. */
        STACK,
        /** That much memory, or a 32-bit register. */
        BYTE_OR_DOUBLE, WORD_OR_DOUBLE
    }

    public final Kind kind;
    public final Width width;

    Operand(Kind kind, Width width) {
        this.kind = kind;
        this.width = width;
    }

    /** Its width in bytes when the operand size is {@code operandBytes}. */
    public int bytes(int operandBytes, Mode mode, boolean memory) {
        return switch (width) {
            case BYTE -> 1;
            case WORD -> 2;
            case DOUBLE -> 4;
            case QUAD -> 8;
            case XMM -> 16;
            case V -> operandBytes;
            case Z -> Math.min(operandBytes, 4);
            case Y -> operandBytes == 8 ? 8 : 4;
            case NATIVE -> mode == Mode.BITS_64 ? 8 : 4;
            case STACK -> mode == Mode.BITS_64 && operandBytes == 4 ? 8 : operandBytes;
            case BYTE_OR_DOUBLE -> memory ? 1 : 4;
            case WORD_OR_DOUBLE -> memory ? 2 : 4;
        };
    }
}
