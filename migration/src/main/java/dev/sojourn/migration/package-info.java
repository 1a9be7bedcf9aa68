/**
 * Live migration: a sender that copies a guest while it runs, a receiver, and what they say to each other.
 *
 * <p>Begin with {@link dev.sojourn.migration.Sender}; who has the guest at each moment is decided in
 * {@link dev.sojourn.migration.handover}. The module knows no machine: a guest is {@link dev.sojourn.migration.DepartingGuest} on one
 * side and {@link dev.sojourn.migration.ArrivingGuest} on the other, its state is the sections of a snapshot, and a connection is
 * whatever carries bytes. docs/formats/migration.md has the bytes.
 *
 * <p>Invariants: what arrives is hostile until it is proved right; the target has said what it lacks before the guest is touched;
 * nothing is sent after the commit but questions.
 */
package dev.sojourn.migration;
