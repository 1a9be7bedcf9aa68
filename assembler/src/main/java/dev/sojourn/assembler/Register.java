package dev.sojourn.assembler;

/** A register by its name in the manual. */
public enum Register implements Operand {
    RAX(8, 0), RCX(8, 1), RDX(8, 2), RBX(8, 3), RSP(8, 4), RBP(8, 5), RSI(8, 6), RDI(8, 7),
    R8(8, 8), R9(8, 9), R10(8, 10), R11(8, 11), R12(8, 12), R13(8, 13), R14(8, 14), R15(8, 15),
    EAX(4, 0), ECX(4, 1), EDX(4, 2), EBX(4, 3), ESP(4, 4), EBP(4, 5), ESI(4, 6), EDI(4, 7),
    R8D(4, 8), R9D(4, 9), R10D(4, 10), R11D(4, 11), R12D(4, 12), R13D(4, 13), R14D(4, 14), R15D(4, 15),
    AX(2, 0), CX(2, 1), DX(2, 2), BX(2, 3), SP(2, 4), BP(2, 5), SI(2, 6), DI(2, 7),
    R8W(2, 8), R9W(2, 9), R10W(2, 10), R11W(2, 11), R12W(2, 12), R13W(2, 13), R14W(2, 14), R15W(2, 15),
    AL(1, 0), CL(1, 1), DL(1, 2), BL(1, 3), SPL(1, 4), BPL(1, 5), SIL(1, 6), DIL(1, 7),
    R8B(1, 8), R9B(1, 9), R10B(1, 10), R11B(1, 11), R12B(1, 12), R13B(1, 13), R14B(1, 14), R15B(1, 15),
    AH(1, 4), CH(1, 5), DH(1, 6), BH(1, 7),
    ES(Kind.SEGMENT, 2, 0), CS(Kind.SEGMENT, 2, 1), SS(Kind.SEGMENT, 2, 2),
    DS(Kind.SEGMENT, 2, 3), FS(Kind.SEGMENT, 2, 4), GS(Kind.SEGMENT, 2, 5),
    CR0(Kind.CONTROL, 8, 0), CR2(Kind.CONTROL, 8, 2), CR3(Kind.CONTROL, 8, 3), CR4(Kind.CONTROL, 8, 4),
    CR8(Kind.CONTROL, 8, 8),
    DR0(Kind.DEBUG, 8, 0), DR1(Kind.DEBUG, 8, 1), DR2(Kind.DEBUG, 8, 2), DR3(Kind.DEBUG, 8, 3),
    DR6(Kind.DEBUG, 8, 6), DR7(Kind.DEBUG, 8, 7),
    XMM0(Kind.XMM, 16, 0), XMM1(Kind.XMM, 16, 1), XMM2(Kind.XMM, 16, 2), XMM3(Kind.XMM, 16, 3),
    XMM4(Kind.XMM, 16, 4), XMM5(Kind.XMM, 16, 5), XMM6(Kind.XMM, 16, 6), XMM7(Kind.XMM, 16, 7),
    XMM8(Kind.XMM, 16, 8), XMM9(Kind.XMM, 16, 9), XMM10(Kind.XMM, 16, 10), XMM11(Kind.XMM, 16, 11),
    XMM12(Kind.XMM, 16, 12), XMM13(Kind.XMM, 16, 13), XMM14(Kind.XMM, 16, 14), XMM15(Kind.XMM, 16, 15);

    /** Which file of registers it belongs to. */
    public enum Kind { GENERAL, SEGMENT, CONTROL, DEBUG, XMM }

    private final Kind kind;
    private final int bytes;
    private final int code;

    Register(int bytes, int code) { this(Kind.GENERAL, bytes, code); }

    Register(Kind kind, int bytes, int code) {
        this.kind = kind;
        this.bytes = bytes;
        this.code = code;
    }

    public Kind kind() { return kind; }

    @Override public int bytes() { return bytes; }

    /** The number the encoding uses, 0 to 15. */
    public int code() { return code; }

    boolean isGeneral() { return kind == Kind.GENERAL; }

    /** SPL to DIL exist only with a REX prefix, in place of AH to BH. */
    boolean needsRex() { return this == SPL || this == BPL || this == SIL || this == DIL; }

    boolean forbidsRex() { return this == AH || this == CH || this == DH || this == BH; }
}
