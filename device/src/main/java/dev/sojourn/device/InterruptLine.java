package dev.sojourn.device;

/** A wire from a device to an interrupt controller. */
public interface InterruptLine {
    /** A line that leads nowhere. */
    InterruptLine NONE = _ -> {};

    /** Drives the wire high or low; the controller decides whether edge or level counts. */
    void set(boolean high);

    /** A rising edge and back. */
    default void pulse() {
        set(true);
        set(false);
    }
}
