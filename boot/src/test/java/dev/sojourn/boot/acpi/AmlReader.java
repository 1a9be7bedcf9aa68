package dev.sojourn.boot.acpi;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads the part of AML that {@link Aml} writes and shows it as lines, one for each name; fails where lengths do not
 * nest.
 *
 * <p>Written from the grammar of the specification (ACPI specification 6.5, chapter 20.2), not from the writer.
 */
final class AmlReader {
    private final byte[] aml;
    private final List<String> lines = new ArrayList<>();
    private int at;

    private AmlReader(byte[] aml, int at) {
        this.aml = aml;
        this.at = at;
    }

    static List<String> lines(byte[] aml, int from) {
        AmlReader reader = new AmlReader(aml, from);
        reader.terms(aml.length, "");
        return reader.lines;
    }

    private void terms(int end, String path) {
        while (at < end) {
            int opcode = u8();
            switch (opcode) {
                case 0x08 -> lines.add(path + nameString() + " = " + value());
                case 0x10 -> block(path);
                case 0x5b -> {
                    expect(0x82, u8());
                    block(path);
                }
                default -> throw new AssertionError("opcode " + opcode + " at " + at);
            }
        }
        expect(end, at);
    }

    private void block(String path) {
        int end = at + packageLength(at);
        terms(end, path + nameString() + '.');
    }

    private String value() {
        int opcode = u8();
        return switch (opcode) {
            case 0x00, 0x01 -> Integer.toString(opcode);
            case 0x0a -> Long.toString(number(1));
            case 0x0b -> Long.toString(number(2));
            case 0x0c -> "0x" + Long.toHexString(number(4));
            case 0x0d -> string();
            case 0x11 -> buffer();
            case 0x12 -> packageOf();
            default -> throw new AssertionError("opcode " + opcode + " at " + at);
        };
    }

    private String buffer() {
        int end = at + packageLength(at);
        int size = Integer.parseInt(value());
        expect(end, at + size);
        at = end;
        return HexFormat.of().formatHex(aml, end - size, end);
    }

    private String packageOf() {
        int end = at + packageLength(at);
        List<String> elements = new ArrayList<>();
        for (int count = u8(); count > 0; count--) {
            elements.add(value());
        }
        expect(end, at);
        return elements.toString();
    }

    private int packageLength(int start) {
        int lead = u8();
        int more = lead >>> 6;
        int length = more == 0 ? lead & 63 : lead & 15;
        for (int i = 0; i < more; i++) {
            length |= u8() << 4 + 8 * i;
        }
        if (length > aml.length - start || length < at - start) {
            throw new AssertionError("length " + length + " at " + start);
        }
        return length;
    }

    private String nameString() {
        int bytes = aml[at] == '\\' ? 5 : 4;
        at += bytes;
        return new String(aml, at - bytes, bytes, StandardCharsets.US_ASCII);
    }

    private String string() {
        int start = at;
        while (u8() != 0) {
            expect(0, aml[at - 1] & 0x80);
        }
        return '"' + new String(aml, start, at - 1 - start, StandardCharsets.US_ASCII) + '"';
    }

    private long number(int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (long) u8() << 8 * i;
        }
        return value;
    }

    private int u8() { return aml[at++] & 0xff; }

    private void expect(int expected, int actual) {
        if (expected != actual) {
            throw new AssertionError("expected " + expected + ", got " + actual + " at " + at);
        }
    }
}
