package dev.sojourn.translator;

import static dev.sojourn.translator.Types.*;

import dev.sojourn.cpu.operation.Flags;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * The flags in emitted code: variables that hold what the last operation had, and conditions on them.
 *
 * <p>Where the operation is known, a condition is a comparison of its operands; elsewhere the carries are computed first.
 */
final class FlagCode {
    private static final MethodTypeDesc CARRIES = MethodTypeDesc.of(LONG, INT, LONG, LONG, LONG, LONG);

    /** What is known, where code is emitted, of where the flags come from. */
    enum Source {
        UNKNOWN, KNOWN,
        /** {@link #KNOWN} without carries: AND, OR, XOR, TEST. */
        LOGIC, SUM,
        /** ADC. */
        SUM_WITH_CARRY, DIFFERENCE,
        /** SBB. */
        DIFFERENCE_WITH_BORROW, INCREMENT, DECREMENT
    }

    /**
     * A source and the operands' width.
     *
     * @param origin as {@link Flags#take} takes it; -1 if unknown
     */
    record State(Source source, int shift, int origin) {
        static final State UNKNOWN = new State(Source.UNKNOWN, 0, -1);
        static final State KNOWN = new State(Source.KNOWN, 0, Flags.KNOWN);
    }

    private final CodeBuilder code;
    private State state = State.UNKNOWN;

    FlagCode(CodeBuilder code) { this.code = code; }

    State state() { return state; }

    void state(State known) { state = known; }

    /** The flags now come from the variables FIRST, SECOND and RESULT, by this operation. */
    void comeFrom(Source source, int shift) {
        int operation = switch (source) {
            case SUM, SUM_WITH_CARRY -> Flags.SUM;
            case DIFFERENCE, DIFFERENCE_WITH_BORROW -> Flags.DIFFERENCE;
            case INCREMENT -> Flags.INCREMENT;
            case DECREMENT -> Flags.DECREMENT;
            default -> Flags.KNOWN;
        };
        origin(source, shift, operation | shift);
    }

    private void origin(Source source, int shift, int origin) {
        if (state.origin != origin) {
            code.loadConstant(origin).istore(Slots.ORIGIN);
        }
        state = new State(source, shift, origin);
    }

    /** The flags are what they were, but for CF and OF, which follow from the value on the stack, just rotated. */
    void rotated(boolean left, int shift) {
        code.lstore(Slots.LATER);
        int later = (left ? Flags.ROTATED_LEFT : Flags.ROTATED_RIGHT) | shift << Flags.ROTATED_SHIFT;
        if (state.origin >= 0) {
            origin(Source.UNKNOWN, 0, state.origin & 0xfff | later);
        } else {
            code.iload(Slots.ORIGIN).loadConstant(0xfff).iand().loadConstant(later).ior().istore(Slots.ORIGIN);
            }
    }

    /** The flags are what they were, but for CF, which is on the stack. */
    void newCarry() {
        code.lstore(Slots.KEPT);
        if (state.origin >= 0 && state.origin <= 0xfff) {
            code.lload(Slots.KEPT).lstore(Slots.LATER);
            origin(Source.UNKNOWN, 0, state.origin | Flags.NEW_CARRY);
            return;
        }
        carries();
        code.lload(Slots.KEPT).invokestatic(FLAGS, "withCarry", MethodTypeDesc.of(LONG, LONG, LONG)).lstore(Slots.FIRST);
        comeFrom(Source.KNOWN, 0);
    }

    /** Takes them from the processor, where they are computed. */
    void load() {
        code.aload(Slots.FLAGS).getfield(FLAGS, "result", LONG).lstore(Slots.RESULT)
                .aload(Slots.FLAGS).getfield(FLAGS, "aux", LONG).lstore(Slots.FIRST).loadConstant(Flags.KNOWN).istore(Slots.ORIGIN);
        state = State.KNOWN;
    }

    /** Computes them and puts them into the processor. */
    void store() {
        code.aload(Slots.FLAGS);
        push();
        code.invokevirtual(FLAGS, "take", MethodTypeDesc.of(VOID, INT, LONG, LONG, LONG, LONG));
    }

    /** Pushes what {@link Flags#take} takes. */
    private void push() {
        code.iload(Slots.ORIGIN).lload(Slots.FIRST).lload(Slots.SECOND).lload(Slots.RESULT).lload(Slots.LATER);
    }

    /** The flags are those of a result without carries. */
    void comeFromLogic(int shift) {
        code.lconst_0().lstore(Slots.FIRST);
        comeFrom(Source.LOGIC, shift);
    }

    /** Pushes the carries, as {@link Flags#aux} is. */
    void carries() {
        switch (state.source) {
            case KNOWN -> code.lload(Slots.FIRST);
            case LOGIC -> code.lconst_0();
            default -> call("aux");
        }
    }

    /** Pushes CF: 0 or 1. */
    void carryBit() {
        switch (state.source) {
            case LOGIC -> code.lconst_0();
            case INCREMENT, DECREMENT -> code.lload(Slots.SECOND);
            default -> call("carryBit");
        }
    }

    private void call(String name) {
        push();
        code.invokestatic(FLAGS, name, CARRIES);
    }

    /** Pushes a condition as 0 or 1. */
    void condition(int condition) {
        Label not = code.newLabel();
        Label end = code.newLabel();
        jumpUnless(condition, not);
        code.iconst_1().goto_(end).labelBinding(not).iconst_0().labelBinding(end);
    }

    /** Jumps if a condition does not hold. */
    void jumpUnless(int condition, Label target) { jumpIf(condition ^ 1, target); }

    /** Jumps if a condition holds: the low four bits of Jcc. */
    void jumpIf(int condition, Label target) {
        boolean negated = (condition & 1) != 0;
        switch (condition >> 1) {
            case 1 -> below(negated, target);
            case 2 -> compare(Comparison.EQUAL.negatedIf(negated), target);
            case 3 -> belowOrEqual(condition, negated, target);
            case 4 -> {
                if (hasPlainSign()) {
                    compare(Comparison.LESS.negatedIf(negated), target);
                } else {
                    general(condition, target);
                }
            }
            case 6, 7 -> {
                Comparison comparison = (condition >> 1 == 6 ? Comparison.LESS : Comparison.LESS_OR_EQUAL).negatedIf(negated);
                if (state.source == Source.DIFFERENCE) {
                    compareOperands(comparison, true, target);
                } else if (state.source == Source.LOGIC) {
                    compare(comparison, target);
                } else {
                    general(condition, target);
                }
            }
            default -> general(condition, target);
        }
    }

    private boolean hasPlainSign() { return state.source != Source.UNKNOWN && state.source != Source.KNOWN; }

    private void below(boolean negated, Label target) {
        switch (state.source) {
            case DIFFERENCE -> compareOperands(Comparison.LESS.negatedIf(negated), false, target);
            case SUM -> compareSum(Comparison.LESS.negatedIf(negated), target);
            case LOGIC -> {
                if (negated) {
                    code.goto_(target);
                }
            }
            case INCREMENT, DECREMENT -> {
                code.lload(Slots.SECOND).lconst_0().lcmp();
                Comparison.EQUAL.negatedIf(!negated).jump(code, target);
            }
            default -> {
                if (state.origin >= 0 && (state.origin & Flags.NEW_CARRY) == Flags.NEW_CARRY) {
                    code.lload(Slots.LATER).lconst_0().lcmp();
                    Comparison.EQUAL.negatedIf(!negated).jump(code, target);
                    return;
                }
                carries();
                code.lconst_0().lcmp();
                Comparison.LESS.negatedIf(negated).jump(code, target);
            }
        }
    }

    private void belowOrEqual(int condition, boolean negated, Label target) {
        switch (state.source) {
            case DIFFERENCE -> compareOperands(Comparison.LESS_OR_EQUAL.negatedIf(negated), false, target);
            case LOGIC -> compare(Comparison.EQUAL.negatedIf(negated), target);
            default -> general(condition, target);
        }
    }

    /** The result with zero. */
    private void compare(Comparison comparison, Label target) {
        code.lload(Slots.RESULT);
        if (state.shift == 32) {
            code.l2i();
        } else {
            code.lconst_0().lcmp();
        }
        comparison.jump(code, target);
    }

    /** The operands of a subtraction, at their width. */
    private void compareOperands(Comparison comparison, boolean signed, Label target) {
        if (state.shift == 0) {
            code.lload(Slots.FIRST).lload(Slots.SECOND);
            if (signed) {
                code.lcmp();
            } else {
                unsigned(LONG_CLASS, LONG);
            }
            comparison.jump(code, target);
            return;
        }
        narrow(Slots.FIRST, signed);
        narrow(Slots.SECOND, signed);
        if (signed || state.shift != 32) {
            comparison.jumpTwo(code, target);
        } else {
            unsigned(INTEGER_CLASS, INT);
            comparison.jump(code, target);
        }
    }

    /** The sum with its first operand, without signs: less means a carry. */
    private void compareSum(Comparison comparison, Label target) {
        if (state.shift == 0) {
            code.lload(Slots.RESULT).lload(Slots.FIRST);
            unsigned(LONG_CLASS, LONG);
            comparison.jump(code, target);
            return;
        }
        narrow(Slots.RESULT, false);
        narrow(Slots.FIRST, false);
        if (state.shift == 32) {
            unsigned(INTEGER_CLASS, INT);
            comparison.jump(code, target);
        } else {
            comparison.jumpTwo(code, target);
        }
    }

    private void unsigned(ClassDesc type, ClassDesc operand) {
        code.invokestatic(type, "compareUnsigned", MethodTypeDesc.of(INT, operand, operand));
    }

    /** Pushes a variable as an int of the operands' width. */
    private void narrow(int slot, boolean signed) {
        code.lload(slot).l2i();
        if (state.shift == 48) {
            if (signed) {
                code.i2s();
            } else {
                code.i2c();
            }
        } else if (state.shift == 56) {
            if (signed) {
                code.i2b();
            } else {
                code.loadConstant(0xff).iand();
            }
        }
    }

    private void general(int condition, Label target) {
        code.loadConstant(condition).lload(Slots.RESULT);
        carries();
        code.invokestatic(FLAGS, "condition", MethodTypeDesc.of(BOOLEAN, INT, LONG, LONG)).ifne(target);
    }

    /** A relation, and the jumps that it is. */
    private enum Comparison {
        EQUAL, NOT_EQUAL, LESS, GREATER_OR_EQUAL, LESS_OR_EQUAL, GREATER;

        Comparison negatedIf(boolean negated) { return negated ? values()[ordinal() ^ 1] : this; }

        /** By the sign of the int on the stack. */
        void jump(CodeBuilder code, Label target) {
            switch (this) {
                case EQUAL -> code.ifeq(target);
                case NOT_EQUAL -> code.ifne(target);
                case LESS -> code.iflt(target);
                case GREATER_OR_EQUAL -> code.ifge(target);
                case LESS_OR_EQUAL -> code.ifle(target);
                case GREATER -> code.ifgt(target);
            }
        }

        /** By the two ints on the stack. */
        void jumpTwo(CodeBuilder code, Label target) {
            switch (this) {
                case EQUAL -> code.if_icmpeq(target);
                case NOT_EQUAL -> code.if_icmpne(target);
                case LESS -> code.if_icmplt(target);
                case GREATER_OR_EQUAL -> code.if_icmpge(target);
                case LESS_OR_EQUAL -> code.if_icmple(target);
                case GREATER -> code.if_icmpgt(target);
            }
        }
    }
}
