package dev.sojourn.device.virtio.net;

import dev.sojourn.device.virtio.Transport;
import dev.sojourn.device.virtio.VirtioDevice;
import dev.sojourn.device.virtio.queue.Chain;
import dev.sojourn.device.virtio.queue.Virtqueue;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** A virtio network card. */
public final class VirtioNet implements VirtioDevice {
    public static final int MAC_BYTES = 6;

    private static final int DEVICE_ID = 1;
    private static final int RECEIVE = 0;
    private static final int TRANSMIT = 1;
    private static final int QUEUE_SIZE = 256;

    private static final long F_CSUM = 1;
    private static final long F_GUEST_CSUM = 1L << 1;
    private static final long F_MAC = 1L << 5;
    private static final long F_GUEST_TSO4 = 1L << 7;
    private static final long F_HOST_TSO4 = 1L << 11;
    private static final long F_MRG_RXBUF = 1L << 15;
    private static final long F_STATUS = 1L << 16;

    private static final int HEADER_BYTES = 12;
    private static final int NEEDS_CSUM = 1;
    private static final int GSO_NONE = 0;
    private static final int GSO_TCPV4 = 1;
    private static final int LINK_UP = 1;

    /** Ethernet, IPv4 and TCP without options, which every frame that is to be cut begins with. */
    private static final int CUT_HEADER_BYTES = 54;

    /** Buffers that one frame may be spread over; the longest one fits this many of a kilobyte. */
    private static final int BUFFERS_MAX = 65;

    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private final Cable cable;
    private final byte[] mac;
    private final byte[] header = new byte[HEADER_BYTES];
    private final Chain sent = new Chain();
    private final Chain[] buffers = new Chain[BUFFERS_MAX];
    private Transport transport;
    private int taken;
    private long room;
    private Optional<Frame> waiting = Optional.empty();

    public VirtioNet(Cable cable, byte[] mac) {
        this.cable = Objects.requireNonNull(cable);
        if (mac.length != MAC_BYTES) {
            throw new IllegalArgumentException("Address of " + mac.length + " bytes");
        }
        this.mac = mac.clone();
    }

    @Override
    public int deviceId() { return DEVICE_ID; }

    @Override
    public long features() { return F_CSUM | F_GUEST_CSUM | F_MAC | F_GUEST_TSO4 | F_HOST_TSO4 | F_MRG_RXBUF | F_STATUS; }

    @Override
    public int queueCount() { return 2; }

    @Override
    public int queueSizeMax(int queue) { return QUEUE_SIZE; }

    @Override
    public int configByte(int offset) { return offset < MAC_BYTES ? mac[offset] & 0xff : offset == MAC_BYTES ? LINK_UP : 0; }

    @Override
    public void start(Transport transport) {
        this.transport = transport;
        cable.connect(transport.negotiated(F_GUEST_CSUM), transport.negotiated(F_GUEST_CSUM | F_GUEST_TSO4));
    }

    @Override
    public void queueNotified(int queue) {
        if (queue == TRANSMIT) {
            transmit();
        } else {
            receive();
        }
    }

    @Override
    public void reset() {
        if (transport != null) {
            cable.disconnect();
        }
        transport = null;
        waiting = Optional.empty();
        taken = 0;
        room = 0;
    }

    /** Which card it is; a frame that waits for buffers is lost, as on any network. */
    @Override
    public void save(StateWriter out) { out.bytes("mac", mac); }

    @Override
    public void restore(StateReader in) throws BadState {
        if (!Arrays.equals(in.bytesOf("mac", MAC_BYTES), mac)) {
            throw in.bad("is of a card with another address");
        }
    }

    /** The cable has a frame, or room, after it had none. */
    public void cableReady() {
        if (transport != null) {
            receive();
        }
        if (transport != null) {
            transmit();
        }
    }

    private void transmit() {
        Virtqueue queue = transport.queue(TRANSMIT);
        while (cable.hasRoom() && queue.take(sent)) {
            long length = sent.readable() - HEADER_BYTES;
            // Section 5.1.6.2: a header and a frame, and nothing to write.
            if (length < Frame.BYTES_MIN || length > Frame.BYTES_MAX || sent.writable() != 0) {
                queue.fail();
                return;
            }
            sent.read(header, 0, HEADER_BYTES);
            byte[] bytes = new byte[(int) length];
            sent.read(bytes, 0, bytes.length);
            cable.send(frame(bytes));
            queue.put(sent);
        }
        queue.signal();
    }

    /** What the header says beside the frame; a checksum beyond the frame's end is none. */
    private Frame frame(byte[] bytes) {
        int start = unsigned(6);
        int offset = unsigned(8);
        boolean partial = (header[0] & NEEDS_CSUM) != 0 && start + offset + 2 <= bytes.length;
        return new Frame(bytes, bytes.length, partial ? start : 0, partial ? offset : 0, header[1] == GSO_NONE ? 0 : unsigned(4));
    }

    private void receive() {
        Virtqueue queue = transport.queue(RECEIVE);
        boolean more = true;
        while (more) {
            if (waiting.isEmpty()) {
                waiting = cable.receive();
            }
            more = waiting.isPresent() && deliver(queue, waiting.get());
            if (more) {
                waiting = Optional.empty();
            }
        }
        if (transport != null) {
            queue.signal();
        }
    }

    /** @return false if the frame has to wait for more buffers */
    private boolean deliver(Virtqueue queue, Frame frame) {
        int wanted = HEADER_BYTES + frame.length();
        boolean merge = transport.negotiated(F_MRG_RXBUF);
        int buffersMax = merge ? BUFFERS_MAX : 1;
        while (room < wanted && taken < buffersMax) {
            if (buffers[taken] == null) {
                buffers[taken] = new Chain();
            }
            if (!queue.take(buffers[taken])) {
                queue.giveBack(taken);
                taken = 0;
                room = 0;
                return false;
            }
            // Section 5.1.6.3: each buffer has room for the header.
            if (buffers[taken].readable() != 0 || buffers[taken].writable() < HEADER_BYTES) {
                queue.fail();
                return false;
            }
            room += buffers[taken++].writable();
        }
        if (room >= wanted) {
            fill(queue, frame, wanted);
        } else {
            // A frame for which the driver's buffers are too small is lost, as on any network.
            queue.giveBack(taken);
        }
        taken = 0;
        room = 0;
        return true;
    }

    private void fill(Virtqueue queue, Frame frame, int wanted) {
        boolean partial = frame.checksumStart() != 0;
        boolean cut = frame.segmentBytes() != 0;
        header[0] = (byte) (partial ? NEEDS_CSUM : 0);
        header[1] = (byte) (cut ? GSO_TCPV4 : GSO_NONE);
        put(2, cut ? CUT_HEADER_BYTES : 0);
        put(4, frame.segmentBytes());
        put(6, frame.checksumStart());
        put(8, frame.checksumOffset());
        put(10, taken);
        buffers[0].write(header, 0, HEADER_BYTES);
        int done = 0;
        for (int i = 0; i < taken; i++) {
            done += buffers[i].write(frame.bytes(), done, frame.length() - done);
            queue.put(buffers[i]);
        }
        assert done == frame.length() : done + " of " + wanted;
    }

    private int unsigned(int at) { return (short) SHORTS.get(header, at) & 0xffff; }

    private void put(int at, int value) { SHORTS.set(header, at, (short) value); }
}
