package dev.sojourn.testkit.generator;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import dev.sojourn.assembler.Memory;
import dev.sojourn.testkit.oracle.Layout;

/**
 * Makes random programs: blocks that loop, branch, call, fault and change one another.
 *
 * <p>A block begins by saying where a fault in it leads: to the next one. Backward branches count down a counter in memory, so
 * that loops end and begin again whatever happens to registers. A program follows from its seed alone.
 */
public final class ProgramGenerator {
    private static final int BLOCKS_MAX = 14;

    private final Generator instructions = new Generator(0);

    /** Nothing to set up. */
    public ProgramGenerator() {}

    public Program of(long seed) {
        Chance chance = new Chance(seed);
        boolean bits32 = chance.oneIn(8);
        boolean ports = chance.oneIn(2);
        Shape shape = new Shape(chance, bits32, ports);
        byte[] code = shape.code();
        long[] general = new long[16];
        for (int i = 0; i < 16; i++) {
            general[i] = bits32 ? Values.integer(chance) & 0xffff_ffffL : Values.integer(chance);
        }
        general[4] = Program.STACK_TOP;
        return new Program(seed, bits32, code, general, ports, chance.bits());
    }

    /** One program in the making. */
    private final class Shape {
        private final Chance chance;
        private final boolean bits32;
        private final Assembler a = new Assembler(Layout.CODE);
        private final ProgramBody body;
        private final int blocks;

        Shape(Chance chance, boolean bits32, boolean ports) {
            this.chance = chance;
            this.bits32 = bits32;
            blocks = chance.between(3, BLOCKS_MAX);
            a.bits(bits32 ? 32 : 64);
            body = new ProgramBody(a, chance, bits32, ports, instructions);
        }

        byte[] code() {
            for (int i = 0; i < Program.TARGET_COUNT; i++) {
                body.storeAddress(Program.TARGETS + 8 * i, block(chance.below(blocks)));
            }
            for (int i = 0; i < blocks; i++) {
                a.label(block(i));
                body.storeAddress(Program.RECOVERY, block((i + 1) % blocks));
                int length = chance.oneIn(12) ? chance.between(40, 90) : chance.between(0, 9);
                for (int n = 0; n < length && a.here() - Layout.CODE < Program.CODE_BYTES - 0x800; n++) {
                    body.instruction();
                }
                end(i);
            }
            a.jmp(block(0));
            byte[] code = a.assemble();
            if (code.length > Program.CODE_BYTES) {
                throw new AssertionError("A program of " + code.length + " bytes");
            }
            return code;
        }

        private void end(int block) {
            Condition condition = Condition.values()[chance.below(16)];
            String ahead = block(chance.between(Math.min(block + 1, blocks - 1), blocks - 1));
            switch (chance.below(12)) {
                case 0, 1, 2, 3 -> loop(block(chance.between(Math.max(0, block - 3), block)));
                case 4, 5 -> a.jcc(condition, ahead);
                case 6 -> a.jmp(ahead);
                case 7 -> a.call(ahead);
                case 8 -> a.ret();
                case 9 -> indirect(chance.oneIn(2));
                case 10 -> {
                    // The target must be near: over one instruction.
                    String over = "over" + block;
                    if (chance.oneIn(2)) {
                        a.loop(over);
                    } else {
                        a.jcxz(over);
                    }
                    body.instruction();
                    a.label(over);
                }
                default -> {}
            }
        }

        private void loop(String to) {
            long counter = Program.COUNTERS + 8 * body.loops++;
            String out = "out" + body.loops;
            Memory cell = Memory.absolute((int) counter).bytes(4);
            a.dec(cell);
            if (chance.oneIn(2)) {
                a.jcc(Condition.NS, to);
            } else {
                a.jcc(Condition.S, out);
                a.jmp(to);
                a.label(out);
            }
            a.mov(cell, chance.between(3, 40));
        }

        private void indirect(boolean call) {
            Memory target = Memory.absolute((int) Program.TARGETS + 8 * chance.below(Program.TARGET_COUNT)).bytes(bits32 ? 4 : 8);
            if (call) {
                a.call(target);
            } else {
                a.jmp(target);
            }
        }

        private static String block(int number) { return "block" + number; }
    }
}
