package dev.sojourn.boot.image;

import dev.sojourn.boot.compression.Compression;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A kernel in one of the forms that Linux for x86-64 is handed round in. */
public sealed interface KernelImage permits BzImage, ElfImage {
    /** A kernel unpacks to at most this: ten times the largest in use, and small enough for any host. */
    int UNPACKED_BYTES_MAX = 512 << 20;

    /**
     * The ELF kernel: the image itself, or what is packed in it.
     *
     * @throws BadImage if what is packed in it is damaged or is no 64-bit x86 kernel
     */
    ElfImage elf() throws BadImage;

    /**
     * Recognises a kernel by its bytes, which stay in use and must not change.
     *
     * @throws BadImage if it is none, is cut off, or is for another processor
     */
    static KernelImage read(byte[] file) throws BadImage {
        if (ElfImage.looksLike(file)) {
            return ElfImage.read(file);
        }
        if (BzImage.looksLike(file)) {
            return BzImage.read(file);
        }
        throw new BadImage(whatElse(file));
    }

    private static String whatElse(byte[] file) {
        Compression compression = Compression.of(file, 0, file.length);
        if (file.length == 0) {
            return "The kernel file is empty; it may be an interrupted download, so fetch it again.";
        }
        if (compression != null) {
            return "The kernel file is compressed with " + compression.display()
                    + " as a whole; unpack it first, or give the distribution's vmlinuz as it is.";
        }
        if (begins(file, 0, "070701") || begins(file, 0, "070702")) {
            return "The kernel file is a cpio archive, which is what an initrd looks like;"
                    + " kernel and initrd may have been swapped.";
        }
        if (begins(file, 0, "!<arch>")) {
            return "The kernel file is a package; unpack it with dpkg-deb -x and give the boot/vmlinuz file inside.";
        }
        if (begins(file, 0x38, "ARMd") || begins(file, 0x30, "RISCV")) {
            return "The kernel is not for x86 processors; give a kernel built for amd64.";
        }
        if (begins(file, 0, "MZ")) {
            return "The kernel file is an EFI program without a Linux boot header; give a bzImage or an ELF vmlinux.";
        }
        if (file.length < BzImage.HEADER_END_MAX) {
            return "The kernel file has only " + file.length
                    + " bytes and no kernel in it; it may be an interrupted download, so fetch it again.";
        }
        return "The kernel file is neither a Linux bzImage nor an ELF kernel;"
                + " give a file such as /boot/vmlinuz of an amd64 distribution.";
    }

    private static boolean begins(byte[] file, int at, String mark) {
        byte[] bytes = mark.getBytes(StandardCharsets.ISO_8859_1);
        return file.length >= at + bytes.length
                && Arrays.equals(file, at, at + bytes.length, bytes, 0, bytes.length);
    }
}
