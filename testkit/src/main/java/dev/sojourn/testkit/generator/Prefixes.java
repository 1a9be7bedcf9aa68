package dev.sojourn.testkit.generator;

import java.util.Arrays;

/** The prefixes of a case: which, and in which order (volume 2, section 2.1.1). */
final class Prefixes {
    private static final int LENGTH_MAX = 15;

    private Prefixes() {}

    static void choose(Draft d) {
        Chance chance = d.chance;
        Row row = d.row;
        boolean sized = row.operands().stream().anyMatch(o -> o.length() > 1 && "vzypn".indexOf(o.charAt(1)) >= 0
                || o.equals("rAX") || o.equals("v") || o.equals("Men") || o.equals("Mst") || o.equals("Mb2"));
        boolean implicit = row.operands().isEmpty() && row.prefix() == 0;
        boolean may66 = row.prefix() != Row.NO_PREFIX && row.prefix() != 0x66 && !row.is(Trait.NO66)
                && !(row.is(Trait.BRANCH) && !d.bits32);
        boolean vectorPrefix = row.prefix() > 0 && row.operand("VWPQ").length() > 0;
        d.prefix66 = may66 && !vectorPrefix && (sized || implicit ? chance.oneIn(4) : chance.oneIn(30));
        if (row.is(Trait.BRANCH) && d.bits32) {
            d.prefix66 = chance.oneIn(20);
        }
        d.wide = !d.bits32 && !row.is(Trait.ONLY32) && chance.percent(row.prefix() != 0 ? 30 : 40);
        d.prefix67 = chance.oneIn(d.bits32 ? 30 : 14);
        if (chance.oneIn(10)) {
            // In compatibility mode it depends on the kernel whether the null FS and GS can be used.
            d.segment = d.bits32 ? chance.pick(0x26, 0x2e, 0x36, 0x3e)
                    : chance.pick(0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65);
        }
        if (row.is(Trait.LOCK) ? chance.oneIn(6) : chance.oneIn(400)) {
            d.lock = 0xf0;
        }
        if (row.is(Trait.STRING)) {
            d.repeat = chance.pick(0, 0xf3, 0xf3, row.is(Trait.COMPARES) || chance.oneIn(8) ? 0xf2 : 0xf3);
        }
    }

    /** The whole instruction: prefixes in some order, the mandatory one, REX, and then the rest from the draft. */
    static byte[] put(Draft d) {
        Chance chance = d.chance;
        byte[] prefixes = new byte[24];
        int count = 0;
        int[] some = {d.prefix66 ? 0x66 : 0, d.prefix67 ? 0x67 : 0, d.segment, d.lock, d.repeat, d.row.prefix()};
        int rotate = chance.below(some.length);
        for (int i = 0; i < some.length; i++) {
            int prefix = some[(i + rotate) % some.length];
            if (prefix > 0) {
                prefixes[count++] = (byte) prefix;
            }
        }
        if (d.bits32) {
            return join(d, prefixes, count);
        }
        if (count > 0 && chance.oneIn(150)) {
            // A REX that does not stand last is ignored.
            System.arraycopy(prefixes, 0, prefixes, 1, count++);
            prefixes[0] = (byte) (0x40 | chance.below(16));
        }
        if (d.segment > 0x60 && chance.oneIn(150)) {
            while (count + d.instructionBytes < LENGTH_MAX + chance.below(2)) {
                prefixes[count++] = (byte) d.segment;
            }
        }
        int rex = (d.wide ? 8 : 0) | rexRegisters(d);
        if (rex != 0 || chance.oneIn(8)) {
            prefixes[count++] = (byte) (0x40 | rex);
        }
        return join(d, prefixes, count);
    }

    private static int rexRegisters(Draft d) {
        int rex = d.rexExtra;
        if (d.row.hasModrm() && d.row.extension() < 0) {
            rex |= (d.reg & 8) >> 1;
        }
        if (d.row.hasModrm() && d.mod == 3 || d.row.plusRegister()) {
            rex |= (d.rm & 8) >> 3;
        }
        return rex;
    }

    private static byte[] join(Draft d, byte[] prefixes, int count) {
        int tail = d.code.position();
        byte[] code = Arrays.copyOf(prefixes, count + tail);
        System.arraycopy(d.code.array(), 0, code, count, tail);
        d.instructionBytes += count;
        if (d.ripFieldAt >= 0) {
            d.ripFieldAt += count;
        }
        return code;
    }
}
