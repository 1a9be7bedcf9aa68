package dev.sojourn.machine;

import dev.sojourn.device.virtio.net.Cable;
import dev.sojourn.disk.DiskImage;
import dev.sojourn.share.SharedDirectory;

/**
 * A device beyond those that every machine has. Its guest finds it in the virtio window and at the interrupt that follow those of the
 * devices before it; without any, the machine is none the wiser.
 */
public sealed interface Attachment {
    /** The windows and interrupts that are left for attachments. */
    int COUNT_MAX = 6;

    /**
     * A disk. The machine closes its image.
     *
     * @param serial the serial number its guest sees, at most 20 characters
     */
    record Disk(DiskImage image, String serial) implements Attachment {}

    /**
     * A network card. The machine closes its cable. Runs with one do not repeat.
     *
     * @param mac its address, six bytes
     */
    record Network(byte[] mac, Cable cable) implements Attachment {}

    /**
     * A directory of the host. The machine closes it.
     *
     * @param tag by which the guest mounts it, at most 36 characters
     */
    record Share(SharedDirectory directory, String tag) implements Attachment {}
}
