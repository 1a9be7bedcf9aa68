package dev.sojourn.interfaces.xen;

/** How a domain's grant table grows, and where its frames are. */
public interface GrantFrames {
    /** Makes the table have so many frames, at most {@link GrantTable#FRAMES_MAX}. @return whether it has */
    boolean grow(int frames);

    /** The number by which the guest may map a frame of the table. */
    long frame(int index);
}
