package dev.sojourn.translator;

/** Where a region's method keeps what: its local variables. */
final class Slots {
    static final int CPU = 1;
    static final int MMU = 2;
    /** The translation buffer of the privilege level the region runs at. */
    static final int TLB = 3;
    /** The processor's general registers. */
    static final int REGISTERS = 4;
    static final int BUDGET = 5;
    /** The number of the instruction under way, where it may fault. */
    static final int INDEX = 7;
    /** The flags as {@link dev.sojourn.cpu.operation.Flags#take} takes them. */
    static final int ORIGIN = 8;
    static final int FIRST = 9;
    static final int SECOND = 11;
    static final int RESULT = 13;
    static final int RIP = 15;
    static final int ADDRESS = 17;
    static final int VALUE = 19;
    static final int OTHER = 21;
    static final int COUNT = 23;
    static final int LEAVES = 24;
    static final int FAULT = 25;
    static final int MXCSR = 26;
    static final int XMM_REGISTERS = 27;
    /** What vector code keeps for a moment. */
    static final int KEPT = 28;
    /** What an origin adds: a rotated value or a CF. */
    static final int LATER = 30;
    /** The processor's flags. */
    static final int FLAGS = 32;
    private static final int FIRST_REGISTER = 33;
    private static final int FIRST_XMM = FIRST_REGISTER + 32;

    private Slots() {}

    static int register(int number) { return FIRST_REGISTER + 2 * number; }

    /** By the index in {@link dev.sojourn.cpu.Cpu#xmm}. */
    static int xmm(int index) { return FIRST_XMM + 2 * index; }
}
