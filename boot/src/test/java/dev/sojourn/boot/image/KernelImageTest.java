package dev.sojourn.boot.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.boot.bytes.LittleEndian;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelImageTest {
    @Test
    void elfTellsSegmentsByPhysicalAddress() throws BadImage {
        ElfImage elf = assertInstanceOf(ElfImage.class, KernelImage.read(TestKernels.elf()));
        assertEquals(
                List.of(new ElfImage.Segment(0x1000, 0x3000, 0x100_0000, 0x3000),
                        new ElfImage.Segment(0x4000, 0x1000, 0x100_4000, 0x1000),
                        new ElfImage.Segment(0x5000, 0x1000, 0x100_5000, 0x3000)),
                elf.segments());
        assertEquals(TestKernels.START, elf.entry());
        assertEquals(TestKernels.START + 0x8000, elf.end());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void pvhEntryHasFourOrEightBytes(int bytes) throws BadImage {
        assertEquals(OptionalLong.of(TestKernels.PVH_ENTRY), KernelImage.read(TestKernels.elf(bytes)).elf().pvhEntry());
    }

    @Test
    void kernelWithoutTheNoteHasNoPvhEntry() throws BadImage {
        assertEquals(OptionalLong.empty(), KernelImage.read(TestKernels.elf(0)).elf().pvhEntry());
    }

    @Test
    void setupHeaderIsReadByTheProtocol() throws BadImage {
        byte[] file = TestKernels.bzImage();
        BzImage image = assertInstanceOf(BzImage.class, KernelImage.read(file));
        SetupHeader header = image.header();
        assertEquals(0x20f, header.version());
        assertEquals(0x26c, header.end());
        assertEquals(TestKernels.PROTECTED_OFFSET, header.protectedOffset());
        assertEquals(file.length - TestKernels.PROTECTED_OFFSET, header.protectedBytes());
        assertEquals(0x7fff_ffffL, header.initrdAddressMax());
        assertEquals(TestKernels.COMMAND_LINE_MAX, header.commandLineBytesMax());
        assertEquals(0x7f, header.xloadFlags());
        assertEquals(TestKernels.START, header.loadAddress());
        assertEquals(TestKernels.INIT_SIZE, header.memoryBytes());
        assertEquals("6.1.0-test (me) #1", image.version());
        assertEquals(Optional.of("LZ4"), image.packing());
    }

    @Test
    void oldHeaderMeansTheProtocolsDefaults() throws BadImage {
        byte[] file = TestKernels.bzImage();
        LittleEndian.put16(file, 0x206, 0x202);
        SetupHeader header = ((BzImage) KernelImage.read(file)).header();
        assertEquals(255, header.commandLineBytesMax());
        assertEquals(0x37ff_ffff, header.initrdAddressMax());
        assertEquals(0x10_0000, header.loadAddress());
        assertEquals(0, header.xloadFlags());
        assertEquals(0, header.payloadBytes());
    }

    @ParameterizedTest
    @EnumSource
    void everyPackingIsUndone(TestKernels.Packing packing) throws BadImage {
        assertArrayEquals(TestKernels.elf(), KernelImage.read(TestKernels.bzImage(packing)).elf().bytes());
    }

    /**
     * Packed by the tools that kernels are packed with, with the kernel build's options. Each file holds
     * {@link TestKernels#elf()}, made by {@code bzip2 -9}, {@code lz4 -l -9}, {@code lzma -9}, {@code lzop -9},
     * {@code xz --check=crc32 --x86 --lzma2=dict=32MiB} and {@code zstd -22 --ultra} from standard input.
     */
    @ParameterizedTest
    @ValueSource(strings = {"bz2", "lz4", "lzma", "lzo", "xz", "zst"})
    void whatStandardToolsPackIsUndone(String suffix) throws IOException, BadImage {
        byte[] payload = TestKernels.sized(fixture("elf." + suffix), TestKernels.elf().length);
        assertArrayEquals(TestKernels.elf(), KernelImage.read(TestKernels.bzImage(payload)).elf().bytes());
    }

    @Test
    void lz4OfSeveralBlocksIsJoined() throws BadImage {
        byte[] elf = Arrays.copyOf(TestKernels.elf(), 20 << 20);
        byte[] zeros = TestKernels.pack(TestKernels.Packing.LZ4, new byte[8 << 20]);
        byte[] first = TestKernels.pack(TestKernels.Packing.LZ4, Arrays.copyOf(elf, 8 << 20));
        byte[] last = TestKernels.pack(TestKernels.Packing.LZ4, new byte[4 << 20]);
        byte[] payload = joinBlocks(first, zeros, last);
        ElfImage image = KernelImage.read(TestKernels.bzImage(TestKernels.sized(payload, elf.length))).elf();
        assertArrayEquals(elf, image.bytes());
    }

    @Test
    void kernelIsUnpackedOnce() throws BadImage {
        KernelImage image = KernelImage.read(TestKernels.bzImage());
        assertSame(image.elf(), image.elf());
    }

    @ParameterizedTest
    @EnumSource
    void cutOffPayloadIsRefused(TestKernels.Packing packing) throws BadImage {
        byte[] payload = TestKernels.pack(packing, TestKernels.elf());
        byte[] half = TestKernels.sized(Arrays.copyOf(payload, payload.length / 2), TestKernels.elf().length);
        KernelImage image = KernelImage.read(TestKernels.bzImage(half));
        assertThrows(BadImage.class, image::elf);
    }

    @ParameterizedTest
    @CsvSource({"-1", "0", "1", "0x3fffffff", "0x1fffffff"})
    void falseUnpackedSizeIsRefused(int size) throws BadImage {
        byte[] payload = TestKernels.pack(TestKernels.Packing.XZ, TestKernels.elf());
        LittleEndian.put32(payload, payload.length - 4, size);
        KernelImage image = KernelImage.read(TestKernels.bzImage(payload));
        assertThrows(BadImage.class, image::elf);
    }

    @Test
    void imageShorterThanItsHeaderSaysIsRefused() {
        byte[] file = TestKernels.bzImage();
        BadImage e = refusal(Arrays.copyOf(file, file.length - 600));
        assertTrue(e.getMessage().contains("interrupted download"), e.getMessage());
    }

    @Test
    void imageInsideAnotherProcessorsLimitsIsNamed() {
        byte[] elf = TestKernels.elf();
        LittleEndian.put16(elf, 18, 183);
        assertTrue(refusal(elf).getMessage().contains("another processor"));
    }

    @Test
    void elfOf32BitsIsNamed() {
        byte[] elf = TestKernels.elf();
        elf[4] = 1;
        LittleEndian.put16(elf, 18, 3);
        assertTrue(refusal(elf).getMessage().contains("32-bit"));
    }

    @ParameterizedTest
    @CsvSource({
        "'', empty",
        "hello, interrupted download",
        "0707010000, initrd",
        "'!<arch>', package",
        "'MZ', EFI",
    })
    void otherFilesAreNamed(String content, String expected) {
        byte[] file = content.getBytes(StandardCharsets.ISO_8859_1);
        BadImage e = refusal(file);
        assertTrue(e.getMessage().contains(expected), e.getMessage());
    }

    @Test
    void compressedFileIsNamed() {
        BadImage e = refusal(TestKernels.pack(TestKernels.Packing.GZIP, TestKernels.elf()));
        assertTrue(e.getMessage().contains("gzip"), e.getMessage());
    }

    @Test
    void overlappingSegmentsAreRefused() {
        byte[] elf = TestKernels.elf();
        LittleEndian.put64(elf, 64 + 56 + 24, TestKernels.START + 0x2000);
        assertTrue(refusal(elf).getMessage().contains("overlap"));
    }

    static byte[] fixture(String name) throws IOException {
        try (InputStream in = KernelImageTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    private static BadImage refusal(byte[] file) { return assertThrows(BadImage.class, () -> KernelImage.read(file)); }

    /** Joins legacy LZ4 files: one magic, then everyone's block; the appended sizes go. */
    private static byte[] joinBlocks(byte[]... files) {
        int bytes = 4;
        byte[] joined = Arrays.copyOf(files[0], 4);
        for (byte[] file : files) {
            int block = file.length - 8;
            joined = Arrays.copyOf(joined, bytes + block);
            System.arraycopy(file, 4, joined, bytes, block);
            bytes += block;
        }
        return joined;
    }
}
