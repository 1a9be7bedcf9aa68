/**
 * The fixed hardware of ACPI: power management events and control, the power management timer, and the reset
 * register.
 *
 * <p>Ports, from the first: 0 to 3 the PM1a event block, 4 and 5 the PM1a control block, 8 to 11 the timer; the
 * reset register is port 0xcf9. Names are those of the ACPI specification's chapter on ACPI hardware. The machine
 * is always in ACPI mode: SCI_EN cannot be cleared, and the tables name no SMI command.
 *
 * <p>Start with {@link dev.sojourn.device.acpipm.AcpiPm}. Invariant: SCI is high exactly while an event's status
 * and enable bits are both set.
 */
package dev.sojourn.device.acpipm;
