package dev.sojourn.migration;

import dev.sojourn.state.BadState;

/** A host as guests find it that want to come. */
public interface Arrivals {
    /**
     * Makes room for a guest.
     *
     * @throws BadState if it cannot come: a sentence that names what is lacking
     */
    ArrivingGuest accept(Offer offer) throws BadState;
}
