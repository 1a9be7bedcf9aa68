package dev.sojourn.translator;

import static dev.sojourn.translator.Types.*;

import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Operand;
import dev.sojourn.isa.VectorOp;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Locale;

/**
 * The moves, packed integer operations and shuffles of XMM registers that have code of their own.
 *
 * <p>A region that contains one is entered only while SSE may be used, so that none checks it.
 */
final class VectorCode {
    private static final long LOW = 0xffff_ffffL;
    private static final MethodTypeDesc TWO = MethodTypeDesc.of(LONG, LONG, LONG);

    private final CodeBuilder code;
    private final Operands operands;
    private final FloatCode floats;

    VectorCode(CodeBuilder code, Operands operands, FlagCode flags) {
        this.code = code;
        this.operands = operands;
        floats = new FloatCode(code, operands, this, flags);
    }

    static boolean has(Instruction i) {
        for (Operand operand : i.form.operands) {
            switch (operand.kind) {
                case MMX, MMX_RM, MMX_RM_REGISTER -> {
                    return false;
                }
                default -> {}
            }
        }
        VectorOp op = i.vector;
        return switch (op) {
            case MASKMOVDQU, EMMS -> false;
            case PSHUFD, PUNPCKLBW, PUNPCKLWD, PUNPCKLDQ, PUNPCKLQDQ, PUNPCKHBW, PUNPCKHWD, PUNPCKHDQ, PUNPCKHQDQ, PSHUFLW, PSHUFHW,
                 SHUFPS, SHUFPD, PSLLDQ, PSRLDQ, PSHUFB, PALIGNR, PMOVMSKB, MOVMSKPD, MOVMSKPS -> true;
            default -> op.compareTo(VectorOp.PSRAD) <= 0 || FloatCode.has(op);
        };
    }

    void emit(Instruction i, long next) {
        VectorOp op = i.vector;
        if (op.compareTo(VectorOp.EMMS) < 0) {
            move(i, next);
        } else if (op.compareTo(VectorOp.PMAXSD) <= 0) {
            halves(i, next);
        } else if (op.compareTo(VectorOp.PHSUBSW) <= 0) {
            pairs(i, next);
        } else if (op.compareTo(VectorOp.PSRAD) <= 0) {
            shift(i, next);
        } else if (FloatCode.has(op)) {
            floats.emit(i, next);
        } else {
            shuffle(i, next);
        }
    }

    static int low(int register) { return Slots.xmm(2 * register); }

    static int high(int register) { return Slots.xmm(2 * register + 1); }

    private void copy(int from, int to) { code.lload(from).lstore(to); }

    private void move(Instruction i, long next) {
        boolean load = i.form.operands.getFirst() == Operand.V;
        int reg = i.reg;
        switch (i.vector) {
            case MOVD -> moveGeneral(i, load, next);
            case MOVHLPS -> copy(high(i.rm), low(reg));
            case MOVLHPS -> copy(low(i.rm), high(reg));
            case MOVSLDUP, MOVSHDUP, MOVDDUP -> duplicate(i, next);
            default -> {
                if (load) {
                    load(i, next);
                } else {
                    store(i, next);
                }
            }
        }
    }

    private void moveGeneral(Instruction i, boolean load, long next) {
        if (load) {
            Operand source = i.form.operands.get(1);
            operands.load(i, source, next);
            operands.zeroExtend(Operands.shift(i, source));
            code.lstore(low(i.reg)).lconst_0().lstore(high(i.reg));
        } else {
            code.lload(low(i.reg));
            operands.store(i, i.form.operands.getFirst(), next);
        }
    }

    private void duplicate(Instruction i, long next) {
        source(i, next);
        if (i.vector == VectorOp.MOVDDUP) {
            copy(sourceLow(i), low(i.reg));
            copy(low(i.reg), high(i.reg));
            return;
        }
        String name = i.vector == VectorOp.MOVSLDUP ? "punpckldq" : "punpckhdq";
        copy(sourceHigh(i), Slots.KEPT);
        code.lload(sourceLow(i)).dup2().invokestatic(SHUFFLE, name, TWO).lstore(low(i.reg));
        code.lload(Slots.KEPT).dup2().invokestatic(SHUFFLE, name, TWO).lstore(high(i.reg));
    }

    private void load(Instruction i, long next) {
        boolean memory = i.isMemory();
        int reg = i.reg;
        switch (i.vector) {
            case MOVSS -> {
                if (memory) {
                    loadLow(i, next);
                } else {
                    mergeLow(reg, i.rm);
                }
            }
            case MOVSD -> {
                if (memory) {
                    loadLow(i, next);
                } else {
                    copy(low(i.rm), low(reg));
                }
            }
            case MOVQ -> loadLow(i, next);
            case MOVLPS -> loadHalf(i, next, low(reg));
            case MOVHPS -> loadHalf(i, next, high(reg));
            default -> {
                source(i, next);
                copy(sourceLow(i), low(reg));
                copy(sourceHigh(i), high(reg));
            }
        }
    }

    private void loadLow(Instruction i, long next) {
        source(i, next);
        copy(sourceLow(i), low(i.reg));
        code.lconst_0().lstore(high(i.reg));
    }

    private void loadHalf(Instruction i, long next, int slot) {
        source(i, next);
        copy(sourceLow(i), slot);
    }

    private void mergeLow(int a, int b) {
        code.lload(low(a)).loadConstant(~LOW).land().lload(low(b)).loadConstant(LOW).land().lor().lstore(low(a));
    }

    private void store(Instruction i, long next) {
        int reg = i.reg;
        int rm = i.rm;
        if (i.isMemory()) {
            switch (i.vector) {
                case MOVSS -> storeNarrow(i, next, 4, low(reg));
                case MOVSD, MOVLPS, MOVQ -> storeNarrow(i, next, 8, low(reg));
                case MOVHPS -> storeNarrow(i, next, 8, high(reg));
                default -> storeAll(i, next);
            }
            return;
        }
        switch (i.vector) {
            case MOVSS -> mergeLow(rm, reg);
            case MOVSD, MOVLPS -> copy(low(reg), low(rm));
            case MOVQ -> {
                copy(low(reg), low(rm));
                code.lconst_0().lstore(high(rm));
            }
            default -> {
                copy(low(reg), low(rm));
                copy(high(reg), high(rm));
            }
        }
    }

    private void storeNarrow(Instruction i, long next, int bytes, int slot) {
        operands.linear(i, next, bytes, true);
        code.lstore(Slots.ADDRESS);
        operands.storeAtAddress(bytes, slot);
    }

    private void storeAll(Instruction i, long next) {
        operands.linear(i, next, 16, true);
        code.lstore(Slots.ADDRESS);
        align(i);
        operands.store16AtAddress(low(i.reg), high(i.reg));
    }

    /** @throws dev.sojourn.cpu.GuestFault at run time #GP(0) where 16 bytes must be aligned and are not */
    private void align(Instruction i) {
        switch (i.vector) {
            case MOVUPS, MOVDQU, LDDQU -> {}
            default -> code.aload(Slots.CPU).lload(Slots.ADDRESS)
                    .invokestatic(REGION, "requireAligned", MethodTypeDesc.of(VOID, Types.CPU, LONG));
        }
    }

    /** Loads the source, if it is memory, into VALUE and OTHER: zero-extended, OTHER being the high half. */
    void source(Instruction i, long next) {
        if (!i.isMemory()) {
            return;
        }
        Operand operand = i.form.operands.stream().filter(o -> Effects.isMemory(i, o)).findFirst().orElseThrow();
        int bytes = Operands.bytes(i, operand);
        if (bytes < 16) {
            operands.load(i, operand, next);
            operands.zeroExtend(64 - 8 * bytes);
            code.lstore(Slots.VALUE).lconst_0().lstore(Slots.OTHER);
            return;
        }
        operands.linear(i, next, 16, false);
        code.lstore(Slots.ADDRESS);
        align(i);
        Label slow = code.newLabel();
        Label end = code.newLabel();
        code.aload(Slots.TLB).lload(Slots.ADDRESS).invokestatic(Types.MMU, "hostOf16", MethodTypeDesc.of(LONG, LONGS, LONG))
                .lstore(Slots.VALUE).lload(Slots.VALUE).lconst_0().lcmp().ifeq(slow);
        code.lload(Slots.VALUE).loadConstant(8L).ladd().invokestatic(RAW, "getLong", MethodTypeDesc.of(LONG, LONG)).lstore(Slots.OTHER);
        code.lload(Slots.VALUE).invokestatic(RAW, "getLong", MethodTypeDesc.of(LONG, LONG)).lstore(Slots.VALUE).goto_(end);
        code.labelBinding(slow);
        loadHalfAt(i, 0, Slots.VALUE);
        loadHalfAt(i, 8, Slots.OTHER);
        code.labelBinding(end);
    }

    private void loadHalfAt(Instruction i, long offset, int slot) {
        code.aload(Slots.MMU).lload(Slots.ADDRESS).loadConstant(offset).ladd();
        operands.cut(i);
        code.invokevirtual(Types.MMU, "loadHalf", MethodTypeDesc.of(LONG, LONG)).lstore(slot);
    }

    /** The variable that holds the source's low half, or all of what is narrower. */
    static int sourceLow(Instruction i) { return i.isMemory() ? Slots.VALUE : low(i.rm); }

    static int sourceHigh(Instruction i) { return i.isMemory() ? Slots.OTHER : high(i.rm); }

    private void halves(Instruction i, long next) {
        source(i, next);
        half(i.vector, low(i.reg), sourceLow(i));
        half(i.vector, high(i.reg), sourceHigh(i));
    }

    private void half(VectorOp op, int a, int b) {
        switch (op) {
            case PABSB, PABSW, PABSD -> code.lload(b).invokestatic(PACKED_ADD, name(op), MethodTypeDesc.of(LONG, LONG));
            case PAND -> code.lload(a).lload(b).land();
            case POR -> code.lload(a).lload(b).lor();
            case PXOR -> code.lload(a).lload(b).lxor();
            case PANDN -> code.lload(a).loadConstant(-1L).lxor().lload(b).land();
            default -> code.lload(a).lload(b).invokestatic(chapter(op), name(op), TWO);
        }
        code.lstore(a);
    }

    private static ClassDesc chapter(VectorOp op) {
        return op.compareTo(VectorOp.PSIGND) <= 0 ? PACKED_ADD
                : op.compareTo(VectorOp.PSADBW) <= 0 ? PACKED_MULTIPLY : PACKED_COMPARE;
    }

    static String name(VectorOp op) { return op.name().toLowerCase(Locale.ROOT); }

    private void pairs(Instruction i, long next) {
        source(i, next);
        ClassDesc chapter = i.vector.compareTo(VectorOp.PACKUSDW) <= 0 ? PACK : PACKED_ADD;
        // The source may be the target.
        code.lload(sourceLow(i)).lload(sourceHigh(i)).invokestatic(chapter, name(i.vector), TWO).lstore(Slots.OTHER);
        code.lload(low(i.reg)).lload(high(i.reg)).invokestatic(chapter, name(i.vector), TWO).lstore(low(i.reg));
        copy(Slots.OTHER, high(i.reg));
    }

    private void shift(Instruction i, long next) {
        boolean constant = i.form.operands.getFirst() == Operand.U;
        int target = constant ? i.rm : i.reg;
        if (constant) {
            code.loadConstant(i.immediate & 0xff);
        } else {
            source(i, next);
            code.lload(sourceLow(i));
        }
        code.lstore(Slots.KEPT);
        for (int half : new int[] {low(target), high(target)}) {
            code.lload(half).lload(Slots.KEPT).invokestatic(PACKED_SHIFT, name(i.vector), TWO).lstore(half);
        }
    }

    private void shuffle(Instruction i, long next) {
        VectorOp op = i.vector;
        switch (op) {
            case PSLLDQ, PSRLDQ -> {
                shiftBytes(i);
                return;
            }
            case PMOVMSKB, MOVMSKPS, MOVMSKPD -> {
                mask(i, next);
                return;
            }
            default -> source(i, next);
        }
        int immediate = (int) i.immediate & 0xff;
        int a = low(i.reg);
        int aHigh = high(i.reg);
        int b = sourceLow(i);
        int bHigh = sourceHigh(i);
        MethodTypeDesc three = MethodTypeDesc.of(LONG, LONG, LONG, INT);
        switch (op) {
            case PUNPCKLBW, PUNPCKLWD, PUNPCKLDQ, PUNPCKHBW, PUNPCKHWD, PUNPCKHDQ -> unpack(i);
            case PUNPCKLQDQ -> copy(b, aHigh);
            case PUNPCKHQDQ -> {
                code.lload(aHigh).lload(bHigh).lstore(aHigh).lstore(a);
            }
            case PSHUFD -> {
                code.lload(b).lload(bHigh).loadConstant(immediate).invokestatic(SHUFFLE, "pshufdLow", three);
                code.lload(b).lload(bHigh).loadConstant(immediate).invokestatic(SHUFFLE, "pshufdHigh", three).lstore(aHigh).lstore(a);
            }
            case PSHUFLW, PSHUFHW -> {
                boolean lower = op == VectorOp.PSHUFLW;
                code.lload(lower ? b : bHigh).loadConstant(immediate)
                        .invokestatic(SHUFFLE, "pshufw", MethodTypeDesc.of(LONG, LONG, INT)).lload(lower ? bHigh : b);
                code.lstore(lower ? aHigh : a).lstore(lower ? a : aHigh);
            }
            case SHUFPS, SHUFPD -> {
                code.lload(a).lload(aHigh).loadConstant(immediate).invokestatic(SHUFFLE, name(op) + "Low", three);
                code.lload(b).lload(bHigh).loadConstant(immediate).invokestatic(SHUFFLE, name(op) + "High", three).lstore(aHigh).lstore(a);
            }
            case PSHUFB -> {
                MethodTypeDesc type = MethodTypeDesc.of(LONG, LONG, LONG, LONG);
                code.lload(a).lload(aHigh).lload(b).invokestatic(SHUFFLE, "pshufb", type);
                code.lload(a).lload(aHigh).lload(bHigh).invokestatic(SHUFFLE, "pshufb", type).lstore(aHigh).lstore(a);
            }
            default -> {
                code.lload(a).lload(aHigh).lload(b).lload(bHigh).loadConstant(immediate)
                        .invokestatic(SHUFFLE, "palignrLow", MethodTypeDesc.of(LONG, LONG, LONG, LONG, LONG, INT));
                code.lload(a).lload(aHigh).lload(bHigh).loadConstant(immediate)
                        .invokestatic(SHUFFLE, "palignrHigh", MethodTypeDesc.of(LONG, LONG, LONG, LONG, INT)).lstore(aHigh).lstore(a);
            }
        }
    }

    private void unpack(Instruction i) {
        boolean upper = switch (i.vector) {
            case PUNPCKHBW, PUNPCKHWD, PUNPCKHDQ -> true;
            default -> false;
        };
        String letters = name(i.vector).substring("punpckl".length());
        int a = upper ? high(i.reg) : low(i.reg);
        int b = upper ? sourceHigh(i) : sourceLow(i);
        code.lload(a).lload(b).invokestatic(SHUFFLE, "punpckl" + letters, TWO);
        code.lload(a).lload(b).invokestatic(SHUFFLE, "punpckh" + letters, TWO).lstore(high(i.reg)).lstore(low(i.reg));
    }

    private void shiftBytes(Instruction i) {
        int a = low(i.rm);
        int aHigh = high(i.rm);
        int bytes = (int) i.immediate & 0xff;
        MethodTypeDesc one = MethodTypeDesc.of(LONG, LONG, INT);
        MethodTypeDesc two = MethodTypeDesc.of(LONG, LONG, LONG, INT);
        if (i.vector == VectorOp.PSLLDQ) {
            code.lload(a).loadConstant(bytes).invokestatic(PACKED_SHIFT, "pslldqLow", one);
            code.lload(a).lload(aHigh).loadConstant(bytes).invokestatic(PACKED_SHIFT, "pslldqHigh", two);
        } else {
            code.lload(a).lload(aHigh).loadConstant(bytes).invokestatic(PACKED_SHIFT, "psrldqLow", two);
            code.lload(aHigh).loadConstant(bytes).invokestatic(PACKED_SHIFT, "psrldqHigh", one);
        }
        code.lstore(aHigh).lstore(a);
    }

    private void mask(Instruction i, long next) {
        int a = low(i.rm);
        int aHigh = high(i.rm);
        if (i.vector == VectorOp.PMOVMSKB) {
            MethodTypeDesc one = MethodTypeDesc.of(INT, LONG);
            code.lload(a).invokestatic(SHUFFLE, "pmovmskb", one).lload(aHigh).invokestatic(SHUFFLE, "pmovmskb", one)
                    .loadConstant(8).ishl().ior();
        } else {
            code.lload(a).lload(aHigh).invokestatic(SHUFFLE, name(i.vector), MethodTypeDesc.of(INT, LONG, LONG));
        }
        code.i2l();
        operands.store(i, i.form.operands.getFirst(), next);
    }
}
