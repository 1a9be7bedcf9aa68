package dev.sojourn.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * The RAM of one machine, by guest-physical address.
 *
 * <p>RAM lies in three ranges, as on a PC: from 0 to the VGA hole at 0xa0000, from 0xc0000 up to at most 3 GiB, and what is
 * left from 4 GiB up. Host memory is taken in chunks of 2 MiB, each at its first use, so that RAM the guest never touches
 * costs nothing.
 *
 * <p>Each page has flags. A page that holds decoded code carries {@link #CODE}; whoever writes to RAM by way of this class
 * reports such a write to the {@link CodeWatch}. A page that is written gets {@link #WRITTEN}. The processor, which writes by
 * host address, keeps to the same rules.
 *
 * <p>Confined to the thread that runs the machine.
 */
public final class GuestMemory implements AutoCloseable {
    public static final int PAGE_SHIFT = 12;
    public static final int PAGE_BYTES = 1 << PAGE_SHIFT;

    /** Where the RAM below 4 GiB ends at the latest; the rest of those 4 GiB belongs to devices. */
    public static final long LOW_END_MAX = 0xc000_0000L;

    public static final long HIGH_START = 0x1_0000_0000L;
    public static final long HOLE_START = 0xa_0000;
    public static final long HOLE_END = 0xc_0000;

    /** A machine has at most 64 GiB: the chunk table stays below a megabyte. */
    public static final long BYTES_MAX = 64L << 30;

    /** A machine has at least 1 MiB: below that there is no room above the VGA hole. */
    public static final long BYTES_MIN = 1L << 20;

    /** Page flag: decoded instructions from this page are cached somewhere. */
    public static final byte CODE = 1;

    /** Page flag: it may have been written since the flag was last taken away. */
    public static final byte WRITTEN = 2;

    /** As {@link #WRITTEN}, for whoever copies RAM: the two are taken away apart. */
    public static final byte CHANGED = 4;

    private static final int CHUNK_SHIFT = 21;
    static final long CHUNK_BYTES = 1L << CHUNK_SHIFT;
    private static final int CHUNK_PAGES = 1 << (CHUNK_SHIFT - PAGE_SHIFT);

    /** Is shown pages, each at its host address. */
    public interface PageVisitor {
        void page(long physical, long host);
    }

    /** Told before a page of RAM is written, at the first time at least since it began to listen. */
    public interface WriteLog {
        void beforeWrite(long page, long host);
    }

    /** Told before RAM that holds decoded code changes. */
    public interface CodeWatch {
        void codeWritten(long physical, int bytes);
    }

    private Arena arena = Arena.ofShared();
    private final long bytes;
    private final long lowEnd;
    private final long highEnd;
    private final long[] chunks;
    private final byte[][] pageFlags;
    private CodeWatch watch = (_, _) -> {};
    private WriteLog log;

    /** @param bytes RAM size, a multiple of the page size from {@link #BYTES_MIN} to {@link #BYTES_MAX} */
    public GuestMemory(long bytes) {
        if (bytes < BYTES_MIN || bytes > BYTES_MAX || bytes % PAGE_BYTES != 0) {
            throw new IllegalArgumentException("RAM size out of range: " + bytes);
        }
        this.bytes = bytes;
        lowEnd = Math.min(bytes, LOW_END_MAX);
        highEnd = HIGH_START + (bytes - lowEnd);
        long top = bytes > lowEnd ? highEnd : lowEnd;
        chunks = new long[(int) ((top + CHUNK_BYTES - 1) >> CHUNK_SHIFT)];
        pageFlags = new byte[chunks.length][];
    }

    public long bytes() { return bytes; }

    /** RAM that was touched, in pieces of two mebibytes. Any thread may ask: the figure may be a moment old. */
    public long touchedBytes() {
        long touched = 0;
        for (byte[] flags : pageFlags) {
            touched += flags == null ? 0 : CHUNK_BYTES;
        }
        return touched;
    }

    /** The first address behind the RAM below 4 GiB. */
    public long lowEnd() { return lowEnd; }

    /** The first address behind the RAM above 4 GiB; {@link #HIGH_START} where there is none. */
    public long highEnd() { return highEnd; }

    public void watch(CodeWatch watch) { this.watch = Objects.requireNonNull(watch); }

    /** Has writes told to a log; null for none. Who writes by host address must have forgotten its pages. */
    public void log(WriteLog log) { this.log = log; }

    /** Says that a page is about to be written by its host address, from now on. */
    public void written(long page) {
        setFlag(page, (byte) (WRITTEN | CHANGED));
        if (log != null) {
            log.beforeWrite(page, hostAddress(page));
        }
    }

    public boolean isRam(long physical) {
        return physical >= 0
                && (physical < lowEnd ? physical < HOLE_START || physical >= HOLE_END
                        : physical >= HIGH_START && physical < highEnd);
    }

    /** Whether all of a range is RAM; a range that wraps or is negative is not. */
    public boolean isRam(long physical, long length) {
        if (length < 0 || physical < 0 || physical + length < physical) {
            return false;
        }
        if (length == 0) {
            return true;
        }
        long last = physical + length - 1;
        return isRam(physical) && isRam(last)
                && (physical >= HOLE_START || last < HOLE_START)
                && (physical >= HIGH_START || last < lowEnd);
    }

    /**
     * The host address of a byte of RAM, good to the end of its page as long as the machine lives.
     *
     * @throws IndexOutOfBoundsException if it is not RAM
     */
    public long hostAddress(long physical) {
        if (!isRam(physical)) {
            throw new IndexOutOfBoundsException("Not RAM: 0x" + Long.toHexString(physical));
        }
        int chunk = (int) (physical >> CHUNK_SHIFT);
        long base = chunks[chunk];
        if (base == 0) {
            base = allocate(chunk);
        }
        return base + (physical & CHUNK_BYTES - 1);
    }

    public boolean hasFlag(long physical, byte flag) {
        byte[] flags = pageFlags[(int) (physical >> CHUNK_SHIFT)];
        return flags != null && (flags[page(physical)] & flag) != 0;
    }

    public void setFlag(long physical, byte flag) {
        hostAddress(physical);
        pageFlags[(int) (physical >> CHUNK_SHIFT)][page(physical)] |= flag;
    }

    public void clearFlag(long physical, byte flag) {
        hostAddress(physical);
        pageFlags[(int) (physical >> CHUNK_SHIFT)][page(physical)] &= (byte) ~flag;
    }

    /** Little-endian reads; the value must not cross a page. */
    public int getByte(long physical) { return Raw.getByte(hostAddress(physical)) & 0xff; }

    public int getShort(long physical) { return Raw.getShort(inPage(physical, 2)) & 0xffff; }

    public int getInt(long physical) { return Raw.getInt(inPage(physical, 4)); }

    public long getLong(long physical) { return Raw.getLong(inPage(physical, 8)); }

    public void putByte(long physical, int value) { Raw.putByte(forWrite(physical, 1), (byte) value); }

    public void putShort(long physical, int value) { Raw.putShort(forWrite(physical, 2), (short) value); }

    public void putInt(long physical, int value) { Raw.putInt(forWrite(physical, 4), value); }

    public void putLong(long physical, long value) { Raw.putLong(forWrite(physical, 8), value); }

    /** Copies into RAM. @throws IndexOutOfBoundsException before anything is written, if any of it is not RAM */
    public void write(long physical, byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        requireRam(physical, length);
        for (int done = 0; done < length; ) {
            int part = inThisPage(physical + done, length - done);
            Raw.copyIn(source, offset + done, forWrite(physical + done, part), part);
            done += part;
        }
    }

    public void write(long physical, byte[] source) { write(physical, source, 0, source.length); }

    /** Copies out of RAM. @throws IndexOutOfBoundsException if any of it is not RAM */
    public void read(long physical, byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        requireRam(physical, length);
        for (int done = 0; done < length; ) {
            int part = inThisPage(physical + done, length - done);
            Raw.copyOut(hostAddress(physical + done), target, offset + done, part);
            done += part;
        }
    }

    public void clear(long physical, long length) {
        requireRam(physical, length);
        for (long done = 0; done < length; ) {
            int part = inThisPage(physical + done, length - done);
            Raw.fill(forWrite(physical + done, part), part, (byte) 0);
            done += part;
        }
    }

    /**
     * Shows every page written since the last time. Who writes by host address must have forgotten its pages, and ask for them
     * again.
     */
    public void takeWritten(PageVisitor visitor) { take(WRITTEN, visitor); }

    /** As {@link #takeWritten}, by {@link #CHANGED}. */
    public void takeChanged(PageVisitor visitor) { take(CHANGED, visitor); }

    private void take(byte flag, PageVisitor visitor) {
        for (int chunk = 0; chunk < chunks.length; chunk++) {
            byte[] flags = pageFlags[chunk];
            for (int page = 0; flags != null && page < CHUNK_PAGES; page++) {
                if ((flags[page] & flag) != 0) {
                    flags[page] &= (byte) ~flag;
                    long offset = (long) page << PAGE_SHIFT;
                    visitor.page((long) chunk << CHUNK_SHIFT | offset, chunks[chunk] + offset);
                }
            }
        }
    }

    /**
     * Takes what a {@link RamImage} holds for all of RAM, in place of what was there. Before anything runs.
     *
     * @param owner closed with this memory
     * @param image which may be written to; {@link RamImage#bytes} of it
     */
    public void adopt(Arena owner, MemorySegment image) {
        if (image.byteSize() != RamImage.bytes(this)) {
            throw new IllegalArgumentException("An image of " + image.byteSize() + " bytes, not " + RamImage.bytes(this));
        }
        arena.close();
        arena = owner;
        for (int chunk = 0; chunk < chunks.length; chunk++) {
            long physical = (long) chunk << CHUNK_SHIFT;
            if (RamImage.has(this, physical)) {
                chunks[chunk] = image.address() + RamImage.offset(this, physical);
                pageFlags[chunk] = new byte[CHUNK_PAGES];
                for (int page = 0; page < CHUNK_PAGES; page++) {
                    pageFlags[chunk][page] = isRam(physical + ((long) page << PAGE_SHIFT)) ? WRITTEN : 0;
                }
            }
        }
    }

    /** The chunk at an address; null if nothing in it was used. */
    MemorySegment chunk(long physical) {
        long base = chunks[(int) (physical >> CHUNK_SHIFT)];
        return base == 0 ? null : MemorySegment.ofAddress(base).reinterpret(CHUNK_BYTES);
    }

    @Override
    public void close() { arena.close(); }

    private long allocate(int chunk) {
        chunks[chunk] = arena.allocate(CHUNK_BYTES, PAGE_BYTES).address();
        pageFlags[chunk] = new byte[CHUNK_PAGES];
        return chunks[chunk];
    }

    private long inPage(long physical, int length) {
        assert (physical & PAGE_BYTES - 1) + length <= PAGE_BYTES : Long.toHexString(physical);
        return hostAddress(physical);
    }

    private long forWrite(long physical, int length) {
        long host = inPage(physical, length);
        byte[] flags = pageFlags[(int) (physical >> CHUNK_SHIFT)];
        int page = page(physical);
        flags[page] |= WRITTEN | CHANGED;
        if (log != null) {
            log.beforeWrite(physical & -PAGE_BYTES, host & -PAGE_BYTES);
        }
        if ((flags[page] & CODE) != 0) {
            watch.codeWritten(physical, length);
        }
        return host;
    }

    private void requireRam(long physical, long length) {
        if (!isRam(physical, length)) {
            throw new IndexOutOfBoundsException(
                    "Not RAM: 0x" + Long.toHexString(physical) + ", " + length + " bytes");
        }
    }

    private static int inThisPage(long physical, long length) {
        return (int) Math.min(length, PAGE_BYTES - (physical & PAGE_BYTES - 1));
    }

    private static int page(long physical) { return (int) (physical >> PAGE_SHIFT) & CHUNK_PAGES - 1; }
}
