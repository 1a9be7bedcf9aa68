/**
 * How the parts of a machine are saved and restored: each a section of named, typed fields, the same bytes on every computer.
 *
 * <p>It is not a file format (that is the snapshot's) and knows no part. Start with {@link dev.sojourn.state.Stateful}.
 *
 * <p>Invariants: a section's bytes follow from the part's state alone. What is read is hostile: every length is checked before
 * it is used, and what a reader does not know and may not ignore is refused by name.
 */
package dev.sojourn.state;
