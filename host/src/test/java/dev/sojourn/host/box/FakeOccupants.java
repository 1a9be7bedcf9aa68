package dev.sojourn.host.box;

import dev.sojourn.host.command.Creation;
import dev.sojourn.migration.DepartingGuest;
import dev.sojourn.sandbox.HostStreams;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Occupants that take no time: {@code say TEXT} writes, {@code copy} copies its input until it is made to end, {@code sleep} waits until it is asked to end,
 * {@code stubborn} until it is made to, {@code bug} throws, {@code refuse} cannot be made.
 */
public final class FakeOccupants implements Occupant.Maker {
    /** The key of the hosts of these tests; made when it is first needed. */
    public static final Path KEY = Path.of("target", "keys", "move.p12").toAbsolutePath();

    @Override public Occupant make(Creation creation, HostStreams streams) throws SandboxError {
        List<String> words = creation.what() instanceof Creation.What.Words(var command, var _, var _, var _)
                ? command.stream().map(word -> new String(word, StandardCharsets.UTF_8)).toList() : List.of("sleep");
        if (words.getFirst().equals("refuse")) throw new SandboxError("It cannot be made.");
        return new Fake(words, streams);
    }

    private static final class Fake implements Occupant {
        private final List<String> words;
        private final HostStreams streams;
        private final CountDownLatch asked = new CountDownLatch(1);
        private volatile boolean stopped;

        Fake(List<String> words, HostStreams streams) {
            this.words = words;
            this.streams = streams;
        }

        @Override public Verdict run() {
            try {
                return switch (words.getFirst()) {
                    case "say" -> {
                        streams.output().write(words.get(1).getBytes(StandardCharsets.UTF_8));
                        streams.error().write("error\n".getBytes(StandardCharsets.UTF_8));
                        yield new Verdict(7, "", List.of());
                    }
                    case "copy" -> {
                        streams.input().transferTo(streams.output());
                        yield new Verdict(0, "", List.of());
                    }
                    case "bug" -> throw new AssertionError("a bug of this test's");
                    default -> {
                        asked.await();
                        yield stopped ? Verdict.failed("") : new Verdict(143, "", List.of());
                    }
                };
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override public void askToStop() {
            if (!words.getFirst().equals("stubborn")) asked.countDown();
        }

        @Override public void stop() {
            stopped = true;
            asked.countDown();
            if (streams.input() instanceof InputQueue queue) queue.end();
        }

        @Override public DepartingGuest departing(String name, String release, String description) throws SandboxError {
            throw new SandboxError("It does not move.");
        }

        @Override public void resize(int columns, int rows) {
            try {
                streams.output().write((columns + "x" + rows).getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override public String machineType() { return "none"; }

        @Override public Use use() { return Use.NONE; }

        @Override public void pause() {}

        @Override public void resume() {}

        @Override public void snapshot(Path file) throws SandboxError {
            if (words.getFirst().equals("stubborn")) throw new SandboxError("It cannot be saved.");
        }

        @Override public List<Occupant> clones(Creation creation, int count, IntFunction<HostStreams> streams) throws SandboxError {
            if (words.getFirst().equals("stubborn")) throw new SandboxError("It cannot be cloned.");
            return IntStream.range(0, count).<Occupant>mapToObj(i -> new Fake(words, streams.apply(i))).toList();
        }

        @Override public void close() {}
    }
}
