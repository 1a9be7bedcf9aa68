package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.GuestFault;
import dev.sojourn.cpu.Vector;
import dev.sojourn.cpu.operation.Flags;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Mode;

/** The stack (SDM volume 1, 6.2). */
final class StackSteps {
    private StackSteps() {}

    static Step bind(Instruction i, long next) {
        int bytes = i.operandBytes;
        return switch (i.op) {
            case PUSH -> push(i, Place.of(i, i.form.operands.getFirst(), next), bytes);
            case POP -> pop(i, Place.of(i, i.form.operands.getFirst(), next), bytes);
            case PUSHA -> new PushAll(bytes);
            case POPA -> new PopAll(bytes);
            case PUSHF -> new PushFlags(bytes);
            case POPF -> new PopFlags(bytes);
            case ENTER -> new Enter(bytes, (int) i.immediate, i.immediate2 & 31);
            default -> new Leave(bytes);
        };
    }

    private static Step push(Instruction i, Place source, int bytes) {
        if (i.mode == Mode.BITS_64 && source instanceof Place.Register r && bytes == 8) {
            return new PushRegister64(r.number);
        }
        return new Push(source, bytes);
    }

    private static Step pop(Instruction i, Place target, int bytes) {
        if (i.mode == Mode.BITS_64 && target instanceof Place.Register r && bytes == 8) {
            return new PopRegister64(r.number);
        }
        return new Pop(target, bytes);
    }

    private static final class PushRegister64 extends Step {
        private final int number;

        PushRegister64(int number) { this.number = number; }

        @Override
        void run(Cpu cpu) {
            long sp = cpu.r[Cpu.RSP] - 8;
            cpu.mmu.store64(sp, cpu.r[number]);
            cpu.r[Cpu.RSP] = sp;
        }
    }

    private static final class PopRegister64 extends Step {
        private final int number;

        PopRegister64(int number) { this.number = number; }

        @Override
        void run(Cpu cpu) {
            long sp = cpu.r[Cpu.RSP];
            long value = cpu.mmu.load64(sp);
            cpu.r[Cpu.RSP] = sp + 8;
            cpu.r[number] = value;
        }
    }

    private static final class Push extends Step {
        private final Place source;
        private final int bytes;

        Push(Place source, int bytes) {
            this.source = source;
            this.bytes = bytes;
        }

        @Override
        void run(Cpu cpu) { cpu.push(bytes, source.load(cpu)); }
    }

    /** An address that uses RSP counts with RSP already raised (SDM volume 2, POP). */
    private static final class Pop extends Step {
        private final Place target;
        private final int bytes;

        Pop(Place target, int bytes) {
            this.target = target;
            this.bytes = bytes;
        }

        @Override
        void run(Cpu cpu) {
            long before = cpu.r[Cpu.RSP];
            long value = cpu.pop(bytes);
            try {
                target.store(cpu, target.locate(cpu, true), value);
            } catch (GuestFault fault) {
                cpu.r[Cpu.RSP] = before;
                throw fault;
            }
        }
    }

    private static final class PushAll extends Step {
        private final int bytes;

        PushAll(int bytes) { this.bytes = bytes; }

        @Override
        void run(Cpu cpu) {
            long before = cpu.r[Cpu.RSP];
            try {
                for (int i = 0; i < 8; i++) {
                    cpu.push(bytes, i == Cpu.RSP ? before : cpu.r[i]);
                }
            } catch (GuestFault fault) {
                cpu.r[Cpu.RSP] = before;
                throw fault;
            }
        }
    }

    /** After a fault half way, what was popped before it stays; the stack pointer does not move. */
    private static final class PopAll extends Step {
        private final int bytes;

        PopAll(int bytes) { this.bytes = bytes; }

        @Override
        void run(Cpu cpu) {
            for (int i = 7; i >= 0; i--) {
                long value = cpu.peek((7 - i) * bytes, bytes);
                if (i != Cpu.RSP) {
                    cpu.r[i] = bytes == 2 ? cpu.r[i] & ~0xffffL | value : value;
                }
            }
            cpu.stackPointer(cpu.r[Cpu.RSP] + 8 * bytes);
        }
    }

    private static final class PushFlags extends Step {
        private final int bytes;

        PushFlags(int bytes) { this.bytes = bytes; }

        @Override
        void run(Cpu cpu) {
            if (cpu.isVirtual8086() && cpu.iopl() < 3) {
                throw cpu.fault(Vector.GP, 0);
            }
            cpu.push(bytes, cpu.eflags() & ~(Cpu.VM | Cpu.RF));
        }
    }

    private static final class PopFlags extends Step {
        private final int bytes;

        PopFlags(int bytes) { this.bytes = bytes; }

        @Override
        void run(Cpu cpu) {
            if (cpu.isVirtual8086() && cpu.iopl() < 3) {
                throw cpu.fault(Vector.GP, 0);
            }
            int mask = Flags.ARITHMETIC | Cpu.TF | Cpu.DF | Cpu.NT | Cpu.AC | Cpu.ID;
            if (cpu.cpl <= cpu.iopl()) {
                mask |= Cpu.IF;
            }
            if (cpu.cpl == 0) {
                mask |= Cpu.IOPL;
            }
            if (bytes == 2) {
                mask &= 0xffff;
            }
            int value = (int) cpu.pop(bytes);
            cpu.eflags(cpu.eflags() & ~mask & ~Cpu.RF | value & mask);
        }
    }

    private static final class Leave extends Step {
        private final int bytes;

        Leave(int bytes) { this.bytes = bytes; }

        @Override
        void run(Cpu cpu) {
            long before = cpu.r[Cpu.RSP];
            cpu.stackPointer(cpu.r[Cpu.RBP]);
            long value;
            try {
                value = cpu.pop(bytes);
            } catch (GuestFault fault) {
                cpu.r[Cpu.RSP] = before;
                throw fault;
            }
            cpu.r[Cpu.RBP] = bytes == 2 ? cpu.r[Cpu.RBP] & ~0xffffL | value : value;
        }
    }

    private static final class Enter extends Step {
        private final int bytes;
        private final int size;
        private final int level;

        Enter(int bytes, int size, int level) {
            this.bytes = bytes;
            this.size = size;
            this.level = level;
        }

        @Override
        void run(Cpu cpu) {
            long before = cpu.r[Cpu.RSP];
            try {
                cpu.push(bytes, cpu.r[Cpu.RBP]);
                long frame = cpu.r[Cpu.RSP];
                long link = cpu.r[Cpu.RBP];
                for (int i = 1; i < level; i++) {
                    link -= bytes;
                    long at = cpu.address(2, link & cpu.stackMask, bytes, false);
                    cpu.push(bytes, cpu.mmu.load(at, bytes));
                }
                if (level > 0) {
                    cpu.push(bytes, frame);
                }
                cpu.stackPointer(cpu.r[Cpu.RSP] - size);
                cpu.mmu.probeStore(cpu.address(2, cpu.r[Cpu.RSP] & cpu.stackMask, bytes, true), bytes);
                cpu.r[Cpu.RBP] = bytes == 2 ? cpu.r[Cpu.RBP] & ~0xffffL | frame & 0xffff
                        : frame;
            } catch (GuestFault fault) {
                cpu.r[Cpu.RSP] = before;
                throw fault;
            }
        }
    }
}
