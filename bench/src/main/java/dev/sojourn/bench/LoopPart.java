package dev.sojourn.bench;

import dev.sojourn.boot.image.BadImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Instructions a second in the warm loop: Sojourn's interpreter alone in this process; the peer's by the run time of
 * its process, less that of one with no round.
 */
final class LoopPart {
    private static final long INSTRUCTIONS = 300_000_000L;
    private static final int WARMING = 4;
    private static final long ENDLESS = Long.MAX_VALUE;

    private final Row speed = new Row("warm integer loop", "million instructions/s");
    private final Optional<Contender> peer;
    private final Path none;
    private final Path some;
    private final long peerInstructions;

    LoopPart(Optional<Contender> peer, Path work) throws IOException, BadImage {
        this.peer = peer;
        long one = executed(1);
        long round = executed(2) - one;
        long rounds = 4 * INSTRUCTIONS / round;
        peerInstructions = rounds * round;
        none = Files.write(work.resolve("loop-none.elf"), WarmLoop.image(0));
        some = Files.write(work.resolve("loop.elf"), WarmLoop.image(rounds));
    }

    List<Row> rows() { return List.of(speed); }

    void measure(int pairs) throws IOException, InterruptedException, BadImage {
        try (BareProcessor processor = new BareProcessor(WarmLoop.image(ENDLESS))) {
            for (int i = 0; i < WARMING; i++) processor.rate(INSTRUCTIONS);
            for (int i = 0; i < pairs; i++) {
                speed.sojourn.add(processor.rate(INSTRUCTIONS) / 1e6);
                if (peer.isPresent() && peer.get() instanceof Contender.Qemu qemu) {
                    double empty = GuestRun.of(qemu.bare(none)).wallSeconds();
                    double full = GuestRun.of(qemu.bare(some)).wallSeconds();
                    speed.peer.add(peerInstructions / (full - empty) / 1e6);
                }
            }
        }
    }

    private static long executed(long rounds) throws BadImage {
        try (BareProcessor processor = new BareProcessor(WarmLoop.image(rounds))) {
            return processor.runToEnd();
        }
    }
}
