package dev.sojourn.device;

/** Where a device's input comes from. A device never waits: it asks when it has room and when it is told to look. */
public interface ByteSource {
    /** A source that never has anything and never ends. */
    ByteSource NONE = (_, _, _) -> 0;

    /** Bytes taken; 0 if there are none at present, -1 at the end. Does not block. */
    int read(byte[] target, int offset, int length);
}
