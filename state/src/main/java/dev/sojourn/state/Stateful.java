package dev.sojourn.state;

/**
 * A part of a machine whose state can be saved and restored.
 *
 * <p>What {@link #save} wrote once must be understood for ever: a field is found by its name, and a change of meaning is a new
 * version, with {@link StateReader#version} telling {@link #restore} which one it reads.
 */
public interface Stateful {
    /** A part that has no state. */
    Stateful STATELESS = new Stateful() {
        @Override
        public void save(StateWriter out) {}

        @Override
        public void restore(StateReader in) {}
    };

    /** Of what {@link #save} writes; {@link #restore} reads it and all before it. */
    default int version() { return 1; }

    /** Writes all of the state, and changes nothing. */
    void save(StateWriter out);

    /**
     * Takes the state over, in a machine that is built but has not run.
     *
     * @throws BadState if it is not a state this part can be in; the machine is then of no use
     * @throws IllegalArgumentException likewise
     */
    void restore(StateReader in) throws BadState;
}
