package dev.sojourn.sandbox.guest;

import java.io.ByteArrayOutputStream;

/** Writes any bytes but zero as one word of a POSIX shell: between single quotes, where only those quotes end. */
final class ShellQuote {
    private static final byte[] QUOTE = {'\'', '\\', '\'', '\''};

    private ShellQuote() {}

    static byte[] word(byte[] bytes) {
        ByteArrayOutputStream word = new ByteArrayOutputStream(bytes.length + 2);
        word.write('\'');
        for (byte b : bytes) {
            if (b == 0) throw new IllegalArgumentException("a word holds no zero byte");
            if (b == '\'') {
                word.writeBytes(QUOTE);
            } else {
                word.write(b);
            }
        }
        word.write('\'');
        return word.toByteArray();
    }
}
