/**
 * The first root file system of a Linux guest, built as a cpio archive.
 *
 * <p>Start with {@link dev.sojourn.boot.initramfs.InitramfsBuilder}. What goes in is the caller's business: files
 * made by it, a directory of the host, a tar archive. Invariants: the same input gives the same bytes (sorted names,
 * no host times, owners or inode numbers), and no input makes a name that leaves the guest's root.
 */
package dev.sojourn.boot.initramfs;
