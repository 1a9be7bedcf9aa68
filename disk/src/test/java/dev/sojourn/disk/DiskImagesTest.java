package dev.sojourn.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskImagesTest {
    private static final int DISK = 1 << 20;

    @TempDir Path folder;

    @Test void rawImageIsByteForByte() throws Exception {
        Path file = Files.write(folder.resolve("raw"), new byte[DISK]);
        byte[] sector = new byte[512];
        new Random(1).nextBytes(sector);
        try (DiskImage disk = open(file, false)) {
            disk.write(1024, sector, 0, 512);
            disk.zero(0, 512);
            disk.flush();
            byte[] found = new byte[512];
            disk.read(1024, found, 0, 512);
            assertArrayEquals(sector, found);
        }
        assertArrayEquals(sector, java.util.Arrays.copyOfRange(Files.readAllBytes(file), 1024, 1536));
    }

    @Test void writerIsAloneAndReadersShare() throws Exception {
        Path file = Files.write(folder.resolve("raw"), new byte[DISK]);
        try (DiskImage _ = open(file, false)) {
            assertTrue(refusal(file, false).contains("is in use"));
            assertTrue(refusal(file, true).contains("is in use"));
        }
        try (DiskImage _ = open(file, true); DiskImage _ = open(file, true)) {
            assertTrue(refusal(file, false).contains("is in use"));
        }
    }

    @Test void whatIsNoDiskIsRefusedInASentence() throws IOException {
        assertEquals("There is no disk image at " + folder.resolve("none") + "; check the path.", refusal(folder.resolve("none"), true));
        assertTrue(refusal(folder, true).contains("not a regular file"));
        assertTrue(refusal(Files.write(folder.resolve("empty"), new byte[0]), true).contains("is empty"));
        assertTrue(refusal(Files.write(folder.resolve("odd"), new byte[1000]), true).contains("not a whole number of sectors"));
        assertTrue(refusal(Files.write(folder.resolve("x.qcow2"), new byte[1000]), true).contains("is not in the format qcow2"));
    }

    /** A guest that writes a header to its raw disk must not get another kind of disk the next time. */
    @Test void rawImageThatLooksLikeQcow2IsNotTakenForIt() throws IOException {
        Path file = Files.write(folder.resolve("disk.img"), Qcow2Maker.empty(DISK, "/etc/passwd"));
        assertTrue(refusal(file, true).contains("say format=qcow2 or format=raw"));
    }

    @Test void backingFileIsOnlyLookedForInTheImagesFolder() throws IOException {
        Path file = Files.write(folder.resolve("disk.qcow2"), Qcow2Maker.empty(DISK, "/etc/passwd"));
        assertTrue(refusal(file, true).contains("which is not in its folder"));
        Files.createSymbolicLink(folder.resolve("link"), Path.of(System.getProperty("java.home"), "release"));
        Files.write(file, Qcow2Maker.empty(DISK, "link"));
        assertTrue(refusal(file, true).contains("which is not in its folder"));
        Files.write(file, Qcow2Maker.empty(DISK, "missing"));
        assertTrue(refusal(file, true).contains("which is not there"));
    }

    @Test void imageThatIsItsOwnBackingFileIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("disk.qcow2"), Qcow2Maker.empty(DISK, "disk.qcow2"));
        assertTrue(refusal(file, true).contains("or is its own"));
    }

    @Test void emptyImageReadsAsZerosAndTakesWrites() throws Exception {
        Path file = Files.write(folder.resolve("disk.qcow2"), Qcow2Maker.empty(DISK, ""));
        byte[] data = new byte[5000 / 512 * 512];
        new Random(1).nextBytes(data);
        try (DiskImage disk = open(file, false)) {
            disk.write(8192, data, 0, data.length);
        }
        byte[] found = new byte[DISK];
        try (DiskImage disk = open(file, true)) {
            disk.read(0, found, 0, DISK);
        }
        byte[] expected = new byte[DISK];
        System.arraycopy(data, 0, expected, 8192, data.length);
        assertArrayEquals(expected, found);
    }

    /** Whatever a file holds, it is refused, fails to be read, or is read: nothing else, and not for ever. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void spoiledImageIsRefusedOrRead(long seed) throws Exception {
        Random random = new Random(seed);
        int refused = 0;
        int served = 0;
        for (int round = 0; round < 300; round++) {
            byte[] bytes = java.util.Arrays.copyOf(Qcow2Maker.empty(DISK, ""), 16 * Qcow2Maker.CLUSTER);
            spoil(bytes, random);
            Path file = Files.write(folder.resolve("disk.qcow2"), bytes);
            try (DiskImage disk = open(file, false)) {
                served += use(disk, random);
            } catch (BadDisk e) {
                assertTrue(e.getMessage().endsWith("."), e.getMessage());
                refused++;
            } catch (IOException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("image"), e.toString());
            }
        }
        assertTrue(refused > 0 && served > 0, refused + ", " + served);
    }

    private static int use(DiskImage disk, Random random) throws IOException {
        int served = 0;
        byte[] buffer = new byte[16 * 512];
        for (int step = 0; step < 20; step++) {
            long position = Math.abs(random.nextLong()) % Math.max(1, disk.bytes() / 512 - 16) * 512;
            int length = (int) Math.min(buffer.length, disk.bytes() - position);
            try {
                switch (random.nextInt(4)) {
                    case 0 -> disk.write(position, buffer, 0, length);
                    case 1 -> disk.zero(position, length);
                    default -> disk.read(position, buffer, 0, length);
                }
                served++;
            } catch (IOException e) {
                assertTrue(e.getMessage().contains("image"), e.toString());
            }
        }
        return served;
    }

    private static void spoil(byte[] bytes, Random random) {
        int header = random.nextInt(3);
        for (int i = 0; i < header; i++) {
            bytes[4 + random.nextInt(100)] = (byte) (random.nextInt() >> random.nextInt(8));
        }
        for (int i = random.nextInt(12); i > 0; i--) {
            // Entries of tables, that point somewhere in the file most of the time.
            long entry = (long) random.nextInt(20) << 12 | (long) random.nextInt(4) << 62 | random.nextInt(8) / 7;
            int at = (1 + random.nextInt(8)) * Qcow2Maker.CLUSTER + 8 * random.nextInt(4);
            java.nio.ByteBuffer.wrap(bytes).putLong(at, random.nextInt(10) == 0 ? random.nextLong() : entry);
        }
    }

    private String refusal(Path file, boolean readOnly) {
        return assertThrows(BadDisk.class, () -> open(file, readOnly).close()).getMessage();
    }

    private static DiskImage open(Path file, boolean readOnly) throws BadDisk {
        return DiskImages.open(file, Optional.empty(), readOnly);
    }
}
