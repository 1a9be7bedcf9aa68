package dev.sojourn.cpu.operation.x87;

/** The constants FLD1 to FLDZ: held chopped, and rounded as the control word says (SDM volume 1, section 8.3.4). */
final class X87Constants {
    private X87Constants() {}

    /** @param i the number of the constant in the ModRM byte: 1, log2 10, log2 e, pi, log10 2, ln 2, 0 */
    static void load(X87 fpu, int i) {
        if (!fpu.emptyRegister(fpu.top - 1 & 7)) {
            if (fpu.overflowGoesOn()) {
                fpu.pushIndefinite();
            }
            return;
        }
        fpu.flags &= ~X87.C1;
        int mode = Float80Rounding.mode(fpu.control);
        int up = mode == Float80Rounding.UP ? 1 : 0;
        int nearest = mode == Float80Rounding.NEAREST ? 1 : up;
        switch (i) {
            case 0 -> fpu.push(Float80.INTEGER_BIT, 0x3fff);
            case 1 -> fpu.push(0xd49a_784b_cd1b_8afeL + up, 0x4000);
            case 2 -> fpu.push(0xb8aa_3b29_5c17_f0bbL + nearest, 0x3fff);
            case 3 -> fpu.push(0xc90f_daa2_2168_c234L + nearest, 0x4000);
            case 4 -> fpu.push(0x9a20_9a84_fbcf_f798L + nearest, 0x3ffd);
            case 5 -> fpu.push(0xb172_17f7_d1cf_79abL + nearest, 0x3ffe);
            default -> fpu.push(0, 0);
        }
    }
}
