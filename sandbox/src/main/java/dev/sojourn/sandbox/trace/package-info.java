/**
 * What a guest asked of its machine, counted and listed.
 *
 * <p>{@link dev.sojourn.sandbox.trace.ExitTally} is handed to a sandbox, and looked at when the run is over. Both its tables
 * are bounded: a guest chooses the names of what it calls.
 */
package dev.sojourn.sandbox.trace;
