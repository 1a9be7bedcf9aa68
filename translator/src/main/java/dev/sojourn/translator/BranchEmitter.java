package dev.sojourn.translator;

import static dev.sojourn.translator.RegionEmitter.*;
import static dev.sojourn.translator.Types.*;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.interpreter.RegionPlan;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Op;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;

/** The forms of near branches. */
final class BranchEmitter {
    private final RegionEmitter region;
    private final CodeBuilder code;

    BranchEmitter(RegionEmitter region, CodeBuilder code) {
        this.region = region;
        this.code = code;
    }

    /** @return false if the branch has no form of its own */
    boolean emit(Instruction i, RegionPlan.Part part, int index, long next) {
        switch (i.op) {
            case JCC -> {
                Label not = code.newLabel();
                code.aload(FLAGS_SLOT).loadConstant(i.condition()).invokevirtual(FLAGS, "condition", MethodTypeDesc.of(BOOLEAN, INT))
                        .ifeq(not);
                region.goTo(next + i.immediate);
                code.labelBinding(not);
                region.goTo(next);
            }
            case JMP -> region.goTo(next + i.immediate);
            case CALL -> {
                code.loadConstant(index).istore(INDEX);
                code.loadConstant(next + i.immediate).lstore(RIP);
                push(next);
                region.goTo(next + i.immediate);
            }
            case RET -> {
                code.loadConstant(index).istore(INDEX);
                code.aload(MMU_SLOT).lload(register(Cpu.RSP)).invokevirtual(MMU, "load64", MethodTypeDesc.of(LONG, LONG)).lstore(RIP);
                canonical();
                code.lload(register(Cpu.RSP)).loadConstant(8 + i.immediate).ladd().lstore(register(Cpu.RSP));
                region.goToOneOf(part.seenNext());
                code.goto_(region.exit);
            }
            case JMP_INDIRECT, CALL_INDIRECT -> {
                code.loadConstant(index).istore(INDEX);
                new InstructionEmitter(region, code).load(i, i.form.operands.getFirst(), next);
                code.lstore(RIP);
                if (i.op == Op.CALL_INDIRECT) {
                    push(next);
                } else {
                    canonical();
                }
                region.goToOneOf(part.seenNext());
                code.goto_(region.exit);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void canonical() {
        code.aload(CPU_SLOT).lload(RIP).invokestatic(REGION, "requireCanonical", MethodTypeDesc.of(VOID, CPU, LONG));
    }

    /** Pushes a return address and checks the target in RIP, in this order; where that changed code, leaves for RIP at once. */
    private void push(long value) {
        code.aload(MMU_SLOT).lload(register(Cpu.RSP)).loadConstant(8L).lsub().dup2().lstore(ADDRESS).loadConstant(value)
                .invokevirtual(MMU, "store64", MethodTypeDesc.of(BOOLEAN, LONG, LONG)).istore(LEAVES);
        canonical();
        code.lload(ADDRESS).lstore(register(Cpu.RSP));
        code.iload(LEAVES).ifne(region.exit);
    }
}
