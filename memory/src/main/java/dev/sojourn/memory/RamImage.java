package dev.sojourn.memory;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * All of RAM as one row of bytes: what a file holds that is mapped in its place.
 *
 * <p>From offset 0 the RAM below 4 GiB with the VGA hole, up to a multiple of 2 MiB; then that from 4 GiB up, likewise. What is not
 * RAM in it is zero.
 */
public final class RamImage {
    private static final int PAGE = GuestMemory.PAGE_BYTES;
    private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[PAGE]).asReadOnly();

    /** Takes pages that follow each other. */
    public interface Target {
        void pages(long offset, ByteBuffer bytes) throws IOException;
    }

    private RamImage() {}

    /** The size of a memory's image. */
    public static long bytes(GuestMemory memory) { return lowBytes(memory) + up(memory.highEnd() - GuestMemory.HIGH_START); }

    /** The size of the image of a memory of that size. */
    public static long bytesOf(long memoryBytes) {
        long low = Math.min(memoryBytes, GuestMemory.LOW_END_MAX);
        return up(low) + up(memoryBytes - low);
    }

    /** Whether a chunk at an address is part of the image. */
    static boolean has(GuestMemory memory, long physical) {
        return physical < lowBytes(memory) || physical >= GuestMemory.HIGH_START && physical < memory.highEnd();
    }

    /** Where the byte of an address that {@link GuestMemory#isRam} lies. */
    public static long offset(GuestMemory memory, long physical) {
        return physical < GuestMemory.HIGH_START ? physical : lowBytes(memory) + physical - GuestMemory.HIGH_START;
    }

    /** The address of what lies at an offset. */
    public static long physical(GuestMemory memory, long offset) {
        return offset < lowBytes(memory) ? offset : offset - lowBytes(memory) + GuestMemory.HIGH_START;
    }

    /** Shows the pages that are not all zero, in the order of their offsets. */
    public static void write(GuestMemory memory, Target target) throws IOException {
        long end = bytes(memory);
        for (long offset = 0; offset < end; offset += GuestMemory.CHUNK_BYTES) {
            MemorySegment chunk = memory.chunk(physical(memory, offset));
            if (chunk != null) {
                writeChunk(chunk, offset, target);
            }
        }
    }

    private static void writeChunk(MemorySegment chunk, long offset, Target target) throws IOException {
        long start = -1;
        for (long at = 0; at <= chunk.byteSize(); at += PAGE) {
            boolean used = at < chunk.byteSize() && !isZero(chunk, at);
            if (used && start < 0) {
                start = at;
            } else if (!used && start >= 0) {
                target.pages(offset + start, chunk.asSlice(start, at - start).asByteBuffer().asReadOnlyBuffer());
                start = -1;
            }
        }
    }

    /** Whether a page holds nothing but zeros. */
    public static boolean isZero(MemorySegment segment, long at) {
        return MemorySegment.mismatch(segment, at, at + PAGE, ZEROS, 0, PAGE) < 0;
    }

    private static long lowBytes(GuestMemory memory) { return up(memory.lowEnd()); }

    private static long up(long bytes) { return bytes + GuestMemory.CHUNK_BYTES - 1 & -GuestMemory.CHUNK_BYTES; }
}
