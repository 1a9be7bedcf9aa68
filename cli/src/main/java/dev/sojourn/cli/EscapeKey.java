package dev.sojourn.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Passes keys on and watches for Ctrl-] pressed three times in a row, the way out of a guest that does not answer. */
final class EscapeKey extends FilterInputStream {
    private static final int KEY = 0x1d;
    private static final int PRESSES = 3;

    private final Runnable pressed;
    private int count;

    EscapeKey(InputStream keys, Runnable pressed) {
        super(keys);
        this.pressed = pressed;
    }

    @Override public int read() throws IOException {
        int key = super.read();
        if (key >= 0) watch(key);
        return key;
    }

    @Override public int read(byte[] target, int offset, int length) throws IOException {
        int taken = super.read(target, offset, length);
        for (int i = 0; i < taken; i++) watch(target[offset + i]);
        return taken;
    }

    private void watch(int key) {
        count = key == KEY ? count + 1 : 0;
        if (count == PRESSES) pressed.run();
    }
}
