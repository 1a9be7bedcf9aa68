package dev.sojourn.interfaces.xen;

import dev.sojourn.device.ByteSource;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A stream that ends, for a console, which has no end: pieces, each behind its length in decimal and a line feed; the last has
 * none.
 */
final class FramedSource implements ByteSource {
    private static final int PIECE_MAX = 960;
    /** The decimal length, and its line feed. */
    private static final int LENGTH_MAX = 4;

    private final ByteSource source;
    private final byte[] piece = new byte[PIECE_MAX];
    private byte[] waiting = {};
    private boolean ended;

    FramedSource(ByteSource source) { this.source = source; }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (waiting.length == 0 && !ended) {
            fetch();
        }
        int count = Math.min(length, waiting.length);
        System.arraycopy(waiting, 0, target, offset, count);
        waiting = Arrays.copyOfRange(waiting, count, waiting.length);
        return count;
    }

    void save(StateWriter out) { out.bytes("waiting", waiting).flag("ended", ended); }

    void restore(StateReader in) throws BadState {
        waiting = in.bytes("waiting", PIECE_MAX + LENGTH_MAX);
        ended = in.flag("ended");
    }

    private void fetch() {
        int count = source.read(piece, 0, PIECE_MAX);
        if (count != 0) {
            ended = count < 0;
            byte[] length = (Math.max(0, count) + "\n").getBytes(StandardCharsets.US_ASCII);
            waiting = Arrays.copyOf(length, length.length + Math.max(0, count));
            System.arraycopy(piece, 0, waiting, length.length, Math.max(0, count));
        }
    }
}
