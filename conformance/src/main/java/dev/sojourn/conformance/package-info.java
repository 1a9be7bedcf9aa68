/**
 * Runs that compare a processor with the real one, and the main programs to record truth and to search through the
 * night.
 *
 * <p>Start reading at {@link dev.sojourn.conformance.OracleTrial}.
 */
package dev.sojourn.conformance;
