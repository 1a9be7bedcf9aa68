/**
 * Whole guests: the distribution's stock kernel, booted, used and switched off.
 *
 * <p>{@link dev.sojourn.conformance.kernel.DefaultGuest} runs a command in this JVM, by the embedding API;
 * {@link dev.sojourn.conformance.kernel.Launcher} runs the program as its user does. A boot takes seconds, so one of them
 * serves many checks: the command prints what it finds in sections, and each test looks at its own.
 */
package dev.sojourn.conformance.kernel;
