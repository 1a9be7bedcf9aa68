package dev.sojourn.translator;

import static dev.sojourn.translator.Types.*;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Mode;
import dev.sojourn.isa.Op;
import dev.sojourn.isa.Operand;
import dev.sojourn.translator.FlagCode.Source;
import dev.sojourn.translator.FlagCode.State;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;

/** Shifts, rotates and bit instructions that have code of their own. */
final class ShiftCode {
    private static final MethodTypeDesc RESULT = MethodTypeDesc.of(LONG, INT, LONG, INT);

    private final CodeBuilder code;
    private final Operands operands;
    private final FlagCode flags;

    ShiftCode(CodeBuilder code, Operands operands, FlagCode flags) {
        this.code = code;
        this.operands = operands;
        this.flags = flags;
    }

    static boolean has(Instruction i) {
        return switch (i.op) {
            case SHL, SHR, SAR, ROL, ROR, BSF, BSR -> true;
            case BT, BTS, BTR, BTC -> i.addressBytes == Operands.wordBytes(i) && (i.mode == Mode.BITS_64 || Operands.hasFlatSegment(i));
            default -> false;
        };
    }

    boolean emit(Instruction i, long next, boolean live) {
        switch (i.op) {
            case SHL, SHR, SAR, ROL, ROR -> shift(i, next, live);
            case BT, BTS, BTR, BTC -> bit(i, next, live);
            case BSF, BSR -> scan(i, next);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void shift(Instruction i, long next, boolean live) {
        Operand target = i.form.operands.getFirst();
        int shift = Operands.shift(i, target);
        boolean memory = Effects.isMemory(i, target);
        boolean constant = Effects.constantCount(i);
        if (memory) {
            operands.locateForUpdate(i, Operands.bytes(i, target), next);
            operands.loadAtAddress(Operands.bytes(i, target));
        } else {
            operands.load(i, target, next);
        }
        code.lstore(Slots.VALUE);
        code.loadConstant(shift);
        operands.load(i, i.form.operands.get(1), next);
        code.invokestatic(SHIFT, "count", MethodTypeDesc.of(INT, INT, LONG)).istore(Slots.COUNT);
        code.loadConstant(shift).lload(Slots.VALUE).iload(Slots.COUNT)
                .invokestatic(SHIFT, IntegerCode.name(i.op) + "Result", RESULT).lstore(Slots.OTHER);
        if (live) {
            Label none = code.newLabel();
            if (!constant) {
                code.iload(Slots.COUNT).ifeq(none);
            }
            State before = flags.state();
            if (i.op == Op.ROL || i.op == Op.ROR) {
                code.lload(Slots.OTHER);
                flags.rotated(i.op == Op.ROL, shift);
            } else {
                code.loadConstant(shift).lload(Slots.VALUE).iload(Slots.COUNT)
                        .invokestatic(SHIFT, IntegerCode.name(i.op) + "Aux", RESULT).lstore(Slots.FIRST);
                code.lload(Slots.OTHER).lstore(Slots.RESULT);
                flags.comeFrom(Source.KNOWN, 0);
            }
            code.labelBinding(none);
            if (!constant && !before.equals(flags.state())) {
                flags.state(State.UNKNOWN);
            }
        }
        if (memory) {
            operands.storeAtAddress(Operands.bytes(i, target), Slots.OTHER);
        } else {
            code.lload(Slots.OTHER);
            operands.storeRegister(i, Operands.number(i, target), Operands.bytes(i, target));
        }
    }

    private void bit(Instruction i, long next, boolean live) {
        Operand target = i.form.operands.getFirst();
        Operand number = i.form.operands.get(1);
        int shift = Operands.shift(i, target);
        int bytes = Operands.bytes(i, target);
        boolean memory = Effects.isMemory(i, target);
        boolean string = memory && number.kind != Operand.Kind.IMMEDIATE;
        operands.load(i, number, next);
        code.l2i().loadConstant(8 * bytes - 1).iand().istore(Slots.COUNT);
        if (memory) {
            operands.linear(i, next, bytes, i.op != Op.BT);
            if (string) {
                operands.load(i, number, next);
                operands.signExtend(shift);
                code.iload(Slots.COUNT).i2l().lsub().loadConstant(3).lshr().ladd();
                operands.cut(i);
            }
            code.lstore(Slots.ADDRESS);
            if (i.op != Op.BT) {
                operands.probeStore(bytes);
            }
            operands.loadAtAddress(bytes);
        } else {
            operands.load(i, target, next);
        }
        code.lstore(Slots.VALUE);
        if (live) {
            code.lload(Slots.VALUE).iload(Slots.COUNT).lushr().lconst_1().land();
            flags.newCarry();
        }
        if (i.op == Op.BT) {
            return;
        }
        code.lload(Slots.VALUE).lconst_1().iload(Slots.COUNT).lshl();
        switch (i.op) {
            case BTS -> code.lor();
            case BTR -> code.loadConstant(-1L).lxor().land();
            default -> code.lxor();
        }
        if (memory) {
            code.lstore(Slots.VALUE);
            operands.storeAtAddress(bytes, Slots.VALUE);
        } else {
            operands.storeRegister(i, Operands.number(i, target), bytes);
        }
    }

    /** BSF and BSR: of zero the destination stays as it is. */
    private void scan(Instruction i, long next) {
        Operand target = i.form.operands.getFirst();
        int shift = Operands.shift(i, target);
        operands.load(i, i.form.operands.get(1), next);
        operands.zeroExtend(shift);
        code.lstore(Slots.VALUE);
        Label zero = code.newLabel();
        Label end = code.newLabel();
        code.lload(Slots.VALUE).lconst_0().lcmp().ifeq(zero);
        code.lload(Slots.VALUE);
        if (i.op == Op.BSF) {
            code.invokestatic(LONG_CLASS, "numberOfTrailingZeros", MethodTypeDesc.of(INT, LONG)).i2l();
        } else {
            code.invokestatic(LONG_CLASS, "numberOfLeadingZeros", MethodTypeDesc.of(INT, LONG)).loadConstant(63).ixor().i2l();
        }
        operands.storeRegister(i, Operands.number(i, target), Operands.bytes(i, target));
        code.lconst_1().lstore(Slots.RESULT).goto_(end);
        code.labelBinding(zero).lconst_0().lstore(Slots.RESULT);
        code.labelBinding(end);
        flags.comeFromLogic(0);
    }
}
