package dev.sojourn.boot.initramfs;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads newc archives for tests, by the format and not by the writer; fails where anything is out of place. */
final class CpioReader {
    record Entry(int inode, int mode, int uid, int gid, int links, int time, int major, int minor, byte[] content) {
        String text() { return new String(content, StandardCharsets.UTF_8); }
    }

    private CpioReader() {}

    static Map<String, Entry> read(byte[] archive) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        int at = 0;
        while (true) {
            if (!new String(archive, at, 6, StandardCharsets.US_ASCII).equals("070701")) {
                throw new AssertionError("no header at " + at);
            }
            int[] numbers = new int[13];
            for (int i = 0; i < 13; i++) {
                String digits = new String(archive, at + 6 + 8 * i, 8, StandardCharsets.US_ASCII);
                numbers[i] = Integer.parseUnsignedInt(digits, 16);
            }
            int nameBytes = numbers[11];
            String name = new String(archive, at + 110, nameBytes - 1, StandardCharsets.UTF_8);
            int content = at + 110 + nameBytes + 3 & ~3;
            at = content + numbers[6] + 3 & ~3;
            if (name.equals("TRAILER!!!")) {
                for (int i = at; i < archive.length; i++) {
                    if (archive[i] != 0) {
                        throw new AssertionError("not zero at " + i);
                    }
                }
                return entries;
            }
            Entry old = entries.put(name, new Entry(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4],
                    numbers[5], numbers[9], numbers[10], Arrays.copyOfRange(archive, content, content + numbers[6])));
            if (old != null) {
                throw new AssertionError("twice: " + name);
            }
        }
    }
}
