package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.Msrs;
import dev.sojourn.cpu.Vector;
import dev.sojourn.cpu.operation.Flags;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Mode;
import dev.sojourn.isa.Op;

/** Instructions that reach the machine around the processor: ports, MSRs, time, identification, interrupts. */
final class MachineSteps {
    private MachineSteps() {}

    static Step bind(Instruction i, long next) {
        return switch (i.op) {
            case IN -> new In(i);
            case OUT -> new Out(i);
            case RDRAND, RDSEED -> new Random(Place.of(i, i.form.operands.getFirst(), next));
            case RDFSBASE, RDGSBASE, WRFSBASE, WRGSBASE -> new SegmentBase(i);
            case INVLPG -> new InvalidatePage(new Address(i, next), i.mode, i.segment);
            case CLFLUSH -> new FlushLine(new Address(i, next));
            default -> new Simple(i.op);
        };
    }

    private static final class In extends Step {
        private final int port;
        private final int bytes;

        In(Instruction i) {
            port = i.opcode < 0xe8 ? (int) i.immediate : -1;
            bytes = (i.opcode & 1) == 0 ? 1 : Math.min(i.operandBytes, 4);
        }

        @Override
        void run(Cpu cpu) {
            int number = port >= 0 ? port : (int) cpu.r[Cpu.RDX] & 0xffff;
            cpu.checkPort(number, bytes);
            long value = cpu.hooks.portIn(number, bytes);
            if (bytes == 1) {
                cpu.r[Cpu.RAX] = cpu.r[Cpu.RAX] & ~0xffL | value & 0xff;
            } else {
                MultiplySteps.put(cpu, Cpu.RAX, bytes, value);
            }
        }
    }

    private static final class Out extends Step {
        private final int port;
        private final int bytes;

        Out(Instruction i) {
            port = i.opcode < 0xe8 ? (int) i.immediate : -1;
            bytes = (i.opcode & 1) == 0 ? 1 : Math.min(i.operandBytes, 4);
        }

        @Override
        void run(Cpu cpu) {
            int number = port >= 0 ? port : (int) cpu.r[Cpu.RDX] & 0xffff;
            cpu.checkPort(number, bytes);
            cpu.hooks.portOut(number, bytes, (int) (cpu.r[Cpu.RAX] & Address.mask(4) >>> 32 - 8 * bytes));
        }
    }

    private static final class Random extends Step {
        private final Place target;

        Random(Place target) { this.target = target; }

        @Override
        void run(Cpu cpu) {
            target.store(cpu, 0, cpu.hooks.random());
            cpu.flags.set(Flags.CF);
        }
    }

    /** Moves between a register and the base of FS or GS; an operand-size prefix does not count. */
    private static final class SegmentBase extends Step {
        private final int segment;
        private final boolean writes;
        private final boolean wide;
        private final int register;

        SegmentBase(Instruction i) {
            segment = i.op == Op.RDFSBASE || i.op == Op.WRFSBASE ? Instruction.FS : Instruction.GS;
            writes = i.op == Op.WRFSBASE || i.op == Op.WRGSBASE;
            wide = i.operandBytes == 8;
            register = i.rm;
        }

        @Override
        void run(Cpu cpu) {
            if ((cpu.cr4 & Cpu.CR4_FSGSBASE) == 0) {
                throw cpu.fault(Vector.UD, 0);
            }
            if (writes) {
                long base = wide ? cpu.r[register] : cpu.r[register] & 0xffff_ffffL;
                cpu.msrs.write(cpu, segment == Instruction.FS ? Msrs.FS_BASE : Msrs.GS_BASE, base);
            } else {
                long base = cpu.segments[segment].base;
                cpu.r[register] = wide ? base : base & 0xffff_ffffL;
            }
        }
    }

    private static final class InvalidatePage extends Step {
        private final Address address;
        private final int segment;

        InvalidatePage(Address address, Mode mode, int segment) {
            this.address = address;
            this.segment = Cpu.baseIndex(mode, segment);
        }

        @Override
        void run(Cpu cpu) {
            cpu.requireLevel0();
            cpu.mmu.flushPage(cpu.wrap(cpu.bases[segment] + address.offset(cpu)));
        }
    }

    private static final class FlushLine extends Step {
        private final Address address;

        FlushLine(Address address) { this.address = address; }

        @Override
        void run(Cpu cpu) { cpu.mmu.load8(address.linear(cpu, 1, false)); }
    }

    private static final class Simple extends Step {
        private final Op op;

        Simple(Op op) { this.op = op; }

        @Override
        void run(Cpu cpu) {
            switch (op) {
                case CLI -> interruptFlag(cpu, false);
                case STI -> interruptFlag(cpu, true);
                case HLT -> halt(cpu);
                case RDTSC -> timeStamp(cpu);
                case RDTSCP -> {
                    timeStamp(cpu);
                    cpu.r[Cpu.RCX] = cpu.msrs.tscAux;
                }
                case CPUID -> identify(cpu);
                case RDMSR -> {
                    cpu.requireLevel0();
                    pair(cpu, cpu.msrs.read(cpu, (int) cpu.r[Cpu.RCX]));
                }
                case WRMSR -> {
                    cpu.requireLevel0();
                    cpu.msrs.write(cpu, (int) cpu.r[Cpu.RCX], cpu.r[Cpu.RDX] << 32 | cpu.r[Cpu.RAX] & 0xffff_ffffL);
                }
                case RDPMC -> pair(cpu, cpu.msrs.counter(cpu, (int) cpu.r[Cpu.RCX]));
                case SWAPGS -> swapGs(cpu);
                case CLTS -> {
                    cpu.requireLevel0();
                    cpu.cr0 &= ~Cpu.CR0_TS;
                }
                case INVD, WBINVD -> cpu.requireLevel0();
                case VMCALL, VMMCALL -> {
                    if (!cpu.hooks.hypercall(cpu)) {
                        throw cpu.fault(Vector.UD, 0);
                    }
                }
                default -> {}
            }
        }

        private static void interruptFlag(Cpu cpu, boolean set) {
            if (cpu.isProtected() && cpu.cpl > cpu.iopl()) {
                throw cpu.fault(Vector.GP, 0);
            }
            if (!set) {
                cpu.system &= ~Cpu.IF;
            } else if ((cpu.system & Cpu.IF) == 0) {
                cpu.system |= Cpu.IF;
                cpu.enabledAt = cpu.executed + cpu.ahead;
                if (cpu.hooks.hasInterrupt(cpu)) {
                    cpu.interruptShadow = true;
                    cpu.attend();
                }
            }
        }

        private static void halt(Cpu cpu) {
            cpu.requireLevel0();
            cpu.halted = true;
            cpu.attend();
        }

        private static void timeStamp(Cpu cpu) {
            if ((cpu.cr4 & Cpu.CR4_TSD) != 0 && cpu.cpl != 0 && cpu.isProtected()) {
                throw cpu.fault(Vector.GP, 0);
            }
            pair(cpu, cpu.msrs.timeStamp(cpu));
        }

        private static void pair(Cpu cpu, long value) {
            cpu.r[Cpu.RAX] = value & 0xffff_ffffL;
            cpu.r[Cpu.RDX] = value >>> 32;
        }

        private static void identify(Cpu cpu) {
            int[] registers = new int[4];
            cpu.hooks.cpuid(cpu, (int) cpu.r[Cpu.RAX], (int) cpu.r[Cpu.RCX], registers);
            cpu.r[Cpu.RAX] = registers[0] & 0xffff_ffffL;
            cpu.r[Cpu.RBX] = registers[1] & 0xffff_ffffL;
            cpu.r[Cpu.RCX] = registers[2] & 0xffff_ffffL;
            cpu.r[Cpu.RDX] = registers[3] & 0xffff_ffffL;
        }

        private static void swapGs(Cpu cpu) {
            cpu.requireLevel0();
            long base = cpu.segments[Instruction.GS].base;
            cpu.segments[Instruction.GS].base = cpu.msrs.kernelGsBase;
            cpu.bases[Instruction.GS] = cpu.msrs.kernelGsBase;
            cpu.msrs.kernelGsBase = base;
        }
    }
}
