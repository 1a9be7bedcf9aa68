/**
 * The default guest: where its parts come from and how they become a root file system.
 *
 * <p>{@link dev.sojourn.sandbox.guest.GuestCache} holds the parts between runs;
 * {@link dev.sojourn.sandbox.guest.PackageClient} asks the distribution's own package client for them, once;
 * {@link dev.sojourn.sandbox.guest.DebianPackage} opens what it brings; {@link dev.sojourn.sandbox.guest.GuestRoot}
 * puts the first process, busybox, the user's files and the command together. What happens inside is in {@code init.sh}
 * beside it.
 *
 * <p>The parts themselves are used as the distribution ships them.
 */
package dev.sojourn.sandbox.guest;
