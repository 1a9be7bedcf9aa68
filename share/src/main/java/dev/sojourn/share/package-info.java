/**
 * A directory of the host, served by the FUSE protocol (version 7.31, as Linux's {@code include/uapi/linux/fuse.h} has it).
 *
 * <p>Start with {@link dev.sojourn.share.SharedDirectory#answer}, which takes a request apart; {@code HostDirectory} is the way to the
 * host's files. Everything belongs to root inside, whoever owns it outside; special files, extended attributes and locks are not
 * served.
 *
 * <p>Invariants: no link is ever followed here, since the guest's kernel does that for itself; a name of a guest's is one component and
 * never {@code ..}; a directory is reached from the shared one step by step, by its handle. What is bounded has a named bound.
 */
package dev.sojourn.share;
