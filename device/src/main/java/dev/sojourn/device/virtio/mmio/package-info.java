/**
 * Virtio over memory-mapped registers (specification 1.2, section 4.2), version 2 of the register layout.
 *
 * <p>One class: {@link dev.sojourn.device.virtio.mmio.MmioTransport}. A machine gives it a window and an interrupt and
 * tells the guest about both, by ACPI as device {@code LNRO0005} for instance. The legacy layout (version 1), queue
 * reset and shared memory are not offered.
 *
 * <p>Invariant: the interrupt line is high exactly while InterruptStatus is not zero.
 */
package dev.sojourn.device.virtio.mmio;
