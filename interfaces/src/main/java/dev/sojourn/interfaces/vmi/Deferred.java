package dev.sojourn.interfaces.vmi;

import dev.sojourn.cpu.Mmu;

/**
 * Translations of one processor that changes of page tables have made stale, and that may stay in its buffer until the guest asks:
 * dropped together, they cost what one does.
 *
 * <p>The tables themselves always have what the guest put there.
 */
final class Deferred {
    /** Above this the whole buffer goes. */
    private static final int PAGES_MAX = 16;

    private final Mmu mmu;
    private final long[] pages = new long[PAGES_MAX];
    private int count;

    Deferred(Mmu mmu) { this.mmu = mmu; }

    void add(long linear) {
        if (count < PAGES_MAX) {
            pages[count] = linear;
        }
        count = Math.min(count + 1, PAGES_MAX + 1);
    }

    /** Drops what waits. */
    void settle() {
        if (count > PAGES_MAX) {
            mmu.flushAll();
        } else {
            for (int i = 0; i < count; i++) {
                mmu.flushPage(pages[i]);
            }
        }
        count = 0;
    }

    /** Drops what waits and all else. */
    void settleAll(boolean global) {
        if (global || count > 0) {
            mmu.flushAll();
        } else {
            mmu.flushLocal();
        }
        count = 0;
    }
}
