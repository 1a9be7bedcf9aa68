package dev.sojourn.migration;

import dev.sojourn.state.BadState;
import dev.sojourn.state.Section;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A guest that counts: it says each number to the world and writes it to one of its pages, which must hold the number they should
 * when it comes round again.
 */
final class FakeGuest implements DepartingGuest, ArrivingGuest {
    static final int PAGES = 300;

    private final FakeWorld world;
    private final byte[][] pages = new byte[PAGES][PageBatch.PAGE_BYTES];
    private final BitSet written = new BitSet();
    private long number;
    private boolean runs;
    private boolean gone;

    FakeGuest(FakeWorld world) { this.world = world; }

    /** Some work, if it runs. @return whether it does */
    synchronized boolean work() {
        if (runs) {
            number++;
            ByteBuffer page = ByteBuffer.wrap(pages[(int) (number % PAGES)]);
            long before = page.getLong(8);
            world.says(this, before == Math.max(0, number - PAGES) ? number : -before);
            page.putLong(8, number);
            written.set((int) (number % PAGES));
        }
        return runs;
    }

    @Override public Offer offer(String id) {
        return new Offer(id, "counter", "test", new Section("machine", 1, false, new byte[0]), List.of(new Offer.Part("counter", 1, false)), "");
    }

    @Override public synchronized Pages all() {
        written.clear();
        BitSet all = new BitSet();
        all.set(0, PAGES);
        return shown(all);
    }

    @Override public synchronized Pages written() {
        BitSet now = (BitSet) written.clone();
        written.clear();
        return shown(now);
    }

    private Pages shown(BitSet set) {
        long[] addresses = set.stream().mapToLong(i -> (long) i * PageBatch.PAGE_BYTES).toArray();
        return new Pages() {
            @Override public long[] addresses() { return addresses; }

            @Override public void copy(long address, byte[] target, int offset) {
                System.arraycopy(pages[(int) (address / PageBatch.PAGE_BYTES)], 0, target, offset, PageBatch.PAGE_BYTES);
            }
        };
    }

    @Override public synchronized void pause() {
        runs = false;
        world.stands(this);
    }

    @Override public synchronized void resume() { start(); }

    @Override public synchronized List<Section> state() {
        return new ArrayList<>(List.of(new Section("counter", 1, false, new StateWriter().number("number", number).toBytes())));
    }

    @Override public synchronized void drop() { gone = true; }

    @Override public void stay() {}

    @Override public synchronized void page(long address, byte[] content, int offset) {
        byte[] page = pages[(int) (address / PageBatch.PAGE_BYTES)];
        if (content == null) {
            java.util.Arrays.fill(page, (byte) 0);
        } else {
            System.arraycopy(content, offset, page, 0, page.length);
        }
    }

    @Override public synchronized void ready(List<Section> state) throws BadState {
        number = new StateReader("counter", 1, state.getFirst().bytes()).number("number");
    }

    @Override public synchronized void start() {
        if (!gone) {
            runs = true;
            world.runs(this);
        }
    }

    @Override public synchronized void discard() { gone = true; }

    /** Its host was killed. */
    synchronized void kill() {
        pause();
        gone = true;
    }
}
