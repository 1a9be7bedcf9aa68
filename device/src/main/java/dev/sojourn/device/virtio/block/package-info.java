/**
 * The block device (specification 1.2, section 5.2): a disk of sectors of 512 bytes.
 *
 * <p>{@link dev.sojourn.device.virtio.block.VirtioBlock} is the device, {@link dev.sojourn.device.virtio.block.BlockStore}
 * what it is kept on. Not here: image formats and threads.
 *
 * <p>Invariants: a request is answered once, and only while the driver that made it is still there; what a flush was answered
 * for had been flushed by the store; memory held for requests is bounded whatever the driver asks.
 */
package dev.sojourn.device.virtio.block;
