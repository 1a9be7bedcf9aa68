package dev.sojourn.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A kernel of some bytes: it writes a text to the serial line, then whatever it reads there, for ever. An ELF file of one segment. */
final class TinyKernel {
    private static final long LOADED_AT = 0x100_0000;
    private static final int CODE = 0x1000;

    /** In 64-bit mode; the text follows, ended by a zero byte. */
    private static final String INSTRUCTIONS = """
            66bafc03 b002 ee               mov dx, 0x3fc; mov al, 2; out dx, al: ready to receive
            488d351d000000 66baf803        lea rsi, [rip+text]; mov dx, 0x3f8
            ac 84c0 7403 ee ebf8           next: lodsb; test al, al; jz read; out dx, al; jmp next
            66bafd03 ec a801 74f7          read: mov dx, 0x3fd; in al, dx; test al, 1; jz read
            66baf803 ec ee ebef            mov dx, 0x3f8; in al, dx; out dx, al; jmp read
            """;

    private TinyKernel() {}

    static byte[] writing(String text) {
        byte[] code = HexFormat.of().parseHex(INSTRUCTIONS.lines().map(line -> line.substring(0, line.indexOf("  ")).replace(" ", ""))
                .reduce("", String::concat));
        byte[] letters = (text + "\0").getBytes(StandardCharsets.US_ASCII);
        int bytes = code.length + letters.length;
        ByteBuffer elf = ByteBuffer.allocate(CODE + bytes).order(ByteOrder.LITTLE_ENDIAN);
        elf.putInt(0x464c_457f).put((byte) 2).put((byte) 1).put((byte) 1);
        elf.putShort(16, (short) 2).putShort(18, (short) 62).putLong(24, LOADED_AT).putLong(32, 64).putShort(54, (short) 56)
                .putShort(56, (short) 1);
        elf.putInt(64, 1).putLong(64 + 8, CODE).putLong(64 + 16, LOADED_AT).putLong(64 + 24, LOADED_AT).putLong(64 + 32, bytes)
                .putLong(64 + 40, bytes);
        elf.position(CODE).put(code).put(letters);
        return elf.array();
    }
}
