package dev.sojourn.cpu.operation;

/** Decimal adjustment of AL and AX (SDM volume 1, 7.3.3). Each takes and returns AX. */
public final class Decimal {
    private Decimal() {}

    public static int daa(Flags flags, int ax) { return adjust(flags, ax, 1); }

    public static int das(Flags flags, int ax) { return adjust(flags, ax, -1); }

    private static int adjust(Flags flags, int ax, int sign) {
        int old = ax & 0xff;
        int al = old;
        boolean carry = flags.carry();
        boolean newCarry = false;
        boolean adjust = (old & 15) > 9 || flags.adjust();
        if (adjust) {
            al += 6 * sign;
            newCarry = carry || al < 0 || al > 0xff;
        }
        if (old > 0x99 || carry) {
            al += 0x60 * sign;
            newCarry = true;
        } else if (sign > 0) {
            newCarry = false;
        }
        flags.set(logic(al) | (newCarry ? Flags.CF : 0) | (adjust ? Flags.AF : 0));
        return ax & 0xff00 | al & 0xff;
    }

    public static int aaa(Flags flags, int ax) { return ascii(flags, ax, 0x106); }

    public static int aas(Flags flags, int ax) { return ascii(flags, ax, -0x106); }

    private static int ascii(Flags flags, int ax, int by) {
        boolean adjust = (ax & 15) > 9 || flags.adjust();
        int result = adjust ? ax + by & 0xffff : ax;
        flags.set(logic(result) & ~Flags.OF | (adjust ? Flags.CF | Flags.AF : 0));
        return result & 0xff0f;
    }

    /** The base is not zero; zero is #DE. */
    public static int aam(Flags flags, int ax, int base) {
        int al = ax & 0xff;
        int low = al % base;
        flags.set(logic(low));
        return al / base << 8 | low;
    }

    public static int aad(Flags flags, int ax, int base) {
        int al = (ax & 0xff) + (ax >> 8 & 0xff) * base & 0xff;
        flags.set(logic(al));
        return al;
    }

    private static int logic(int al) {
        return ((al & 0xff) == 0 ? Flags.ZF : 0) | ((al & 0x80) != 0 ? Flags.SF : 0)
                | ((Integer.bitCount(al & 0xff) & 1) == 0 ? Flags.PF : 0);
    }
}
