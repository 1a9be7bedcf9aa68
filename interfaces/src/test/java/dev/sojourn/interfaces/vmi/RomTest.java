package dev.sojourn.interfaces.vmi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The images of the blobs: what firmware and kernels look at, and all their bytes, which are frozen with the machine type. */
class RomTest {
    private static final Path KEPT = Path.of("../docs/vmi-rom.md");

    private static ByteBuffer image(Blob blob) {
        return ByteBuffer.wrap(new Rom(blob, RomDefect.NO).image()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String text(ByteBuffer image, int at) {
        StringBuilder text = new StringBuilder();
        for (int i = at; image.get(i) != 0; i++) {
            text.append((char) image.get(i));
        }
        return text.toString();
    }

    @ParameterizedTest
    @EnumSource(Blob.class)
    void headerIsWhatLinuxChecks(Blob blob) {
        ByteBuffer rom = image(blob);
        assertEquals(0xaa55, rom.getShort(0) & 0xffff);
        assertEquals(0x696d5663, rom.getInt(8));
        assertEquals(3, rom.get(0x0d));
        assertEquals(0, rom.get(0x0c));
        assertEquals(0, rom.getInt(0x10));
        assertEquals("GPL", text(rom, rom.getShort(0x16)));
        int pci = rom.getShort(0x18);
        assertEquals("PCIR", text(rom, pci).substring(0, 4));
        assertEquals(0x0801_15ad, rom.getInt(pci + 4));
        assertEquals(0x0100, rom.getShort(pci + 18));
        int pnp = rom.getShort(0x1a);
        assertEquals(0x506e5024, rom.getInt(pnp));
        assertEquals("Sojourn", text(rom, rom.getShort(pnp + 14)));
        assertEquals("VMI, " + blob.id() + " blob", text(rom, rom.getShort(pnp + 16)));
    }

    @ParameterizedTest
    @EnumSource(Blob.class)
    void sumOfAllBytesIsZeroAndTheLengthIsTold(Blob blob) {
        ByteBuffer rom = image(blob);
        int sum = 0;
        for (byte each : rom.array()) {
            sum += each;
        }
        assertEquals(0, sum & 0xff);
        assertEquals(rom.capacity(), rom.get(2) * Rom.BLOCK);
        assertEquals(rom.capacity(), rom.getShort(rom.getShort(0x18) + 16) * Rom.BLOCK);
    }

    /** What the kernel may be given for each call, so that neither form of patching goes wrong. */
    @ParameterizedTest
    @EnumSource(Blob.class)
    void answersAreAmongThoseTheKernelTakes(Blob blob) {
        for (Call call : Call.values()) {
            Relocation answer = blob.answer(call);
            boolean allowed = switch (call) {
                case IRET, SYSEXIT -> answer == Relocation.CALL || answer == Relocation.JUMP;
                case IO_DELAY -> answer != Relocation.JUMP;
                default -> answer == Relocation.CALL || answer == Relocation.NONE;
            };
            assertTrue(allowed, call + " " + answer);
        }
        assertEquals(blob.answer(Call.SET_PXE), blob.answer(Call.UPDATE_PXE));
        assertEquals(blob.answer(Call.SET_PXE_LONG), blob.answer(Call.UPDATE_PXE_LONG));
        assertEquals(blob.answer(Call.GET_CYCLE_FREQUENCY), blob.answer(Call.SET_ALARM));
        assertEquals(blob.answer(Call.GET_CYCLE_FREQUENCY), blob.answer(Call.CANCEL_ALARM));
    }

    /** Written anew to {@code target/vmi-rom.md}, to be compared and put in the place of the kept one. */
    @Test
    void listingIsTheKeptOne() throws IOException {
        StringBuilder text = new StringBuilder("""
                # The ROMs of VMI

                What stands in each blob's ROM, at 0xc8000 as a guest finds it: offset, bytes, meaning. Kept by a test; the
                bytes belong to the machine type. [vmi.md](vmi.md) says what the calls do.
                """);
        for (Blob blob : Blob.values()) {
            text.append("\n## `").append(blob.id()).append("`\n\n```\n").append(new Rom(blob, RomDefect.NO).listing()).append("```\n");
        }
        Files.writeString(Path.of("target/vmi-rom.md"), text);
        assertEquals(Files.readString(KEPT), text.toString());
    }
}
