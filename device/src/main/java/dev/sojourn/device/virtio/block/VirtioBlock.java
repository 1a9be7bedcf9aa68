package dev.sojourn.device.virtio.block;

import dev.sojourn.device.virtio.Transport;
import dev.sojourn.device.virtio.VirtioDevice;
import dev.sojourn.device.virtio.queue.Chain;
import dev.sojourn.device.virtio.queue.Virtqueue;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;

/** A virtio block device: takes requests from its queue, has them done by its store, answers them in any order. */
public final class VirtioBlock implements VirtioDevice {
    /** The longest name that GET_ID can tell (section 5.2.6). */
    public static final int SERIAL_BYTES = 20;

    private static final int DEVICE_ID = 2;
    private static final int REQUESTS = 0;
    private static final int QUEUE_SIZE = 128;

    /** Largest segment and most segments of a request, which the driver is told: 4 MiB of data in all. */
    private static final int SEGMENT_BYTES_MAX = 1 << 16;
    private static final int SEGMENTS_MAX = 64;
    private static final int DATA_BYTES_MAX = SEGMENT_BYTES_MAX * SEGMENTS_MAX;

    /** Requests that the store has at a time, and their data: what the device holds of the host's memory at most. */
    private static final int IN_FLIGHT_MAX = 32;
    private static final int IN_FLIGHT_BYTES_MAX = 4 * DATA_BYTES_MAX;

    /** A buffer up to this is kept for the next request. */
    private static final int BUFFER_BYTES_KEPT = 1 << 18;

    private static final long F_SIZE_MAX = 1L << 1;
    private static final long F_SEG_MAX = 1L << 2;
    private static final long F_RO = 1L << 5;
    private static final long F_BLK_SIZE = 1L << 6;
    private static final long F_FLUSH = 1L << 9;
    private static final long F_DISCARD = 1L << 13;
    private static final long F_WRITE_ZEROES = 1L << 14;

    private static final int T_IN = 0;
    private static final int T_OUT = 1;
    private static final int T_FLUSH = 4;
    private static final int T_GET_ID = 8;
    private static final int T_DISCARD = 11;
    private static final int T_WRITE_ZEROES = 13;

    private static final byte S_OK = 0;
    private static final byte S_IOERR = 1;
    private static final byte S_UNSUPP = 2;

    private static final int HEADER_BYTES = 16;
    private static final int RANGE_BYTES = 16;
    private static final int UNMAP = 1;
    private static final int CONFIG_BYTES = 60;
    /** A range longer than these is the driver's to split: 1 GiB to discard, 16 MiB to clear, which may have to be written. */
    private static final int DISCARD_SECTORS_MAX = 1 << 21;
    private static final int ZERO_SECTORS_MAX = 1 << 15;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final BlockStore store;
    private final byte[] serial;
    private final byte[] config;
    private final byte[] header = new byte[HEADER_BYTES];
    private final byte[] status = new byte[1];
    private final Deque<Request> free = new ArrayDeque<>();
    private Transport transport;
    private int inFlight;
    private long inFlightBytes;
    private int generation;

    /** @param serial what the guest sees as the disk's serial number, at most {@link #SERIAL_BYTES} long */
    public VirtioBlock(BlockStore store, String serial) {
        this.store = Objects.requireNonNull(store);
        this.serial = Arrays.copyOf(serial.getBytes(StandardCharsets.US_ASCII), SERIAL_BYTES);
        ByteBuffer fields = ByteBuffer.allocate(CONFIG_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        fields.putLong(0, store.sectors()).putInt(8, SEGMENT_BYTES_MAX).putInt(12, SEGMENTS_MAX);
        fields.putInt(20, BlockStore.SECTOR_BYTES).putShort(34, (short) 1);
        fields.putInt(36, DISCARD_SECTORS_MAX).putInt(40, 1).putInt(44, 1);
        fields.putInt(48, ZERO_SECTORS_MAX).putInt(52, 1).put(56, (byte) UNMAP);
        config = fields.array();
    }

    @Override
    public int deviceId() { return DEVICE_ID; }

    @Override
    public long features() {
        return F_SIZE_MAX | F_SEG_MAX | F_BLK_SIZE | F_FLUSH | (store.readOnly() ? F_RO : F_DISCARD | F_WRITE_ZEROES);
    }

    @Override
    public int queueCount() { return 1; }

    @Override
    public int queueSizeMax(int queue) { return QUEUE_SIZE; }

    @Override
    public int configByte(int offset) { return offset < config.length ? config[offset] & 0xff : 0; }

    @Override
    public void start(Transport transport) { this.transport = transport; }

    @Override
    public void queueNotified(int index) { take(); }

    /** What is in flight is still done by the store, but nobody is told any more. */
    @Override
    public void reset() {
        transport = null;
        generation++;
    }

    /** Which disk it is; nothing may be in flight. Its content is not the device's. */
    @Override
    public void save(StateWriter out) {
        assert inFlight == 0 : inFlight;
        out.number("sectors", store.sectors()).flag("read-only", store.readOnly());
    }

    @Override
    public void restore(StateReader in) throws BadState {
        if (in.number("sectors") != store.sectors() || in.flag("read-only") != store.readOnly()) {
            throw in.bad("is of another disk, in size or in whether it can be written");
        }
    }

    /** Whether a request is with the store. */
    public boolean busy() { return inFlight > 0; }

    private void take() {
        Virtqueue queue = transport.queue(REQUESTS);
        while (transport != null && inFlight < IN_FLIGHT_MAX && inFlightBytes < IN_FLIGHT_BYTES_MAX) {
            Request request = free.isEmpty() ? new Request() : free.pop();
            if (!queue.take(request.chain)) {
                free.push(request);
                break;
            }
            if (!begin(request)) {
                queue.fail();
                return;
            }
        }
        queue.signal();
    }

    /** Section 5.2.6: a header to read, data, and a status byte to write. @return false if it is none of that */
    private boolean begin(Request request) {
        Chain chain = request.chain;
        if (chain.writable() == 0 || chain.read(header, 0, HEADER_BYTES) < HEADER_BYTES) {
            return false;
        }
        int type = (int) INTS.get(header, 0);
        long data = type == T_IN || type == T_GET_ID ? chain.writable() - 1 : chain.readable();
        boolean tooMuch = data > DATA_BYTES_MAX;
        request.begin(tooMuch ? 0 : (int) data, type == T_IN || type == T_GET_ID);
        long sector = (long) LONGS.get(header, 8);
        if (tooMuch) {
            request.end(S_IOERR);
        } else {
            dispatch(request, type, sector);
        }
        return true;
    }

    private void dispatch(Request request, int type, long sector) {
        switch (type) {
            case T_IN, T_OUT -> transfer(request, type == T_OUT, sector);
            case T_FLUSH -> store.flush(request);
            case T_GET_ID -> {
                System.arraycopy(serial, 0, request.buffer, 0, Math.min(SERIAL_BYTES, request.bytes));
                request.end(S_OK);
            }
            case T_DISCARD, T_WRITE_ZEROES -> zero(request, type == T_DISCARD);
            default -> request.end(S_UNSUPP);
        }
    }

    private void transfer(Request request, boolean write, long sector) {
        if (request.bytes % BlockStore.SECTOR_BYTES != 0 || !isOnDisk(sector, request.bytes / BlockStore.SECTOR_BYTES)
                || write && store.readOnly()) {
            request.end(S_IOERR);
        } else if (write) {
            request.chain.read(request.buffer, 0, request.bytes);
            store.write(sector * BlockStore.SECTOR_BYTES, request.buffer, request.bytes, writeThrough(request));
        } else {
            store.read(sector * BlockStore.SECTOR_BYTES, request.buffer, request.bytes, request);
        }
    }

    /** Section 5.2.6.2: whoever does not know flushes may take what was written for durable. */
    private BlockStore.Completion writeThrough(Request request) {
        return transport.negotiated(F_FLUSH) ? request : successful -> {
            if (successful) {
                store.flush(request);
            } else {
                request.done(false);
            }
        };
    }

    /** Section 5.2.6: a list of ranges, of which the driver was allowed one. */
    private void zero(Request request, boolean discard) {
        if (store.readOnly() || request.bytes != RANGE_BYTES) {
            request.end(store.readOnly() ? S_IOERR : S_UNSUPP);
            return;
        }
        request.chain.read(request.buffer, 0, RANGE_BYTES);
        long sector = (long) LONGS.get(request.buffer, 0);
        long sectors = (int) INTS.get(request.buffer, 8) & 0xffff_ffffL;
        int flags = (int) INTS.get(request.buffer, 12);
        // Section 5.2.6.2: unknown flags, and UNMAP in a discard, are unsupported.
        if ((flags & ~UNMAP) != 0 || discard && flags != 0) {
            request.end(S_UNSUPP);
        } else if (sectors > (discard ? DISCARD_SECTORS_MAX : ZERO_SECTORS_MAX) || !isOnDisk(sector, sectors)) {
            request.end(S_IOERR);
        } else if (discard) {
            store.discard(sector * BlockStore.SECTOR_BYTES, sectors * BlockStore.SECTOR_BYTES, request);
        } else {
            store.zero(sector * BlockStore.SECTOR_BYTES, sectors * BlockStore.SECTOR_BYTES, writeThrough(request));
        }
    }

    private boolean isOnDisk(long sector, long sectors) {
        return sector >= 0 && sector <= store.sectors() && sectors <= store.sectors() - sector;
    }

    /** A request from its taking to its answer, with the memory it needs. */
    private final class Request implements BlockStore.Completion {
        final Chain chain = new Chain();
        byte[] buffer = {};
        int bytes;
        private boolean answersData;
        private int born;

        void begin(int bytes, boolean answersData) {
            this.bytes = bytes;
            this.answersData = answersData;
            born = generation;
            if (buffer.length < bytes) {
                buffer = new byte[Math.max(bytes, 1 << 12)];
            }
            if (answersData) {
                Arrays.fill(buffer, 0, bytes, (byte) 0);
            }
            inFlight++;
            inFlightBytes += bytes;
        }

        @Override
        public void done(boolean successful) {
            boolean full = inFlight == IN_FLIGHT_MAX || inFlightBytes >= IN_FLIGHT_BYTES_MAX;
            end(successful ? S_OK : S_IOERR);
            if (transport != null) {
                if (full) {
                    take();
                } else {
                    transport.queue(REQUESTS).signal();
                }
            }
        }

        void end(byte result) {
            inFlight--;
            inFlightBytes -= bytes;
            if (transport != null && born == generation) {
                if (answersData) {
                    chain.write(buffer, 0, bytes);
                }
                long untouched = chain.writable() - 1;
                status[0] = result;
                finish(untouched);
            }
            if (buffer.length > BUFFER_BYTES_KEPT) {
                buffer = new byte[0];
            }
            free.push(this);
        }

        /** The status is the last byte that may be written. */
        private void finish(long untouched) {
            chain.skip(untouched);
            chain.write(status, 0, 1);
            transport.queue(REQUESTS).put(chain);
        }
    }
}
