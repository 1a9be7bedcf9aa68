package dev.sojourn.migration;

import dev.sojourn.state.BadState;
import dev.sojourn.state.Section;
import java.util.List;

/** A guest on its way to this host. RAM that does not arrive holds zeros. */
public interface ArrivingGuest extends PageBatch.Taker {
    /**
     * Puts the state in place; the guest could run after that.
     *
     * @throws BadState if it cannot be, by which nothing but this arrival is harmed
     */
    void ready(List<Section> state) throws BadState;

    void start();

    /** Forgets it; it never runs here. */
    void discard();
}
