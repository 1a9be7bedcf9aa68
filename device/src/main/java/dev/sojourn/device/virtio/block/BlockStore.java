package dev.sojourn.device.virtio.block;

/**
 * What a disk is kept on.
 *
 * <p>Calls come on the machine's thread. Each is answered once on that thread, by its {@link Completion}, before the call returns or
 * later; calls take effect in their order. The arrays belong to the store until it has answered.
 */
public interface BlockStore {
    int SECTOR_BYTES = 512;

    /** How a call ended. */
    interface Completion {
        void done(boolean successful);
    }

    long sectors();

    boolean readOnly();

    /** Reads bytes that are known to lie on the disk. */
    void read(long position, byte[] target, int length, Completion completion);

    /** Writes bytes whose place is known to lie on the disk, which is not read-only. */
    void write(long position, byte[] source, int length, Completion completion);

    /** Makes what was written before it durable. */
    void flush(Completion completion);

    /** Makes a range of the disk read as zeros. */
    void zero(long position, long length, Completion completion);

    /** What a range holds is no longer of use: its space may be given back, and it may read as anything it held or as zeros. */
    void discard(long position, long length, Completion completion);
}
