package dev.sojourn.device;

/** Where a device's output goes. */
public interface ByteSink {
    /** A sink that forgets. */
    ByteSink NONE = (_, _, _) -> {};

    /** Takes all bytes; may block, which holds the machine back. */
    void write(byte[] source, int offset, int length);
}
