package dev.sojourn.boot.acpi;

import dev.sojourn.boot.bytes.LittleEndian;

/**
 * The Fixed ACPI Description Table, revision 6: where the power management registers are and what the machine lacks
 * (ACPI specification 6.5, 5.2.9).
 *
 * <p>There is no SMI command port, so the machine is always in ACPI mode; no 8042 keyboard controller and no VGA.
 */
final class Fadt {
    static final int BYTES = 276;

    private static final int REVISION = 6;

    private static final int SCI_INTERRUPT = 9;
    private static final int PM1A_EVENT = 0x600;
    private static final int PM1A_EVENT_BYTES = 4;
    private static final int PM1A_CONTROL = 0x604;
    private static final int PM1A_CONTROL_BYTES = 2;
    private static final int PM_TIMER = 0x608;
    private static final int PM_TIMER_BYTES = 4;
    private static final int RESET_PORT = 0xcf9;
    private static final int RESET_VALUE = 6;

    /** The RTC register that holds the century. */
    private static final int CENTURY = 0x32;

    /** Latencies over 100 and 1000 mean that C2 and C3 are not there. */
    private static final int NO_C2 = 101;
    private static final int NO_C3 = 1001;

    /** Boot architecture flags (table 5.11): devices on the ISA bus, the UART among them; do not look for VGA. */
    private static final int LEGACY_DEVICES = 1;
    private static final int NO_VGA = 1 << 2;

    /** Fixed feature flags (table 5.10). */
    private static final int WBINVD = 1;
    private static final int NO_FIXED_POWER_BUTTON = 1 << 4;
    private static final int NO_FIXED_SLEEP_BUTTON = 1 << 5;
    private static final int PM_TIMER_32_BITS = 1 << 8;
    private static final int RESET_REGISTER = 1 << 10;

    /** Access sizes of a register (table 5.1). */
    private static final int BY_BYTE = 1;
    private static final int BY_WORD = 2;
    private static final int BY_DWORD = 3;

    private static final int IO_SPACE = 1;

    private Fadt() {}

    static byte[] table(long facs, long dsdt) {
        byte[] body = new byte[BYTES - SystemTable.HEADER_BYTES];
        put32(body, 36, (int) facs);
        put32(body, 40, (int) dsdt);
        put16(body, 46, SCI_INTERRUPT);
        put32(body, 56, PM1A_EVENT);
        put32(body, 64, PM1A_CONTROL);
        put32(body, 76, PM_TIMER);
        put8(body, 88, PM1A_EVENT_BYTES);
        put8(body, 89, PM1A_CONTROL_BYTES);
        put8(body, 91, PM_TIMER_BYTES);
        put16(body, 96, NO_C2);
        put16(body, 98, NO_C3);
        put8(body, 108, CENTURY);
        put16(body, 109, LEGACY_DEVICES | NO_VGA);
        put32(body, 112,
                WBINVD | NO_FIXED_POWER_BUTTON | NO_FIXED_SLEEP_BUTTON | PM_TIMER_32_BITS | RESET_REGISTER);
        putPort(body, 116, RESET_PORT, 1, BY_BYTE);
        put8(body, 128, RESET_VALUE);
        LittleEndian.put64(body, 140 - SystemTable.HEADER_BYTES, dsdt);
        putPort(body, 148, PM1A_EVENT, PM1A_EVENT_BYTES, BY_WORD);
        putPort(body, 172, PM1A_CONTROL, PM1A_CONTROL_BYTES, BY_WORD);
        putPort(body, 208, PM_TIMER, PM_TIMER_BYTES, BY_DWORD);
        return SystemTable.of("FACP", REVISION, body);
    }

    /** A Generic Address Structure (5.2.3.2): space, width in bits, bit offset, access size, address. */
    private static void putPort(byte[] body, int offset, int port, int bytes, int access) {
        put8(body, offset, IO_SPACE);
        put8(body, offset + 1, bytes * 8);
        put8(body, offset + 3, access);
        put32(body, offset + 4, port);
    }

    // Offsets are those of the specification, which counts from the start of the table.

    private static void put8(byte[] body, int offset, int value) {
        body[offset - SystemTable.HEADER_BYTES] = (byte) value;
    }

    private static void put16(byte[] body, int offset, int value) {
        LittleEndian.put16(body, offset - SystemTable.HEADER_BYTES, value);
    }

    private static void put32(byte[] body, int offset, int value) {
        LittleEndian.put32(body, offset - SystemTable.HEADER_BYTES, value);
    }
}
