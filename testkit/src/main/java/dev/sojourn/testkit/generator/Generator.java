package dev.sojourn.testkit.generator;

import dev.sojourn.testkit.oracle.Case;
import dev.sojourn.testkit.oracle.Layout;
import dev.sojourn.testkit.oracle.ProcessorState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes random cases.
 *
 * <p>A case follows from its own seed and the list of rows alone, so that a failing one can be made again.
 */
public final class Generator {
    /** The row's number is the upper part of a case's seed. */
    private static final int ROW_SHIFT = 48;
    private static final int FWAIT = 0x9b;

    private final List<Row> rows = Rows.all();
    private final long seed;
    private long made;

    /** @param seed where the sequence of {@link #next} starts */
    public Generator(long seed) { this.seed = seed; }

    /** The next of an endless sequence; all rows have their turn before one has its second. */
    public Case next() { return of(made % rows.size(), Chance.mix(seed + made++)); }

    /** A case of any row. */
    Case of(Chance chance) { return of(chance.below(rows.size()), chance.bits()); }

    public List<Case> next(int count) {
        List<Case> cases = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            cases.add(next());
        }
        return cases;
    }

    /** What the rows are called, in the order in which they have their turns. */
    public List<String> names() { return rows.stream().map(Row::name).toList(); }

    /**
     * The case of a seed as {@link Case#seed} gives it.
     *
     * @throws IllegalArgumentException if there is no such row
     */
    public Case of(long caseSeed) {
        int row = (int) (caseSeed >>> ROW_SHIFT);
        if (row >= rows.size()) {
            throw new IllegalArgumentException("No row %d for seed 0x%x".formatted(row, caseSeed));
        }
        return make(rows.get(row), caseSeed);
    }

    private Case of(long row, long random) { return of(row << ROW_SHIFT | random >>> 64 - ROW_SHIFT); }

    private static Case make(Row row, long caseSeed) {
        Chance chance = new Chance(caseSeed);
        boolean bits32 = row.is(Trait.ONLY32) || !row.is(Trait.ONLY64) && chance.oneIn(4);
        Draft d = new Draft(chance, row, bits32);
        StateMaker.make(d);
        Prefixes.choose(d);
        registers(d);
        Hooks.before(d);
        encodeTail(d);
        byte[] code = Prefixes.put(d);
        Hooks.after(d);
        return place(d, code, caseSeed);
    }

    private static void registers(Draft d) {
        Row row = d.row;
        int registers = d.bits32 ? 8 : 16;
        d.reg = row.extension() >= 0 ? row.extension() : d.chance.below(registers);
        d.rm = d.chance.below(registers);
        String rm = row.rm();
        boolean never = rm.isEmpty() || "NUR".indexOf(rm.charAt(0)) >= 0;
        boolean always = rm.startsWith("M");
        d.mod = never || !always && d.chance.percent(50) ? 3 : 0;
        if (d.isMemory()) {
            d.targetBytes = d.bytesOf(rm);
            d.target = target(d, rm);
        }
    }

    private static long target(Draft d, String rm) {
        int alignment = Math.min(Integer.highestOneBit(d.targetBytes), 16);
        boolean vector = "WM".indexOf(rm.charAt(0)) >= 0 && d.targetBytes == 16 && !d.row.is(Trait.UNALIGNED);
        if (d.row.is(Trait.LOCK) && (d.lock != 0 || d.row.name().contains("xchg"))) {
            return Targets.any(d.chance, d.targetBytes, alignment) & -alignment;
        }
        long target = Targets.any(d.chance, d.targetBytes, vector || d.chance.oneIn(2) ? alignment : 1);
        return d.bits32 ? target & 0xffff_ffffL : target;
    }

    /** Opcode, ModRM and immediates into the draft's buffer; the prefixes come in front later. */
    private static void encodeTail(Draft d) {
        Row row = d.row;
        byte[] opcode = row.opcode().clone();
        if (row.plusRegister()) {
            opcode[opcode.length - 1] += (byte) (d.rm & 7);
        }
        d.code.put(opcode);
        if (row.hasModrm()) {
            if (d.isMemory()) {
                Addressing.encode(d);
            } else {
                d.code.put((byte) (0xc0 | (d.reg & 7) << 3 | d.rm & 7));
            }
        }
        for (String operand : row.operands()) {
            immediate(d, operand);
        }
        d.instructionBytes = d.code.position();
        if (row.isFloat() && d.chance.oneIn(3)) {
            // Only a waiting instruction delivers what an x87 instruction left pending.
            d.code.put((byte) FWAIT);
        } else if (row.definesFlags() && d.chance.oneIn(5)) {
            useFlags(d);
        }
    }

    /** SETcc BL or ADC EBX, EBX: flags must be there for the next instruction, not only at the end. */
    private static void useFlags(Draft d) {
        if (d.chance.oneIn(4)) {
            d.code.put((byte) 0x11).put((byte) 0xdb);
        } else {
            d.code.put((byte) 0x0f).put((byte) (0x90 | d.chance.below(16))).put((byte) 0xc3);
        }
    }

    private static void immediate(Draft d, String operand) {
        Chance chance = d.chance;
        switch (operand) {
            case "Ib" -> putImmediate(d, chance.oneIn(2) ? chance.below(70) : (int) Values.integer(chance), 1);
            case "Ic" -> putImmediate(d, chance.below(8), 1);
            case "Ir" -> putImmediate(d, chance.below(16), 1);
            case "Is" -> putImmediate(d, chance.below(128), 1);
            case "Iv3" -> putImmediate(d, interrupt(chance), 1);
            case "Iw" -> putImmediate(d, chance.oneIn(2) ? chance.below(64) : (int) Values.integer(chance), 2);
            case "Iz" -> putImmediate(d, (int) Values.integer(chance), Math.min(d.operandBytes(), 4));
            case "Iv" -> {
                long value = Values.integer(chance);
                for (int i = 0; i < d.operandBytes(); i++) {
                    d.code.put((byte) (value >> 8 * i));
                }
            }
            case "Jb" -> putImmediate(d, Hooks.shortBranch(d), 1);
            case "Jz" -> Hooks.nearBranch(d);
            case "Ap" -> Hooks.farPointer(d);
            case "Ob", "Ov" -> {
                d.target = Targets.any(chance, 8, 1);
                long offset = d.target - d.segmentBase();
                for (int i = 0; i < d.addressBytes(); i++) {
                    d.code.put((byte) (offset >> 8 * i));
                }
            }
            default -> { }
        }
    }

    private static void putImmediate(Draft d, int value, int bytes) {
        d.immediate = value;
        for (int i = 0; i < bytes; i++) {
            d.code.put((byte) (value >> 8 * i));
        }
    }

    /** Not those that are system calls; 3 and 4 are the only others a user program may raise. */
    private static int interrupt(Chance chance) {
        int vector = chance.oneIn(4) ? chance.pick(3, 4) : chance.below(256);
        return vector == 0x80 ? 13 : vector;
    }

    /** Puts the code somewhere in its two pages; now and then across their boundary, or over their end. */
    private static Case place(Draft d, byte[] code, long caseSeed) {
        int end = Layout.CODE_BYTES;
        // How many bytes of something invalid are fetched before it is found to be so is the processor's own business.
        int at = switch (d.row.isInvalid() ? -1 : d.chance.below(24)) {
            case 0 -> Layout.PAGE_BYTES - d.chance.below(code.length);
            case 1 -> end - code.length;
            case 2 -> end - 1 - d.chance.below(code.length);
            default -> 0x400 + d.chance.below(0x600);
        };
        long rip = Layout.CODE + at;
        Hooks.fixRip(d, code, rip);
        byte[] kept = at + code.length > end ? Arrays.copyOf(code, end - at) : code;
        if (d.bits32) {
            for (int i = 0; i < d.general.length; i++) {
                d.general[i] &= 0xffff_ffffL;
            }
        }
        ProcessorState before = new ProcessorState(rip, d.rflags, d.general, d.fx, d.windows);
        return new Case(d.row.name(), caseSeed, kept, d.bits32, before, Undefined.of(d));
    }
}
