package dev.sojourn.translator;

import static dev.sojourn.translator.Types.*;

import dev.sojourn.cpu.interpreter.RegionPlan;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Op;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lays out a region as the {@code run} method of a class.
 *
 * <p>Local variables hold the registers and a copy of the flags; {@code budget} counts instructions down, a block at its start.
 * Before an instruction that may fault, its number goes to {@code index}: the handler around everything puts the variables
 * back into the processor and tells it the place. The budget is checked where control goes back.
 */
final class RegionEmitter {
    static final int CPU_SLOT = 1;
    static final int MMU_SLOT = 2;
    static final int FLAGS_SLOT = 3;
    static final int REGISTERS_SLOT = 4;
    static final int BUDGET = 5;
    static final int INDEX = 7;
    static final int FIRST_REGISTER = 8;
    static final int RIP = 40;
    static final int ADDRESS = 42;
    static final int VALUE = 44;
    static final int LEAVES = 46;
    private static final int FAULT_SLOT = 47;

    final CodeBuilder code;
    final Label exit;
    final Label exitWithin;
    private final RegionPlan plan;
    private final Label stepFault;
    private final Map<Long, Label> labels = new HashMap<>();
    private final Map<Long, Integer> order = new HashMap<>();
    private int current;

    private RegionEmitter(RegionPlan plan, CodeBuilder code) {
        this.plan = plan;
        this.code = code;
        exit = code.newLabel();
        exitWithin = code.newLabel();
        stepFault = code.newLabel();
    }

    static byte[] emit(RegionPlan plan) {
        ClassDesc self = ClassDesc.of("dev.sojourn.translator.Region");
        return ClassFile.of().build(self, type -> type
                .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                .withSuperclass(REGION)
                .withMethodBody(ConstantDescs.INIT_NAME, MethodTypeDesc.of(VOID, PLAN), 0, code -> code
                        .aload(0).aload(1).invokespecial(REGION, ConstantDescs.INIT_NAME, MethodTypeDesc.of(VOID, PLAN)).return_())
                .withMethodBody("run", MethodTypeDesc.of(VOID, CPU), ClassFile.ACC_PUBLIC,
                        code -> new RegionEmitter(plan, code).body()));
    }

    private void body() {
        List<RegionPlan.Part> parts = plan.parts();
        for (int i = 0; i < parts.size(); i++) {
            labels.put(parts.get(i).start(), code.newLabel());
            order.put(parts.get(i).start(), i);
        }
        enter();
        Label start = code.newBoundLabel();
        for (current = 0; current < parts.size(); current++) {
            part(parts.get(current));
        }
        Label end = code.newBoundLabel();
        code.labelBinding(exit);
        store();
        code.aload(0).aload(CPU_SLOT).lload(RIP).lload(BUDGET).invokevirtual(REGION, "leave", MethodTypeDesc.of(VOID, CPU, LONG, LONG))
                .return_();
        code.labelBinding(exitWithin);
        store();
        code.aload(0).aload(CPU_SLOT).iload(INDEX).lload(BUDGET)
                .invokevirtual(REGION, "leaveWithin", MethodTypeDesc.of(VOID, CPU, INT, LONG)).return_();
        Label fault = code.newBoundLabel();
        code.astore(FAULT_SLOT);
        store();
        rethrow();
        code.labelBinding(stepFault);
        code.astore(FAULT_SLOT);
        rethrow();
        code.exceptionCatch(start, end, fault, FAULT);
    }

    private void rethrow() {
        code.aload(0).aload(CPU_SLOT).iload(INDEX).lload(BUDGET)
                .invokevirtual(REGION, "faulted", MethodTypeDesc.of(VOID, CPU, INT, LONG)).aload(FAULT_SLOT).athrow();
    }

    private void enter() {
        code.aload(CPU_SLOT).getfield(CPU, "mmu", MMU).astore(MMU_SLOT);
        code.aload(CPU_SLOT).getfield(CPU, "r", LONGS).astore(REGISTERS_SLOT);
        code.new_(FLAGS).dup().invokespecial(FLAGS, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void).astore(FLAGS_SLOT);
        code.aload(CPU_SLOT).getfield(CPU, "budget", LONG).lstore(BUDGET);
        code.iconst_0().istore(INDEX);
        load();
    }

    /** From the processor to the variables. */
    private void load() {
        for (String field : List.of("result", "aux")) {
            code.aload(FLAGS_SLOT).aload(CPU_SLOT).getfield(CPU, "flags", FLAGS).getfield(FLAGS, field, LONG)
                    .putfield(FLAGS, field, LONG);
        }
        for (int i = 0; i < 16; i++) {
            code.aload(REGISTERS_SLOT).loadConstant(i).laload().lstore(register(i));
        }
    }

    /** From the variables to the processor. */
    private void store() {
        for (String field : List.of("result", "aux")) {
            code.aload(CPU_SLOT).getfield(CPU, "flags", FLAGS).aload(FLAGS_SLOT).getfield(FLAGS, field, LONG)
                    .putfield(FLAGS, field, LONG);
        }
        for (int i = 0; i < 16; i++) {
            code.aload(REGISTERS_SLOT).loadConstant(i).lload(register(i)).lastore();
        }
    }

    static int register(int number) { return FIRST_REGISTER + 2 * number; }

    private void part(RegionPlan.Part part) {
        code.labelBinding(labels.get(part.start()));
        code.lload(BUDGET).loadConstant((long) part.instructions().size()).lsub().lstore(BUDGET);
        InstructionEmitter emitter = new InstructionEmitter(this, code);
        long at = part.start();
        boolean leaves = false;
        for (int i = 0; i < part.instructions().size(); i++) {
            Instruction instruction = part.instructions().get(i);
            long next = at + instruction.length;
            boolean last = i == part.instructions().size() - 1;
            if (last && instruction.endsBlock()) {
                leaves = new BranchEmitter(this, code).emit(instruction, part, part.first() + i, next);
                if (!leaves) {
                    lastStep(instruction, part, part.first() + i);
                    leaves = true;
                }
            } else if (!emitter.emit(instruction, part.first() + i, next)) {
                step(part.first() + i);
                code.aload(CPU_SLOT).invokestatic(REGION, "wantsAttention", MethodTypeDesc.of(BOOLEAN, CPU)).istore(LEAVES);
                leaveIfAsked(part.first() + i, last, part.end());
            } else if (emitter.mayLeave()) {
                leaveIfAsked(part.first() + i, last, part.end());
            }
            at = next;
        }
        if (!leaves) {
            goTo(part.end());
        }
    }

    /** Behind an instruction that may have been told to leave: on to the next one, by way of the interpreter. */
    private void leaveIfAsked(int index, boolean last, long end) {
        Label on = code.newLabel();
        code.iload(LEAVES).ifeq(on);
        if (last) {
            code.loadConstant(end).lstore(RIP).goto_(exit);
        } else {
            code.loadConstant(index + 1).istore(INDEX).goto_(exitWithin);
        }
        code.labelBinding(on);
    }

    /** Runs an instruction as its interpreter step. */
    private void step(int index) {
        code.loadConstant(index).istore(INDEX);
        store();
        Label from = code.newBoundLabel();
        code.aload(0).aload(CPU_SLOT).loadConstant(index).invokevirtual(REGION, "step", MethodTypeDesc.of(VOID, CPU, INT));
        Label to = code.newBoundLabel();
        code.exceptionCatch(from, to, stepFault, FAULT);
        load();
    }

    /** A block's last instruction as its step: it decides where control goes. */
    private void lastStep(Instruction instruction, RegionPlan.Part part, int index) {
        code.aload(CPU_SLOT).loadConstant(part.end()).putfield(CPU, "rip", LONG);
        step(index);
        code.aload(CPU_SLOT).getfield(CPU, "rip", LONG).lstore(RIP);
        if (isString(instruction.op)) {
            code.aload(CPU_SLOT).invokestatic(REGION, "wantsAttention", MethodTypeDesc.of(BOOLEAN, CPU)).ifne(exit);
            code.lload(BUDGET).lconst_0().lcmp().ifle(exit);
            goToOneOf(List.of(part.end()));
        }
        code.goto_(exit);
    }

    private static boolean isString(Op op) {
        return switch (op) {
            case MOVS, STOS, LODS, SCAS, CMPS -> true;
            default -> false;
        };
    }

    /** Goes where RIP says if that is one of these and in the region; else falls through. */
    void goToOneOf(List<Long> targets) {
        for (long target : targets) {
            if (labels.containsKey(target)) {
                Label other = code.newLabel();
                code.lload(RIP).loadConstant(target).lcmp().ifne(other);
                goTo(target);
                code.labelBinding(other);
            }
        }
    }

    /** Goes to an address: inside if it is there, else out. Going back takes a look at the budget. */
    void goTo(long target) {
        Label label = labels.get(target);
        if (label == null) {
            code.loadConstant(target).lstore(RIP).goto_(exit);
            return;
        }
        if (order.get(target) <= current) {
            Label on = code.newLabel();
            code.lload(BUDGET).lconst_0().lcmp().ifgt(on);
            code.loadConstant(target).lstore(RIP).goto_(exit);
            code.labelBinding(on);
        }
        code.goto_(label);
    }
}
