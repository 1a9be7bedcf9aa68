package dev.sojourn.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Both forms of raw access do the same: each runs in a JVM of its own and prints what it finds. */
class RawTest {
    @Test
    void bothFormsLeaveTheSameBytes() throws Exception {
        String fast = script("unsafe");
        assertEquals("false", fast.lines().findFirst().orElseThrow());
        String foreign = script("foreign");
        assertEquals("true", foreign.lines().findFirst().orElseThrow());
        assertEquals(fast.substring(fast.indexOf('\n')), foreign.substring(foreign.indexOf('\n')));
    }

    private static String script(String form) throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED", "-Dsojourn.memory=" + form,
                "-cp", System.getProperty("java.class.path"), Script.class.getName()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    /** Random accesses of every kind to a small piece of memory, then what it holds. */
    static final class Script {
        private static final int BYTES = 256;

        private Script() {}

        public static void main(String[] arguments) {
            SplittableRandom random = new SplittableRandom(7);
            System.out.println(Raw.isForeign());
            try (Arena arena = Arena.ofConfined()) {
                long base = arena.allocate(BYTES).address();
                long sum = 0;
                for (int i = 0; i < 5_000; i++) {
                    sum = sum * 31 + step(random, base);
                }
                byte[] bytes = new byte[BYTES];
                Raw.copyOut(base, bytes, 0, BYTES);
                System.out.println(sum + " " + Arrays.toString(bytes));
            }
        }

        private static long step(SplittableRandom random, long base) {
            long at = base + random.nextInt(BYTES - 8);
            long value = random.nextLong();
            switch (random.nextInt(7)) {
                case 0 -> Raw.putByte(at, (byte) value);
                case 1 -> Raw.putShort(at, (short) value);
                case 2 -> Raw.putInt(at, (int) value);
                case 3 -> Raw.putLong(at, value);
                case 4 -> Raw.fill(at, 1 + (value & 7), (byte) (value >> 8));
                case 5 -> Raw.copyIn(new byte[] {1, 2, (byte) value, 4}, 1, at, 3);
                default -> Raw.copy(base, base + BYTES / 2, 1 + (value & 63));
            }
            return Raw.getByte(at) + Raw.getShort(at) + Raw.getInt(at) + Raw.getLong(at);
        }
    }
}
