package dev.sojourn.boot;

import dev.sojourn.boot.image.KernelImage;
import java.util.Objects;

/**
 * What a machine shall start with.
 *
 * @param initrd used as it is and not changed; empty for none
 * @param commandLine the kernel's, in UTF-8 when handed over
 * @param rsdp guest-physical address of the ACPI root pointer, 0 for none
 */
public record BootPlan(KernelImage kernel, byte[] initrd, String commandLine, Entry entry, long rsdp) {
    public BootPlan {
        Objects.requireNonNull(kernel);
        Objects.requireNonNull(initrd);
        Objects.requireNonNull(commandLine);
        Objects.requireNonNull(entry);
        if (rsdp < 0) {
            throw new IllegalArgumentException("No physical address: " + rsdp);
        }
    }
}
