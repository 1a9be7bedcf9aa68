package dev.sojourn.testkit.generator;

import dev.sojourn.testkit.oracle.Layout;
import dev.sojourn.testkit.oracle.ProcessorState;

/** What single instructions need beyond random operands, so that they do something worth comparing. */
final class Hooks {
    private static final int BRANCH_OPCODE_ROOM = 16;
    private static final int[] COUNTS = {0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 128, 255};

    private Hooks() {}

    /** Registers that decide where memory is, before the memory operand is encoded. */
    static void before(Draft d) {
        Chance chance = d.chance;
        for (Trait trait : d.row.traits()) {
            switch (trait) {
                case STRING -> string(d);
                case BIT_STRING -> bitString(d);
                case FRAME -> frame(d);
                case DIVIDE -> divide(d);
                case COUNT_CL -> {
                    int count = chance.oneIn(5) ? chance.below(256) : chance.pick(COUNTS);
                    d.decide(Draft.RCX, d.general[Draft.RCX] & ~0xffL | count);
                }
                case XLAT -> {
                    d.target = Targets.any(chance, 1, 1);
                    d.decide(Draft.RBX, d.target - d.segmentBase() - (d.general[Draft.RAX] & 0xff));
                }
                case MASK_STORE -> d.decide(Draft.RDI, Targets.plain(chance, 16) - d.segmentBase());
                case LENGTHS -> {
                    d.decide(Draft.RAX, chance.oneIn(8) ? Values.integer(chance) : chance.between(-18, 18));
                    d.decide(Draft.RDX, chance.oneIn(8) ? Values.integer(chance) : chance.between(-18, 18));
                }
                case LOADS_FX -> loadsFx(d);
                case SMALL_ARGUMENT -> {
                    if (!chance.oneIn(4)) {
                        int exponent = 0x3fff - 1 - chance.between(d.row.name().contains("f2xm1") ? 0 : 2, 30);
                        d.fxBuffer.putShort(ProcessorState.FX_STACK + 8, (short) (exponent | chance.below(2) << 15));
                    }
                }
                default -> { }
            }
        }
        if (d.row.name().contains("fxsave")) {
            d.target = imageTarget(d);
        }
        if (d.row.name().contains("loop") || d.row.name().contains("jcxz")) {
            d.decide(Draft.RCX, chance.pick(0, 1, 2, -1) | (chance.oneIn(4) ? chance.bits() << 32 : 0));
        }
        if (!d.isDecided(Draft.RSP)) {
            d.general[Draft.RSP] = StateMaker.stackPointer(chance);
        }
        if (d.row.is(Trait.RETURN)) {
            d.decide(Draft.RSP, d.general[Draft.RSP]);
        }
    }

    /** Contents of memory and registers, once it is known where the operand is. */
    static void after(Draft d) {
        if (d.isMemory() && d.targetBytes <= 16) {
            operandValue(d);
        }
        for (Trait trait : d.row.traits()) {
            switch (trait) {
                case ACCUMULATOR -> accumulator(d);
                case INDIRECT -> indirect(d);
                case RETURN -> returnFrame(d);
                case BOUNDS -> {
                    if (!d.chance.oneIn(4)) {
                        int bytes = d.operandBytes();
                        d.poke(d.target, d.general[d.reg] - d.chance.between(-1, 300), bytes);
                        d.poke(d.target + bytes, d.general[d.reg] + d.chance.between(-1, 300), bytes);
                    }
                }
                case LOADS_FX -> d.poke(d.target, StateMaker.image(d), 512);
                case LOADS_ENVIRONMENT -> d.poke(d.target, StateMaker.environment(d, d.targetBytes), d.targetBytes);
                case LOADS_MXCSR ->
                    d.poke(d.target, d.chance.oneIn(5) ? d.chance.bits() : StateMaker.mxcsr(d.chance), 4);
                case LOADS_CONTROL -> d.poke(d.target, StateMaker.control(d.chance), 2);
                default -> { }
            }
        }
    }

    private static void operandValue(Draft d) {
        byte[] value = new byte[16];
        char kind = StateMaker.kind(d.row.rm());
        switch (kind) {
            case 't' -> Values.extended(d.chance, value, 0);
            case 'b' -> Values.decimal(d.chance, value, 0);
            default -> Values.fill(d.chance, kind, value, 0, d.targetBytes);
        }
        if (!d.chance.oneIn(6)) {
            d.poke(d.target, value, d.targetBytes);
        }
    }

    private static void string(Draft d) {
        Chance chance = d.chance;
        long source = stringTarget(chance);
        long destination = chance.oneIn(5) ? source + chance.between(-16, 16) : stringTarget(chance);
        d.decide(Draft.RSI, source - d.segmentBase());
        d.decide(Draft.RDI, destination);
        d.rflags = d.rflags & ~Flags.DF | (chance.oneIn(2) ? Flags.DF : 0);
        d.decide(Draft.RCX, chance.oneIn(4) ? chance.below(2) : chance.below(16));
        if (d.prefix67 && !d.bits32) {
            for (int register : new int[] {Draft.RSI, Draft.RDI, Draft.RCX}) {
                d.general[register] = d.general[register] & 0xffff_ffffL | chance.bits() << 32;
            }
        }
        if (chance.oneIn(2)) {
            // Equal contents let comparisons run.
            long same = chance.pick(0, -1, d.general[Draft.RAX]);
            for (int i = 0; i < d.windows.length; i += 8) {
                for (int k = 0; k < 8; k++) {
                    d.windows[i + k] = chance.oneIn(50) ? (byte) chance.bits() : (byte) (same >> 8 * (k & 3));
                }
            }
        }
    }

    private static long stringTarget(Chance chance) {
        return switch (chance.below(10)) {
            case 0 -> Layout.LAST_END - 1 - chance.below(100);
            case 1 -> Layout.READ_ONLY - 1 - chance.below(100);
            case 2 -> Layout.LAST_END - 8L * chance.between(1, 12);
            case 3 -> Targets.any(chance, 8, 1);
            default -> Layout.SECOND + chance.between(-120, 112) & (chance.oneIn(2) ? -8 : -1);
        };
    }

    private static void bitString(Draft d) {
        if (!d.isMemory()) {
            return;
        }
        int bytes = d.operandBytes();
        int bit = d.chance.between(-900, 900);
        long value = switch (bytes) {
            case 2 -> bit & 0xffffL | d.chance.bits() << 16;
            case 4 -> bit & 0xffff_ffffL | d.chance.bits() << 32;
            default -> bit;
        };
        d.decide(d.reg, d.bits32 ? value & 0xffff_ffffL : value);
        d.target -= (long) Math.floorDiv(bit, bytes * 8) * bytes;
    }

    private static void frame(Draft d) {
        d.decide(Draft.RBP, StateMaker.stackPointer(d.chance));
        d.decide(Draft.RSP, StateMaker.stackPointer(d.chance));
    }

    private static void divide(Draft d) {
        long low = Values.integer(d.chance);
        int bytes = d.bytesOf(d.row.rm());
        long high = switch (d.chance.below(4)) {
            case 0 -> 0;
            case 1 -> low << 64 - 8 * bytes >> 63;
            case 2 -> d.chance.below(64);
            default -> Values.integer(d.chance);
        };
        if (bytes == 1) {
            d.decide(Draft.RAX, low & ~0xff00L | (high & 0xff) << 8);
        } else {
            d.decide(Draft.RAX, low);
            d.decide(Draft.RDX, high);
        }
    }

    private static void accumulator(Draft d) {
        if (d.chance.oneIn(2) || d.isDecided(Draft.RAX) || d.isDecided(Draft.RDX)) {
            return;
        }
        if (!d.isMemory()) {
            d.general[Draft.RAX] = d.general[d.rm];
        } else if (d.row.name().contains("8b")) {
            int half = d.wide ? 8 : 4;
            d.general[Draft.RAX] = d.peek(d.target, half);
            d.general[Draft.RDX] = d.peek(d.target + half, half);
        } else {
            d.general[Draft.RAX] = d.peek(d.target, 8);
        }
    }

    private static void indirect(Draft d) {
        long to = Targets.branch(d.chance, d.bits32);
        if (!d.isMemory()) {
            if (!d.row.is(Trait.STACK64) || d.rm != Draft.RSP) {
                d.general[d.rm] = to;
            }
            return;
        }
        int bytes = d.row.is(Trait.FAR) ? d.operandBytes() : d.targetBytes;
        d.poke(d.target, to, bytes);
        if (d.row.is(Trait.FAR)) {
            d.poke(d.target + bytes, codeSelector(d.chance), 2);
        }
    }

    private static void returnFrame(Draft d) {
        Chance chance = d.chance;
        int bytes = d.operandBytes();
        long at = d.general[Draft.RSP];
        d.poke(at, Targets.branch(chance, d.bits32), bytes);
        if (!d.row.is(Trait.FAR)) {
            return;
        }
        d.poke(at + bytes, codeSelector(chance), bytes);
        if (d.row.name().contains("iret")) {
            long flags = chance.bits() & (Flags.STATUS | Flags.DF | Flags.ID) | (chance.oneIn(4) ? chance.bits() : 0);
            // Never AC: with a stack that is not aligned Linux takes the exception for a split lock and tries again for
            // ever.
            d.poke(at + 2L * bytes, flags & ~(Flags.AC | (chance.oneIn(8) ? 0 : Flags.TF)), bytes);
            d.poke(at + 3L * bytes, StateMaker.stackPointer(chance), bytes);
            d.poke(at + 4L * bytes, chance.oneIn(8) ? chance.pick(0, 0x28, 0x33) : Layout.DATA_SELECTOR, bytes);
        }
    }

    private static int codeSelector(Chance chance) {
        return chance.oneIn(6) ? chance.pick(0, 3, 0x2b, 0x28, 0x30, 0x20)
                : chance.pick(Layout.CODE64_SELECTOR, Layout.CODE32_SELECTOR);
    }

    private static void loadsFx(Draft d) { d.target = imageTarget(d); }

    private static long imageTarget(Draft d) {
        return switch (d.chance.below(10)) {
            case 0 -> Layout.BOUNDARY_WINDOW + 8;
            case 1 -> Layout.LAST_END - 256;
            case 2 -> Layout.READ_ONLY;
            default -> Layout.BOUNDARY_WINDOW;
        };
    }

    /** A distance that does not lead back into the instruction. */
    static int shortBranch(Draft d) {
        int distance = d.chance.between(-128, 127 - BRANCH_OPCODE_ROOM);
        return distance >= -BRANCH_OPCODE_ROOM && distance < 0 ? distance + BRANCH_OPCODE_ROOM : distance;
    }

    static void nearBranch(Draft d) {
        int distance = d.chance.oneIn(8) ? (int) Values.integer(d.chance) : d.chance.between(-0x300, 0x300);
        if (distance >= -BRANCH_OPCODE_ROOM && distance < 0) {
            distance += BRANCH_OPCODE_ROOM;
        }
        if (d.operandBytes() == 2) {
            d.code.putShort((short) distance);
        } else {
            d.code.putInt(distance);
        }
    }

    static void farPointer(Draft d) {
        long to = Targets.branch(d.chance, true);
        if (d.operandBytes() == 2) {
            d.code.putShort((short) to);
        } else {
            d.code.putInt((int) to);
        }
        d.code.putShort((short) codeSelector(d.chance));
    }

    /** Fills in a displacement relative to RIP, once the instruction has its place. */
    static void fixRip(Draft d, byte[] code, long rip) {
        if (d.ripFieldAt < 0) {
            return;
        }
        int displacement = (int) (d.ripTarget - (rip + d.instructionBytes));
        for (int i = 0; i < 4; i++) {
            code[d.ripFieldAt + i] = (byte) (displacement >> 8 * i);
        }
    }
}
