/**
 * One kernel on every interface: what it says it runs on, and whether it is content.
 *
 * <p>{@link dev.sojourn.sandbox.matrix.Matrix} boots it with a script as its only process. The script reports on the console
 * by lines that begin with {@code sojourn-probe}; so any kernel serves that has a console and an initial RAM file system.
 */
package dev.sojourn.sandbox.matrix;
