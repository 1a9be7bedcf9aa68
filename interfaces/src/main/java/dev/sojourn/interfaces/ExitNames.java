package dev.sojourn.interfaces;

/** Names of what belongs to the PC, for traces. */
final class ExitNames {
    private ExitNames() {}

    static String port(int port) {
        return switch (port & 0xffff) {
            case 0x20, 0x21, 0xa0, 0xa1, 0x4d0, 0x4d1 -> "PIC";
            case 0x40, 0x41, 0x42, 0x43, 0x61 -> "PIT";
            case 0x60, 0x64 -> "keyboard controller";
            case 0x70, 0x71 -> "RTC";
            case 0x80 -> "delay";
            case 0x3f8, 0x3f9, 0x3fa, 0x3fb, 0x3fc, 0x3fd, 0x3fe, 0x3ff -> "UART";
            case 0xcf8, 0xcf9, 0xcfa, 0xcfb, 0xcfc, 0xcfd, 0xcfe, 0xcff -> "PCI configuration";
            default -> (port & 0xffff) >>> 4 == 0x60 ? "ACPI power management" : "port 0x" + Integer.toHexString(port & 0xffff);
        };
    }

    static String memory(long physical) {
        return switch ((int) (physical >>> 12)) {
            case 0xfee00 -> "local APIC 0x" + Long.toHexString(physical & 0xff0);
            case 0xfec00 -> "I/O APIC";
            case 0xfeb00 -> "virtio console";
            case 0xfeb01 -> "virtio entropy";
            default -> "page 0x" + Long.toHexString(physical >>> 12);
        };
    }

    static String msr(int index) {
        return switch (index) {
            case 0x1b -> "APIC_BASE";
            case 0x48 -> "SPEC_CTRL";
            case 0x49 -> "PRED_CMD";
            case 0x8b -> "BIOS_SIGN_ID";
            case 0x10a -> "ARCH_CAPABILITIES";
            case 0x1a0 -> "MISC_ENABLE";
            case 0x6e0 -> "TSC_DEADLINE";
            default -> "MSR 0x" + Integer.toHexString(index);
        };
    }
}
