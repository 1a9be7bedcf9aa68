package dev.sojourn.disk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Makes small qcow2 files by hand, right ones to be spoiled: clusters of 4 KiB; header, refcount table, block, L1 table. */
final class Qcow2Maker {
    static final int CLUSTER = 4096;

    private Qcow2Maker() {}

    static byte[] empty(long diskBytes, String backing) {
        ByteBuffer file = ByteBuffer.allocate(4 * CLUSTER);
        byte[] name = backing.getBytes(StandardCharsets.UTF_8);
        file.putInt(0, 0x514649fb).putInt(4, 3).putInt(20, 12).putLong(24, diskBytes).putInt(36, (int) ((diskBytes >> 21) + 1));
        file.putLong(40, 3 * CLUSTER).putLong(48, CLUSTER).putInt(56, 1).putInt(96, 4).putInt(100, 104);
        if (name.length > 0) {
            file.putLong(8, 512).putInt(16, name.length).put(512, name);
        }
        file.putLong(CLUSTER, 2 * CLUSTER);
        for (int i = 0; i < 4; i++) {
            file.putShort(2 * CLUSTER + 2 * i, (short) 1);
        }
        return file.array();
    }
}
