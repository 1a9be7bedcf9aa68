package dev.sojourn.translator;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Op;
import dev.sojourn.isa.Operand;

/**
 * What an instruction reads and writes, as far as a region keeps it in variables: general registers as bit masks, XMM registers
 * likewise, and the flags. Where nothing is known here, everything.
 *
 * @param reads general registers it needs, those included of which it writes a part
 * @param xmm XMM registers it reads or writes
 * @param xmmWrites those it writes
 * @param readsFlags whether it needs flags, or keeps some of them
 * @param writesFlags whether it changes any
 * @param killsFlags whether it replaces all of them in any case
 * @param mayFault whether it may end in a fault, or otherwise be the last one here
 */
record Effects(int reads, int writes, int xmm, int xmmWrites, boolean readsFlags, boolean writesFlags, boolean killsFlags,
        boolean mayFault) {
    static final int ALL = 0xffff;

    private static final int RAX = 1 << Cpu.RAX;
    private static final int RCX = 1 << Cpu.RCX;
    private static final int RDX = 1 << Cpu.RDX;
    private static final int RSP = 1 << Cpu.RSP;
    private static final int RBP = 1 << Cpu.RBP;
    private static final int RSI = 1 << Cpu.RSI;
    private static final int RDI = 1 << Cpu.RDI;

    static Effects of(Instruction i) {
        return switch (i.op) {
            case NOP, LFENCE, MFENCE, SFENCE -> new Effects(0, 0, 0, 0, false, false, false, false);
            case MOV, MOVNTI, MOVZX, MOVSX, LEA, BSWAP -> general(i, 0, 0).flags(false, false);
            case CMOV -> general(i, 0, 0).partial().flags(true, false);
            case SET -> general(i, 0, 0).flags(true, false);
            case ADD, OR, AND, SUB, XOR, CMP, TEST, NEG, IMUL2, IMUL3 -> general(i, 0, 0).partial().kills();
            case ADC, SBB -> general(i, 0, 0).partial().flags(true, true);
            case NOT -> general(i, 0, 0).partial().flags(false, false);
            // PAUSE is one of these, and gives up the turn.
            case XCHG -> i.rep ? general(i, 0, 0).partial().flags(false, false).faults()
                    : general(i, 0, 0).partial().flags(false, false);
            case XADD -> general(i, 0, 0).partial().kills();
            case CMPXCHG -> general(i, RAX, RAX).partial().kills();
            case INC, DEC, ROL, ROR, BT, BTS, BTR, BTC -> general(i, 0, 0).partial().flags(true, true);
            case SHL, SHR, SAR -> constantCount(i) ? general(i, 0, 0).partial().kills()
                    : general(i, RCX, 0).partial().flags(true, true);
            case SHLD, SHRD, RCL, RCR -> general(i, RCX, 0).partial().flags(true, true);
            case BSF, BSR, POPCNT -> general(i, 0, 0).partial().kills();
            case CRC32 -> general(i, 0, 0).partial().flags(false, false);
            case MUL, IMUL -> general(i, RAX, RAX | RDX).kills();
            case DIV, IDIV -> general(i, RAX | RDX, RAX | RDX).flags(false, false).faults();
            case CBW -> general(i, RAX, RAX).flags(false, false);
            case CWD -> general(i, RAX | RDX, RDX).flags(false, false);
            case CLC, STC, CMC -> general(i, 0, 0).flags(true, true);
            case PUSH -> general(i, RSP, RSP).flags(false, false).faults();
            case POP -> general(i, RSP, RSP).flags(false, false).faults();
            case LEAVE -> general(i, RBP, RBP | RSP).flags(false, false).faults();
            case JMP -> new Effects(0, 0, 0, 0, false, false, false, false);
            case JCC -> new Effects(0, 0, 0, 0, true, false, false, false);
            case CALL, RET -> new Effects(RSP, RSP, 0, 0, false, false, false, true);
            case JMP_INDIRECT -> general(i, 0, 0).flags(false, false).faults();
            case CALL_INDIRECT -> general(i, RSP, RSP).flags(false, false).faults();
            case MOVS -> new Effects(RCX | RSI | RDI, RCX | RSI | RDI, 0, 0, false, false, false, true);
            case STOS -> new Effects(RAX | RCX | RDI, RCX | RDI, 0, 0, false, false, false, true);
            case LODS -> new Effects(RAX | RCX | RSI, RAX | RCX | RSI, 0, 0, false, false, false, true);
            case CMPS -> new Effects(RCX | RSI | RDI, RCX | RSI | RDI, 0, 0, true, true, false, true);
            case SCAS -> new Effects(RAX | RCX | RDI, RCX | RDI, 0, 0, true, true, false, true);
            case VECTOR -> vector(i);
            case X87 -> x87(i);
            case PUSHF -> new Effects(RSP, RSP, 0, 0, true, false, false, true);
            case CLI, STI -> new Effects(0, 0, 0, 0, false, false, false, true);
            case POPF -> new Effects(RSP, RSP, 0, 0, true, true, false, true);
            case FXSAVE, FXRSTOR, XSAVE, XRSTOR -> new Effects(ALL, ALL, ALL, ALL, true, true, false, true);
            default -> new Effects(ALL, ALL, 0, 0, true, true, false, true);
        };
    }

    /** Whether a shift's count is a constant that, masked, is not zero. */
    static boolean constantCount(Instruction i) {
        Operand count = i.form.operands.getLast();
        if (count.kind == Operand.Kind.ONE) {
            return true;
        }
        int width = i.form.operands.getFirst().bytes(i.operandBytes, i.mode, i.isMemory());
        return count.kind == Operand.Kind.IMMEDIATE && (i.immediate & (width == 8 ? 63 : 31)) != 0;
    }

    /** By the operands: the first is written, all others are read. */
    private static Effects general(Instruction i, int alsoReads, int alsoWrites) {
        int reads = alsoReads;
        int writes = alsoWrites;
        boolean memory = false;
        for (int n = 0; n < i.form.operands.size(); n++) {
            Operand operand = i.form.operands.get(n);
            if (isMemory(i, operand)) {
                memory |= i.op != Op.LEA;
                reads |= address(i);
                continue;
            }
            int register = register(i, operand);
            if (n == 0 && i.op != Op.PUSH && i.op != Op.CALL_INDIRECT && i.op != Op.JMP_INDIRECT) {
                writes |= register;
                // What is narrower keeps the rest.
                if (operand.bytes(i.operandBytes, i.mode, i.isMemory()) < 4 || i.form.operands.size() == 1) {
                    reads |= register;
                }
            } else {
                reads |= register;
            }
        }
        if (i.op == Op.XCHG || i.op == Op.XADD) {
            reads |= writes;
            writes |= register(i, i.form.operands.get(1));
        }
        return new Effects(reads, writes, 0, 0, true, true, false, memory);
    }

    /** The first operand is read, too. */
    private Effects partial() {
        return new Effects(reads | writes, writes, xmm, xmmWrites, readsFlags, writesFlags, killsFlags, mayFault);
    }

    private Effects flags(boolean read, boolean written) {
        return new Effects(reads, writes, xmm, xmmWrites, read, written, false, mayFault);
    }

    private Effects kills() { return new Effects(reads, writes, xmm, xmmWrites, false, true, true, mayFault); }

    private Effects faults() { return new Effects(reads, writes, xmm, xmmWrites, readsFlags, writesFlags, killsFlags, true); }

    private static Effects vector(Instruction i) {
        int reads = 0;
        int writes = 0;
        // XMM0 is the mask of some and the result of others.
        int xmm = VectorCode.has(i) ? 0 : 1;
        int xmmWrites = xmm;
        boolean first = true;
        for (Operand operand : i.form.operands) {
            int register = switch (operand.kind) {
                case XMM -> 1 << i.reg;
                case XMM_RM, XMM_RM_REGISTER -> i.isMemory() ? 0 : 1 << i.rm;
                default -> 0;
            };
            xmm |= register;
            xmmWrites |= first ? register : 0;
            first = false;
            switch (operand.kind) {
                case XMM, XMM_RM, XMM_RM_REGISTER -> {}
                default -> {
                    int general = register(i, operand);
                    reads |= general;
                    writes |= general;
                }
            }
        }
        boolean flags = switch (i.vector) {
            case PTEST, COMISS, COMISD, UCOMISS, UCOMISD, PCMPESTRM, PCMPESTRI, PCMPISTRM, PCMPISTRI -> true;
            default -> false;
        };
        boolean strings = switch (i.vector) {
            case PCMPESTRM, PCMPESTRI, PCMPISTRM, PCMPISTRI -> true;
            default -> false;
        };
        boolean masked = switch (i.vector) {
            case MASKMOVDQU, MASKMOVQ -> true;
            default -> false;
        };
        // A region that has it is entered only while SSE may be used.
        boolean mayFault = i.isMemory() || !VectorCode.has(i) || FloatCode.has(i.vector);
        if (strings) {
            reads |= RAX | RCX | RDX;
            writes |= RCX;
        }
        if (masked) {
            reads |= RDI;
        }
        return new Effects(reads | address(i), writes, xmm, xmmWrites, false, flags, flags, mayFault);
    }

    /** FCMOVcc reads flags, FCOMI and its kin write them, FNSTSW AX is the one that writes a register. */
    private static Effects x87(Instruction i) {
        if (i.isMemory()) {
            return new Effects(address(i), 0, 0, 0, false, false, false, true);
        }
        int escape = i.opcode & 7;
        int group = i.modrm >> 3 & 7;
        boolean reads = (escape == 2 || escape == 3) && group < 4;
        boolean writes = (escape == 3 || escape == 7) && (group == 5 || group == 6);
        int accumulator = escape == 7 && group == 4 ? RAX : 0;
        return new Effects(accumulator, accumulator, 0, 0, reads, writes, false, true);
    }

    static boolean isMemory(Instruction i, Operand operand) {
        return switch (operand.kind) {
            case OFFSET, MEMORY -> true;
            case RM, XMM_RM, MMX_RM -> i.isMemory();
            default -> false;
        };
    }

    private static int address(Instruction i) {
        return i.isMemory() || i.form.operands.stream().anyMatch(o -> o.kind == Operand.Kind.OFFSET) ? bit(i.base) | bit(i.index) : 0;
    }

    private static int bit(int register) { return register == Instruction.NO_REGISTER ? 0 : 1 << register; }

    /** The general register an operand is, as a mask; 0 for anything else. */
    private static int register(Instruction i, Operand operand) {
        int number = switch (operand.kind) {
            case REG -> i.reg;
            case RM, RM_REGISTER, OPCODE_REG -> i.rm;
            case ACCUMULATOR -> Cpu.RAX;
            case COUNT -> Cpu.RCX;
            default -> -1;
        };
        if (number < 0) {
            return 0;
        }
        int bytes = operand.bytes(i.operandBytes, i.mode, i.isMemory());
        return 1 << (isHigh(i, number, bytes) ? number - 4 : number);
    }

    static boolean isHigh(Instruction i, int number, int bytes) { return bytes == 1 && !i.rex && number >= 4 && number < 8; }
}
