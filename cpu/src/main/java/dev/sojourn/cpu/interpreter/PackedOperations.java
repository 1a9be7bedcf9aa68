package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.operation.vector.Pack;
import dev.sojourn.cpu.operation.vector.PackedAdd;
import dev.sojourn.cpu.operation.vector.PackedCompare;
import dev.sojourn.cpu.operation.vector.PackedLogic;
import dev.sojourn.cpu.operation.vector.PackedMultiply;
import dev.sojourn.cpu.operation.vector.PackedShift;
import dev.sojourn.isa.VectorOp;

/** From a packed integer operation to what it computes: of MMX registers, and of XMM registers one half. */
final class PackedOperations {
    private PackedOperations() {}

    /** Whether the halves of an XMM register do not meet: {@link #half} computes each. */
    static boolean isHalf(VectorOp op) {
        return op.compareTo(VectorOp.PAND) >= 0 && op.compareTo(VectorOp.PMAXSD) <= 0;
    }

    /** Whether both halves of an operand go into one half of the result: {@link #pair} computes it. */
    static boolean isPair(VectorOp op) {
        return op.compareTo(VectorOp.PACKSSWB) >= 0 && op.compareTo(VectorOp.PHSUBSW) <= 0;
    }

    /** Whether a count applies to every element: {@link #shift} computes each half. */
    static boolean isShift(VectorOp op) {
        return op.compareTo(VectorOp.PSLLW) >= 0 && op.compareTo(VectorOp.PSRAD) <= 0;
    }

    static long half(VectorOp op, long a, long b) {
        return switch (op) {
            case PAND -> PackedLogic.and(a, b);
            case PANDN -> PackedLogic.andNot(a, b);
            case POR -> PackedLogic.or(a, b);
            case PXOR -> PackedLogic.xor(a, b);
            case PADDB -> PackedAdd.paddb(a, b);
            case PADDW -> PackedAdd.paddw(a, b);
            case PADDD -> PackedAdd.paddd(a, b);
            case PADDQ -> PackedAdd.paddq(a, b);
            case PSUBB -> PackedAdd.psubb(a, b);
            case PSUBW -> PackedAdd.psubw(a, b);
            case PSUBD -> PackedAdd.psubd(a, b);
            case PSUBQ -> PackedAdd.psubq(a, b);
            case PADDSB -> PackedAdd.paddsb(a, b);
            case PADDSW -> PackedAdd.paddsw(a, b);
            case PADDUSB -> PackedAdd.paddusb(a, b);
            case PADDUSW -> PackedAdd.paddusw(a, b);
            case PSUBSB -> PackedAdd.psubsb(a, b);
            case PSUBSW -> PackedAdd.psubsw(a, b);
            case PSUBUSB -> PackedAdd.psubusb(a, b);
            case PSUBUSW -> PackedAdd.psubusw(a, b);
            case PAVGB -> PackedAdd.pavgb(a, b);
            case PAVGW -> PackedAdd.pavgw(a, b);
            case PSIGNB -> PackedAdd.psignb(a, b);
            case PSIGNW -> PackedAdd.psignw(a, b);
            case PSIGND -> PackedAdd.psignd(a, b);
            case PABSB -> PackedAdd.pabsb(b);
            case PABSW -> PackedAdd.pabsw(b);
            case PABSD -> PackedAdd.pabsd(b);
            case PMULLW -> PackedMultiply.pmullw(a, b);
            case PMULHW -> PackedMultiply.pmulhw(a, b);
            case PMULHUW -> PackedMultiply.pmulhuw(a, b);
            case PMULHRSW -> PackedMultiply.pmulhrsw(a, b);
            case PMULLD -> PackedMultiply.pmulld(a, b);
            case PMULUDQ -> PackedMultiply.pmuludq(a, b);
            case PMULDQ -> PackedMultiply.pmuldq(a, b);
            case PMADDWD -> PackedMultiply.pmaddwd(a, b);
            case PMADDUBSW -> PackedMultiply.pmaddubsw(a, b);
            case PSADBW -> PackedMultiply.psadbw(a, b);
            default -> compare(op, a, b);
        };
    }

    private static long compare(VectorOp op, long a, long b) {
        return switch (op) {
            case PCMPEQB -> PackedCompare.pcmpeqb(a, b);
            case PCMPEQW -> PackedCompare.pcmpeqw(a, b);
            case PCMPEQD -> PackedCompare.pcmpeqd(a, b);
            case PCMPEQQ -> PackedCompare.pcmpeqq(a, b);
            case PCMPGTB -> PackedCompare.pcmpgtb(a, b);
            case PCMPGTW -> PackedCompare.pcmpgtw(a, b);
            case PCMPGTD -> PackedCompare.pcmpgtd(a, b);
            case PCMPGTQ -> PackedCompare.pcmpgtq(a, b);
            case PMINUB -> PackedCompare.pminub(a, b);
            case PMINUW -> PackedCompare.pminuw(a, b);
            case PMINUD -> PackedCompare.pminud(a, b);
            case PMINSB -> PackedCompare.pminsb(a, b);
            case PMINSW -> PackedCompare.pminsw(a, b);
            case PMINSD -> PackedCompare.pminsd(a, b);
            case PMAXUB -> PackedCompare.pmaxub(a, b);
            case PMAXUW -> PackedCompare.pmaxuw(a, b);
            case PMAXUD -> PackedCompare.pmaxud(a, b);
            case PMAXSB -> PackedCompare.pmaxsb(a, b);
            case PMAXSW -> PackedCompare.pmaxsw(a, b);
            case PMAXSD -> PackedCompare.pmaxsd(a, b);
            default -> throw new AssertionError(op + " is no operation of halves");
        };
    }

    static long pair(VectorOp op, long x, long y) {
        return switch (op) {
            case PACKSSWB -> Pack.packsswb(x, y);
            case PACKSSDW -> Pack.packssdw(x, y);
            case PACKUSWB -> Pack.packuswb(x, y);
            case PACKUSDW -> Pack.packusdw(x, y);
            case PHADDW -> PackedAdd.phaddw(x, y);
            case PHADDD -> PackedAdd.phaddd(x, y);
            case PHADDSW -> PackedAdd.phaddsw(x, y);
            case PHSUBW -> PackedAdd.phsubw(x, y);
            case PHSUBD -> PackedAdd.phsubd(x, y);
            case PHSUBSW -> PackedAdd.phsubsw(x, y);
            default -> throw new AssertionError(op + " is no operation of pairs");
        };
    }

    static long shift(VectorOp op, long a, long count) {
        return switch (op) {
            case PSLLW -> PackedShift.psllw(a, count);
            case PSLLD -> PackedShift.pslld(a, count);
            case PSLLQ -> PackedShift.psllq(a, count);
            case PSRLW -> PackedShift.psrlw(a, count);
            case PSRLD -> PackedShift.psrld(a, count);
            case PSRLQ -> PackedShift.psrlq(a, count);
            case PSRAW -> PackedShift.psraw(a, count);
            case PSRAD -> PackedShift.psrad(a, count);
            default -> throw new AssertionError(op + " is no shift");
        };
    }
}
