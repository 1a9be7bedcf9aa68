package dev.sojourn.cpu;

/**
 * A segment register with its hidden part (SDM volume 3, 3.4.3).
 *
 * <p>Attributes are bits 40 to 55 of a descriptor, moved to bit 0: type 0-3, S 4, DPL 5-6, P 7, L 13, D/B 14, G 15.
 */
public final class SegmentRegister {
    public static final int WRITABLE_DATA = 0x93;
    public static final int CODE = 0x9b;
    static final int TYPE_ACCESSED = 1;
    static final int TYPE_READ_WRITE = 2;
    static final int TYPE_DOWN_OR_CONFORMING = 4;
    static final int TYPE_CODE = 8;
    static final int NOT_SYSTEM = 0x10;
    static final int PRESENT = 0x80;
    static final int LONG = 0x2000;
    static final int BIG = 0x4000;
    static final int GRANULAR = 0x8000;

    public int selector;
    public long base;
    /** In bytes, granularity applied. */
    public long limit;
    public int attributes;
    /** Whether a null selector was loaded. */
    public boolean unusable;

    /** The lowest and highest offsets that may be used; none where the first is above the second. */
    long first;
    long last;
    boolean readable;
    boolean writable;

    /** Takes a value whole, as a reset or a loader does. */
    public void set(int selector, long base, long limit, int attributes) {
        set(selector, base, limit, attributes, false);
    }

    void set(int selector, long base, long limit, int attributes, boolean unusable) {
        this.selector = selector;
        this.base = base;
        this.limit = limit & 0xffff_ffffL;
        this.attributes = attributes;
        this.unusable = unusable;
        derive();
    }

    /** Takes a descriptor. */
    void load(int selector, long descriptor) {
        set(selector, Descriptor.base(descriptor), Descriptor.limit(descriptor), Descriptor.attributes(descriptor));
    }

    /** Takes a null selector: any use faults, but the base stays what a 64-bit program may see. */
    void loadNull(int selector) {
        this.selector = selector;
        base = 0;
        limit = 0;
        attributes = 0;
        unusable = true;
        derive();
    }

    int dpl() { return attributes >> 5 & 3; }

    boolean isCode() { return (attributes & (NOT_SYSTEM | TYPE_CODE)) == (NOT_SYSTEM | TYPE_CODE); }

    boolean isBig() { return (attributes & BIG) != 0; }

    boolean isLong() { return (attributes & LONG) != 0; }

    /** Whether all of 4 GiB from 0 may be read and written by it. */
    boolean isFlat() { return base == 0 && first == 0 && last == Long.MAX_VALUE && readable && writable; }

    private void derive() {
        boolean code = (attributes & TYPE_CODE) != 0;
        readable = !unusable && (!code || (attributes & TYPE_READ_WRITE) != 0);
        writable = !unusable && !code && (attributes & TYPE_READ_WRITE) != 0;
        boolean down = !code && (attributes & TYPE_DOWN_OR_CONFORMING) != 0;
        first = down ? limit + 1 : 0;
        last = down ? isBig() ? 0xffff_ffffL : 0xffff : limit;
        if (last == 0xffff_ffffL) {
            // An access may wrap around the end of 4 GiB (SDM volume 3, 5.3).
            last = Long.MAX_VALUE;
        }
    }
}
