package dev.sojourn.state;

/** The types of a field, by their number in the encoding. */
enum FieldKind {
    /** 64 bits; a truth value is 0 or 1. */
    NUMBER,
    BYTES,
    /** Some numbers. */
    NUMBERS,
    /** UTF-8. */
    TEXT,
    /** Fields of their own. */
    GROUP,
    /** Some groups, each with its length before it. */
    LIST;

    /** Set in the kind of a field that a reader may do without. */
    static final int MAY_IGNORE = 0x80;

    private static final FieldKind[] ALL = values();

    int code() { return ordinal() + 1; }

    /** Null if there is none. */
    static FieldKind of(int code) { return code < 1 || code > ALL.length ? null : ALL[code - 1]; }
}
