/**
 * A machine at rest: the file a snapshot is kept in (docs/formats/snapshot.md), how it is written so that nothing is ever lost, and
 * how it is read so that nothing in it is believed.
 *
 * <p>It knows sections and RAM, not what is in them: that is the business of the machine's parts.
 *
 * <p>Start with {@link dev.sojourn.snapshot.SnapshotFile} for reading and {@link dev.sojourn.snapshot.SnapshotWriter} for writing.
 * Invariants: a file under its final name is whole; RAM is mapped and never read before the guest does.
 */
package dev.sojourn.snapshot;
