package dev.sojourn.device.virtio.net;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** A cable that keeps what it is sent and hands out what a test puts in. */
public final class LoopCable implements Cable {
    public final Deque<Frame> sent = new ArrayDeque<>();
    public final Deque<Frame> toGuest = new ArrayDeque<>();
    public boolean room = true;
    public boolean connected;

    @Override public void plug(Runnable ready) {}

    @Override public void connect(boolean checksums, boolean segments) { connected = true; }

    @Override public void disconnect() { connected = false; }

    @Override public boolean hasRoom() { return room; }

    @Override public void send(Frame frame) {
        sent.add(frame);
        while (sent.size() > 8) sent.poll();
    }

    @Override public Optional<Frame> receive() { return Optional.ofNullable(toGuest.poll()); }

    @Override public void close() {}
}
