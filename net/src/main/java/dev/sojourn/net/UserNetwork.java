package dev.sojourn.net;

import dev.sojourn.device.virtio.net.Cable;
import dev.sojourn.device.virtio.net.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The network of one guest.
 *
 * <p>Implementation notes. One thread owns all of it and sleeps in a selector. The machine's thread puts frames into one queue and
 * takes them from another; it wakes the selector only if nobody has yet. What blocks, looking names up and asking whether a computer
 * is there, happens on virtual threads that post what they found.
 */
public final class UserNetwork implements Cable, AutoCloseable {
    /** Frames handled before sockets are looked at again. */
    private static final int FRAMES_AT_A_TIME = 64;

    /** How often what is late is looked for. */
    private static final long TICK_MILLIS = 100;

    /** What happens when a socket is ready. */
    interface Ready {
        void ready(SelectionKey key);
    }

    private final FrameQueue fromGuest = new FrameQueue();
    private final GuestPort guest;
    private final ConcurrentLinkedQueue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final Selector selector;
    private final Internet internet;
    private final Thread thread = Thread.ofPlatform().daemon().name("sojourn-net").unstarted(this::work);
    private Runnable bell = () -> {};
    private volatile boolean roomWanted;
    private volatile boolean closed;

    /**
     * A network that runs when it is plugged in; forwarded ports of the host are taken at once.
     *
     * @param allowed with whom the guest may speak; empty for the world
     * @throws IOException if a forwarded port of the host cannot be had; the message is the end of a sentence
     */
    public UserNetwork(List<Allowed> allowed, List<Forward> forwards) throws IOException {
        guest = new GuestPort();
        selector = Selector.open();
        internet = new Internet(guest, new Policy(allowed), new Resolver(), selector, Thread::startVirtualThread, this::post);
        boolean complete = false;
        try {
            for (Forward forward : forwards) {
                internet.tcp().listen(forward);
            }
            complete = true;
        } finally {
            if (!complete) {
                closeSockets();
            }
        }
    }

    @Override
    public void plug(Runnable ready) {
        bell = ready;
        guest.plug(ready);
        thread.start();
    }

    @Override
    public void connect(boolean checksums, boolean segments) {
        guest.connect(checksums, segments);
        wake();
    }

    @Override
    public void disconnect() { guest.disconnect(); }

    @Override
    public boolean hasRoom() {
        if (fromGuest.hasRoom()) {
            return true;
        }
        roomWanted = true;
        return fromGuest.hasRoom();
    }

    @Override
    public void send(Frame frame) {
        fromGuest.put(frame);
        wake();
    }

    @Override
    public Optional<Frame> receive() {
        boolean fuller = !guest.queue().isHalfEmpty();
        Optional<Frame> frame = guest.queue().take();
        if (fuller && guest.queue().isHalfEmpty()) {
            wake();
        }
        return frame;
    }

    /** Ends every connection. */
    @Override
    public void close() {
        closed = true;
        if (thread.getState() == Thread.State.NEW) {
            closeSockets();
            return;
        }
        selector.wakeup();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void post(Runnable work) {
        posted.add(work);
        wake();
    }

    private void wake() {
        if (awake.compareAndSet(false, true)) {
            selector.wakeup();
        }
    }

    private void work() {
        try {
            long nextTick = Long.MIN_VALUE;
            while (!closed) {
                awake.set(false);
                long now = System.nanoTime() / 1_000_000;
                internet.time(now);
                boolean more = step();
                if (now >= nextTick) {
                    internet.tick();
                    nextTick = now + TICK_MILLIS;
                }
                if (more) {
                    selector.selectNow(UserNetwork::ready);
                } else if (internet.isIdle()) {
                    selector.select(UserNetwork::ready);
                } else {
                    selector.select(UserNetwork::ready, TICK_MILLIS);
                }
            }
        } catch (IOException | ClosedSelectorException e) {
            throw new AssertionError("The selector failed", e);
        } finally {
            closeSockets();
        }
    }

    /** @return whether there is more to do at once */
    private boolean step() {
        for (Runnable work = posted.poll(); work != null; work = posted.poll()) {
            work.run();
        }
        int handled = 0;
        for (; handled < FRAMES_AT_A_TIME; handled++) {
            Optional<Frame> frame = fromGuest.take();
            if (frame.isEmpty()) {
                break;
            }
            internet.frame(frame.get());
        }
        internet.flush();
        if (roomWanted && fromGuest.hasRoom()) {
            roomWanted = false;
            bell.run();
        }
        return handled == FRAMES_AT_A_TIME;
    }

    private static void ready(SelectionKey key) { ((Ready) key.attachment()).ready(key); }

    private void closeSockets() {
        internet.close();
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
