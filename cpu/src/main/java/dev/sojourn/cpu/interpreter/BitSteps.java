package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.operation.Bits;
import dev.sojourn.cpu.operation.vector.Crc32;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Op;

/** Bit tests and scans. */
final class BitSteps {
    private BitSteps() {}

    static Step bind(Instruction i, long next) {
        Place target = Place.of(i, i.form.operands.getFirst(), next);
        Place source = Place.of(i, i.form.operands.get(1), next);
        return switch (i.op) {
            case BT, BTS, BTR, BTC -> target instanceof Place.Memory m && !(source instanceof Place.Constant)
                    ? new BitString(i.op, m, source) : new Bit(i.op, target, source);
            case CRC32 -> new Crc(target, source);
            default -> new Scan(i.op, target, source);
        };
    }

    private static long change(Op op, long value, int bit) {
        return switch (op) {
            case BTS -> value | 1L << bit;
            case BTR -> value & ~(1L << bit);
            default -> value ^ 1L << bit;
        };
    }

    private static final class Bit extends Step {
        private final Op op;
        private final Place target;
        private final Place number;

        Bit(Op op, Place target, Place number) {
            this.op = op;
            this.target = target;
            this.number = number;
        }

        @Override
        void run(Cpu cpu) {
            int bit = (int) number.load(cpu, 0) & 8 * target.bytes - 1;
            if (op == Op.BT) {
                Bits.test(cpu.flags, target.load(cpu), bit);
                return;
            }
            long at = target.locateForUpdate(cpu);
            long value = target.load(cpu, at);
            target.store(cpu, at, change(op, value, bit));
            Bits.test(cpu.flags, value, bit);
        }
    }

    /** A bit number in a register reaches beyond the operand in memory. */
    private static final class BitString extends Step {
        private final Op op;
        private final Place.Memory target;
        private final Place number;

        BitString(Op op, Place.Memory target, Place number) {
            this.op = op;
            this.target = target;
            this.number = number;
        }

        @Override
        void run(Cpu cpu) {
            int shift = target.shift();
            long signed = number.load(cpu, 0) << shift >> shift;
            int bit = (int) signed & 8 * target.bytes - 1;
            long distance = (signed - bit) / 8;
            long at = target.address.linear(cpu, distance, target.bytes, op != Op.BT);
            if (op != Op.BT) {
                cpu.mmu.probeStore(at, target.bytes);
            }
            long value = target.load(cpu, at);
            if (op != Op.BT) {
                target.store(cpu, at, change(op, value, bit));
            }
            Bits.test(cpu.flags, value, bit);
        }
    }

    /** BSF, BSR, POPCNT. */
    private static final class Scan extends Step {
        private final Op op;
        private final Place target;
        private final Place source;

        Scan(Op op, Place target, Place source) {
            this.op = op;
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            long value = source.load(cpu);
            int shift = target.shift();
            if (op != Op.POPCNT && value << shift == 0) {
                // The destination stays as it is, its upper half included.
                cpu.flags.afterLogic(0);
                return;
            }
            target.store(cpu, 0, switch (op) {
                case BSF -> Bits.forward(cpu.flags, value);
                case BSR -> Bits.reverse(cpu.flags, shift, value);
                default -> Bits.popcnt(cpu.flags, shift, value);
            });
        }
    }

    private static final class Crc extends Step {
        private final Place target;
        private final Place source;

        Crc(Place target, Place source) {
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            long data = source.load(cpu);
            int crc = (int) target.load(cpu, 0);
            int result = switch (source.bytes) {
                case 1 -> Crc32.crc32(crc, (byte) data);
                case 2 -> Crc32.crc32(crc, (short) data);
                case 4 -> Crc32.crc32(crc, (int) data);
                default -> Crc32.crc32(crc, data);
            };
            target.store(cpu, 0, result & 0xffff_ffffL);
        }
    }
}
