package dev.sojourn.interfaces.hyperv;

import dev.sojourn.device.apic.DeliveryMode;
import dev.sojourn.memory.GuestMemory;

/**
 * What hypercalls do to other processors: interrupts and TLB flushes (TLFS 9.4, 10.5). The input has been proved to be RAM.
 *
 * <pre>
 * flush             00 u64 address space, u64 flags, u64 processors; 18 list
 * flush, extended   00 u64 address space, u64 flags, u64 format, u64 banks there are; 20 banks; then the list
 * IPI, extended     00 u32 vector, u8 level of trust, u64 format, u64 banks there are; 18 banks
 * list entry        page address, in the low 12 bits how many more pages
 * </pre>
 */
final class ProcessorCalls {
    private static final int FLUSH_SPACE_EX = 0x13;
    private static final int FLUSH_LIST = 3;
    private static final int FLUSH_LIST_EX = 0x14;

    private static final long ALL_PROCESSORS = 1;
    private static final long FLUSH_FLAGS = 7;
    private static final int VECTOR_MIN = 16;
    private static final int VECTOR_MAX = 255;
    private static final long FORMAT_SPARSE = 0;
    private static final long FORMAT_ALL = 1;
    /** A flush of more pages empties the TLB instead. */
    private static final int PAGES_MAX = 64;
    private static final long MORE_PAGES = GuestMemory.PAGE_BYTES - 1;

    private final Partition partition;

    ProcessorCalls(Partition partition) { this.partition = partition; }

    private long word(Calls.Call call, int offset) { return partition.ops.memory().getLong(call.first() + offset); }

    /** @param vector with the target level of trust, of which there is one, in its upper half */
    long sendInterrupt(long vector, long processors) {
        if (vector < VECTOR_MIN || vector > VECTOR_MAX) {
            return Calls.INVALID_PARAMETER;
        }
        for (Processor processor : partition.processors) {
            int id = processor.ops.cpu().id;
            if (id < Long.SIZE && (processors >>> id & 1) != 0) {
                partition.ops.bus().send(DeliveryMode.FIXED, (int) vector, false, id, false);
            }
        }
        return Calls.SUCCESS;
    }

    long sendInterrupt(Calls.Call call) {
        if (!isSet(call, 8)) {
            return Calls.INVALID_INPUT;
        }
        return sendInterrupt(word(call, 0), set(call, 8));
    }

    long flush(Calls.Call call) {
        boolean extended = call.code() == FLUSH_SPACE_EX || call.code() == FLUSH_LIST_EX;
        long flags = word(call, 8);
        if ((flags & ~FLUSH_FLAGS) != 0) {
            return Calls.INVALID_PARAMETER;
        }
        if (extended && !isSet(call, 16)) {
            return Calls.INVALID_INPUT;
        }
        long processors = (flags & ALL_PROCESSORS) != 0 ? -1 : extended ? set(call, 16) : word(call, 16);
        boolean listed = call.code() == FLUSH_LIST || call.code() == FLUSH_LIST_EX;
        int list = (extended ? 32 : 24) + 8 * call.headerWords();
        for (Processor processor : partition.processors) {
            int id = processor.ops.cpu().id;
            if (id < Long.SIZE && (processors >>> id & 1) != 0) {
                flush(processor, call, listed ? list : -1);
            }
        }
        return Calls.result(Calls.SUCCESS, listed ? call.repetitions() : 0);
    }

    /** @param list where the pages are listed, -1 for all there are */
    private void flush(Processor processor, Calls.Call call, int list) {
        int pages = 0;
        for (int i = call.start(); list >= 0 && i < call.repetitions(); i++) {
            pages += 1 + (int) (word(call, list + 8 * i) & MORE_PAGES);
        }
        if (list < 0 || pages > PAGES_MAX) {
            processor.ops.cpu().mmu.flushAll();
            return;
        }
        for (int i = call.start(); i < call.repetitions(); i++) {
            long entry = word(call, list + 8 * i);
            for (long page = 0; page <= (entry & MORE_PAGES); page++) {
                processor.ops.cpu().mmu.flushPage((entry & ~MORE_PAGES) + page * GuestMemory.PAGE_BYTES);
            }
        }
    }

    /** Whether a set of processors is one: a known format, with as many banks as it says. */
    private boolean isSet(Calls.Call call, int offset) {
        long format = word(call, offset);
        return format == FORMAT_ALL || format == FORMAT_SPARSE && Long.bitCount(word(call, offset + 8)) == call.headerWords();
    }

    /** The first 64 processors of a set; there are no more. */
    private long set(Calls.Call call, int offset) {
        if (word(call, offset) == FORMAT_ALL) {
            return -1;
        }
        return (word(call, offset + 8) & 1) != 0 ? word(call, offset + 16) : 0;
    }
}
