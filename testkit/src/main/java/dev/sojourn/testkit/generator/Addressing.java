package dev.sojourn.testkit.generator;

/**
 * Encodes a memory operand so that it addresses the draft's target: picks a form, then solves for a register or the
 * displacement (volume 2, section 2.1.5).
 */
final class Addressing {
    private static final int SIB = 4;
    private static final int NO_BASE = 5;

    private final Draft d;
    private final long effective;

    private Addressing(Draft d) {
        this.d = d;
        effective = d.target - d.segmentBase();
    }

    static void encode(Draft d) {
        Addressing addressing = new Addressing(d);
        if (d.addressBytes() == 2) {
            addressing.sixteen();
        } else {
            addressing.choose();
        }
    }

    private void choose() {
        int form = d.chance.below(10);
        boolean near = effective == (int) effective || d.addressBytes() == 4 && effective >>> 32 == 0;
        if (form == 0 && near) {
            direct();
        } else if (form == 1 && near) {
            indexOnly();
        } else if (form <= 5) {
            base();
        } else {
            baseAndIndex();
        }
    }

    /** RIP-relative in 64-bit code, else a plain displacement. */
    private void direct() {
        if (d.bits32 || d.chance.oneIn(3)) {
            if (d.bits32) {
                modrm(0, NO_BASE);
            } else {
                modrm(0, SIB);
                d.code.put((byte) (d.chance.below(4) << 6 | SIB << 3 | NO_BASE));
            }
            d.code.putInt((int) effective);
            return;
        }
        modrm(0, NO_BASE);
        d.ripFieldAt = d.code.position();
        d.ripTarget = effective;
        d.code.putInt(0);
    }

    private void indexOnly() {
        int index = register(true, -1);
        int scale = d.chance.below(4);
        if (index < 0) {
            direct();
            return;
        }
        long value = Values.integer(d.chance) >> 34;
        if (d.isDecided(index)) {
            value = d.general[index];
            if (d.addressBytes() == 8 && (int) (effective - (value << scale)) != effective - (value << scale)) {
                direct();
                return;
            }
        } else {
            set(index, value);
        }
        d.rexExtra |= (index & 8) >> 2;
        modrm(0, SIB);
        d.code.put((byte) (scale << 6 | (index & 7) << 3 | NO_BASE));
        d.code.putInt((int) (effective - (value << scale)));
    }

    private void base() {
        int base = register(false, -1);
        if (base < 0) {
            direct();
            return;
        }
        int displacement = displacement(base);
        boolean sib = (base & 7) == SIB || d.chance.oneIn(8);
        int mod = mod(displacement, base);
        set(base, effective - displacement);
        d.rexExtra |= (base & 8) >> 3;
        modrm(mod, sib ? SIB : base & 7);
        if (sib) {
            d.code.put((byte) (d.chance.below(4) << 6 | SIB << 3 | base & 7));
        }
        put(mod, displacement);
    }

    private void baseAndIndex() {
        int base = register(false, -1);
        int index = register(true, base);
        if (base < 0 || index < 0) {
            base();
            return;
        }
        int scale = d.chance.below(4);
        long value = d.isDecided(index) ? d.general[index] : Values.integer(d.chance);
        int displacement = displacement(base);
        int mod = mod(displacement, base);
        set(index, value);
        set(base, effective - displacement - (value << scale));
        d.rexExtra |= (base & 8) >> 3 | (index & 8) >> 2;
        modrm(mod, SIB);
        d.code.put((byte) (scale << 6 | (index & 7) << 3 | base & 7));
        put(mod, displacement);
    }

    /** Nothing is mapped where these reach: only the address formed is of interest. */
    private void sixteen() {
        int mod = d.chance.below(3);
        int rm = d.chance.below(8);
        modrm(mod, rm);
        if (mod == 1) {
            d.code.put((byte) d.chance.bits());
        } else if (mod == 2 || rm == 6) {
            d.code.putShort((short) d.chance.bits());
        }
    }

    private int displacement(int base) {
        if ((base & 7) != NO_BASE && d.chance.oneIn(3)) {
            return 0;
        }
        return d.chance.oneIn(2) ? (byte) d.chance.bits() : (int) Values.integer(d.chance);
    }

    private int mod(int displacement, int base) {
        if (displacement == 0 && (base & 7) != NO_BASE) {
            return 0;
        }
        return displacement == (byte) displacement && !d.chance.oneIn(8) ? 1 : 2;
    }

    private void put(int mod, int displacement) {
        if (mod == 1) {
            d.code.put((byte) displacement);
        } else if (mod == 2) {
            d.code.putInt(displacement);
        }
    }

    private void modrm(int mod, int rm) { d.code.put((byte) (mod << 6 | (d.reg & 7) << 3 | rm)); }

    /** A register that may still be given a value, or as an index one that has one; -1 if chance finds none. */
    private int register(boolean index, int not) {
        for (int i = 0; i < 20; i++) {
            int register = d.chance.below(d.bits32 ? 8 : 16);
            if (register != not && !(index && register == Draft.RSP) && (index || !d.isDecided(register))) {
                return register;
            }
        }
        return -1;
    }

    /** With a 32-bit address size the upper half of a register is of no interest, and so is anything. */
    private void set(int register, long value) {
        if (d.isDecided(register)) {
            return;
        }
        long full = d.addressBytes() == 8 ? value : value & 0xffff_ffffL | (d.bits32 ? 0 : d.chance.bits() << 32);
        d.decide(register, full);
    }
}
