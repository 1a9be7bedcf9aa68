package dev.sojourn.boot.image;

import dev.sojourn.boot.bytes.LittleEndian;
import dev.sojourn.boot.compression.Compression;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A bzImage: setup code, then a protected-mode part that unpacks the kernel packed in it (Linux boot protocol).
 *
 * <pre>
 * 0                             setup code, with the setup header from 0x1f1
 * (setup sectors + 1) * 512     protected-mode part: 32-bit entry at its start, 64-bit entry at 0x200
 * that + payload offset         packed ELF kernel, its last four bytes the unpacked size
 * </pre>
 *
 * <p>The kernel inside is unpacked when first asked for, and kept. Confined to one thread.
 */
public final class BzImage implements KernelImage {
    /** The header is copied to the zero page, where other fields begin at this offset. */
    static final int HEADER_END_MAX = 0x290;

    private static final int BOOT_FLAG = 0xaa55;
    private static final int HDRS = 0x5372_6448;
    private static final int KERNEL_VERSION = 0x20e;
    private static final int VERSION_BYTES_MAX = 256;
    private static final int SIZE_BYTES = 4;

    private final byte[] file;
    private final SetupHeader header;
    private ElfImage elf;

    private BzImage(byte[] file, SetupHeader header) {
        this.file = file;
        this.header = header;
    }

    static boolean looksLike(byte[] file) {
        return file.length >= HEADER_END_MAX
                && LittleEndian.u16(file, SetupHeader.BOOT_FLAG) == BOOT_FLAG
                && LittleEndian.u32(file, SetupHeader.SIGNATURE) == HDRS;
    }

    static BzImage read(byte[] file) throws BadImage { return new BzImage(file, SetupHeader.read(file)); }

    public SetupHeader header() { return header; }

    /** The whole file, not to be changed. */
    public byte[] file() { return file; }

    /** How the kernel inside is packed; empty where the image does not say or it is packed in a new way. */
    public Optional<String> packing() {
        int end = header.payloadOffset() + header.payloadBytes();
        Compression compression = Compression.of(file, header.payloadOffset(), end);
        return compression != null ? Optional.of(compression.display())
                : ElfImage.looksLike(file, header.payloadOffset(), end) ? Optional.of("uncompressed")
                : Optional.empty();
    }

    /** The version text in the setup code, as {@code uname -r} and {@code uname -v} will show it; may be empty. */
    public String version() {
        int start = LittleEndian.u16(file, KERNEL_VERSION) + 0x200;
        int end = start;
        int limit = Math.min(header.protectedOffset(), start + VERSION_BYTES_MAX);
        while (end < limit && file[end] >= ' ' && file[end] <= '~') {
            end++;
        }
        return start == 0x200 || start >= limit ? "" : new String(file, start, end - start, StandardCharsets.US_ASCII);
    }

    @Override
    public ElfImage elf() throws BadImage {
        if (elf == null) {
            elf = ElfImage.read(unpack());
        }
        return elf;
    }

    private byte[] unpack() throws BadImage {
        int start = header.payloadOffset();
        int end = start + header.payloadBytes();
        if (ElfImage.looksLike(file, start, end)) {
            return Arrays.copyOfRange(file, start, end);
        }
        Compression compression = Compression.of(file, start, end);
        if (compression == null || header.payloadBytes() <= SIZE_BYTES) {
            throw new BadImage("The kernel inside the image is packed in a way not known here;"
                    + " choose the 64-bit or 32-bit entry, where the kernel unpacks itself.");
        }
        int size = LittleEndian.u32(file, end - SIZE_BYTES);
        if (size <= 0 || size > UNPACKED_BYTES_MAX) {
            throw new BadImage("The kernel inside the image claims to have " + Integer.toUnsignedString(size)
                    + " bytes unpacked; the file is damaged, so fetch it again.");
        }
        try {
            // The size at the end of gzip data is gzip's own; elsewhere it was appended and is not part of the data.
            return compression.unpack(file, start, compression == Compression.GZIP ? end : end - SIZE_BYTES, size);
        } catch (IOException e) {
            throw new BadImage("The kernel inside the image cannot be unpacked from " + compression.display() + " ("
                    + e.getMessage() + "); the file is damaged, so fetch it again.", e);
        }
    }
}
