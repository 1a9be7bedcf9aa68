/**
 * Moving sandboxes between hosts: the door at which guests of other hosts arrive, and what goes on of moves.
 *
 * <p>Begin with {@link dev.sojourn.host.move.Moves}. What is said at the door, and who has a guest when, is {@code migration}'s. The
 * door speaks TLS and lets in only who holds the same key file ({@link dev.sojourn.host.move.MoveKey}).
 */
package dev.sojourn.host.move;
