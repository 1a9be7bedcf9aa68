package dev.sojourn.testkit.oracle;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;

/**
 * Cases that once went wrong, as text, to be replayed for ever: complete, so that no generator is needed.
 *
 * <p>Findings are separated by empty lines; lines that begin with {@code #} are for people. Each line is a key and a
 * value:
 *
 * <pre>
 * name, seed, bits (32 or 64), code
 * undefined   flags, status, destination, approximate, ulps
 * fault       vector, error code, address
 * before      the state: RIP, RFLAGS, 16 registers, FXSAVE image without its reserved end, windows; bytes in
 * hexadecimal after       likewise, as the real processor left it
 * </pre>
 *
 * Runs of sixteen and more zero bytes are written as {@code *count.}.
 */
public final class FindingsFile {
    private static final int RUN_MIN = 16;

    private FindingsFile() {}

    /** @param remark lines for people, such as {@link Comparison#differences} gives */
    public static String write(TruthFile.Entry entry, String remark) {
        Case c = entry.c();
        Looseness open = c.looseness();
        Fault fault = entry.outcome().fault();
        StringBuilder text = new StringBuilder();
        remark.lines().forEach(line -> text.append("# ").append(line).append('\n'));
        line(text, "name", c.name());
        line(text, "seed", "0x%x".formatted(c.seed()));
        line(text, "bits", c.bits32() ? "32" : "64");
        line(text, "code", HexFormat.of().formatHex(c.code()));
        line(text, "undefined", "%x %x %b %b %d".formatted(open.flags(), open.status(), open.destination(),
                open.approximate(), open.ulps()));
        line(text, "fault", "%d %x %x".formatted(fault.vector(), fault.errorCode(), fault.address()));
        line(text, "before", pack(StateBytes.of(c.before())));
        line(text, "after", pack(StateBytes.of(entry.outcome().after())));
        return text.append('\n').toString();
    }

    /** @throws IllegalArgumentException if the text is not as described above */
    public static List<TruthFile.Entry> read(String text) {
        List<TruthFile.Entry> entries = new ArrayList<>();
        for (String finding : text.split("\n\\s*\n")) {
            Properties properties = new Properties();
            try {
                properties.load(new StringReader(finding));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (!properties.isEmpty()) {
                entries.add(entry(properties));
            }
        }
        return entries;
    }

    private static TruthFile.Entry entry(Properties finding) {
        String[] open = words(finding, "undefined", 5);
        Looseness looseness = new Looseness(Integer.parseInt(open[0], 16), Integer.parseInt(open[1], 16),
                Boolean.parseBoolean(open[2]), Boolean.parseBoolean(open[3]), Integer.parseInt(open[4]));
        String[] fault = words(finding, "fault", 3);
        Case c = new Case(value(finding, "name"), Long.parseUnsignedLong(value(finding, "seed").substring(2), 16),
                HexFormat.of().parseHex(value(finding, "code")), value(finding, "bits").equals("32"),
                StateBytes.state(unpack(value(finding, "before"))), looseness);
        Fault expected = new Fault(Integer.parseInt(fault[0]), Integer.parseUnsignedInt(fault[1], 16),
                Long.parseUnsignedLong(fault[2], 16));
        return new TruthFile.Entry(c, new Outcome(StateBytes.state(unpack(value(finding, "after"))), expected));
    }

    private static String[] words(Properties finding, String key, int count) {
        String[] words = value(finding, key).split(" ");
        if (words.length != count) {
            throw new IllegalArgumentException("%s has %d words".formatted(key, words.length));
        }
        return words;
    }

    private static String value(Properties finding, String key) {
        String value = finding.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException("A finding without " + key + ": " + finding.getProperty("name"));
        }
        return value;
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append("%-9s %s%n".formatted(key, value));
    }

    private static String pack(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; ) {
            int zeros = 0;
            while (i + zeros < bytes.length && bytes[i + zeros] == 0) {
                zeros++;
            }
            if (zeros >= RUN_MIN) {
                text.append('*').append(zeros).append('.');
                i += zeros;
            } else {
                text.append("%02x".formatted(bytes[i++]));
            }
        }
        return text.toString();
    }

    private static byte[] unpack(String text) {
        byte[] bytes = new byte[StateBytes.BYTES];
        int to = 0;
        for (int i = 0; i < text.length(); ) {
            if (text.charAt(i) == '*') {
                int dot = text.indexOf('.', i);
                to += Integer.parseInt(text, i + 1, dot, 10);
                i = dot + 1;
            } else {
                bytes[to++] = (byte) HexFormat.fromHexDigits(text, i, i + 2);
                i += 2;
            }
        }
        if (to != bytes.length) {
            throw new IllegalArgumentException("A state of %d bytes".formatted(to));
        }
        return bytes;
    }
}
