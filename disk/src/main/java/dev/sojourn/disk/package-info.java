/**
 * Disk images by format.
 *
 * <p>Start with {@link dev.sojourn.disk.DiskImage}; {@link dev.sojourn.disk.DiskImages#open} finds out what a file is. Not here:
 * how a guest gets to its disk, and threads. Invariants: nothing in a file is believed before it is checked against the file
 * and against named bounds; what was flushed is in the file whatever ends this process.
 */
package dev.sojourn.disk;
