package dev.sojourn.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SerialLogTest {
    private final AtomicInteger panics = new AtomicInteger();
    private final SerialLog log = new SerialLog(panics::incrementAndGet);

    @Test void lastLinesAreTenWithoutBlankOnes() {
        for (int i = 0; i < 20; i++) say("line " + i + "\r\n\r\n");
        assertEquals(10, log.lastLines().size());
        assertEquals("line 19", log.lastLines().getLast());
        assertFalse(log.panicked());
    }

    @Test void unfinishedLineCounts() {
        say("first\nsecond");
        assertEquals(List.of("first", "second"), log.lastLines());
    }

    @Test void panicIsShownFromShortlyBeforeItOn() {
        for (int i = 0; i < 50; i++) say("line " + i + "\n");
        say("[ 1.0] Kernel panic - not syncing: VFS\n");
        for (int i = 0; i < 20; i++) say("trace " + i + "\n");
        assertTrue(log.panicked());
        assertEquals("line 46", log.lastLines().getFirst());
        assertEquals("trace 19", log.lastLines().getLast());
    }

    @Test void panicEndsOnceWithItsLastLine() {
        say("Kernel panic - not syncing: x\n");
        assertEquals(0, panics.get());
        say("---[ end Kernel panic - not syncing: x ]---\n".repeat(2));
        assertEquals(1, panics.get());
    }

    @Test void controlCharactersNeverReachTheTerminal() {
        say("a\033[2Jb\007c\n");
        assertEquals(List.of("a[2Jbc"), log.lastLines());
    }

    @Test void anyBytesStayWithinTheBounds() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(2_000)];
            random.nextBytes(bytes);
            if (random.nextInt(20) == 0) say("Kernel panic - not syncing");
            log.write(bytes, 0, bytes.length);
            assertTrue(log.lastLines().size() <= SerialLog.LINES_MAX + 1);
            assertTrue(log.lastLines().stream().allMatch(line -> line.length() <= SerialLog.LINE_BYTES_MAX));
        }
    }

    private void say(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        log.write(bytes, 0, bytes.length);
    }
}
