package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.FarControl;
import dev.sojourn.cpu.FastCalls;
import dev.sojourn.cpu.Interrupts;
import dev.sojourn.cpu.Vector;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Op;

/** Far transfers, software interrupts and system calls. */
final class TransferSteps {
    private TransferSteps() {}

    static Step bind(Instruction i, long next) {
        return switch (i.op) {
            case JMP_FAR, CALL_FAR -> new Far(i.op == Op.CALL_FAR, i.immediate2, i.immediate, i.operandBytes);
            case JMP_FAR_INDIRECT, CALL_FAR_INDIRECT ->
                    new FarIndirect(i.op == Op.CALL_FAR_INDIRECT, new Address(i, next), i.operandBytes);
            default -> new Simple(i);
        };
    }

    private static final class Far extends Step {
        private final boolean call;
        private final int selector;
        private final long target;
        private final int bytes;

        Far(boolean call, int selector, long target, int bytes) {
            this.call = call;
            this.selector = selector;
            this.target = target;
            this.bytes = bytes;
        }

        @Override
        void run(Cpu cpu) { go(cpu, call, selector, target, bytes); }
    }

    private static void go(Cpu cpu, boolean call, int selector, long target, int bytes) {
        if (call) {
            FarControl.call(cpu, selector, target, bytes);
        } else {
            FarControl.jump(cpu, selector, target);
        }
    }

    private static final class FarIndirect extends Step {
        private final boolean call;
        private final Address address;
        private final int bytes;

        FarIndirect(boolean call, Address address, int bytes) {
            this.call = call;
            this.address = address;
            this.bytes = bytes;
        }

        @Override
        void run(Cpu cpu) {
            long at = address.linear(cpu, bytes + 2, false);
            long target = cpu.mmu.load(at, bytes);
            go(cpu, call, cpu.mmu.load16(at + bytes), target, bytes);
        }
    }

    private static final class Simple extends Step {
        private final Op op;
        private final int bytes;
        private final int immediate;

        Simple(Instruction i) {
            op = i.op;
            bytes = i.operandBytes;
            immediate = (int) i.immediate;
        }

        @Override
        void run(Cpu cpu) {
            switch (op) {
                case RET_FAR -> FarControl.ret(cpu, bytes, immediate);
                case IRET -> Interrupts.iret(cpu, bytes);
                case INT -> interrupt(cpu);
                case INT3 -> Interrupts.software(cpu, Vector.BP);
                case INTO -> {
                    if (cpu.flags.overflow()) {
                        Interrupts.software(cpu, Vector.OF);
                    }
                }
                case INT1 -> {
                    Interrupts.deliver(cpu, Vector.DB, 0, Interrupts.Source.TRAP);
                    cpu.interruptedBySoftware = true;
                }
                case SYSCALL -> FastCalls.syscall(cpu);
                case SYSRET -> FastCalls.sysret(cpu, bytes == 8);
                case SYSENTER -> FastCalls.sysenter(cpu);
                default -> FastCalls.sysexit(cpu, bytes == 8);
            }
        }

        /** In virtual-8086 mode INT n goes by IOPL, also INT 3 in two bytes; INT3 and INTO do not (SDM volume 3, 20.3). */
        private void interrupt(Cpu cpu) {
            if (cpu.isVirtual8086() && cpu.iopl() < 3) {
                throw cpu.fault(Vector.GP, 0);
            }
            Interrupts.software(cpu, immediate);
        }
    }
}
