package dev.sojourn.interfaces.xen.pv;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** An ELF kernel of one page with the notes of a paravirtual guest, at physical 0x100000. */
final class TinyKernel {
    static final long BASE = 0xffff_ffff_8000_0000L;
    static final long PHYSICAL = 0x10_0000;
    static final long FRAME_LIST = 0x80_0000_0000L;

    private static final int NOTES = 0x100;
    private static final int CODE = 0x1000;

    private TinyKernel() {}

    static byte[] of(byte[] code) {
        ByteBuffer file = ByteBuffer.allocate(CODE + 0x1000).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer notes = ByteBuffer.allocate(0x100).order(ByteOrder.LITTLE_ENDIAN);
        note(notes, 1, BASE + PHYSICAL);
        note(notes, 3, BASE);
        note(notes, 15, FRAME_LIST);
        note(notes, 16, 1);
        notes.putInt(4).putInt(8).putInt(5).put(new byte[] {'X', 'e', 'n', 0});
        notes.put("xen-3.0\0".getBytes(StandardCharsets.US_ASCII));
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
        file.putShort((short) 2).putShort((short) 62).putInt(1).putLong(PHYSICAL).putLong(64).putLong(0).putInt(0);
        file.putShort((short) 64).putShort((short) 56).putShort((short) 2).putShort((short) 64).putInt(0);
        file.putInt(1).putInt(7).putLong(CODE).putLong(BASE + PHYSICAL).putLong(PHYSICAL);
        file.putLong(0x1000).putLong(0x1000).putLong(0x1000);
        file.putInt(4).putInt(4).putLong(NOTES).putLong(0).putLong(0);
        file.putLong(notes.position()).putLong(notes.position()).putLong(4);
        file.position(NOTES).put(notes.flip());
        file.position(CODE).put(code);
        return file.array();
    }

    private static void note(ByteBuffer notes, int type, long value) {
        notes.putInt(4).putInt(8).putInt(type).put(new byte[] {'X', 'e', 'n', 0}).putLong(value);
    }
}
