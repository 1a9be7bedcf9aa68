package dev.sojourn.translator;

import static dev.sojourn.translator.Types.*;

import dev.sojourn.cpu.interpreter.RegionPlan;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Op;
import dev.sojourn.translator.FlagCode.State;
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
 * <p>Local variables hold the registers that the region uses, and the flags; {@code BUDGET} counts instructions down, a block at
 * its start. Before an instruction that may fault, its number goes to {@code INDEX}: the handler around everything puts the
 * variables back into the processor and tells it the place. The budget is checked where control goes back.
 */
final class RegionEmitter {
    private static final MethodTypeDesc CONSTRUCTOR = MethodTypeDesc.of(VOID, PLAN);

    private final RegionPlan plan;
    private final RegionFlow flow;
    private final CodeBuilder code;
    private final Operands operands;
    private final FlagCode flags;
    private final IntegerCode integers;
    private final VectorCode vectors;
    private final BranchCode branches;
    private final Label exit;
    private final Label exitWithin;
    private final Label fault;
    private final Map<Long, Label> labels = new HashMap<>();
    private int current;

    private RegionEmitter(RegionPlan plan, CodeBuilder code) {
        this.plan = plan;
        this.code = code;
        flow = new RegionFlow(plan);
        operands = new Operands(code);
        flags = new FlagCode(code);
        integers = new IntegerCode(code, operands, flags);
        vectors = new VectorCode(code, operands, flags);
        branches = new BranchCode(this, code, operands, flags);
        exit = code.newLabel();
        exitWithin = code.newLabel();
        fault = code.newLabel();
    }

    static byte[] emit(RegionPlan plan) {
        ClassDesc self = ClassDesc.of("dev.sojourn.translator.Region");
        return ClassFile.of().build(self, type -> type
                .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                .withSuperclass(REGION)
                .withMethodBody(ConstantDescs.INIT_NAME, CONSTRUCTOR, 0, code -> code
                        .aload(0).aload(1).invokespecial(REGION, ConstantDescs.INIT_NAME, CONSTRUCTOR).return_())
                .withMethodBody("run", MethodTypeDesc.of(VOID, Types.CPU), ClassFile.ACC_PUBLIC,
                        code -> new RegionEmitter(plan, code).body()));
    }

    private void body() {
        List<RegionPlan.Part> parts = plan.parts();
        parts.forEach(part -> labels.put(part.start(), code.newLabel()));
        enter();
        Label start = code.newBoundLabel();
        for (current = 0; current < parts.size(); current++) {
            part(parts.get(current));
            flow.stateBehind(current, flags.state());
        }
        Label end = code.newBoundLabel();
        code.labelBinding(exit);
        storeAll();
        code.aload(0).aload(Slots.CPU).lload(Slots.RIP).lload(Slots.BUDGET)
                .invokevirtual(REGION, "leave", MethodTypeDesc.of(VOID, Types.CPU, LONG, LONG)).return_();
        code.labelBinding(exitWithin);
        storeAll();
        code.aload(0).aload(Slots.CPU).iload(Slots.INDEX).lload(Slots.BUDGET)
                .invokevirtual(REGION, "leaveWithin", MethodTypeDesc.of(VOID, Types.CPU, INT, LONG)).return_();
        code.labelBinding(fault).astore(Slots.FAULT);
        storeAll();
        code.aload(0).aload(Slots.CPU).iload(Slots.INDEX).lload(Slots.BUDGET)
                .invokevirtual(REGION, "faulted", MethodTypeDesc.of(VOID, Types.CPU, INT, LONG)).aload(Slots.FAULT).athrow();
        code.exceptionCatch(start, end, fault, FAULT);
    }

    private void enter() {
        code.aload(Slots.CPU).getfield(Types.CPU, "mmu", Types.MMU).dup().astore(Slots.MMU)
                .getfield(Types.MMU, "tlb", LONGS).astore(Slots.TLB);
        code.aload(Slots.CPU).getfield(Types.CPU, "r", LONGS).astore(Slots.REGISTERS);
        code.aload(Slots.CPU).getfield(Types.CPU, "flags", FLAGS).astore(Slots.FLAGS);
        code.aload(Slots.CPU).getfield(Types.CPU, "budget", LONG).lstore(Slots.BUDGET);
        code.iconst_0().istore(Slots.INDEX);
        code.aload(Slots.CPU).getfield(Types.CPU, "mxcsr", Types.MXCSR).astore(Slots.MXCSR);
        if (flow.xmm != 0) {
            code.aload(Slots.CPU).getfield(Types.CPU, "xmm", LONGS).astore(Slots.XMM_REGISTERS);
        }
        load(flow.used, flow.xmm);
        flags.load();
        code.lconst_0().lstore(Slots.SECOND).lconst_0().lstore(Slots.LATER).iconst_0().istore(Slots.LEAVES);
    }

    /** From the processor to the variables. */
    private void load(int registers, int xmm) {
        for (int i = 0; i < 16; i++) {
            if ((registers & flow.used & 1 << i) != 0) {
                code.aload(Slots.REGISTERS).loadConstant(i).laload().lstore(Slots.register(i));
            }
        }
        for (int i = 0; i < 32; i++) {
            if ((xmm & flow.xmm & 1 << i / 2) != 0) {
                code.aload(Slots.XMM_REGISTERS).loadConstant(i).laload().lstore(Slots.xmm(i));
            }
        }
    }

    private void storeAll() {
        flags.state(State.UNKNOWN);
        flags.store();
        store(flow.changed, flow.xmmChanged);
    }

    /** From the variables to the processor. */
    private void store(int registers, int xmm) {
        for (int i = 0; i < 16; i++) {
            if ((registers & 1 << i) != 0) {
                code.aload(Slots.REGISTERS).loadConstant(i).lload(Slots.register(i)).lastore();
            }
        }
        for (int i = 0; i < 32; i++) {
            if ((xmm & 1 << i / 2) != 0) {
                code.aload(Slots.XMM_REGISTERS).loadConstant(i).lload(Slots.xmm(i)).lastore();
            }
        }
    }

    private void part(RegionPlan.Part part) {
        code.labelBinding(labels.get(part.start()));
        flags.state(flow.stateAt(current));
        code.lload(Slots.BUDGET).loadConstant((long) part.instructions().size()).lsub().lstore(Slots.BUDGET);
        long at = part.start();
        int last = part.instructions().size() - 1;
        for (int n = 0; n <= last; n++) {
            Instruction i = part.instructions().get(n);
            long next = at + i.length;
            if (n == last && i.endsBlock()) {
                lastInstruction(part, i, next);
                return;
            }
            instruction(part, n, next);
            at = next;
        }
        goTo(part.end());
    }

    private void instruction(RegionPlan.Part part, int n, long next) {
        Instruction i = part.instructions().get(n);
        int index = part.first() + n;
        if (RegionPlan.isForTheInterpreter(i.op)) {
            stopBefore(index);
            return;
        }
        boolean last = n == part.instructions().size() - 1;
        if (i.op == Op.VECTOR && VectorCode.has(i) || IntegerCode.has(i)) {
            if (Effects.of(i).mayFault()) {
                code.loadConstant(index).istore(Slots.INDEX);
            }
            if (i.op == Op.VECTOR) {
                vectors.emit(i, next);
            } else {
                integers.emit(i, next, flow.flagsLiveAfter(current, n));
            }
            if (operands.mayLeave()) {
                code.iload(Slots.LEAVES);
                leaveIfAsked(index, last, part.end());
            }
        } else {
            step(i, index);
            code.aload(Slots.CPU).invokestatic(REGION, "wantsAttention", MethodTypeDesc.of(BOOLEAN, Types.CPU));
            leaveIfAsked(index, last, part.end());
        }
    }

    /** Behind an instruction that may have been told to leave: on to the next one, by way of the interpreter. */
    private void leaveIfAsked(int index, boolean last, long end) {
        Label on = code.newLabel();
        code.ifeq(on);
        if (last) {
            code.loadConstant(end).lstore(Slots.RIP).goto_(exit);
        } else {
            code.loadConstant(index + 1).istore(Slots.INDEX).goto_(exitWithin);
        }
        code.labelBinding(on);
    }

    /** Runs an instruction as its interpreter step; what it may need is put into the processor first. */
    private void step(Instruction i, int index) {
        Effects effects = Effects.of(i);
        code.loadConstant(index).istore(Slots.INDEX);
        store((effects.reads() | effects.writes()) & flow.changed, effects.xmm() & flow.xmmChanged);
        if (effects.readsFlags() || effects.writesFlags()) {
            flags.store();
        }
        Label from = code.newBoundLabel();
        code.aload(0).aload(Slots.CPU).loadConstant(index);
        if (asksForCount(i.op)) {
            code.lload(Slots.BUDGET).invokevirtual(REGION, "countedStep", MethodTypeDesc.of(VOID, Types.CPU, INT, LONG));
        } else {
            code.invokevirtual(REGION, "step", MethodTypeDesc.of(VOID, Types.CPU, INT));
        }
        Label to = code.newBoundLabel();
        if (effects.writes() != 0 || effects.xmmWrites() != 0 || effects.writesFlags()) {
            // A fault may come after a part of its work: a string instruction stops anywhere.
            Label done = code.newLabel();
            code.goto_(done);
            Label handler = code.newBoundLabel();
            code.exceptionCatch(from, to, handler, FAULT);
            code.astore(Slots.FAULT);
            takeBack(effects);
            code.aload(Slots.FAULT).goto_(fault);
            code.labelBinding(done);
            takeBack(effects);
        }
    }

    private static boolean asksForCount(Op op) {
        return switch (op) {
            case RDTSC, RDTSCP, RDMSR, WRMSR, RDRAND, RDSEED, RDPMC, STI, CPUID -> true;
            default -> false;
        };
    }

    private void takeBack(Effects effects) {
        load(effects.writes(), effects.xmmWrites());
        if (effects.writesFlags()) {
            flags.load();
        }
    }

    private void lastInstruction(RegionPlan.Part part, Instruction i, long next) {
        int index = part.first() + part.instructions().size() - 1;
        if (BranchCode.has(i) && Effects.of(i).mayFault()) {
            code.loadConstant(index).istore(Slots.INDEX);
        }
        if (RegionPlan.isForTheInterpreter(i.op)) {
            stopBefore(index);
        } else if (!branches.emit(i, part, next)) {
            lastStep(i, part, index);
        }
    }

    private void stopBefore(int index) { code.loadConstant(index).istore(Slots.INDEX).goto_(exitWithin); }

    /** A block's last instruction as its step: it decides where control goes. */
    private void lastStep(Instruction i, RegionPlan.Part part, int index) {
        code.aload(Slots.CPU).loadConstant(part.end()).putfield(Types.CPU, "rip", LONG);
        step(i, index);
        code.aload(Slots.CPU).getfield(Types.CPU, "rip", LONG).lstore(Slots.RIP);
        if (goesOn(i.op)) {
            code.aload(Slots.CPU).invokestatic(REGION, "wantsAttention", MethodTypeDesc.of(BOOLEAN, Types.CPU)).ifne(exit);
            code.lload(Slots.BUDGET).lconst_0().lcmp().ifle(exit);
            if (i.op == Op.POPF) {
                // It may have asked for alignment checks.
                code.aload(Slots.MMU).getfield(Types.MMU, "tlb", LONGS).aload(Slots.TLB).if_acmpne(exit);
            }
            goToOneOf(List.of(part.end()));
        }
        code.goto_(exit);
    }

    /** Whether what ends a block may be followed by the next one at the same privilege, in the same address space. */
    private static boolean goesOn(Op op) {
        return switch (op) {
            case MOVS, STOS, LODS, SCAS, CMPS, RDTSC, RDTSCP, RDMSR, STI, POPF -> true;
            default -> false;
        };
    }

    Label exit() { return exit; }

    /** Goes where RIP says if that is one of these and in the region; else falls through. */
    void goToOneOf(List<Long> targets) {
        for (long target : targets) {
            if (labels.containsKey(target)) {
                Label other = code.newLabel();
                code.lload(Slots.RIP).loadConstant(target).lcmp().ifne(other);
                goTo(target);
                code.labelBinding(other);
            }
        }
    }

    /** The label of a target to which control may go without a look at the budget; null if there is none. */
    Label forward(long target) { return flow.order(target) > current ? labels.get(target) : null; }

    /** Goes to an address: inside if it is there, else out. Going back takes a look at the budget. */
    void goTo(long target) {
        Label label = labels.get(target);
        if (label == null) {
            code.loadConstant(target).lstore(Slots.RIP).goto_(exit);
            return;
        }
        if (flow.order(target) <= current) {
            code.lload(Slots.BUDGET).lconst_0().lcmp().ifgt(label);
            code.loadConstant(target).lstore(Slots.RIP).goto_(exit);
        } else {
            code.goto_(label);
        }
    }
}
