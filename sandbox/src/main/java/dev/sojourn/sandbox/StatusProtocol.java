package dev.sojourn.sandbox;

import dev.sojourn.device.ByteSink;
import dev.sojourn.device.ByteSource;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the first process of the default guest and the host say to each other on the control port.
 *
 * <p>Lines of ASCII, each ended by a line feed. Guest to host: {@code ready} once; then {@code exit N} with the
 * command's status from 0 to 255, or {@code failed TEXT} if the command could not be started. The host answers either
 * of these with {@code bye}; the guest waits for that before it switches itself off, so that nothing said is lost. The
 * first {@code exit} or {@code failed} counts. Everything else is ignored: the guest is not trusted. Once the guest is
 * ready, the host may say {@code stop}: the command is asked to end.
 *
 * <p>Used on the machine thread, but for {@link #askToStop}; the outcome is read when that thread is done.
 */
final class StatusProtocol implements ByteSink, ByteSource {
    /** No honest line is longer. */
    static final int LINE_BYTES_MAX = 200;

    private static final byte[] STOP = "stop\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANSWER = "bye\n".getBytes(StandardCharsets.US_ASCII);

    /** What the guest reported. */
    sealed interface Outcome {
        record Exit(int status) implements Outcome {}

        record Failure(String reason) implements Outcome {}
    }

    private final Runnable answerReady;
    private final byte[] line = new byte[LINE_BYTES_MAX];
    private int length;
    private boolean overlong;
    private final AtomicBoolean stopAsked = new AtomicBoolean();
    private boolean ready;
    private byte[] saying = {};
    private int said;
    private Optional<Outcome> outcome = Optional.empty();

    /** @param answerReady run when there is something for the guest to read */
    StatusProtocol(Runnable answerReady) { this.answerReady = answerReady; }

    Optional<Outcome> outcome() { return outcome; }

    /** Has the command asked to end, as soon as the guest listens. Any thread. */
    void askToStop() {
        stopAsked.set(true);
        answerReady.run();
    }

    @Override public void write(byte[] source, int offset, int length) {
        for (int i = offset; i < offset + length; i++) accept(source[i]);
    }

    @Override public int read(byte[] target, int offset, int length) {
        if (said == saying.length && ready && outcome.isEmpty() && stopAsked.compareAndSet(true, false)) say(STOP);
        int taken = Math.min(saying.length - said, length);
        System.arraycopy(saying, said, target, offset, taken);
        said += taken;
        return taken;
    }

    private void say(byte[] line) {
        saying = line;
        said = 0;
    }

    void save(StateWriter out) {
        out.bytes("line", Arrays.copyOf(line, length)).flag("overlong", overlong).flag("ready", ready)
                .bytes("saying", Arrays.copyOfRange(saying, said, saying.length));
        outcome.ifPresent(reported -> {
            switch (reported) {
                case Outcome.Exit(int status) -> out.number("exit", status);
                case Outcome.Failure(String reason) -> out.text("failure", reason);
            }
        });
    }

    void restore(StateReader in) throws BadState {
        byte[] begun = in.bytes("line", LINE_BYTES_MAX);
        System.arraycopy(begun, 0, line, 0, begun.length);
        length = begun.length;
        overlong = in.flag("overlong");
        ready = in.flag("ready");
        say(in.bytes("saying", STOP.length + ANSWER.length));
        if (in.has("exit")) outcome = Optional.of(new Outcome.Exit(in.number("exit", 0, 255)));
        if (in.has("failure")) outcome = Optional.of(new Outcome.Failure(in.text("failure", LINE_BYTES_MAX)));
    }

    private void accept(byte b) {
        if (b == '\n') {
            if (!overlong) take(new String(line, 0, length, StandardCharsets.US_ASCII));
            length = 0;
            overlong = false;
        } else if (length < LINE_BYTES_MAX) {
            line[length++] = b;
        } else {
            overlong = true;
        }
    }

    private void take(String text) {
        if (text.equals("ready")) {
            ready = true;
            if (stopAsked.get()) answerReady.run();
        }
        parse(text).ifPresent(this::conclude);
    }

    private void conclude(Outcome reported) {
        if (outcome.isPresent()) return;
        outcome = Optional.of(reported);
        // What is left of an earlier line goes first: the guest reads whole lines.
        say(concat(Arrays.copyOfRange(saying, said, saying.length), ANSWER));
        answerReady.run();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static Optional<Outcome> parse(String line) {
        if (line.matches("exit [0-9]{1,3}")) {
            int status = Integer.parseInt(line.substring("exit ".length()));
            return status <= 255 ? Optional.of(new Outcome.Exit(status)) : Optional.empty();
        }
        if (line.matches("failed [ -~]+")) return Optional.of(new Outcome.Failure(line.substring("failed ".length())));
        return Optional.empty();
    }
}
