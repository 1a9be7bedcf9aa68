package dev.sojourn.interfaces;

import dev.sojourn.boot.BootPlan;
import dev.sojourn.boot.Entry;
import dev.sojourn.boot.Loader;
import dev.sojourn.boot.ProcessorEntry;
import dev.sojourn.boot.acpi.AcpiConfig;
import dev.sojourn.boot.acpi.AcpiTables;
import dev.sojourn.boot.image.BadImage;
import dev.sojourn.boot.image.KernelImage;
import dev.sojourn.cpu.Cpu;

/**
 * What a machine is to start with.
 *
 * @param initrd used as it is and not changed; empty for none
 * @param entry the way into the kernel that was asked for
 * @param acpi what the machine's tables describe
 */
public record Startup(KernelImage kernel, byte[] initrd, String commandLine, Entry entry, AcpiConfig acpi) {
    /** As a PC does: ACPI tables, and the kernel by the entry asked for. */
    public void asPc(Cpu processor) throws BadImage {
        AcpiTables tables = AcpiTables.of(acpi);
        tables.writeTo(processor.memory);
        BootPlan plan = new BootPlan(kernel, initrd, commandLine, entry, tables.rsdp());
        ProcessorEntry.enter(processor, Loader.load(processor.memory, plan));
    }
}
