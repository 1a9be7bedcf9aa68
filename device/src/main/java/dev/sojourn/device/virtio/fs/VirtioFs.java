package dev.sojourn.device.virtio.fs;

import dev.sojourn.device.virtio.Transport;
import dev.sojourn.device.virtio.VirtioDevice;
import dev.sojourn.device.virtio.queue.Chain;
import dev.sojourn.device.virtio.queue.Virtqueue;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/** A virtio file system device with one queue for requests and one for those that may not wait behind them. */
public final class VirtioFs implements VirtioDevice {
    /** The longest name of a file system. */
    public static final int TAG_BYTES = 36;

    /** What a request or its answer may have: a quarter of a mebibyte of data, and what belongs to it. */
    public static final int MESSAGE_BYTES_MAX = (1 << 18) + (1 << 13);

    private static final int DEVICE_ID = 26;
    private static final int QUEUES = 2;
    private static final int QUEUE_SIZE = 128;
    private static final int IN_FLIGHT_MAX = 16;

    private final FileService service;
    private final byte[] config = new byte[TAG_BYTES + 4];
    private final Deque<Request> free = new ArrayDeque<>();
    private Transport transport;
    private int inFlight;
    private int generation;

    /** @param tag by which the guest mounts it, at most {@link #TAG_BYTES} long */
    public VirtioFs(FileService service, String tag) {
        this.service = Objects.requireNonNull(service);
        byte[] name = tag.getBytes(StandardCharsets.UTF_8);
        if (name.length > TAG_BYTES) {
            throw new IllegalArgumentException("Tag " + tag);
        }
        System.arraycopy(name, 0, config, 0, name.length);
        config[TAG_BYTES] = QUEUES - 1;
    }

    @Override
    public int deviceId() { return DEVICE_ID; }

    @Override
    public long features() { return 0; }

    @Override
    public int queueCount() { return QUEUES; }

    @Override
    public int queueSizeMax(int queue) { return QUEUE_SIZE; }

    @Override
    public int configByte(int offset) { return offset < config.length ? config[offset] & 0xff : 0; }

    @Override
    public void start(Transport transport) { this.transport = transport; }

    @Override
    public void queueNotified(int queue) { take(queue); }

    @Override
    public void reset() {
        transport = null;
        generation++;
    }

    /** What the service knows of the guest; nothing may be in flight. */
    @Override
    public void save(StateWriter out) {
        assert inFlight == 0 : inFlight;
        service.save(out);
    }

    @Override
    public void restore(StateReader in) throws BadState { service.restore(in); }

    /** Whether a request is with the service. */
    public boolean busy() { return inFlight > 0; }

    private void take(int index) {
        Virtqueue queue = transport.queue(index);
        while (transport != null && inFlight < IN_FLIGHT_MAX) {
            Request request = free.isEmpty() ? new Request() : free.pop();
            if (!queue.take(request.chain)) {
                free.push(request);
                break;
            }
            if (request.chain.readable() > MESSAGE_BYTES_MAX) {
                free.push(request);
                queue.fail();
                return;
            }
            request.begin(index);
        }
        if (transport != null) {
            queue.signal();
        }
    }

    /** A request from its taking to its answer. */
    private final class Request implements FileService.Answer {
        final Chain chain = new Chain();
        private byte[] request = {};
        private byte[] reply = {};
        private int queue;
        private int born;

        void begin(int queue) {
            this.queue = queue;
            born = generation;
            inFlight++;
            int length = (int) chain.readable();
            int room = (int) Math.min(chain.writable(), MESSAGE_BYTES_MAX);
            request = request.length < length ? new byte[length] : request;
            reply = reply.length < room ? new byte[room] : reply;
            chain.read(request, 0, length);
            service.submit(request, length, reply, room, this);
        }

        @Override
        public void done(int bytes) {
            boolean full = inFlight == IN_FLIGHT_MAX;
            inFlight--;
            if (transport != null && born == generation) {
                chain.write(reply, 0, bytes);
                transport.queue(queue).put(chain);
                transport.queue(queue).signal();
            }
            free.push(this);
            for (int i = 0; full && transport != null && i < QUEUES; i++) {
                take(i);
            }
        }
    }
}
