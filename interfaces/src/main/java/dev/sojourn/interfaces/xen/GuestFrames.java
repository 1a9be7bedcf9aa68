package dev.sojourn.interfaces.xen;

/** The frames a guest may name in calls: by physical frame numbers where memory is translated, by machine frames else. */
public interface GuestFrames {
    /** What no frame is at. */
    long NONE = -1;

    /** The physical address of a frame of the guest's RAM; {@link #NONE} if it is not one. */
    long physical(long frame);

    /** Takes a frame for the hypervisor's own stores. @return its physical address; {@link #NONE} if it may not be written */
    long hold(long frame);

    /** Gives back what {@link #hold} took, by its physical address. */
    void release(long physical);
}
