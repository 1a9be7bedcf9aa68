/**
 * The ACPI tables of a machine, built as bytes from a few parameters.
 *
 * <p>They describe; the registers they name are devices' business. Start with {@link dev.sojourn.boot.acpi.AcpiTables};
 * the devices of the machine are in {@code Dsdt}, written with {@code Aml} and {@code Resources}. Invariant: the same
 * {@link dev.sojourn.boot.acpi.AcpiConfig} gives the same bytes on every host, because a guest can see them.
 */
package dev.sojourn.boot.acpi;
