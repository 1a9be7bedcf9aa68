package dev.sojourn.migration;

import dev.sojourn.state.Section;
import java.util.List;

/** Stands where a guest was that died with its host: nothing may be asked of it. */
final class KilledGuest implements DepartingGuest {
    @Override public Offer offer(String id) { throw new AssertionError(id); }

    @Override public Pages all() { throw new AssertionError(); }

    @Override public Pages written() { throw new AssertionError(); }

    @Override public void pause() { throw new AssertionError(); }

    @Override public void resume() { throw new AssertionError(); }

    @Override public List<Section> state() { throw new AssertionError(); }

    @Override public void drop() { throw new AssertionError(); }

    @Override public void stay() { throw new AssertionError(); }
}
