package dev.sojourn.testkit.generator;

/** Bits of RFLAGS (volume 1, section 3.4.3). */
final class Flags {
    static final int CF = 1;
    static final int PF = 4;
    static final int AF = 0x10;
    static final int ZF = 0x40;
    static final int SF = 0x80;
    static final int TF = 0x100;
    static final int DF = 0x400;
    static final int OF = 0x800;
    static final int NT = 0x4000;
    static final int AC = 0x4_0000;
    static final int ID = 0x20_0000;
    static final int STATUS = CF | PF | AF | ZF | SF | OF;

    /** What is set in user mode whatever a program does: the reserved bit 1, and IF. */
    static final int ALWAYS = 0x202;

    private Flags() {}
}
