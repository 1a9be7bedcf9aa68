package dev.sojourn.memory;

import java.util.Arrays;

/**
 * A digest of all RAM, kept up to date from the pages that were written.
 *
 * <p>It is the sum of a value for each page, which depends on its address and content and is 0 for a page of zeros: neither the
 * order of writes nor a page written back to what it was can be told from it.
 */
public final class MemoryDigest {
    private static final int LANES = 4;

    private final GuestMemory memory;
    private long[] pages = {};
    private long sum;

    /** Takes the pages written so far as the first to look at: a memory has one digest at most. */
    public MemoryDigest(GuestMemory memory) { this.memory = memory; }

    /** The digest as RAM is now. The processors must forget what they may store to directly. */
    public long update() {
        memory.takeWritten(this::page);
        return sum;
    }

    private void page(long physical, long host) {
        int number = (int) (physical >> GuestMemory.PAGE_SHIFT);
        if (number >= pages.length) {
            pages = Arrays.copyOf(pages, Math.max(number + 1, 2 * pages.length));
        }
        long value = value(physical, host);
        sum += value - pages[number];
        pages[number] = value;
    }

    /** Four chains side by side, which a processor computes at once. */
    private static long value(long physical, long host) {
        long a = physical;
        long b = physical + 1;
        long c = physical + 2;
        long d = physical + 3;
        long any = 0;
        for (long at = host; at < host + GuestMemory.PAGE_BYTES; at += 8 * LANES) {
            long first = Raw.getLong(at);
            long second = Raw.getLong(at + 8);
            long third = Raw.getLong(at + 16);
            long fourth = Raw.getLong(at + 24);
            any |= first | second | third | fourth;
            a = Mixer.step(a, first);
            b = Mixer.step(b, second);
            c = Mixer.step(c, third);
            d = Mixer.step(d, fourth);
        }
        return any == 0 ? 0 : Mixer.finish(Mixer.step(Mixer.step(Mixer.step(a, b), c), d));
    }
}
