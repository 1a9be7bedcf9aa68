package dev.sojourn.device.virtio.console;

import dev.sojourn.device.virtio.queue.Chain;
import dev.sojourn.device.virtio.queue.Virtqueue;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.Arrays;

/** One port at work: its two byte streams, and what the guest still has to be told about it. */
final class Port {
    /** What is taken from a source at once: sixteen pages, which is sixteen buffers of a Linux guest. */
    static final int INPUT_BYTES = 64 << 10;

    /**
     * The most bytes a guest may write in one request, which bounds how long a notification holds the machine. It is as
     * much as the most buffers of a chain hold in single pages.
     */
    static final int REQUEST_BYTES_MAX = Chain.SEGMENTS_MAX * 4096;

    private final ConsolePort wiring;
    private final byte[] input = new byte[INPUT_BYTES];
    private int inputStart;
    private int inputEnd;
    private boolean ended;
    private boolean known;
    private boolean guestOpen;
    private int pending;

    Port(ConsolePort wiring) { this.wiring = wiring; }

    ConsolePort wiring() { return wiring; }

    /** Whether the guest's driver has set the port up. */
    boolean known() { return known; }

    boolean guestOpen() { return guestOpen; }

    /** Whether the host's side is open, as the guest is to see it. */
    boolean hostOpen() { return wiring.console() || !ended; }

    void guestOpen(boolean open) { guestOpen = open; }

    /** The guest's driver has set the port up: it is told all there is to say. */
    void makeKnown(boolean sized) {
        known = true;
        // Open comes before the name: a guest that finds the port by its name and reads at once would otherwise be
        // told that it is at the end.
        tell(Message.PORT_OPEN);
        tell(Message.PORT_NAME);
        if (wiring.console()) {
            tell(Message.CONSOLE_PORT);
            if (sized) {
                tell(Message.RESIZE);
            }
        }
    }

    void tell(Message message) { pending |= 1 << message.ordinal(); }

    boolean hasPending() { return pending != 0; }

    /** Takes the first message off those still to be told. */
    Message nextPending() {
        int first = Integer.numberOfTrailingZeros(pending);
        pending &= pending - 1;
        return Message.inOrder(first);
    }

    /** Moves bytes from the source to the guest as far as both go. Bytes that do not fit are kept for the next time. */
    void receive(Virtqueue queue, Chain chain) {
        while (guestOpen && hasInput() && queue.take(chain)) {
            if (chain.writable() == 0) {
                queue.fail();
                return;
            }
            inputStart += chain.write(input, inputStart, inputEnd - inputStart);
            queue.put(chain);
        }
        queue.signal();
    }

    /** Moves all that the guest has written to the sink. */
    void transmit(Virtqueue queue, Chain chain, byte[] buffer) {
        while (queue.take(chain)) {
            if (chain.readable() > REQUEST_BYTES_MAX) {
                queue.fail();
                return;
            }
            for (int length; (length = chain.read(buffer, 0, buffer.length)) > 0; ) {
                wiring.sink().write(buffer, 0, length);
            }
            queue.put(chain);
        }
        queue.signal();
    }

    /** The guest's side is gone. What was taken from the source and not yet given to the guest stays. */
    void reset() {
        known = false;
        guestOpen = false;
        pending = 0;
    }

    void save(StateWriter out) {
        out.bytes("input", Arrays.copyOfRange(input, inputStart, inputEnd)).flag("ended", ended).flag("known", known);
        out.flag("guest-open", guestOpen).number("pending", pending);
    }

    void restore(StateReader in) throws BadState {
        byte[] kept = in.bytes("input", INPUT_BYTES);
        System.arraycopy(kept, 0, input, 0, kept.length);
        inputStart = 0;
        inputEnd = kept.length;
        ended = in.flag("ended");
        known = in.flag("known");
        guestOpen = in.flag("guest-open");
        pending = in.number("pending", 0, (1 << Message.values().length) - 1);
    }

    private boolean hasInput() {
        if (inputStart < inputEnd) {
            return true;
        }
        if (ended) {
            return false;
        }
        int length = wiring.source().read(input, 0, input.length);
        inputStart = 0;
        inputEnd = Math.max(length, 0);
        if (length < 0) {
            ended = true;
            if (known && !wiring.console()) {
                tell(Message.PORT_OPEN);
            }
        }
        return length > 0;
    }
}
