package dev.sojourn.translator;

import static dev.sojourn.translator.Types.*;

import dev.sojourn.cpu.operation.Flags;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Operand;
import dev.sojourn.isa.VectorOp;
import dev.sojourn.translator.FlagCode.Source;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** Floating-point arithmetic, comparison and conversion in XMM registers. */
final class FloatCode {
    private static final long LOW = 0xffff_ffffL;

    private final CodeBuilder code;
    private final Operands operands;
    private final VectorCode vectors;
    private final FlagCode flags;

    FloatCode(CodeBuilder code, Operands operands, VectorCode vectors, FlagCode flags) {
        this.code = code;
        this.operands = operands;
        this.vectors = vectors;
        this.flags = flags;
    }

    static boolean has(VectorOp op) {
        return switch (op) {
            case ADDSD, SUBSD, MULSD, DIVSD, MINSD, MAXSD, SQRTSD, ADDSS, SUBSS, MULSS, DIVSS, MINSS, MAXSS, SQRTSS, ADDPD, SUBPD, MULPD,
                 DIVPD, MINPD, MAXPD, SQRTPD, ADDPS, SUBPS, MULPS, DIVPS, MINPS, MAXPS, SQRTPS, COMISS, COMISD, UCOMISS, UCOMISD, CVTSI2SS,
                 CVTSI2SD, CVTSS2SI, CVTTSS2SI, CVTSD2SI, CVTTSD2SI, CVTSS2SD, CVTSD2SS -> true;
            default -> false;
        };
    }

    void emit(Instruction i, long next) {
        switch (i.vector) {
            case COMISS, COMISD, UCOMISS, UCOMISD -> compare(i, next);
            case CVTSI2SS, CVTSI2SD -> fromInteger(i, next);
            case CVTSS2SI, CVTTSS2SI, CVTSD2SI, CVTTSD2SI -> toInteger(i, next);
            case CVTSS2SD, CVTSD2SS -> {
                vectors.source(i, next);
                code.aload(Slots.MXCSR).lload(VectorCode.sourceLow(i));
                if (i.vector == VectorOp.CVTSS2SD) {
                    code.l2i().invokestatic(FLOAT_CONVERT, "cvtss2sd", MethodTypeDesc.of(LONG, Types.MXCSR, INT));
                } else {
                    code.invokestatic(FLOAT_CONVERT, "cvtsd2ss", MethodTypeDesc.of(INT, Types.MXCSR, LONG));
                    merge(VectorCode.low(i.reg));
                }
                settleAndStore(VectorCode.low(i.reg));
            }
            default -> arithmetic(i, next);
        }
    }

    /** By the last letters: PS and PD both halves, SS and SD the low element. */
    private void arithmetic(Instruction i, long next) {
        vectors.source(i, next);
        String name = VectorCode.name(i.vector);
        String mnemonic = name.substring(0, name.length() - 2);
        boolean packed = name.charAt(name.length() - 2) == 'p';
        boolean single = name.endsWith("s");
        int a = VectorCode.low(i.reg);
        int b = VectorCode.sourceLow(i);
        if (single && !packed) {
            calculate(mnemonic + "ss", a, b, INT);
            merge(a);
            settleAndStore(a);
        } else {
            String half = mnemonic + (single ? "ps" : "sd");
            calculate(half, a, b, LONG);
            if (!packed) {
                settleAndStore(a);
                return;
            }
            // Neither half may change if the other raises an exception.
            code.lstore(Slots.KEPT);
            calculate(half, VectorCode.high(i.reg), VectorCode.sourceHigh(i), LONG);
            settleAndStore(VectorCode.high(i.reg));
            code.lload(Slots.KEPT).lstore(a);
        }
    }

    private void calculate(String name, int a, int b, ClassDesc type) {
        boolean unary = name.startsWith("sqrt");
        code.aload(Slots.MXCSR);
        for (int slot : unary ? new int[] {b} : new int[] {a, b}) {
            code.lload(slot);
            if (type == INT) {
                code.l2i();
            }
        }
        code.invokestatic(FLOAT_ARITHMETIC, name,
                unary ? MethodTypeDesc.of(type, Types.MXCSR, type) : MethodTypeDesc.of(type, Types.MXCSR, type, type));
    }

    /** Puts the int on the stack below the rest of a variable's value. */
    private void merge(int slot) {
        code.i2l().loadConstant(LOW).land().lload(slot).loadConstant(~LOW).land().lor();
    }

    /** The exceptions come before the destination changes. */
    private void settleAndStore(int slot) {
        settle();
        code.lstore(slot);
    }

    private void settle() { code.aload(Slots.CPU).invokestatic(REGION, "settle", MethodTypeDesc.of(VOID, Types.CPU)); }

    private void compare(Instruction i, long next) {
        vectors.source(i, next);
        boolean single = i.vector == VectorOp.COMISS || i.vector == VectorOp.UCOMISS;
        ClassDesc type = single ? INT : LONG;
        code.aload(Slots.MXCSR).lload(VectorCode.low(i.reg));
        if (single) {
            code.l2i();
        }
        code.lload(VectorCode.sourceLow(i));
        if (single) {
            code.l2i();
        }
        code.invokestatic(FLOAT_COMPARE, VectorCode.name(i.vector), MethodTypeDesc.of(INT, Types.MXCSR, type, type));
        settle();
        code.istore(Slots.COUNT);
        code.iload(Slots.COUNT).invokestatic(FLAGS, "resultOf", MethodTypeDesc.of(LONG, INT)).lstore(Slots.RESULT);
        code.iload(Slots.COUNT).invokestatic(FLAGS, "auxOf", MethodTypeDesc.of(LONG, INT)).lstore(Slots.FIRST);
        flags.comeFrom(Source.KNOWN, 0);
    }

    private void fromInteger(Instruction i, long next) {
        Operand source = i.form.operands.get(1);
        boolean quad = Operands.bytes(i, source) == 8;
        boolean single = i.vector == VectorOp.CVTSI2SS;
        int target = VectorCode.low(i.reg);
        operands.load(i, source, next);
        code.lstore(Slots.VALUE);
        boolean takesMxcsr = single || quad;
        if (takesMxcsr) {
            code.aload(Slots.MXCSR);
        }
        code.lload(Slots.VALUE);
        if (!quad) {
            code.l2i();
        }
        ClassDesc from = quad ? LONG : INT;
        ClassDesc to = single ? INT : LONG;
        code.invokestatic(FLOAT_CONVERT, VectorCode.name(i.vector) + (quad ? "64" : "32"),
                takesMxcsr ? MethodTypeDesc.of(to, Types.MXCSR, from) : MethodTypeDesc.of(to, from));
        if (single) {
            merge(target);
        }
        settleAndStore(target);
    }

    private void toInteger(Instruction i, long next) {
        vectors.source(i, next);
        Operand target = i.form.operands.getFirst();
        boolean quad = Operands.bytes(i, target) == 8;
        boolean single = i.vector == VectorOp.CVTSS2SI || i.vector == VectorOp.CVTTSS2SI;
        code.aload(Slots.MXCSR).lload(VectorCode.sourceLow(i));
        if (single) {
            code.l2i();
        }
        code.invokestatic(FLOAT_CONVERT, VectorCode.name(i.vector) + (quad ? "64" : "32"),
                MethodTypeDesc.of(quad ? LONG : INT, Types.MXCSR, single ? INT : LONG));
        if (!quad) {
            code.i2l();
        }
        settle();
        operands.store(i, target, next);
    }
}
