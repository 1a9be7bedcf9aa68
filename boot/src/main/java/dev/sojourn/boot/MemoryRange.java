package dev.sojourn.boot;

/** A stretch of guest-physical addresses and what the guest may do with it. */
public record MemoryRange(long start, long bytes, Type type) {
    /** Address range types and their numbers (ACPI specification 6.5, table 15.4). */
    public enum Type {
        RAM(1), RESERVED(2), ACPI_RECLAIMABLE(3), ACPI_NON_VOLATILE(4);

        private final int number;

        Type(int number) { this.number = number; }

        public int number() { return number; }
    }

    public MemoryRange {
        if (start < 0 || bytes <= 0 || start + bytes < 0) {
            throw new IllegalArgumentException("Not a range: " + start + ", " + bytes + " bytes");
        }
    }

    /** The first address behind it. */
    public long end() { return start + bytes; }
}
