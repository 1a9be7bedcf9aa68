package dev.sojourn.boot.acpi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * ACPI Machine Language, written as nested expressions (ACPI specification 6.5, chapter 20.2).
 *
 * <p>Each method returns the bytes of one term. Names are given as four characters a segment, as AML holds them.
 */
final class Aml {
    private static final int ZERO = 0x00;
    private static final int ONE = 0x01;
    private static final int NAME = 0x08;
    private static final int BYTE = 0x0a;
    private static final int WORD = 0x0b;
    private static final int DWORD = 0x0c;
    private static final int STRING = 0x0d;
    private static final int SCOPE = 0x10;
    private static final int BUFFER = 0x11;
    private static final int PACKAGE = 0x12;
    private static final int EXTENDED = 0x5b;
    private static final int DEVICE = 0x82;

    /** The largest number that the four bytes of a package length hold. */
    private static final int PACKAGE_LENGTH_MAX = (1 << 28) - 1;

    private Aml() {}

    static byte[] name(String name, byte[] value) { return join(bytes(NAME), nameString(name), value); }

    static byte[] scope(String name, byte[]... terms) {
        return join(bytes(SCOPE), sized(join(nameString(name), join(terms))));
    }

    static byte[] device(String name, byte[]... terms) {
        return join(bytes(EXTENDED, DEVICE), sized(join(nameString(name), join(terms))));
    }

    static byte[] packageOf(byte[]... elements) {
        if (elements.length > 255) {
            throw new IllegalArgumentException("Too many elements: " + elements.length);
        }
        return join(bytes(PACKAGE), sized(join(bytes(elements.length), join(elements))));
    }

    static byte[] buffer(byte[] content) {
        return join(bytes(BUFFER), sized(join(integer(content.length), content)));
    }

    static byte[] string(String text) {
        return join(bytes(STRING), text.getBytes(StandardCharsets.US_ASCII), bytes(0));
    }

    /** A number of up to 32 bits, in the shortest form. */
    static byte[] integer(long value) {
        if (value < 0 || value > 0xffff_ffffL) {
            throw new IllegalArgumentException("Not 32 bits: " + value);
        }
        int low = (int) value;
        return value == 0 ? bytes(ZERO)
                : value == 1 ? bytes(ONE)
                : value < 1 << 8 ? bytes(BYTE, low)
                : value < 1 << 16 ? bytes(WORD, low, low >>> 8)
                : bytes(DWORD, low, low >>> 8, low >>> 16, low >>> 24);
    }

    /** A device id of three letters and four hexadecimal digits, packed into 32 bits (19.3.4, "EISAID"). */
    static byte[] eisaId(String id) {
        if (!id.matches("[A-Z]{3}[0-9A-F]{4}")) {
            throw new IllegalArgumentException("Not an EISA id: " + id);
        }
        int letters = id.charAt(0) - '@' << 10 | id.charAt(1) - '@' << 5 | id.charAt(2) - '@';
        int digits = Integer.parseInt(id.substring(3), 16);
        return bytes(DWORD, letters >>> 8, letters, digits >>> 8, digits);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] nameString(String name) {
        String segment = name.startsWith("\\") ? name.substring(1) : name;
        if (!segment.matches("[A-Z_][A-Z0-9_]{3}")) {
            throw new IllegalArgumentException("Not a name of one segment: " + name);
        }
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Puts the package length before a content (20.2.4). It counts itself: one byte up to 63, else the number of
     * further bytes in the two highest bits, the four lowest bits of the length in the lowest, eight more bits in
     * each that follows.
     */
    private static byte[] sized(byte[] content) {
        int bytes = 1;
        int total = content.length + 1;
        if (total > 63) {
            do {
                bytes++;
                total = content.length + bytes;
            } while (total >= 1 << 4 + 8 * (bytes - 1));
        }
        if (total > PACKAGE_LENGTH_MAX) {
            throw new IllegalArgumentException("Package too long: " + total);
        }
        byte[] length = new byte[bytes];
        if (bytes == 1) {
            length[0] = (byte) total;
        } else {
            length[0] = (byte) (bytes - 1 << 6 | total & 15);
            for (int i = 1; i < bytes; i++) {
                length[i] = (byte) (total >>> 8 * i - 4);
            }
        }
        return join(length, content);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
