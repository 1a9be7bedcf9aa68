package dev.sojourn.boot.acpi;

import dev.sojourn.boot.bytes.LittleEndian;
import dev.sojourn.memory.GuestMemory;
import java.util.List;

/**
 * All tables of a machine, ready to be put at {@link #ADDRESS} (ACPI specification 6.5, chapter 5.2).
 *
 * <pre>
 * e0000  RSDP, 36 bytes
 * e0040  FACS, 64 bytes
 * e0080  XSDT, FADT, MADT, DSDT, each on 16 bytes
 * </pre>
 */
public final class AcpiTables {
    /** The guest searches from here to 0xfffff; a machine also tells it this address. */
    public static final long ADDRESS = 0xe_0000;

    /** What the search area holds. */
    static final int BYTES_MAX = 0x2_0000;

    private static final int FACS = 0x40;
    private static final int FACS_BYTES = 64;
    private static final int TABLES = 0x80;
    private static final int TABLE_ALIGNMENT = 16;

    private final byte[] bytes;

    private AcpiTables(byte[] bytes) { this.bytes = bytes; }

    public static AcpiTables of(AcpiConfig config) {
        byte[] dsdt = Dsdt.table(config);
        byte[] madt = Madt.table(config);
        int xsdtAt = TABLES;
        int fadtAt = align(xsdtAt + SystemTable.HEADER_BYTES + 2 * Long.BYTES);
        int madtAt = align(fadtAt + Fadt.BYTES);
        int dsdtAt = align(madtAt + madt.length);
        byte[] fadt = Fadt.table(address(FACS), address(dsdtAt));
        byte[] xsdt = xsdt(List.of(address(fadtAt), address(madtAt)));
        byte[] all = new byte[dsdtAt + dsdt.length];
        if (all.length > BYTES_MAX) {
            throw new AssertionError("ACPI tables have " + all.length + " bytes");
        }
        put(rsdp(address(xsdtAt)), all, 0);
        put(facs(), all, FACS);
        put(xsdt, all, xsdtAt);
        put(fadt, all, fadtAt);
        put(madt, all, madtAt);
        put(dsdt, all, dsdtAt);
        return new AcpiTables(all);
    }

    /** The guest-physical address of the root pointer. */
    public long rsdp() { return ADDRESS; }

    /** A copy of the tables as they lie from {@link #ADDRESS}. */
    public byte[] bytes() { return bytes.clone(); }

    public void writeTo(GuestMemory memory) { memory.write(ADDRESS, bytes); }

    /** Root System Description Pointer, revision 2 (5.2.5.3); there is no RSDT. */
    private static byte[] rsdp(long xsdt) {
        byte[] rsdp = new byte[36];
        SystemTable.text(rsdp, 0, "RSD PTR ");
        SystemTable.text(rsdp, 9, SystemTable.OEM_ID);
        rsdp[15] = 2;
        LittleEndian.put32(rsdp, 20, rsdp.length);
        LittleEndian.put64(rsdp, 24, xsdt);
        rsdp[8] = SystemTable.checksum(rsdp, 20);
        rsdp[32] = SystemTable.checksum(rsdp, rsdp.length);
        return rsdp;
    }

    /** Firmware ACPI Control Structure, version 2 (5.2.10); it has no checksum. */
    private static byte[] facs() {
        byte[] facs = new byte[FACS_BYTES];
        SystemTable.text(facs, 0, "FACS");
        LittleEndian.put32(facs, 4, facs.length);
        facs[32] = 2;
        return facs;
    }

    /** Extended System Description Table (5.2.8). */
    private static byte[] xsdt(List<Long> tables) {
        byte[] body = new byte[tables.size() * Long.BYTES];
        for (int i = 0; i < tables.size(); i++) {
            LittleEndian.put64(body, i * Long.BYTES, tables.get(i));
        }
        return SystemTable.of("XSDT", 1, body);
    }

    private static void put(byte[] table, byte[] all, int at) { System.arraycopy(table, 0, all, at, table.length); }

    private static long address(int offset) { return ADDRESS + offset; }

    private static int align(int offset) { return offset + TABLE_ALIGNMENT - 1 & -TABLE_ALIGNMENT; }
}
