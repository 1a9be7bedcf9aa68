/**
 * The qcow2 format, versions 2 and 3, as QEMU's {@code docs/interop/qcow2.txt} describes it.
 *
 * <p>{@link dev.sojourn.disk.qcow2.Qcow2Image} maps guest clusters by two levels of tables; {@link
 * dev.sojourn.disk.qcow2.Refcounts} counts the uses of each cluster of the file; {@link dev.sojourn.disk.qcow2.Header} is what stands
 * at the file's beginning.
 *
 * <p>Invariants: a table never points, in the file, at a cluster whose reference count or content may be missing there after this
 * process or the host died; what a death leaves is at worst a cluster that is counted and not used. Encryption, external data files,
 * extended tables and zstd are refused; internal snapshots are left alone.
 */
package dev.sojourn.disk.qcow2;
