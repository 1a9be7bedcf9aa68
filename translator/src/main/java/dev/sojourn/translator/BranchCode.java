package dev.sojourn.translator;

import static dev.sojourn.translator.Types.*;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.interpreter.RegionPlan;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Mode;
import dev.sojourn.isa.Op;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;

/** The near branches. */
final class BranchCode {
    private final RegionEmitter region;
    private final CodeBuilder code;
    private final Operands operands;
    private final FlagCode flags;

    BranchCode(RegionEmitter region, CodeBuilder code, Operands operands, FlagCode flags) {
        this.region = region;
        this.code = code;
        this.operands = operands;
        this.flags = flags;
    }

    static boolean has(Instruction i) {
        return switch (i.op) {
            case JCC, JMP, CALL, RET, JMP_INDIRECT, CALL_INDIRECT -> i.operandBytes == Operands.wordBytes(i);
            default -> false;
        };
    }

    /** Where a direct branch goes. */
    static long target(Instruction i, long next) {
        return switch (i.operandBytes) {
            case 8 -> next + i.immediate;
            case 4 -> next + i.immediate & 0xffff_ffffL;
            default -> next + i.immediate & 0xffff;
        };
    }

    /** @return false if the branch has no code of its own */
    boolean emit(Instruction i, RegionPlan.Part part, long next) {
        if (!has(i)) {
            return false;
        }
        switch (i.op) {
            case JCC -> conditional(i, next);
            case JMP -> region.goTo(target(i, next));
            case CALL -> {
                code.loadConstant(target(i, next)).lstore(Slots.RIP);
                push(i, next);
                region.goTo(target(i, next));
            }
            case RET -> {
                code.lload(Slots.register(Cpu.RSP)).lstore(Slots.ADDRESS);
                operands.loadAtAddress(i.operandBytes);
                operands.cut(i);
                code.lstore(Slots.RIP);
                canonical(i);
                operands.popped(i, i.operandBytes + i.immediate);
                region.goToOneOf(part.seenNext());
                code.goto_(region.exit());
            }
            default -> {
                operands.load(i, i.form.operands.getFirst(), next);
                operands.cut(i);
                code.lstore(Slots.RIP);
                if (i.op == Op.CALL_INDIRECT) {
                    push(i, next);
                } else {
                    canonical(i);
                }
                region.goToOneOf(part.seenNext());
                code.goto_(region.exit());
            }
        }
        return true;
    }

    private void conditional(Instruction i, long next) {
        long target = target(i, next);
        Label ahead = region.forward(target);
        if (ahead != null) {
            flags.jumpIf(i.condition(), ahead);
            region.goTo(next);
            return;
        }
        Label not = code.newLabel();
        flags.jumpUnless(i.condition(), not);
        region.goTo(target);
        code.labelBinding(not);
        region.goTo(next);
    }

    /** The check of a target; a flat segment of 32-bit code has all there are. */
    private void canonical(Instruction i) {
        if (i.mode == Mode.BITS_64) {
            code.aload(Slots.CPU).lload(Slots.RIP).invokestatic(REGION, "requireCanonical", MethodTypeDesc.of(VOID, Types.CPU, LONG));
        }
    }

    /** Pushes a return address and checks the target in RIP, in this order; where that changed code, leaves for RIP at once. */
    private void push(Instruction i, long value) {
        operands.locatePush(i);
        code.loadConstant(value).lstore(Slots.VALUE);
        operands.storeAtAddress(i.operandBytes, Slots.VALUE);
        operands.mayLeave();
        canonical(i);
        code.lload(Slots.ADDRESS).lstore(Slots.register(Cpu.RSP));
        code.iload(Slots.LEAVES).ifne(region.exit());
    }
}
