package dev.sojourn.cpu;

import dev.sojourn.memory.GuestMemory;

/** DR0 to DR3, DR6, DR7 and what they trigger (SDM volume 3, 17.2). */
public final class DebugRegisters {
    public static final long DR6_RESET = 0xffff_0ff0L;
    public static final long DR7_RESET = 0x400;
    public static final long SINGLE_STEP = 1 << 14;
    /** DR6.BD: an access to a debug register was refused. */
    private static final long ACCESS_DETECTED = 1 << 13;
    /** DR7.GD: accesses to debug registers are refused. */
    private static final long GENERAL_DETECT = 1 << 13;
    private static final int EXECUTE = 0;
    private static final int WRITE = 1;
    private static final int PORT = 2;

    public final long[] address = new long[4];
    public long dr6 = DR6_RESET;
    private long dr7 = DR7_RESET;

    /** What triggered since the last instruction boundary: the low bits of DR6. */
    public long triggered;

    private boolean data;
    private boolean code;
    private boolean ports;

    public long dr7() { return dr7; }

    /** The caller drops translations: pages under a data breakpoint take the long way. */
    public void dr7(long value) {
        dr7 = value & 0xffff_27ffL | 0x400;
        data = false;
        code = false;
        ports = false;
        for (int i = 0; i < 4; i++) {
            if (isEnabled(i)) {
                code |= kind(i) == EXECUTE;
                ports |= kind(i) == PORT;
                data |= kind(i) != EXECUTE && kind(i) != PORT;
            }
        }
    }

    /** Whether any instruction breakpoint is set: instructions then run one by one. */
    public boolean stopsAtCode() { return code; }

    /** Whether any data breakpoint is set: instructions then run in the interpreter, which traps right behind them. */
    public boolean watchesData() { return data; }

    /** The instruction breakpoints at an address, as DR6 has them. */
    public long codeHits(long linear) {
        long hits = 0;
        for (int i = 0; i < 4; i++) {
            if (isEnabled(i) && kind(i) == EXECUTE && address[i] == linear) {
                hits |= 1L << i;
            }
        }
        return hits;
    }

    /** Whether a page has a data breakpoint. */
    boolean watches(long linear) {
        if (!data) {
            return false;
        }
        for (int i = 0; i < 4; i++) {
            if (isData(i) && (address[i] ^ linear) >>> GuestMemory.PAGE_SHIFT == 0) {
                return true;
            }
        }
        return false;
    }

    /** Notes a data access. @return whether it hit a breakpoint */
    boolean watch(long linear, int bytes, boolean store) {
        if (!data) {
            return false;
        }
        for (int i = 0; i < 4; i++) {
            long length = length(i);
            long start = address[i] & -length;
            if (isData(i) && (store || kind(i) != WRITE) && linear < start + length && start < linear + bytes) {
                triggered |= 1L << i;
            }
        }
        return (triggered & 15) != 0;
    }

    /** Notes the use of a port, as {@link #watch}; the caller has seen that CR4.DE is set. */
    boolean watchPort(int port, int bytes) {
        if (!ports) {
            return false;
        }
        for (int i = 0; i < 4; i++) {
            long start = address[i] & -length(i);
            if (isEnabled(i) && kind(i) == PORT && port < start + length(i) && start < port + bytes) {
                triggered |= 1L << i;
            }
        }
        return (triggered & 15) != 0;
    }

    /** Whether an access to a debug register is refused; DR6 then tells so (SDM volume 3, 17.2.4). */
    public boolean refusesAccess() {
        boolean refused = (dr7 & GENERAL_DETECT) != 0;
        if (refused) {
            dr6 |= ACCESS_DETECTED;
        }
        return refused;
    }

    /** The handler of #DB may use the registers. */
    void allowAccess() { dr7 &= ~GENERAL_DETECT; }

    private boolean isEnabled(int i) { return (dr7 >> 2 * i & 3) != 0; }

    private boolean isData(int i) { return isEnabled(i) && kind(i) != EXECUTE && kind(i) != PORT; }

    private int kind(int i) { return (int) (dr7 >> 16 + 4 * i) & 3; }

    private long length(int i) {
        return switch ((int) (dr7 >> 18 + 4 * i) & 3) {
            case 0 -> 1;
            case 1 -> 2;
            case 2 -> 8;
            default -> 4;
        };
    }
}
