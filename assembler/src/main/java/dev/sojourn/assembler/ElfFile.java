package dev.sojourn.assembler;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Static x86 ELF files of one segment (readable, writable and executable): Linux executables of 64 or 32 bits, and bare-metal
 * kernels.
 *
 * <p>Assemble the program at {@link #codeAddress} or {@link #kernelAddress}. Layout: the header (64 bytes, or 52), one program
 * header (56 bytes, or 32), for kernels another one and the note with the PVH entry, zeros up to {@link #HEADER_BYTES} or
 * {@link #KERNEL_HEADER_BYTES}, then the program.
 */
public final class ElfFile {
    /** Bytes in front of the program, mapped together with it. */
    public static final int HEADER_BYTES = 128;

    /** As many bytes in front of a kernel. */
    public static final int KERNEL_HEADER_BYTES = 256;

    private static final int EXECUTABLE = 2;
    private static final int X86_64 = 62;
    private static final int I386 = 3;
    private static final int LOAD = 1;
    private static final int NOTE = 4;
    private static final int NOTE_BYTES = 20;
    /** XEN_ELFNOTE_PHYS32_ENTRY: 32-bit protected mode, flat segments, no paging. */
    private static final int PVH_ENTRY = 18;
    private static final int NOTES_PV_BYTES = 72;
    /** XEN_ELFNOTE_ENTRY, XEN_ELFNOTE_VIRT_BASE, XEN_ELFNOTE_XEN_VERSION. */
    private static final int PV_ENTRY = 1;
    private static final int PV_BASE = 3;
    private static final int PV_VERSION = 5;
    private static final int READ_WRITE_EXECUTE = 7;
    private static final int ELF_BYTES = 64;
    private static final int PROGRAM_HEADER_BYTES = 56;
    private static final int ELF_32_BYTES = 52;
    private static final int PROGRAM_HEADER_32_BYTES = 32;
    private static final int PAGE_BYTES = 4096;

    private ElfFile() {}

    /** Where the program of an executable loaded at a base address begins. */
    public static long codeAddress(long base) { return base + HEADER_BYTES; }

    /** Where a kernel loaded at a base address begins. */
    public static long kernelAddress(long base) { return base + KERNEL_HEADER_BYTES; }

    /**
     * A 64-bit executable.
     *
     * @param base where the file is mapped, a multiple of the page size
     * @param code the program, assembled at {@code codeAddress(base)}
     * @param entry where it starts
     * @param zeroBytes memory behind the program that starts as zeros
     */
    public static byte[] executable(long base, byte[] code, long entry, long zeroBytes) {
        ByteBuffer file = header(base, HEADER_BYTES + code.length, 1, entry, zeroBytes);
        return file.position(HEADER_BYTES).put(code).array();
    }

    /**
     * A kernel that is entered the PVH way: in 32-bit protected mode with paging off.
     *
     * @param base the physical address of the file, a multiple of the page size
     * @param code the program, assembled at {@code kernelAddress(base)}
     */
    public static byte[] kernel(long base, byte[] code, long entry, long zeroBytes) {
        ByteBuffer file = header(base, KERNEL_HEADER_BYTES + code.length, 2, entry, zeroBytes);
        int note = ELF_BYTES + 2 * PROGRAM_HEADER_BYTES;
        file.putInt(NOTE).putInt(READ_WRITE_EXECUTE).putLong(note).putLong(base + note).putLong(base + note);
        file.putLong(NOTE_BYTES).putLong(NOTE_BYTES).putLong(4);
        file.putInt(4).putInt(4).putInt(PVH_ENTRY).put(new byte[] {'X', 'e', 'n', 0}).putInt((int) entry);
        return file.position(KERNEL_HEADER_BYTES).put(code).array();
    }

    /**
     * A kernel for paravirtual Xen guests, with its first mappings at the addresses that its frames have for itself.
     *
     * @param base the pseudo-physical address of the file, a multiple of the page size
     * @param code the program, assembled at {@code kernelAddress(base)}
     */
    public static byte[] paravirtualKernel(long base, byte[] code, long entry, long zeroBytes) {
        ByteBuffer file = header(base, KERNEL_HEADER_BYTES + code.length, 2, entry, zeroBytes);
        int notes = ELF_BYTES + 2 * PROGRAM_HEADER_BYTES;
        file.putInt(NOTE).putInt(READ_WRITE_EXECUTE).putLong(notes).putLong(base + notes).putLong(base + notes);
        file.putLong(NOTES_PV_BYTES).putLong(NOTES_PV_BYTES).putLong(4);
        note(file, PV_ENTRY).putLong(entry);
        note(file, PV_BASE).putLong(0);
        note(file, PV_VERSION).put("xen-3.0\0".getBytes(StandardCharsets.US_ASCII));
        return file.position(KERNEL_HEADER_BYTES).put(code).array();
    }

    private static ByteBuffer note(ByteBuffer file, int type) {
        return file.putInt(4).putInt(8).putInt(type).put(new byte[] {'X', 'e', 'n', 0});
    }

    private static ByteBuffer header(long base, int fileBytes, int programHeaders, long entry, long zeroBytes) {
        requirePage(base);
        ByteBuffer file = ByteBuffer.allocate(fileBytes).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
        file.putShort((short) EXECUTABLE).putShort((short) X86_64).putInt(1);
        file.putLong(entry).putLong(ELF_BYTES).putLong(0).putInt(0);
        file.putShort((short) ELF_BYTES).putShort((short) PROGRAM_HEADER_BYTES).putShort((short) programHeaders);
        file.putShort((short) 64).putShort((short) 0).putShort((short) 0);
        file.putInt(LOAD).putInt(READ_WRITE_EXECUTE).putLong(0).putLong(base).putLong(base);
        file.putLong(fileBytes).putLong(fileBytes + zeroBytes).putLong(PAGE_BYTES);
        return file;
    }

    /** A 32-bit executable; the parameters are those of {@link #executable}. */
    public static byte[] executable32(int base, byte[] code, int entry, int zeroBytes) {
        requirePage(base);
        int fileBytes = HEADER_BYTES + code.length;
        ByteBuffer file = ByteBuffer.allocate(fileBytes).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1, 0}).putLong(0);
        file.putShort((short) EXECUTABLE).putShort((short) I386).putInt(1);
        file.putInt(entry).putInt(ELF_32_BYTES).putInt(0).putInt(0);
        file.putShort((short) ELF_32_BYTES).putShort((short) PROGRAM_HEADER_32_BYTES).putShort((short) 1);
        file.putShort((short) 40).putShort((short) 0).putShort((short) 0);
        file.putInt(LOAD).putInt(0).putInt(base).putInt(base).putInt(fileBytes).putInt(fileBytes + zeroBytes);
        file.putInt(READ_WRITE_EXECUTE).putInt(PAGE_BYTES);
        file.position(HEADER_BYTES).put(code);
        return file.array();
    }

    private static void requirePage(long base) {
        if (base % PAGE_BYTES != 0) {
            throw new IllegalArgumentException("Base is not a page: 0x" + Long.toHexString(base));
        }
    }
}
