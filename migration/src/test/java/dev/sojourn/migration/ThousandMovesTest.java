package dev.sojourn.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A counting guest moves to and fro over lines that break anywhere, and misses no number. */
class ThousandMovesTest {
    private static final int MOVES = 1000;
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(5), Long.MAX_VALUE, Duration.ofMinutes(1));

    private final FakeWorld world = new FakeWorld();

    @Test
    void noNumberIsMissedOrSaidTwice(@TempDir Path folder) throws IOException, InterruptedException {
        Random chance = new Random(20261122);
        FakeHost[] hosts = {new FakeHost(folder.resolve("a"), world), new FakeHost(folder.resolve("b"), world)};
        FakeGuest guest = new FakeGuest(world);
        guest.start();
        AtomicBoolean over = new AtomicBoolean();
        Thread worker = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                FakeGuest now = world.running();
                if (now == null || !now.work()) {
                    Thread.onSpinWait();
                }
            }
        });
        int at = 0;
        int moved = 0;
        for (int i = 0; i < MOVES; i++) {
            Sender sender = new Sender(guest, String.format("%032x", i), "other", hosts[1 - at].line(chance), hosts[at].journal(), LIMITS,
                    Progress.NONE);
            Outcome outcome = sender.run();
            sender.settle();
            if (outcome.moved()) {
                moved++;
                at = 1 - at;
                guest = world.running();
            }
            assertEquals("", world.wrong(), "move " + i + ": " + outcome);
        }
        over.set(true);
        worker.join();
        assertTrue(moved > MOVES / 10 && moved < MOVES, moved + " of " + MOVES + " moved");
        assertTrue(world.last() > MOVES);
        assertEquals(0, hosts[0].journal().departures().size() + hosts[1].journal().departures().size());
    }
}
