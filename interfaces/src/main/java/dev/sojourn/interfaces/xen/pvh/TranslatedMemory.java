package dev.sojourn.interfaces.xen.pvh;

import dev.sojourn.boot.MemoryMap;
import dev.sojourn.boot.MemoryRange;
import dev.sojourn.interfaces.xen.Domain;
import dev.sojourn.interfaces.xen.Errno;
import dev.sojourn.interfaces.xen.GrantFrame;
import dev.sojourn.interfaces.xen.GrantFrames;
import dev.sojourn.interfaces.xen.GrantTable;
import dev.sojourn.interfaces.xen.GuestFrames;
import dev.sojourn.interfaces.xen.GuestPointers;
import dev.sojourn.interfaces.xen.Vcpu;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * memory_op of a guest whose memory is translated: it places the pages it shares with the hypervisor where it likes, in its
 * RAM or where there is nothing (public/memory.h).
 */
final class TranslatedMemory implements GrantFrames {
    private static final int DECREASE_RESERVATION = 1;
    private static final int MAXIMUM_RAM_PAGE = 2;
    private static final int CURRENT_RESERVATION = 3;
    private static final int MAXIMUM_RESERVATION = 4;
    private static final int POPULATE_PHYSMAP = 6;
    private static final int ADD_TO_PHYSMAP = 7;
    private static final int MEMORY_MAP = 9;
    private static final int MAXIMUM_GPFN = 14;

    private static final int SPACE_SHARED_INFO = 0;
    private static final int SPACE_GRANT_TABLE = 1;
    private static final int MAP_ENTRY_BYTES = 20;
    private static final long NOT_PLACED = -1;
    /** Frames have 28 bits where addresses have 40. */
    private static final long FRAME_END = 1L << 28;

    private final Domain domain;
    private final List<Long> places = new ArrayList<>();

    TranslatedMemory(Domain domain) { this.domain = domain; }

    long call(Vcpu caller, long command, long at) {
        GuestPointers memory = caller.pointers;
        GuestMemory ram = domain.memory();
        return switch ((int) Math.clamp(command, -1L, 99L)) {
            case MAXIMUM_RAM_PAGE, MAXIMUM_GPFN -> {
                long end = ram.highEnd() > GuestMemory.HIGH_START ? ram.highEnd() : ram.lowEnd();
                yield (end >> GuestMemory.PAGE_SHIFT) - 1;
            }
            case CURRENT_RESERVATION, MAXIMUM_RESERVATION -> ram.bytes() >> GuestMemory.PAGE_SHIFT;
            // RAM is neither given up nor given here: no extent was done.
            case DECREASE_RESERVATION, POPULATE_PHYSMAP -> 0;
            case ADD_TO_PHYSMAP -> place(memory, at);
            case MEMORY_MAP -> map(memory, at);
            default -> Errno.ENOSYS;
        };
    }

    /** 00 u16 domain, 04 u32 space, 08 u64 index, 10 u64 frame. */
    private long place(GuestPointers memory, long at) {
        int who = memory.u16(at);
        if (who != Domain.ID && who != 0x7ff0) {
            return Errno.ESRCH;
        }
        int space = memory.u32(at + 4);
        long index = memory.u64(at + 8);
        long frame = memory.u64(at + 16);
        if (space == SPACE_SHARED_INFO) {
            long page = domain.frames().physical(frame);
            if (index != 0 || page == GuestFrames.NONE) {
                return Errno.EINVAL;
            }
            domain.share(page);
            return 0;
        }
        if (space != SPACE_GRANT_TABLE) {
            return Errno.ENOSYS;
        }
        if (index < 0 || index >= GrantTable.FRAMES_MAX || !mayHold(frame)) {
            return Errno.EINVAL;
        }
        grow((int) index + 1);
        placeGrant((int) index, frame);
        return 0;
    }

    /** Whether a frame is RAM, or free of anything that answers there. */
    private boolean mayHold(long frame) {
        if (frame < 0 || frame >= FRAME_END) {
            return false;
        }
        long first = frame << GuestMemory.PAGE_SHIFT;
        boolean devices = first >= GuestMemory.LOW_END_MAX && first < GuestMemory.HIGH_START
                || first >= GuestMemory.HOLE_START && first < GuestMemory.HOLE_END;
        return !devices && (domain.memory().isRam(first) || !domain.machine().windows().claims(first));
    }

    private void placeGrant(int index, long frame) {
        long old = places.get(index);
        if (old != NOT_PLACED && !domain.memory().isRam(old << GuestMemory.PAGE_SHIFT)) {
            domain.machine().windows().close(old << GuestMemory.PAGE_SHIFT);
        }
        long first = frame << GuestMemory.PAGE_SHIFT;
        if (domain.memory().isRam(first)) {
            domain.grants.replace(index, new GrantFrame.InRam(domain.memory(), first));
        } else {
            GrantFrame.Held held = new GrantFrame.Held();
            domain.grants.replace(index, held);
            domain.machine().windows().open(first, GuestMemory.PAGE_BYTES, held);
        }
        places.set(index, frame);
    }

    /** The grant table: where each of its frames is, and what those hold that are not in RAM. */
    void save(StateWriter out) {
        out.numbers("places", places.stream().mapToLong(Long::longValue).toArray());
        out.list("held", domain.grants.held(), (each, frame) -> each.bytes("bytes", frame == null ? new byte[0] : frame.toBytes()));
    }

    void restore(StateReader in) throws BadState {
        long[] frames = in.numbers("places", GrantTable.FRAMES_MAX);
        List<StateReader> held = in.listOf("held", frames.length);
        grow(frames.length);
        for (int i = 0; i < frames.length; i++) {
            boolean inRam = frames[i] >= 0 && frames[i] < FRAME_END && domain.memory().isRam(frames[i] << GuestMemory.PAGE_SHIFT);
            if (inRam) {
                domain.grants.put(i, new GrantFrame.InRam(domain.memory(), frames[i] << GuestMemory.PAGE_SHIFT));
            } else {
                GrantFrame.Held frame = new GrantFrame.Held(held.get(i).bytesOf("bytes", GuestMemory.PAGE_BYTES));
                domain.grants.put(i, frame);
                if (frames[i] != NOT_PLACED) {
                    if (!mayHold(frames[i])) {
                        throw in.bad("has grants at frame " + frames[i] + ", where they cannot be");
                    }
                    domain.machine().windows().open(frames[i] << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES, frame);
                }
            }
            places.set(i, frames[i]);
        }
    }

    @Override
    public boolean grow(int frames) {
        while (domain.grants.frames() < frames) {
            domain.grants.add(new GrantFrame.Held());
            places.add(NOT_PLACED);
        }
        return true;
    }

    @Override
    public long frame(int index) { return places.get(index); }

    /** 00 u32 entries there is room for, and then there are; 08 u64 where they go: u64 start, u64 bytes, u32 type. */
    private long map(GuestPointers memory, long at) {
        List<MemoryRange> ranges = MemoryMap.of(domain.memory()).ranges();
        long room = memory.u32(at) & 0xffff_ffffL;
        long list = memory.u64(at + 8);
        int count = (int) Math.min(room, ranges.size());
        for (int i = 0; i < count; i++) {
            MemoryRange range = ranges.get(i);
            memory.put64(list + (long) i * MAP_ENTRY_BYTES, range.start());
            memory.put64(list + (long) i * MAP_ENTRY_BYTES + 8, range.bytes());
            memory.put32(list + (long) i * MAP_ENTRY_BYTES + 16, range.type().number());
        }
        memory.put32(at, count);
        return 0;
    }
}
