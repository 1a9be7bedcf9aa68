package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Mode;
import dev.sojourn.isa.Op;

/** Near branches (SDM volume 1, 7.3.8). */
final class BranchSteps {
    private BranchSteps() {}

    static Step bind(Instruction i, long next) {
        long target = next + i.immediate & Address.mask(i.operandBytes);
        return switch (i.op) {
            case JCC -> i.mode == Mode.BITS_64 ? new Conditional64(i.condition(), target) : new Conditional(i.condition(), target);
            case JMP -> new Jump(target);
            case CALL -> new Call(target, i.operandBytes);
            case RET -> new Return(i.operandBytes, (int) i.immediate);
            case JMP_INDIRECT -> new JumpIndirect(Place.of(i, i.form.operands.getFirst(), next), i.operandBytes);
            case CALL_INDIRECT -> new CallIndirect(Place.of(i, i.form.operands.getFirst(), next), i.operandBytes);
            default -> new Loop(i.op, target, i.addressBytes);
        };
    }

    private static final class Conditional64 extends Step {
        private final int condition;
        private final long target;

        Conditional64(int condition, long target) {
            this.condition = condition;
            this.target = target;
        }

        @Override
        void run(Cpu cpu) {
            if (cpu.flags.condition(condition)) {
                cpu.rip = target;
            }
        }
    }

    private static final class Conditional extends Step {
        private final int condition;
        private final long target;

        Conditional(int condition, long target) {
            this.condition = condition;
            this.target = target;
        }

        @Override
        void run(Cpu cpu) {
            if (cpu.flags.condition(condition)) {
                cpu.jump(target);
            }
        }
    }

    private static final class Jump extends Step {
        private final long target;

        Jump(long target) { this.target = target; }

        @Override
        void run(Cpu cpu) { cpu.jump(target); }
    }

    private static final class Call extends Step {
        private final long target;
        private final int bytes;

        Call(long target, int bytes) {
            this.target = target;
            this.bytes = bytes;
        }

        @Override
        void run(Cpu cpu) { call(cpu, target, bytes); }
    }

    /** Pushes the address behind the block, which a call ends, and goes to the target: the store comes before the check. */
    private static void call(Cpu cpu, long target, int bytes) {
        long sp = cpu.r[Cpu.RSP] - bytes & cpu.stackMask;
        cpu.mmu.store(cpu.address(Instruction.SS, sp, bytes, true), bytes, cpu.rip);
        cpu.jump(target);
        cpu.stackPointer(sp);
    }

    private static final class CallIndirect extends Step {
        private final Place target;
        private final int bytes;

        CallIndirect(Place target, int bytes) {
            this.target = target;
            this.bytes = bytes;
        }

        @Override
        void run(Cpu cpu) { call(cpu, target.load(cpu) & Address.mask(bytes), bytes); }
    }

    private static final class JumpIndirect extends Step {
        private final Place target;
        private final int bytes;

        JumpIndirect(Place target, int bytes) {
            this.target = target;
            this.bytes = bytes;
        }

        @Override
        void run(Cpu cpu) { cpu.jump(target.load(cpu) & Address.mask(bytes)); }
    }

    private static final class Return extends Step {
        private final int bytes;
        private final int drop;

        Return(int bytes, int drop) {
            this.bytes = bytes;
            this.drop = drop;
        }

        @Override
        void run(Cpu cpu) {
            cpu.jump(cpu.peek(0, bytes));
            cpu.stackPointer(cpu.r[Cpu.RSP] + bytes + drop);
        }
    }

    /** LOOP, LOOPE, LOOPNE and JCXZ: the counter is as wide as an address. */
    private static final class Loop extends Step {
        private final Op op;
        private final long target;
        private final long mask;

        Loop(Op op, long target, int addressBytes) {
            this.op = op;
            this.target = target;
            mask = Address.mask(addressBytes);
        }

        @Override
        void run(Cpu cpu) {
            long count = cpu.r[Cpu.RCX];
            if (op == Op.JCXZ) {
                if ((count & mask) == 0) {
                    cpu.jump(target);
                }
                return;
            }
            long left = count - 1 & mask;
            boolean taken = left != 0 && (op == Op.LOOP || cpu.flags.zero() == (op == Op.LOOPE));
            if (taken) {
                cpu.jump(target);
            }
            cpu.r[Cpu.RCX] = mask == 0xffff ? count & ~mask | left : left;
        }
    }
}
