package dev.sojourn.translator;

import static dev.sojourn.translator.Types.*;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Op;
import dev.sojourn.isa.Operand;
import dev.sojourn.translator.FlagCode.Source;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Locale;

/**
 * The integer instructions that have code of their own.
 *
 * <p>What may fault comes first in each: no variable that outlives the instruction changes before.
 */
final class IntegerCode {
    private static final MethodTypeDesc OF_WIDTH = MethodTypeDesc.of(LONG, INT, LONG, LONG);

    private final CodeBuilder code;
    private final Operands operands;
    private final FlagCode flags;
    private final ShiftCode shifts;

    IntegerCode(CodeBuilder code, Operands operands, FlagCode flags) {
        this.code = code;
        this.operands = operands;
        this.flags = flags;
        shifts = new ShiftCode(code, operands, flags);
    }

    /**
     * @param live whether the flags it leaves may matter
     * @return false if the instruction has no code of its own
     */
    boolean emit(Instruction i, long next, boolean live) {
        List<Operand> all = i.form.operands;
        switch (i.op) {
            case NOP, LFENCE, MFENCE, SFENCE -> {}
            case MOV, MOVNTI -> {
                operands.load(i, all.get(1), next);
                operands.store(i, all.getFirst(), next);
            }
            case MOVZX -> extend(i, next, false);
            case MOVSX -> extend(i, next, true);
            case LEA -> {
                operands.offset(i, next);
                operands.store(i, all.getFirst(), next);
            }
            case ADD, OR, ADC, SBB, AND, SUB, XOR, CMP, TEST -> binary(i, next, live);
            case INC, DEC, NEG, NOT -> unary(i, next, live);
            case IMUL2, IMUL3 -> product(i, next, live);
            case CMOV -> conditionalMove(i, next);
            case SET -> {
                flags.condition(i.condition());
                code.i2l();
                operands.store(i, all.getFirst(), next);
            }
            case PUSH -> push(i, next);
            case POP -> pop(i);
            case LEAVE -> leave(i);
            case XCHG -> exchange(i, next);
            case XADD -> exchangeAdd(i, next, live);
            case CMPXCHG -> compareExchange(i, next);
            default -> {
                return rarer(i, next, live);
            }
        }
        return true;
    }

    private boolean rarer(Instruction i, long next, boolean live) {
        switch (i.op) {
            case CBW -> {
                code.lload(Slots.register(Cpu.RAX));
                operands.signExtend(64 - 4 * i.operandBytes);
                operands.put(Cpu.RAX, i.operandBytes);
            }
            case CWD -> {
                code.lload(Slots.register(Cpu.RAX));
                operands.signExtend(64 - 8 * i.operandBytes);
                code.loadConstant(63).lshr();
                operands.put(Cpu.RDX, i.operandBytes);
            }
            case MUL, IMUL -> multiply(i, next, live);
            case DIV, IDIV -> divide(i, next);
            case BSWAP -> {
                code.loadConstant(Operands.shift(i, i.form.operands.getFirst()));
                operands.load(i, i.form.operands.getFirst(), next);
                code.invokestatic(BITS, "bswap", MethodTypeDesc.of(LONG, INT, LONG));
                operands.store(i, i.form.operands.getFirst(), next);
            }
            case CLC, STC, CMC -> {
                if (i.op == Op.CMC) {
                    flags.carryBit();
                    code.lconst_1().lxor();
                } else {
                    code.loadConstant(i.op == Op.STC ? 1L : 0L);
                }
                flags.newCarry();
            }
            default -> {
                return shifts.emit(i, next, live);
            }
        }
        return true;
    }

    /** Whether {@link #emit} knows an instruction. */
    static boolean has(Instruction i) {
        return switch (i.op) {
            case NOP, LFENCE, MFENCE, SFENCE, MOV, MOVNTI, MOVZX, MOVSX, LEA, ADD, OR, ADC, SBB, AND, SUB, XOR, CMP, TEST, INC, DEC,
                 NEG, NOT, IMUL2, IMUL3, CMOV, SET, XADD, CMPXCHG, CBW, CWD, BSWAP, CLC, STC, CMC -> true;
            // NOP and PAUSE.
            case XCHG -> i.opcode != 0x90 || i.rm != Cpu.RAX;
            case PUSH, LEAVE -> i.operandBytes == Operands.wordBytes(i);
            case POP -> i.operandBytes == Operands.wordBytes(i) && i.modrm >= 0xc0;
            case MUL, IMUL, DIV, IDIV -> Operands.bytes(i, i.form.operands.getFirst()) > 1;
            default -> ShiftCode.has(i);
        };
    }

    private void extend(Instruction i, long next, boolean signed) {
        Operand source = i.form.operands.get(1);
        operands.load(i, source, next);
        if (signed) {
            operands.signExtend(Operands.shift(i, source));
        } else {
            operands.zeroExtend(Operands.shift(i, source));
        }
        operands.store(i, i.form.operands.getFirst(), next);
    }

    private void binary(Instruction i, long next, boolean live) {
        Operand target = i.form.operands.getFirst();
        Operand source = i.form.operands.get(1);
        int shift = Operands.shift(i, target);
        boolean stores = i.op != Op.CMP && i.op != Op.TEST;
        boolean update = Effects.isMemory(i, target) && stores;
        if (update) {
            operands.locateForUpdate(i, Operands.bytes(i, target), next);
        }
        loadMemoryOperand(i, next, update);
        if (i.op == Op.ADC || i.op == Op.SBB) {
            flags.carryBit();
            code.lstore(Slots.OTHER);
        }
        boolean logic = switch (i.op) {
            case AND, OR, XOR, TEST -> true;
            default -> false;
        };
        push(i, target, next);
        if (live && !logic) {
            code.dup2().lstore(Slots.FIRST);
        }
        push(i, source, next);
        if (live && !logic) {
            code.dup2().lstore(Slots.SECOND);
        }
        calculate(i.op);
        finish(i, target, shift, stores, live);
        if (live) {
            switch (i.op) {
                case ADD -> flags.comeFrom(Source.SUM, shift);
                case ADC -> flags.comeFrom(Source.SUM_WITH_CARRY, shift);
                case SUB, CMP -> flags.comeFrom(Source.DIFFERENCE, shift);
                case SBB -> flags.comeFrom(Source.DIFFERENCE_WITH_BORROW, shift);
                default -> flags.comeFromLogic(shift);
            }
        }
        if (update) {
            operands.storeAtAddress(Operands.bytes(i, target), Slots.VALUE);
        }
    }

    /** Puts the operand that is memory, if one is, into VALUE. */
    private void loadMemoryOperand(Instruction i, long next, boolean located) {
        for (Operand operand : i.form.operands) {
            if (Effects.isMemory(i, operand)) {
                if (located) {
                    operands.loadAtAddress(Operands.bytes(i, operand));
                } else {
                    operands.load(i, operand, next);
                }
                code.lstore(Slots.VALUE);
            }
        }
    }

    /** Pushes an operand; one in memory has been loaded. */
    private void push(Instruction i, Operand operand, long next) {
        if (Effects.isMemory(i, operand)) {
            code.lload(Slots.VALUE);
        } else {
            operands.load(i, operand, next);
        }
    }

    private void calculate(Op op) {
        switch (op) {
            case ADD -> code.ladd();
            case ADC -> code.ladd().lload(Slots.OTHER).ladd();
            case SUB, CMP -> code.lsub();
            case SBB -> code.lsub().lload(Slots.OTHER).lsub();
            case AND, TEST -> code.land();
            case OR -> code.lor();
            default -> code.lxor();
        }
    }

    /** Takes a result from the stack: into RESULT if the flags matter, into a register, or into VALUE for memory. */
    private void finish(Instruction i, Operand target, int shift, boolean stores, boolean live) {
        if (live) {
            operands.signExtend(shift);
            code.dup2().lstore(Slots.RESULT);
        }
        if (!stores) {
            code.pop2();
        } else if (Effects.isMemory(i, target)) {
            code.lstore(Slots.VALUE);
        } else {
            operands.storeRegister(i, Operands.number(i, target), Operands.bytes(i, target));
        }
    }

    private void unary(Instruction i, long next, boolean live) {
        Operand target = i.form.operands.getFirst();
        int shift = Operands.shift(i, target);
        boolean update = Effects.isMemory(i, target);
        boolean counts = i.op == Op.INC || i.op == Op.DEC;
        boolean flagged = live && i.op != Op.NOT;
        if (update) {
            operands.locateForUpdate(i, Operands.bytes(i, target), next);
        }
        loadMemoryOperand(i, next, update);
        if (flagged && counts) {
            flags.carryBit();
            code.lstore(Slots.SECOND);
        }
        if (i.op == Op.NEG) {
            code.lconst_0();
        }
        push(i, target, next);
        if (flagged) {
            code.dup2().lstore(counts ? Slots.FIRST : Slots.SECOND);
        }
        switch (i.op) {
            case INC -> code.lconst_1().ladd();
            case DEC -> code.lconst_1().lsub();
            case NEG -> code.lsub();
            default -> code.loadConstant(-1L).lxor();
        }
        finish(i, target, shift, true, flagged);
        if (flagged) {
            if (!counts) {
                code.lconst_0().lstore(Slots.FIRST);
            }
            flags.comeFrom(i.op == Op.INC ? Source.INCREMENT : i.op == Op.DEC ? Source.DECREMENT : Source.DIFFERENCE, shift);
        }
        if (update) {
            operands.storeAtAddress(Operands.bytes(i, target), Slots.VALUE);
        }
    }

    private void product(Instruction i, long next, boolean live) {
        List<Operand> all = i.form.operands;
        int shift = Operands.shift(i, all.getFirst());
        loadMemoryOperand(i, next, false);
        Operand a = all.get(all.size() - 2);
        Operand b = all.getLast();
        if (live) {
            code.loadConstant(shift);
            push(i, a, next);
            push(i, b, next);
            code.invokestatic(ARITHMETIC, "imulAux", OF_WIDTH).lstore(Slots.FIRST);
        }
        push(i, a, next);
        push(i, b, next);
        code.lmul();
        finish(i, all.getFirst(), shift, true, live);
        if (live) {
            flags.comeFrom(Source.KNOWN, 0);
        }
    }

    /** MUL and IMUL into rDX:rAX. */
    private void multiply(Instruction i, long next, boolean live) {
        Operand source = i.form.operands.getFirst();
        int shift = Operands.shift(i, source);
        int bytes = Operands.bytes(i, source);
        String name = i.op == Op.MUL ? "mul" : "imul";
        operands.load(i, source, next);
        code.lstore(Slots.VALUE);
        factors(shift);
        code.invokestatic(ARITHMETIC, name + "High", OF_WIDTH).lstore(Slots.OTHER);
        if (live) {
            factors(shift);
            code.invokestatic(ARITHMETIC, name + "Aux", OF_WIDTH).lstore(Slots.FIRST);
        }
        code.lload(Slots.register(Cpu.RAX)).lload(Slots.VALUE).lmul();
        if (live) {
            operands.signExtend(shift);
            code.dup2().lstore(Slots.RESULT);
            flags.comeFrom(Source.KNOWN, 0);
        }
        operands.put(Cpu.RAX, bytes);
        code.lload(Slots.OTHER);
        operands.put(Cpu.RDX, bytes);
    }

    private void factors(int shift) { code.loadConstant(shift).lload(Slots.register(Cpu.RAX)).lload(Slots.VALUE); }

    private void divide(Instruction i, long next) {
        Operand source = i.form.operands.getFirst();
        int shift = Operands.shift(i, source);
        int bytes = Operands.bytes(i, source);
        boolean signed = i.op == Op.IDIV;
        operands.load(i, source, next);
        code.lstore(Slots.VALUE);
        code.aload(Slots.CPU);
        if (signed) {
            dividend(shift);
            code.invokestatic(DIVISION, "fitsSigned", MethodTypeDesc.of(BOOLEAN, INT, LONG, LONG, LONG));
        } else {
            code.loadConstant(shift).lload(Slots.register(Cpu.RDX)).lload(Slots.VALUE)
                    .invokestatic(DIVISION, "fits", MethodTypeDesc.of(BOOLEAN, INT, LONG, LONG));
        }
        code.invokestatic(REGION, "requireQuotient", MethodTypeDesc.of(VOID, Types.CPU, BOOLEAN));
        MethodTypeDesc type = MethodTypeDesc.of(LONG, INT, LONG, LONG, LONG);
        dividend(shift);
        code.invokestatic(DIVISION, signed ? "quotientSigned" : "quotient", type).lstore(Slots.OTHER);
        dividend(shift);
        code.invokestatic(DIVISION, signed ? "remainderSigned" : "remainder", type);
        operands.put(Cpu.RDX, bytes);
        code.lload(Slots.OTHER);
        operands.put(Cpu.RAX, bytes);
    }

    private void dividend(int shift) {
        code.loadConstant(shift).lload(Slots.register(Cpu.RDX)).lload(Slots.register(Cpu.RAX)).lload(Slots.VALUE);
    }

    private void conditionalMove(Instruction i, long next) {
        operands.load(i, i.form.operands.get(1), next);
        code.lstore(Slots.VALUE);
        Label not = code.newLabel();
        Label end = code.newLabel();
        flags.jumpUnless(i.condition(), not);
        code.lload(Slots.VALUE).goto_(end);
        code.labelBinding(not).lload(Slots.register(i.reg)).labelBinding(end);
        operands.storeRegister(i, i.reg, i.operandBytes);
    }

    private void push(Instruction i, long next) {
        operands.load(i, i.form.operands.getFirst(), next);
        code.lstore(Slots.VALUE);
        operands.locatePush(i);
        operands.storeAtAddress(i.operandBytes, Slots.VALUE);
        code.lload(Slots.ADDRESS).lstore(Slots.register(Cpu.RSP));
    }

    private void pop(Instruction i) {
        code.lload(Slots.register(Cpu.RSP)).lstore(Slots.ADDRESS);
        popAtAddress(i);
        code.lstore(Slots.register(i.rm));
    }

    private void leave(Instruction i) {
        code.lload(Slots.register(Cpu.RBP)).lstore(Slots.ADDRESS);
        popAtAddress(i);
        code.lstore(Slots.register(Cpu.RBP));
    }

    /** Pushes what lies at the address variable; the stack pointer then is behind it. */
    private void popAtAddress(Instruction i) {
        operands.loadAtAddress(i.operandBytes);
        operands.cut(i);
        operands.popped(i, i.operandBytes);
    }

    private void exchange(Instruction i, long next) {
        Operand target = i.form.operands.getFirst();
        Operand source = i.form.operands.get(1);
        boolean memory = Effects.isMemory(i, target);
        int bytes = Operands.bytes(i, target);
        if (memory) {
            operands.locateForUpdate(i, bytes, next);
        }
        loadMemoryOperand(i, next, memory);
        operands.load(i, source, next);
        code.lstore(Slots.OTHER);
        push(i, target, next);
        operands.store(i, source, next);
        if (memory) {
            operands.storeAtAddress(bytes, Slots.OTHER);
        } else {
            code.lload(Slots.OTHER);
            operands.store(i, target, next);
        }
    }

    private void exchangeAdd(Instruction i, long next, boolean live) {
        Operand target = i.form.operands.getFirst();
        Operand source = i.form.operands.get(1);
        boolean memory = Effects.isMemory(i, target);
        int bytes = Operands.bytes(i, target);
        int shift = Operands.shift(i, target);
        if (memory) {
            operands.locateForUpdate(i, bytes, next);
        }
        loadMemoryOperand(i, next, memory);
        push(i, target, next);
        code.lstore(Slots.FIRST);
        operands.load(i, source, next);
        code.lstore(Slots.SECOND);
        code.lload(Slots.FIRST);
        operands.store(i, source, next);
        code.lload(Slots.FIRST).lload(Slots.SECOND).ladd();
        finish(i, target, shift, true, true);
        flags.comeFrom(Source.SUM, shift);
        if (memory) {
            operands.storeAtAddress(bytes, Slots.VALUE);
        }
    }

    private void compareExchange(Instruction i, long next) {
        Operand target = i.form.operands.getFirst();
        Operand source = i.form.operands.get(1);
        boolean memory = Effects.isMemory(i, target);
        int bytes = Operands.bytes(i, target);
        int shift = Operands.shift(i, target);
        if (memory) {
            operands.locateForUpdate(i, bytes, next);
        }
        loadMemoryOperand(i, next, memory);
        code.lload(Slots.register(Cpu.RAX)).lstore(Slots.FIRST);
        push(i, target, next);
        code.lstore(Slots.SECOND);
        code.lload(Slots.FIRST).lload(Slots.SECOND).lsub();
        operands.signExtend(shift);
        code.lstore(Slots.RESULT);
        flags.comeFrom(Source.DIFFERENCE, shift);
        Label differ = code.newLabel();
        Label end = code.newLabel();
        code.lload(Slots.RESULT).lconst_0().lcmp().ifne(differ);
        operands.load(i, source, next);
        if (memory) {
            code.lstore(Slots.VALUE);
            operands.storeAtAddress(bytes, Slots.VALUE);
            code.goto_(end).labelBinding(differ).iconst_0().istore(Slots.LEAVES);
        } else {
            operands.store(i, target, next);
            code.goto_(end).labelBinding(differ);
        }
        code.lload(Slots.SECOND);
        operands.put(Cpu.RAX, bytes);
        code.labelBinding(end);
    }

    static String name(Op op) { return op.name().toLowerCase(Locale.ROOT); }
}
