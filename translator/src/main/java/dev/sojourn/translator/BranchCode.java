package dev.sojourn.translator;

import static dev.sojourn.translator.Types.*;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.interpreter.RegionPlan;
import dev.sojourn.isa.Instruction;
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
            case JCC, JMP, CALL, RET, JMP_INDIRECT, CALL_INDIRECT -> true;
            default -> false;
        };
    }

    /** @return false if the branch has no code of its own */
    boolean emit(Instruction i, RegionPlan.Part part, long next) {
        switch (i.op) {
            case JCC -> conditional(i, next);
            case JMP -> region.goTo(next + i.immediate);
            case CALL -> {
                code.loadConstant(next + i.immediate).lstore(Slots.RIP);
                push(next);
                region.goTo(next + i.immediate);
            }
            case RET -> {
                code.lload(Slots.register(Cpu.RSP)).lstore(Slots.ADDRESS);
                operands.loadAtAddress(8);
                code.lstore(Slots.RIP);
                canonical();
                code.lload(Slots.ADDRESS).loadConstant(8 + i.immediate).ladd().lstore(Slots.register(Cpu.RSP));
                region.goToOneOf(part.seenNext());
                code.goto_(region.exit());
            }
            case JMP_INDIRECT, CALL_INDIRECT -> {
                operands.load(i, i.form.operands.getFirst(), next);
                code.lstore(Slots.RIP);
                if (i.op == Op.CALL_INDIRECT) {
                    push(next);
                } else {
                    canonical();
                }
                region.goToOneOf(part.seenNext());
                code.goto_(region.exit());
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void conditional(Instruction i, long next) {
        long target = next + i.immediate;
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

    private void canonical() {
        code.aload(Slots.CPU).lload(Slots.RIP).invokestatic(REGION, "requireCanonical", MethodTypeDesc.of(VOID, Types.CPU, LONG));
    }

    /** Pushes a return address and checks the target in RIP, in this order; where that changed code, leaves for RIP at once. */
    private void push(long value) {
        code.lload(Slots.register(Cpu.RSP)).loadConstant(8L).lsub().lstore(Slots.ADDRESS);
        code.loadConstant(value).lstore(Slots.VALUE);
        operands.storeAtAddress(8, Slots.VALUE);
        operands.mayLeave();
        canonical();
        code.lload(Slots.ADDRESS).lstore(Slots.register(Cpu.RSP));
        code.iload(Slots.LEAVES).ifne(region.exit());
    }
}
