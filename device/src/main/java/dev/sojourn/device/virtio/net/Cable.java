package dev.sojourn.device.virtio.net;

import java.util.Optional;

/**
 * What a network card is plugged into. Called on the machine's thread; does not block. The card is told
 * when there is a frame after there was none, or room after there was none.
 */
public interface Cable extends AutoCloseable {
    /**
     * The card's end. Once, before anything else.
     *
     * @param ready run on any thread when the card is to call {@link VirtioNet#cableReady} on its own
     */
    void plug(Runnable ready);

    /**
     * A driver is ready for frames.
     *
     * @param checksums it takes frames whose checksum is still to be put in
     * @param segments it takes TCP segments longer than the network carries
     */
    void connect(boolean checksums, boolean segments);

    /** There is no driver any more. */
    void disconnect();

    /** Whether {@link #send} may be called. */
    boolean hasRoom();

    /** Takes a frame of the guest's. */
    void send(Frame frame);

    /** The next frame for the guest. */
    Optional<Frame> receive();

    /** Ends whatever is at the far end. */
    @Override
    void close();
}
