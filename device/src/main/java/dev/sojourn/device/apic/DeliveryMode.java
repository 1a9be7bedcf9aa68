package dev.sojourn.device.apic;

/** How an interrupt message is to be taken; the codes of the ICR, the LVT and the I/O APIC's redirection entries. */
public enum DeliveryMode {
    FIXED, LOWEST_PRIORITY, SMI, RESERVED, NMI, INIT, STARTUP, EXTINT;

    /** @param code bits 10 to 8 of the register */
    public static DeliveryMode of(int code) {
        return switch (code & 7) {
            case 0 -> FIXED;
            case 1 -> LOWEST_PRIORITY;
            case 2 -> SMI;
            case 4 -> NMI;
            case 5 -> INIT;
            case 6 -> STARTUP;
            case 7 -> EXTINT;
            default -> RESERVED;
        };
    }
}
