package dev.sojourn.device.virtio.net;

/**
 * An Ethernet frame without its check sequence.
 *
 * @param bytes not changed any more by whoever made it
 * @param length bytes of it that count, from 14 to {@link #BYTES_MAX}
 * @param checksumStart where the bytes begin whose checksum is still to be put in, over what is there; 0 if none is
 * @param checksumOffset where it goes, from there
 * @param segmentBytes if not 0, a TCP segment longer than the network carries, which may be cut into parts of this size
 */
public record Frame(byte[] bytes, int length, int checksumStart, int checksumOffset, int segmentBytes) {
    /** The longest IPv4 packet, and the header of Ethernet. */
    public static final int BYTES_MAX = 14 + 0xffff;

    public static final int BYTES_MIN = 14;

    public Frame {
        if (length < BYTES_MIN || length > BYTES_MAX || length > bytes.length) {
            throw new IllegalArgumentException("Frame of " + length + " bytes");
        }
    }
}
