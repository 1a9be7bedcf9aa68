/**
 * The host: a daemon that holds all sandboxes of a user, in one JVM.
 *
 * <p>Start with {@link dev.sojourn.host.Daemon}. {@link dev.sojourn.host.StateFolder} says where it keeps what must outlive it, and
 * who may run on it. Below: {@code command}, what can be asked; {@code box}, the sandboxes; {@code http}, the control protocol;
 * {@code client}, the other end of it.
 *
 * <p>Invariants: one daemon for a state folder. A sandbox's failure ends that sandbox only. Nothing that came from outside is
 * trusted before {@code command} has made a record of it.
 */
package dev.sojourn.host;
