package dev.sojourn.disk;

import java.util.Arrays;

/** Whether bytes are zero. */
final class Zeros {
    private Zeros() {}

    static boolean all(byte[] bytes, int offset, int length) {
        return length == 0 || bytes[offset] == 0
                && Arrays.mismatch(bytes, offset, offset + length - 1, bytes, offset + 1, offset + length) < 0;
    }
}
