package dev.sojourn.boot.acpi;

import dev.sojourn.boot.bytes.LittleEndian;
import java.nio.charset.StandardCharsets;

/**
 * The header that ACPI tables share (ACPI specification 6.5, 5.2.6).
 *
 * <pre>
 * 00  4 signature   u32 length   u8 revision   u8 checksum
 * 0a  6 OEM id   8 OEM table id   u32 OEM revision   4 creator   u32 creator revision
 * </pre>
 */
final class SystemTable {
    static final int HEADER_BYTES = 36;
    static final String OEM_ID = "SOJRN ";

    private static final String OEM_TABLE_ID = "SOJOURN ";
    private static final String CREATOR = "SJRN";
    private static final int REVISION = 1;

    private SystemTable() {}

    static byte[] of(String signature, int revision, byte[] body) {
        byte[] table = new byte[HEADER_BYTES + body.length];
        text(table, 0, signature);
        LittleEndian.put32(table, 4, table.length);
        table[8] = (byte) revision;
        text(table, 10, OEM_ID);
        text(table, 16, OEM_TABLE_ID);
        LittleEndian.put32(table, 24, REVISION);
        text(table, 28, CREATOR);
        LittleEndian.put32(table, 32, REVISION);
        System.arraycopy(body, 0, table, HEADER_BYTES, body.length);
        table[9] = checksum(table, table.length);
        return table;
    }

    /** The value that makes the bytes add up to zero, taken while its own byte is zero. */
    static byte checksum(byte[] bytes, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += bytes[i];
        }
        return (byte) -sum;
    }

    static void text(byte[] bytes, int at, String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, bytes, at, ascii.length);
    }
}
