package dev.sojourn.boot.image;

import dev.sojourn.boot.bytes.LittleEndian;
import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.lzo.LzoCompressor;
import io.airlift.compress.zstd.ZstdCompressor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Adler32;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.tukaani.xz.FilterOptions;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;
import org.tukaani.xz.X86Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

/** Builds small kernels: an ELF file of three segments and a note, and bzImages around it. */
public final class TestKernels {
    public static final long START = 0x100_0000;
    public static final long PVH_ENTRY = START + 0x850;
    public static final long INIT_SIZE = 0x10_0000;
    public static final int COMMAND_LINE_MAX = 2047;
    public static final int PROTECTED_OFFSET = 512 * 5;

    private static final int PAYLOAD_OFFSET = 0x2cc;
    private static final int TEXT_BYTES = 0x3000;

    private TestKernels() {}

    /** The ways to pack; the data that comes out is what lies in an image, appended size included. */
    public enum Packing { NONE, GZIP, BZIP2, LZMA, XZ, LZO, LZ4, ZSTD }

    public static byte[] elf() { return elf(8); }

    /** @param pvhBytes size of the PVH note's content, 0 for no note */
    public static byte[] elf(int pvhBytes) {
        byte[] elf = new byte[0x1000 + TEXT_BYTES + 0x2000];
        text(elf, 0x1000, elf.length);
        LittleEndian.put32(elf, 0, 0x464c_457f);
        elf[4] = 2;
        elf[5] = 1;
        elf[6] = 1;
        LittleEndian.put16(elf, 16, 2);
        LittleEndian.put16(elf, 18, 62);
        LittleEndian.put64(elf, 24, START);
        LittleEndian.put64(elf, 32, 64);
        LittleEndian.put16(elf, 54, 56);
        LittleEndian.put16(elf, 56, 4);
        segment(elf, 0, 1, 0x1000, START, TEXT_BYTES, TEXT_BYTES);
        segment(elf, 1, 1, 0x1000 + TEXT_BYTES, START + 0x4000, 0x1000, 0x1000);
        segment(elf, 2, 1, 0x2000 + TEXT_BYTES, START + 0x5000, 0x1000, 0x3000);
        segment(elf, 3, 4, 0x400, 0, 0x60, 0x60);
        note(elf, 0x400, "GNU\0", 3, new byte[20]);
        byte[] entry = new byte[8];
        LittleEndian.put64(entry, 0, PVH_ENTRY);
        note(elf, 0x400 + 36, "Xen\0", pvhBytes == 0 ? 17 : 18, Arrays.copyOf(entry, Math.max(4, pvhBytes)));
        return elf;
    }

    public static byte[] bzImage() { return bzImage(Packing.LZ4); }

    public static byte[] bzImage(Packing packing) { return bzImage(pack(packing, elf())); }

    /** An image of protocol 2.15 around a packed kernel. */
    public static byte[] bzImage(byte[] payload) {
        int protectedBytes = PAYLOAD_OFFSET + payload.length + 15 & ~15;
        byte[] file = new byte[PROTECTED_OFFSET + protectedBytes];
        Arrays.fill(file, 0, 0x1f1, (byte) 0x55);
        file[0x1f1] = 4;
        LittleEndian.put32(file, 0x1f4, protectedBytes / 16);
        LittleEndian.put16(file, 0x1fe, 0xaa55);
        file[0x201] = 0x6a;
        LittleEndian.put32(file, 0x202, 0x5372_6448);
        LittleEndian.put16(file, 0x206, 0x20f);
        LittleEndian.put16(file, 0x20e, 0x400);
        file[0x211] = 1;
        LittleEndian.put32(file, 0x214, 0x10_0000);
        LittleEndian.put32(file, 0x22c, 0x7fff_ffff);
        LittleEndian.put32(file, 0x230, 0x20_0000);
        file[0x234] = 1;
        LittleEndian.put16(file, 0x236, 0x7f);
        LittleEndian.put32(file, 0x238, COMMAND_LINE_MAX);
        LittleEndian.put32(file, 0x248, PAYLOAD_OFFSET);
        LittleEndian.put32(file, 0x24c, payload.length);
        LittleEndian.put64(file, 0x258, START);
        LittleEndian.put32(file, 0x260, (int) INIT_SIZE);
        byte[] version = "6.1.0-test (me) #1\0".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(version, 0, file, 0x600, version.length);
        System.arraycopy(payload, 0, file, PROTECTED_OFFSET + PAYLOAD_OFFSET, payload.length);
        return file;
    }

    public static byte[] pack(Packing packing, byte[] data) {
        try {
            return switch (packing) {
                case NONE -> data;
                case GZIP -> through(data, GZIPOutputStream::new);
                case BZIP2 -> sized(through(data, BZip2CompressorOutputStream::new), data.length);
                case LZMA -> sized(through(data, TestKernels::lzma), data.length);
                case XZ -> sized(through(data, TestKernels::xz), data.length);
                case LZO -> sized(lzop(data), data.length);
                case LZ4 -> sized(lz4(data), data.length);
                case ZSTD -> {
                    byte[] out = new byte[new ZstdCompressor().maxCompressedLength(data.length)];
                    int length = new ZstdCompressor().compress(data, 0, data.length, out, 0, out.length);
                    yield sized(Arrays.copyOf(out, length), data.length);
                }
            };
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Puts the unpacked size behind packed data. */
    public static byte[] sized(byte[] packed, int size) {
        byte[] all = Arrays.copyOf(packed, packed.length + 4);
        LittleEndian.put32(all, packed.length, size);
        return all;
    }

    private interface Packer {
        OutputStream around(OutputStream out) throws IOException;
    }

    private static byte[] through(byte[] data, Packer packer) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream packing = packer.around(out)) {
            packing.write(data);
        }
        return out.toByteArray();
    }

    private static OutputStream lzma(OutputStream out) throws IOException {
        return new LZMAOutputStream(out, new LZMA2Options(), -1);
    }

    private static OutputStream xz(OutputStream out) throws IOException {
        FilterOptions[] filters = {new X86Options(), new LZMA2Options()};
        return new XZOutputStream(out, filters, XZ.CHECK_CRC32);
    }

    private static byte[] lz4(byte[] data) {
        byte[] out = new byte[8 + new Lz4Compressor().maxCompressedLength(data.length)];
        int length = new Lz4Compressor().compress(data, 0, data.length, out, 8, out.length - 8);
        LittleEndian.put32(out, 0, 0x184c_2102);
        LittleEndian.put32(out, 4, length);
        return Arrays.copyOf(out, 8 + length);
    }

    /** One packed block, one stored block, with checksums of the unpacked data. */
    private static byte[] lzop(byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'L', 'Z', 'O', 0, 0x0d, 0x0a, 0x1a, 0x0a});
        out.writeBytes(new byte[] {0x10, 0x30, 0x20, (byte) 0xa0, 0x09, 0x40, 1, 9});
        big32(out, 1);
        out.writeBytes(new byte[12]);
        out.write(0);
        big32(out, 0);
        int half = data.length / 2;
        byte[] packed = new byte[new LzoCompressor().maxCompressedLength(half)];
        int length = new LzoCompressor().compress(data, 0, half, packed, 0, packed.length);
        lzopBlock(out, data, 0, half, Arrays.copyOf(packed, length));
        lzopBlock(out, data, half, data.length, Arrays.copyOfRange(data, half, data.length));
        big32(out, 0);
        return out.toByteArray();
    }

    private static void lzopBlock(ByteArrayOutputStream out, byte[] data, int from, int to, byte[] packed) {
        Adler32 sum = new Adler32();
        sum.update(data, from, to - from);
        big32(out, to - from);
        big32(out, packed.length);
        big32(out, (int) sum.getValue());
        out.writeBytes(packed);
    }

    private static void big32(ByteArrayOutputStream out, int value) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(value >>> shift);
        }
    }

    /** Something that packs like code: words of many lengths from a small stock in random order, and zeros. */
    private static void text(byte[] elf, int from, int to) {
        Random random = new Random(1);
        byte[] stock = new byte[2000];
        random.nextBytes(stock);
        for (int at = from; at < to; ) {
            int start = random.nextInt(1900);
            int length = Math.min(to - at, 1 + random.nextInt(random.nextInt(1, 100)));
            System.arraycopy(stock, start, elf, at, length);
            at += length;
        }
        Arrays.fill(elf, from + 0x800, from + 0xc00, (byte) 0);
    }

    private static void segment(byte[] elf, int index, int type, int offset, long physical, int file, int memory) {
        int at = 64 + index * 56;
        LittleEndian.put32(elf, at, type);
        LittleEndian.put64(elf, at + 8, offset);
        LittleEndian.put64(elf, at + 16, index == 1 ? 0 : 0xffff_ffff_8000_0000L + physical);
        LittleEndian.put64(elf, at + 24, physical);
        LittleEndian.put64(elf, at + 32, file);
        LittleEndian.put64(elf, at + 40, memory);
    }

    private static void note(byte[] elf, int at, String name, int type, byte[] content) {
        LittleEndian.put32(elf, at, 4);
        LittleEndian.put32(elf, at + 4, content.length);
        LittleEndian.put32(elf, at + 8, type);
        System.arraycopy(name.getBytes(StandardCharsets.US_ASCII), 0, elf, at + 12, 4);
        System.arraycopy(content, 0, elf, at + 16, content.length);
    }
}
