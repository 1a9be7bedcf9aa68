package dev.sojourn.boot.acpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.boot.bytes.LittleEndian;
import dev.sojourn.memory.GuestMemory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcpiTablesTest {
    @ParameterizedTest
    @CsvSource({"1, 0", "2, 4", "8, 8", "255, 8"})
    void everyTableIsReachedAndAddsUpToZero(int cpus, int slots) {
        byte[] all = AcpiTables.of(new AcpiConfig(cpus, slots)).bytes();
        assertTrue(all.length <= 0x2_0000);
        assertEquals("RSD PTR ", text(all, 0, 8));
        assertEquals(0, sum(all, 0, 20));
        assertEquals(0, sum(all, 0, 36));
        byte[] xsdt = tableAt(all, LittleEndian.u64(all, 24), "XSDT");
        assertEquals(36 + 16, xsdt.length);
        byte[] fadt = tableAt(all, LittleEndian.u64(xsdt, 36), "FACP");
        byte[] madt = tableAt(all, LittleEndian.u64(xsdt, 44), "APIC");
        byte[] dsdt = tableAt(all, LittleEndian.u64(fadt, 140), "DSDT");
        assertEquals(LittleEndian.u32(fadt, 40), LittleEndian.u64(fadt, 140));
        int facs = LittleEndian.u32(fadt, 36) - 0xe_0000;
        assertEquals(0, facs % 64);
        assertEquals("FACS", text(all, facs, 4));
        assertEquals(cpus, madtEntries(madt).stream().filter(entry -> entry.startsWith("0008")).count());
        assertEquals(2 * cpus + 4 + 3 + 3 + 3 * slots + 1, AmlReader.lines(dsdt, 36).size());
    }

    @Test
    void fadtNamesTheRegistersOfTheMachine() {
        byte[] all = AcpiTables.of(new AcpiConfig(1, 0)).bytes();
        byte[] xsdt = tableAt(all, LittleEndian.u64(all, 24), "XSDT");
        byte[] fadt = tableAt(all, LittleEndian.u64(xsdt, 36), "FACP");
        assertEquals(276, fadt.length);
        assertEquals(6, fadt[8]);
        assertEquals(9, LittleEndian.u16(fadt, 46));
        assertEquals(0, LittleEndian.u32(fadt, 48));
        assertEquals(0x600, LittleEndian.u32(fadt, 56));
        assertEquals(0x604, LittleEndian.u32(fadt, 64));
        assertEquals(0x608, LittleEndian.u32(fadt, 76));
        assertEquals(0x05, LittleEndian.u16(fadt, 109));
        assertEquals(0x531, LittleEndian.u32(fadt, 112));
        assertEquals("01080001f90c000000000000", HexFormat.of().formatHex(fadt, 116, 128));
        assertEquals(6, fadt[128]);
        assertEquals("012000020006000000000000", HexFormat.of().formatHex(fadt, 148, 160));
        assertEquals("011000020406000000000000", HexFormat.of().formatHex(fadt, 172, 184));
        assertEquals("012000030806000000000000", HexFormat.of().formatHex(fadt, 208, 220));
    }

    @Test
    void madtDescribesTheWiring() {
        byte[] all = AcpiTables.of(new AcpiConfig(2, 0)).bytes();
        byte[] madt = tableAt(all, LittleEndian.u64(tableAt(all, LittleEndian.u64(all, 24), "XSDT"), 44), "APIC");
        assertEquals(0xfee0_0000, LittleEndian.u32(madt, 36));
        assertEquals(1, LittleEndian.u32(madt, 40));
        assertEquals(
                List.of("0008000001000000", "0008010101000000", "010c00000000c0fe00000000", "020a0000020000000000",
                        "020a0009090000000d00", "0406ff000001"),
                madtEntries(madt));
    }

    @Test
    void dsdtListsTheDevices() {
        byte[] all = AcpiTables.of(new AcpiConfig(1, 2)).bytes();
        byte[] fadt = tableAt(all, LittleEndian.u64(tableAt(all, LittleEndian.u64(all, 24), "XSDT"), 36), "FACP");
        List<String> lines = AmlReader.lines(tableAt(all, LittleEndian.u64(fadt, 140), "DSDT"), 36);
        assertEquals(
                """
                \\_SB_.C000._HID = "ACPI0007"
                \\_SB_.C000._UID = 0
                \\_SB_.PCI0._HID = 0x30ad041
                \\_SB_.PCI0._UID = 0
                \\_SB_.PCI0._BBN = 0
                \\_SB_.PCI0._CRS = 880d00020c000000000000000000010047\
                01f80cf80c0108880d00010c0300000000f70c0000f80c880d00010c030000000dffff000000f387170000\
                0c0100000000000000c0ffffaffe000000000000b03e7900
                \\_SB_.COM1._HID = 0x105d041
                \\_SB_.COM1._UID = 0
                \\_SB_.COM1._CRS = 4701f803f8030108221000 7900
                \\_SB_.RTC_._HID = 0xbd041
                \\_SB_.RTC_._UID = 0
                \\_SB_.RTC_._CRS = 4701700070000102220001 7900
                \\_SB_.V000._HID = "LNRO0005"
                \\_SB_.V000._UID = 0
                \\_SB_.V000._CRS = 860900010000b0fe00100000 89060001 01 10000000 7900
                \\_SB_.V001._HID = "LNRO0005"
                \\_SB_.V001._UID = 1
                \\_SB_.V001._CRS = 860900010010b0fe00100000 89060001 01 11000000 7900
                \\_S5_ = [5, 0, 0, 0]
                """.replaceAll("(?<=[0-9a-f]) (?=[0-9a-f])", ""),
                String.join("\n", lines) + "\n");
    }

    /** What a guest of a released machine type has seen must never change. */
    @Test
    void bytesAreThoseOfTheGoldenFile() throws IOException {
        try (InputStream golden = AcpiTablesTest.class.getResourceAsStream("two-processors-four-slots.bin")) {
            assertArrayEquals(golden.readAllBytes(), AcpiTables.of(new AcpiConfig(2, 4)).bytes());
        }
    }

    @Test
    void tablesLieWhereTheGuestSearches() {
        try (GuestMemory memory = new GuestMemory(1 << 20)) {
            AcpiTables tables = AcpiTables.of(new AcpiConfig(1, 1));
            tables.writeTo(memory);
            byte[] written = new byte[tables.bytes().length];
            memory.read(tables.rsdp(), written, 0, written.length);
            assertArrayEquals(tables.bytes(), written);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "256, 0", "1, -1", "1, 9"})
    void configOutOfRangeIsRefused(int cpus, int slots) {
        assertThrows(IllegalArgumentException.class, () -> new AcpiConfig(cpus, slots));
    }

    @ParameterizedTest
    @CsvSource({"0, 6", "57, 63", "58, 65", "59, 66", "4088, 4095", "4089, 4097", "70000, 70008"})
    void packageLengthCountsItself(int content, int expected) {
        byte[] scope = Aml.scope("\\_SB_", new byte[content]);
        assertEquals(expected, scope.length - 1);
        assertEquals(expected, packageLength(scope));
    }

    private static int packageLength(byte[] term) {
        int more = term[1] >>> 6 & 3;
        int length = more == 0 ? term[1] : term[1] & 15;
        for (int i = 0; i < more; i++) {
            length |= (term[2 + i] & 0xff) << 4 + 8 * i;
        }
        return length;
    }

    private static byte[] tableAt(byte[] all, long address, String signature) {
        int at = (int) (address - 0xe_0000);
        assertEquals(0, at % 16);
        int length = LittleEndian.u32(all, at + 4);
        assertEquals(signature, text(all, at, 4));
        assertEquals(0, sum(all, at, length));
        return Arrays.copyOfRange(all, at, at + length);
    }

    private static List<String> madtEntries(byte[] madt) {
        List<String> entries = new ArrayList<>();
        int at = 44;
        while (at < madt.length) {
            entries.add(HexFormat.of().formatHex(madt, at, at + madt[at + 1]));
            at += madt[at + 1];
        }
        assertEquals(madt.length, at);
        return entries;
    }

    private static int sum(byte[] bytes, int from, int length) {
        byte sum = 0;
        for (int i = from; i < from + length; i++) {
            sum += bytes[i];
        }
        return sum;
    }

    private static String text(byte[] bytes, int at, int length) {
        return new String(bytes, at, length, StandardCharsets.US_ASCII);
    }
}
