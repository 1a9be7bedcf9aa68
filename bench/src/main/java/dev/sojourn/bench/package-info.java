/**
 * Measures Sojourn beside QEMU's translator (TCG), each guest in both, turn by turn in one run. Start at
 * {@link dev.sojourn.bench.Bench}.
 *
 * <p>A figure is the median of several pairs and stands beside its spread. A guest run is a process of its own, started
 * as a user would start it, so that its times hold the start of the host program too. Programs inside the guests must
 * give the same checksum in both.
 */
package dev.sojourn.bench;
