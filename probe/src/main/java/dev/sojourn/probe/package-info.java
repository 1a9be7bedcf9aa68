/**
 * The probe guest: a program of ours, assembled here, that walks all a guest can see of a machine from inside and
 * writes it as text. What it wrote of a machine type is kept beside this package, and a difference fails the build.
 *
 * <p>Start reading at {@link dev.sojourn.probe.Probe} and {@code ProbeGuest}. The guest decides what is written; the
 * host only sorts its lines.
 */
package dev.sojourn.probe;
