package dev.sojourn.testkit.oracle;

/**
 * How a case ended.
 *
 * @param vector the exception; negative for the three endings that are none
 * @param errorCode what the exception pushed, else zero
 * @param address CR2 of a page fault, else zero
 */
public record Fault(int vector, int errorCode, long address) {
    /** The case ran to its end. */
    public static final Fault NONE = new Fault(-1, 0, 0);
    /** The case did not end. */
    public static final Fault TIMEOUT = new Fault(-2, 0, 0);
    /** The case wrote to data outside of the windows. */
    public static final Fault STRAYED = new Fault(-3, 0, 0);

    public static final int BREAKPOINT = 3;
    public static final int PAGE_FAULT = 14;

    private static final String[] NAMES = {"#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "9", "#TS",
        "#NP", "#SS", "#GP", "#PF", "15", "#MF", "#AC", "#MC", "#XM"};

    /** Error code and address count only for the exceptions that have them. */
    public static Fault of(int vector, int errorCode, long address) {
        boolean hasCode = vector == 8 || vector >= 10 && vector <= PAGE_FAULT || vector == 17;
        return new Fault(vector, hasCode ? errorCode : 0, vector == PAGE_FAULT ? address : 0);
    }

    public boolean happened() { return vector >= 0; }

    @Override public String toString() {
        return switch (vector) {
            case -1 -> "none";
            case -2 -> "timeout";
            case -3 -> "strayed";
            case PAGE_FAULT -> "#PF(%x) at %x".formatted(errorCode, address);
            default -> (vector < NAMES.length ? NAMES[vector] : Integer.toString(vector))
                    + (errorCode != 0 ? "(%x)".formatted(errorCode) : "");
        };
    }
}
