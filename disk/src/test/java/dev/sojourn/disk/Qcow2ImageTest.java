package dev.sojourn.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images as QEMU makes and judges them. */
class Qcow2ImageTest {
    private static final int BYTES = 3 << 20;

    @TempDir Path folder;
    private Path image;
    private byte[] model;

    @BeforeEach void start() {
        assumeTrue(QemuImg.isThere(), "qemu-img is not installed");
        image = folder.resolve("disk.qcow2");
        model = new byte[BYTES];
    }

    @ParameterizedTest
    @CsvSource({
        "1, 'cluster_size=64k'",
        "2, 'cluster_size=512'",
        "3, 'cluster_size=4k,refcount_bits=1'",
        "4, 'cluster_size=4k,refcount_bits=64'",
        "5, 'cluster_size=1k,refcount_bits=8'",
        "6, 'cluster_size=512,refcount_bits=2'",
        "7, 'cluster_size=2M'",
        "8, 'cluster_size=512,compat=0.10'",
        "9, 'cluster_size=64k,preallocation=metadata'",
    })
    void whatIsWrittenIsThereAndCountsAreRight(long seed, String options) throws Exception {
        QemuImg.must("create", "-q", "-f", "qcow2", "-o", options, image.toString(), Integer.toString(BYTES));
        scribble(seed, 400);
        verify();
        scribble(seed + 100, 100);
        verify();
    }

    @ParameterizedTest
    @CsvSource({"1, raw, 4k", "2, qcow2, 512", "3, qcow2, 64k"})
    void whatIsNotWrittenComesFromTheBackingFile(long seed, String format, String clusterBytes) throws Exception {
        Path base = folder.resolve("base." + format);
        new Random(seed).nextBytes(model);
        // Shorter than the disk.
        java.util.Arrays.fill(model, BYTES - 300 * 512, BYTES, (byte) 0);
        Path raw = Files.write(folder.resolve("raw"), java.util.Arrays.copyOf(model, BYTES - 300 * 512));
        QemuImg.must("convert", "-q", "-f", "raw", "-O", format, raw.toString(), base.toString());
        QemuImg.must("create", "-q", "-f", "qcow2", "-o", "cluster_size=" + clusterBytes, "-b", base.toString(), "-F", format,
                image.toString(), Integer.toString(BYTES));
        byte[] before = Files.readAllBytes(base);
        scribble(seed, 200);
        verify();
        assertArrayEquals(before, Files.readAllBytes(base));
    }

    @ParameterizedTest
    @CsvSource({"1, 4k", "2, 64k", "3, 512"})
    void compressedClustersAreReadAndReplaced(long seed, String clusterBytes) throws Exception {
        for (int i = 0; i < BYTES; i++) {
            model[i] = (byte) (i / 700 * 31);
        }
        Path raw = Files.write(folder.resolve("raw"), model);
        QemuImg.must("convert", "-q", "-c", "-f", "raw", "-O", "qcow2", "-o", "cluster_size=" + clusterBytes, raw.toString(),
                image.toString());
        verify();
        scribble(seed, 100);
        verify();
    }

    @Test void internalSnapshotStaysWhatItWas() throws Exception {
        QemuImg.must("create", "-q", "-f", "qcow2", "-o", "cluster_size=4k", image.toString(), Integer.toString(BYTES));
        scribble(1, 100);
        QemuImg.must("snapshot", "-c", "before", image.toString());
        byte[] before = model.clone();
        scribble(2, 100);
        verify();
        QemuImg.must("snapshot", "-a", "before", image.toString());
        model = before;
        verify();
    }

    /** A death leaves the file as it is then: what was flushed is there, and no table is wrong. */
    @ParameterizedTest
    @CsvSource({"1, 512", "2, 4k", "3, 64k"})
    void deathLosesNothingThatWasFlushed(long seed, String clusterBytes) throws Exception {
        QemuImg.must("create", "-q", "-f", "qcow2", "-o", "cluster_size=" + clusterBytes, image.toString(), Integer.toString(BYTES));
        Random random = new Random(seed);
        Path copy = folder.resolve("copy.qcow2");
        byte[] written = new byte[BYTES];
        try (DiskImage disk = open()) {
            for (int round = 0; round < 10; round++) {
                // Each sector is written once, so that what was flushed does not change later.
                int sectors = BYTES / 512 / 10;
                for (int i = 0; i < sectors; i += 8) {
                    int position = (i * 10 + round * 8) * 512;
                    if (position + 8 * 512 <= BYTES && random.nextInt(4) == 0) {
                        random.nextBytes(model);
                        System.arraycopy(model, 0, written, position, 8 * 512);
                        disk.write(position, written, position, 8 * 512);
                    }
                }
                disk.flush();
                byte[] flushed = written.clone();
                byte[] more = new byte[512];
                random.nextBytes(more);
                for (int i = 0; i < 20; i++) {
                    disk.write((BYTES / 512 - 20 + i) * 512L, more, 0, 512);
                }
                Files.copy(image, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                assertEquals("", QemuImg.faults(copy, false));
                try (DiskImage after = DiskImages.open(copy, Optional.empty(), true)) {
                    byte[] found = new byte[BYTES - 20 * 512];
                    after.read(0, found, 0, found.length);
                    assertArrayEquals(java.util.Arrays.copyOf(flushed, found.length), found);
                }
            }
        }
    }

    @Test void manyClustersMakeTheTableOfCountsMove() throws Exception {
        int large = 80 << 20;
        QemuImg.must("create", "-q", "-f", "qcow2", "-o", "cluster_size=512", image.toString(), Integer.toString(large));
        byte[] piece = new byte[1 << 20];
        try (DiskImage disk = open()) {
            for (int i = 0; i < large; i += piece.length) {
                new Random(i).nextBytes(piece);
                disk.write(i, piece, 0, piece.length);
            }
        }
        assertEquals("", QemuImg.faults(image, true));
        byte[] found = new byte[piece.length];
        try (DiskImage disk = open()) {
            for (int i = 0; i < large; i += piece.length) {
                new Random(i).nextBytes(piece);
                disk.read(i, found, 0, found.length);
                assertArrayEquals(piece, found);
            }
        }
    }

    private DiskImage open() throws BadDisk { return DiskImages.open(image, Optional.of(DiskFormat.QCOW2), false); }

    /** Writes, clears and reads at random, here and in the model. */
    private void scribble(long seed, int steps) throws Exception {
        Random random = new Random(seed);
        try (DiskImage disk = open()) {
            assertEquals(BYTES, disk.bytes());
            for (int step = 0; step < steps; step++) {
                int sectors = random.nextInt(4) == 0 ? 1 + random.nextInt(400) : 1 + random.nextInt(8);
                int sector = random.nextInt(BYTES / 512 - sectors);
                int from = sector * 512;
                int length = sectors * 512;
                switch (random.nextInt(6)) {
                    case 0 -> {
                        disk.zero(from, length);
                        java.util.Arrays.fill(model, from, from + length, (byte) 0);
                    }
                    case 1 -> {
                        disk.discard(from, length);
                        // What is left of a discarded range is the disk's to say.
                        disk.read(from, model, from, length);
                    }
                    case 2 -> {
                        byte[] found = new byte[length];
                        disk.read(from, found, 0, length);
                        assertArrayEquals(java.util.Arrays.copyOfRange(model, from, from + length), found);
                    }
                    default -> {
                        for (int i = from; i < from + length; i++) {
                            model[i] = (byte) random.nextInt();
                        }
                        disk.write(from, model, from, length);
                    }
                }
                if (random.nextInt(30) == 0) {
                    disk.flush();
                }
            }
        }
    }

    /** The image as QEMU reads it is the model, and QEMU finds no fault with it. */
    private void verify() throws IOException, InterruptedException, BadDisk {
        assertEquals("", QemuImg.faults(image, true));
        Path raw = folder.resolve("verified");
        QemuImg.must("convert", "-q", "-f", "qcow2", "-O", "raw", image.toString(), raw.toString());
        assertArrayEquals(model, Files.readAllBytes(raw));
        try (DiskImage disk = DiskImages.open(image, Optional.empty(), true)) {
            byte[] found = new byte[BYTES];
            disk.read(0, found, 0, BYTES);
            assertArrayEquals(model, found);
        }
    }
}
