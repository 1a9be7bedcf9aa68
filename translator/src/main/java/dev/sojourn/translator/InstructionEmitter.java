package dev.sojourn.translator;

import static dev.sojourn.translator.RegionEmitter.*;
import static dev.sojourn.translator.Types.*;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Op;
import dev.sojourn.isa.Operand;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/** The forms of instructions that go on to the next one. */
final class InstructionEmitter {
    private final RegionEmitter region;
    private final CodeBuilder code;
    private boolean mayLeave;

    InstructionEmitter(RegionEmitter region, CodeBuilder code) {
        this.region = region;
        this.code = code;
    }

    /** Whether the last instruction stored to memory, so that it may have to be the last one here. */
    boolean mayLeave() { return mayLeave; }

    /** @return false if the instruction has no form of its own */
    boolean emit(Instruction i, int index, long next) {
        mayLeave = false;
        if (i.op == Op.NOP) {
            return true;
        }
        if (!hasForm(i)) {
            return false;
        }
        code.loadConstant(index).istore(INDEX);
        List<Operand> operands = i.form.operands;
        switch (i.op) {
            case MOV, MOVNTI -> {
                load(i, operands.get(1), next);
                store(i, operands.getFirst(), next);
            }
            case MOVZX -> extend(i, next, false);
            case MOVSX -> extend(i, next, true);
            case LEA -> {
                offset(i, next);
                store(i, operands.getFirst(), next);
            }
            case ADD, OR, ADC, SBB, AND, SUB, XOR, CMP, TEST -> binary(i, next, ARITHMETIC, name(i.op));
            case ROL, ROR, RCL, RCR, SHL, SHR, SAR -> binary(i, next, SHIFT, name(i.op));
            case INC, DEC, NEG, NOT -> unary(i, next);
            case IMUL2, IMUL3 -> product(i, next);
            case CMOV -> conditionalMove(i, next);
            case SET -> {
                condition(i);
                code.i2l();
                store(i, operands.getFirst(), next);
            }
            case PUSH -> push(i, next);
            case POP -> pop(i);
            case LEAVE -> leave();
            case CBW -> {
                int unused = 64 - 4 * i.operandBytes;
                code.lload(register(Cpu.RAX)).loadConstant(unused).lshl().loadConstant(unused).lshr();
                put(Cpu.RAX, i.operandBytes);
            }
            case CWD -> {
                code.lload(register(Cpu.RAX)).loadConstant(64 - 8 * i.operandBytes).lshl().loadConstant(63).lshr();
                put(Cpu.RDX, i.operandBytes);
            }
            default -> throw new AssertionError(i.op);
        }
        return true;
    }

    private static boolean hasForm(Instruction i) {
        return switch (i.op) {
            case MOV, MOVNTI, MOVZX, MOVSX, LEA, ADD, OR, ADC, SBB, AND, SUB, XOR, CMP, TEST, ROL, ROR, RCL, RCR, SHL, SHR, SAR, INC,
                 DEC, NEG, NOT, IMUL2, IMUL3, CMOV, SET, CBW, CWD -> true;
            case PUSH -> i.operandBytes == 8;
            case POP -> i.operandBytes == 8 && i.modrm >= 0xc0;
            case LEAVE -> i.operandBytes == 8;
            default -> false;
        };
    }

    private static String name(Op op) {
        return switch (op) {
            case CMP -> "sub";
            case TEST -> "and";
            default -> op.name().toLowerCase(java.util.Locale.ROOT);
        };
    }

    private static boolean isMemory(Instruction i, Operand operand) {
        return operand.kind == Operand.Kind.OFFSET || operand.kind == Operand.Kind.MEMORY
                || operand.kind == Operand.Kind.RM && i.isMemory();
    }

    private static int bytes(Instruction i, Operand operand) { return operand.bytes(i.operandBytes, i.mode, i.isMemory()); }

    /** Pushes an operand's value; what is above its width may be anything. */
    void load(Instruction i, Operand operand, long next) {
        int bytes = bytes(i, operand);
        if (isMemory(i, operand)) {
            code.aload(MMU_SLOT);
            linear(i, next);
            loadMemory(bytes);
            return;
        }
        switch (operand.kind) {
            case IMMEDIATE -> code.loadConstant(i.immediate);
            case ONE -> code.lconst_1();
            case COUNT -> code.lload(register(Cpu.RCX));
            default -> loadRegister(i, number(i, operand), bytes);
        }
    }

    private void loadRegister(Instruction i, int number, int bytes) {
        if (isHigh(i, number, bytes)) {
            code.lload(register(number - 4)).loadConstant(8).lushr();
        } else {
            code.lload(register(number));
        }
    }

    private static boolean isHigh(Instruction i, int number, int bytes) { return bytes == 1 && !i.rex && number >= 4 && number < 8; }

    private static int number(Instruction i, Operand operand) {
        return switch (operand.kind) {
            case REG -> i.reg;
            case ACCUMULATOR -> Cpu.RAX;
            default -> i.rm;
        };
    }

    /** With memory unit and address on the stack. */
    private void loadMemory(int bytes) {
        code.invokevirtual(MMU, "load" + 8 * bytes, MethodTypeDesc.of(bytes == 8 ? LONG : INT, LONG));
        if (bytes != 8) {
            code.i2l();
        }
    }

    /** Takes a value from the stack into an operand. */
    private void store(Instruction i, Operand operand, long next) {
        if (!isMemory(i, operand)) {
            storeRegister(i, number(i, operand), bytes(i, operand));
            return;
        }
        code.lstore(VALUE);
        linear(i, next);
        code.lstore(ADDRESS);
        storeMemory(bytes(i, operand));
    }

    /** Stores the value variable at the address variable. */
    private void storeMemory(int bytes) {
        code.aload(MMU_SLOT).lload(ADDRESS).lload(VALUE);
        if (bytes != 8) {
            code.l2i();
        }
        code.invokevirtual(MMU, "store" + 8 * bytes, MethodTypeDesc.of(BOOLEAN, LONG, bytes == 8 ? LONG : INT)).istore(LEAVES);
        mayLeave = true;
    }

    private void storeRegister(Instruction i, int number, int bytes) {
        if (isHigh(i, number, bytes)) {
            code.loadConstant(0xffL).land().loadConstant(8).lshl()
                    .lload(register(number - 4)).loadConstant(~0xff00L).land().lor().lstore(register(number - 4));
        } else {
            put(number, bytes);
        }
    }

    /** Takes a value from the stack into the low bytes of a register, as an instruction of that width does. */
    private void put(int number, int bytes) {
        switch (bytes) {
            case 8 -> {}
            case 4 -> code.loadConstant(0xffff_ffffL).land();
            default -> {
                long mask = (1L << 8 * bytes) - 1;
                code.loadConstant(mask).land().lload(register(number)).loadConstant(~mask).land().lor();
            }
        }
        code.lstore(register(number));
    }

    /** Pushes the effective address. */
    private void offset(Instruction i, long next) {
        boolean some = false;
        if (i.base != Instruction.NO_REGISTER) {
            code.lload(register(i.base));
            some = true;
        }
        if (i.index != Instruction.NO_REGISTER) {
            code.lload(register(i.index));
            if (i.scale != 0) {
                code.loadConstant(i.scale).lshl();
            }
            if (some) {
                code.ladd();
            }
            some = true;
        }
        long displacement = i.displacement + (i.ripRelative ? next : 0);
        if (!some) {
            code.loadConstant(displacement);
        } else if (displacement != 0) {
            code.loadConstant(displacement).ladd();
        }
        if (i.addressBytes == 4) {
            code.loadConstant(0xffff_ffffL).land();
        }
    }

    private void linear(Instruction i, long next) {
        offset(i, next);
        if (i.segment >= Instruction.FS) {
            code.aload(CPU_SLOT).getfield(CPU, "bases", LONGS).loadConstant(i.segment).laload().ladd();
        }
    }

    private void extend(Instruction i, long next, boolean signed) {
        Operand source = i.form.operands.get(1);
        int shift = 64 - 8 * bytes(i, source);
        load(i, source, next);
        code.loadConstant(shift).lshl().loadConstant(shift);
        if (signed) {
            code.lshr();
        } else {
            code.lushr();
        }
        store(i, i.form.operands.getFirst(), next);
    }

    /** An operation on flags, width and two values; CMP and TEST drop what it gives. */
    private void binary(Instruction i, long next, ClassDesc chapter, String name) {
        Operand target = i.form.operands.getFirst();
        Operand source = i.form.operands.get(1);
        int shift = 64 - 8 * bytes(i, target);
        boolean stores = i.op != Op.CMP && i.op != Op.TEST;
        boolean update = isMemory(i, target) && stores;
        if (update) {
            locate(i, target, next);
        }
        code.aload(FLAGS_SLOT).loadConstant(shift);
        if (update) {
            code.aload(MMU_SLOT).lload(ADDRESS);
            loadMemory(bytes(i, target));
        } else {
            load(i, target, next);
        }
        load(i, source, next);
        code.invokestatic(chapter, name, BINARY);
        finish(i, target, stores, update);
    }

    private void finish(Instruction i, Operand target, boolean stores, boolean update) {
        if (!stores) {
            code.pop2();
        } else if (update) {
            code.lstore(VALUE);
            storeMemory(bytes(i, target));
        } else {
            storeRegister(i, number(i, target), bytes(i, target));
        }
    }

    /** Puts the address of a place to be updated into its variable; faults as the store will. */
    private void locate(Instruction i, Operand target, long next) {
        linear(i, next);
        code.lstore(ADDRESS);
        code.aload(MMU_SLOT).lload(ADDRESS).loadConstant(bytes(i, target))
                .invokevirtual(MMU, "probeStore", MethodTypeDesc.of(VOID, LONG, INT));
    }

    private void unary(Instruction i, long next) {
        Operand target = i.form.operands.getFirst();
        boolean update = isMemory(i, target);
        if (update) {
            locate(i, target, next);
        }
        if (i.op != Op.NOT) {
            code.aload(FLAGS_SLOT).loadConstant(64 - 8 * bytes(i, target));
        }
        if (update) {
            code.aload(MMU_SLOT).lload(ADDRESS);
            loadMemory(bytes(i, target));
        } else {
            load(i, target, next);
        }
        if (i.op == Op.NOT) {
            code.loadConstant(-1L).lxor();
        } else {
            code.invokestatic(ARITHMETIC, name(i.op), UNARY);
        }
        finish(i, target, true, update);
    }

    private void product(Instruction i, long next) {
        List<Operand> operands = i.form.operands;
        code.aload(FLAGS_SLOT).loadConstant(64 - 8 * i.operandBytes);
        load(i, operands.get(operands.size() - 2), next);
        load(i, operands.getLast(), next);
        code.invokestatic(ARITHMETIC, "imul", BINARY);
        storeRegister(i, i.reg, i.operandBytes);
    }

    private void condition(Instruction i) {
        code.aload(FLAGS_SLOT).loadConstant(i.condition()).invokevirtual(FLAGS, "condition", MethodTypeDesc.of(BOOLEAN, INT));
    }

    private void conditionalMove(Instruction i, long next) {
        load(i, i.form.operands.get(1), next);
        code.lstore(VALUE);
        Label not = code.newLabel();
        Label end = code.newLabel();
        condition(i);
        code.ifeq(not).lload(VALUE).goto_(end);
        code.labelBinding(not).lload(register(i.reg)).labelBinding(end);
        storeRegister(i, i.reg, i.operandBytes);
    }

    private void push(Instruction i, long next) {
        load(i, i.form.operands.getFirst(), next);
        code.lstore(VALUE).lload(register(Cpu.RSP)).loadConstant(8L).lsub().lstore(ADDRESS);
        storeMemory(8);
        code.lload(ADDRESS).lstore(register(Cpu.RSP));
    }

    private void pop(Instruction i) {
        code.aload(MMU_SLOT).lload(register(Cpu.RSP));
        loadMemory(8);
        code.lload(register(Cpu.RSP)).loadConstant(8L).ladd().lstore(register(Cpu.RSP));
        code.lstore(register(i.rm));
    }

    private void leave() {
        code.aload(MMU_SLOT).lload(register(Cpu.RBP));
        loadMemory(8);
        code.lload(register(Cpu.RBP)).loadConstant(8L).ladd().lstore(register(Cpu.RSP));
        code.lstore(register(Cpu.RBP));
    }
}
