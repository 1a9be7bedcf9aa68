/**
 * The file system device (specification 1.2, section 5.11): carries requests of the FUSE protocol to whoever answers them.
 *
 * <p>{@link dev.sojourn.device.virtio.fs.VirtioFs} is the device; what requests mean is the {@link
 * dev.sojourn.device.virtio.fs.FileService}'s to know. There is no shared memory and no notification queue. Invariants: a request is
 * answered once, and only while the driver that made it is still there; memory held for requests is bounded.
 */
package dev.sojourn.device.virtio.fs;
