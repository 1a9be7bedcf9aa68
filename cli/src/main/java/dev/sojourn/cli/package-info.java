/**
 * The command line: thin over {@link dev.sojourn.sandbox.Sandbox}.
 *
 * <p>{@link dev.sojourn.cli.Main} is the program. {@link dev.sojourn.cli.Arguments} turns words into an
 * {@link dev.sojourn.cli.Invocation}; {@link dev.sojourn.cli.Run} and {@link dev.sojourn.cli.Doctor} carry it out.
 * Every way to end has its number in {@link dev.sojourn.cli.ExitStatus}.
 *
 * <p>Standard output belongs to the command inside, or to the data asked for; whatever this program has to say itself
 * goes to standard error.
 */
package dev.sojourn.cli;
