package dev.sojourn.sandbox.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A Linux kernel module file, as far as its own description of what it needs.
 *
 * <p>A module is a relocatable 64-bit ELF file. Its section {@code .modinfo} holds strings that end in zero bytes, one
 * of them {@code depends=} with the names of other modules, separated by commas. Everything read is bounded by the
 * file.
 */
final class KernelModule {
    private static final int SECTIONS_MAX = 4096;
    private static final int HEADER_BYTES = 64;
    private static final int SECTION_HEADER_BYTES = 64;

    private KernelModule() {}

    /** Names of the modules this one needs, without suffix. */
    static List<String> dependencies(byte[] file) throws IOException {
        for (String field : information(file).split("\0")) {
            if (field.startsWith("depends=")) {
                String names = field.substring("depends=".length());
                return names.isEmpty() ? List.of() : List.of(names.split(","));
            }
        }
        return List.of();
    }

    private static String information(byte[] file) throws IOException {
        if (file.length < HEADER_BYTES || file[0] != 0x7f || file[1] != 'E' || file[2] != 'L' || file[3] != 'F'
                || file[4] != 2 || file[5] != 1) {
            throw new IOException("not a 64-bit ELF file");
        }
        ByteBuffer elf = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        long table = elf.getLong(0x28);
        int entryBytes = Short.toUnsignedInt(elf.getShort(0x3a));
        int count = Short.toUnsignedInt(elf.getShort(0x3c));
        int namesIndex = Short.toUnsignedInt(elf.getShort(0x3e));
        if (entryBytes != SECTION_HEADER_BYTES || count > SECTIONS_MAX || namesIndex >= count
                || table < 0 || table > file.length - (long) count * entryBytes) {
            throw new IOException("broken ELF section table");
        }
        ByteBuffer names = section(elf, (int) table + namesIndex * entryBytes);
        for (int i = 0; i < count; i++) {
            int header = (int) table + i * entryBytes;
            if (nameIs(names, elf.getInt(header), ".modinfo")) {
                return StandardCharsets.ISO_8859_1.decode(section(elf, header)).toString();
            }
        }
        throw new IOException("no module information");
    }

    private static ByteBuffer section(ByteBuffer elf, int header) throws IOException {
        long offset = elf.getLong(header + 0x18);
        long bytes = elf.getLong(header + 0x20);
        if (offset < 0 || bytes < 0 || offset > elf.capacity() || bytes > elf.capacity() - offset) {
            throw new IOException("broken ELF section");
        }
        return elf.slice((int) offset, (int) bytes);
    }

    private static boolean nameIs(ByteBuffer names, int offset, String expected) {
        if (offset < 0 || offset > names.capacity() - expected.length() - 1) return false;
        for (int i = 0; i < expected.length(); i++) {
            if (names.get(offset + i) != expected.charAt(i)) return false;
        }
        return names.get(offset + expected.length()) == 0;
    }
}
