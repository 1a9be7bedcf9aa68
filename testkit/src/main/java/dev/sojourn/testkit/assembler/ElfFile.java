package dev.sojourn.testkit.assembler;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A static x86 executable of 64 or 32 bits: ELF header, one segment (readable, writable and executable) and nothing else.
 *
 * <p>Assemble the program at {@link #codeAddress}. Layout: the header (64 bytes, or 52), one program header (56 bytes, or
 * 32), zeros up to {@link #HEADER_BYTES}, then the program.
 */
public final class ElfFile {
    /** Bytes in front of the program, mapped together with it. */
    public static final int HEADER_BYTES = 128;

    private static final int EXECUTABLE = 2;
    private static final int X86_64 = 62;
    private static final int I386 = 3;
    private static final int LOAD = 1;
    private static final int READ_WRITE_EXECUTE = 7;
    private static final int ELF_BYTES = 64;
    private static final int PROGRAM_HEADER_BYTES = 56;
    private static final int ELF_32_BYTES = 52;
    private static final int PROGRAM_HEADER_32_BYTES = 32;
    private static final int PAGE_BYTES = 4096;

    private ElfFile() {}

    /** Where the program of an executable loaded at a base address begins. */
    public static long codeAddress(long base) { return base + HEADER_BYTES; }

    /**
     * A 64-bit executable.
     *
     * @param base where the file is mapped, a multiple of the page size
     * @param code the program, assembled at {@code codeAddress(base)}
     * @param entry where it starts
     * @param zeroBytes memory behind the program that starts as zeros
     */
    public static byte[] executable(long base, byte[] code, long entry, long zeroBytes) {
        requirePage(base);
        int fileBytes = HEADER_BYTES + code.length;
        ByteBuffer file = ByteBuffer.allocate(fileBytes).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
        file.putShort((short) EXECUTABLE).putShort((short) X86_64).putInt(1);
        file.putLong(entry).putLong(ELF_BYTES).putLong(0).putInt(0);
        file.putShort((short) ELF_BYTES).putShort((short) PROGRAM_HEADER_BYTES).putShort((short) 1);
        file.putShort((short) 64).putShort((short) 0).putShort((short) 0);
        file.putInt(LOAD).putInt(READ_WRITE_EXECUTE).putLong(0).putLong(base).putLong(base);
        file.putLong(fileBytes).putLong(fileBytes + zeroBytes).putLong(PAGE_BYTES);
        file.position(HEADER_BYTES).put(code);
        return file.array();
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
