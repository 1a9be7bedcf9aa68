package dev.sojourn.interfaces.xen;

import dev.sojourn.device.ByteSink;
import dev.sojourn.device.ByteSource;
import dev.sojourn.memory.GuestMemory;

/**
 * Our end of a console: a page with a ring for each direction (public/io/console.h).
 *
 * <pre>
 * 000 to the guest, 1024 bytes; 400 from it, 2048 bytes
 * c00 u32 in_cons, in_prod, out_cons, out_prod
 * </pre>
 *
 * <p>The counters run freely and the guest may set its own to anything: more than a ring's size between them is taken for none.
 */
final class ConsoleRing implements Port.Backend {
    private static final int IN_BYTES = 1024;
    private static final int OUT = 1024;
    private static final int OUT_BYTES = 2048;
    private static final int IN_CONSUMED = 3072;
    private static final int IN_PRODUCED = 3076;
    private static final int OUT_CONSUMED = 3080;
    private static final int OUT_PRODUCED = 3084;

    private final GuestMemory memory;
    private final long at;
    private final ByteSink output;
    private final ByteSource input;
    private final Runnable tell;
    private final byte[] buffer = new byte[OUT_BYTES];

    /** @param at physical address of the page; {@code tell} sends the guest an event */
    ConsoleRing(GuestMemory memory, long at, ByteSink output, ByteSource input, Runnable tell) {
        this.memory = memory;
        this.at = at;
        this.output = output;
        this.input = input;
        this.tell = tell;
    }

    long at() { return at; }

    @Override
    public void notified() {
        boolean moved = takeOutput();
        if (giveInput() || moved) {
            tell.run();
        }
    }

    /** The source has bytes after having had none. */
    void inputReady() {
        if (giveInput()) {
            tell.run();
        }
    }

    private boolean takeOutput() {
        int from = memory.getInt(at + OUT_CONSUMED);
        int to = memory.getInt(at + OUT_PRODUCED);
        int count = to - from;
        if (count <= 0 || count > OUT_BYTES) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            buffer[i] = (byte) memory.getByte(at + OUT + (from + i & OUT_BYTES - 1));
        }
        memory.putInt(at + OUT_CONSUMED, to);
        output.write(buffer, 0, count);
        return true;
    }

    private boolean giveInput() {
        int from = memory.getInt(at + IN_PRODUCED);
        int used = from - memory.getInt(at + IN_CONSUMED);
        if (used < 0 || used >= IN_BYTES) {
            return false;
        }
        int count = input.read(buffer, 0, IN_BYTES - used);
        if (count <= 0) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            memory.putByte(at + (from + i & IN_BYTES - 1), buffer[i]);
        }
        memory.putInt(at + IN_PRODUCED, from + count);
        return true;
    }
}
