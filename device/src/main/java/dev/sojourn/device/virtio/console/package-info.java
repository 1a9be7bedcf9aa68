/**
 * The console device with many ports (specification 1.2, section 5.3): terminals and named byte streams between guest
 * and host.
 *
 * <p>{@link dev.sojourn.device.virtio.console.VirtioConsole} is the device and speaks the control protocol, {@link
 * dev.sojourn.device.virtio.console.ConsolePort} is what a machine says about a port, {@code Port} the state and the
 * byte streams of one. A guest finds a port by its name: Linux shows it in {@code /sys/class/virtio-ports/}.
 *
 * <p>Invariants: a byte is taken from a source only for a port that the guest holds open, since a driver throws away
 * what comes earlier; the end of a source is told only after the guest was given every byte before it; what the device
 * has to say is kept as state, not as a list of messages, so that no guest makes it grow.
 */
package dev.sojourn.device.virtio.console;
