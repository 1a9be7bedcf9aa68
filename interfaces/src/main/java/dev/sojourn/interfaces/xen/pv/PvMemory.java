package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.interfaces.xen.Domain;
import dev.sojourn.interfaces.xen.Errno;
import dev.sojourn.interfaces.xen.GuestPointers;
import dev.sojourn.interfaces.xen.Hypercalls;
import dev.sojourn.interfaces.xen.Vcpu;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.ArrayDeque;

/** memory_op of a paravirtual guest: it may give machine frames up, and get them back (public/memory.h). */
final class PvMemory {
    private static final int DECREASE_RESERVATION = 1;
    private static final int MAXIMUM_RAM_PAGE = 2;
    private static final int CURRENT_RESERVATION = 3;
    private static final int MAXIMUM_RESERVATION = 4;
    private static final int POPULATE_PHYSMAP = 6;
    private static final int MEMORY_MAP = 9;
    private static final int EXCHANGE = 11;
    private static final int MACHPHYS_MAPPING = 12;

    private static final int SELF = 0x7ff0;
    private static final int RAM = 1;

    private final PvGuest guest;
    private final ArrayDeque<Integer> free = new ArrayDeque<>();

    PvMemory(PvGuest guest) { this.guest = guest; }

    void save(StateWriter out) { out.numbers("free", free.stream().mapToLong(Integer::longValue).toArray()); }

    void restore(StateReader in) throws BadState {
        for (long frame : in.numbers("free", guest.frames.end)) {
            if (frame < 0 || frame >= guest.frames.end || guest.frames.owner(frame) != MachineFrames.Owner.NOBODY) {
                throw in.bad("has a free frame " + frame + " that is not");
            }
            free.add((int) frame);
        }
    }

    long call(Vcpu caller, long command, long at) {
        GuestPointers memory = caller.pointers;
        return switch ((int) Math.clamp(command, -1L, 99L)) {
            case DECREASE_RESERVATION -> reservation(caller, at, false);
            case POPULATE_PHYSMAP -> reservation(caller, at, true);
            case MAXIMUM_RAM_PAGE -> guest.frames.end - 1;
            case CURRENT_RESERVATION -> guest.pages() - free.size();
            case MAXIMUM_RESERVATION -> guest.pages();
            case MEMORY_MAP -> map(memory, at);
            // There is no other memory to exchange with: nothing was exchanged, which the structure says already.
            case EXCHANGE -> Errno.ENOMEM;
            case MACHPHYS_MAPPING -> {
                memory.put64(at, HypervisorHole.START);
                memory.put64(at + 8, HypervisorHole.TABLE_END);
                memory.put64(at + 16, guest.frames.end - 1);
                yield 0;
            }
            default -> Errno.ENOSYS;
        };
    }

    /** 00 u32 entries there is room for, and then there are; 08 u64 where they go: u64 start, u64 bytes, u32 type. */
    private long map(GuestPointers memory, long at) {
        if (memory.u32(at) == 0) {
            return Errno.EINVAL;
        }
        long list = memory.u64(at + 8);
        memory.put64(list, 0);
        memory.put64(list + 8, guest.pages() << GuestMemory.PAGE_SHIFT);
        memory.put32(list + 16, RAM);
        memory.put32(at, 1);
        return 0;
    }

    /** 00 u64 list of frames, 08 u64 how many, 10 u32 order, 18 u16 domain. @return how many were done */
    private long reservation(Vcpu caller, long at, boolean populate) {
        GuestPointers memory = caller.pointers;
        long list = memory.u64(at);
        long count = memory.u64(at + 8);
        int who = memory.u16(at + 24);
        if (who != SELF && who != Domain.ID) {
            return Errno.EPERM;
        }
        if (memory.u32(at + 16) != 0 || !Hypercalls.mayServe(caller, count)) {
            return 0;
        }
        long done = 0;
        while (done < count && (populate ? populate(memory, list + 8 * done) : release(memory.u64(list + 8 * done)))) {
            done++;
        }
        return done;
    }

    /** Takes a frame that is not in use any more. */
    private boolean release(long frame) {
        if (!guest.frames.isGuest(frame) || guest.uses.use(frame) != FrameTable.NONE) {
            return false;
        }
        guest.frames.own((int) frame, false);
        guest.hole.forget(frame);
        guest.machine.memory().clear(MachineFrames.address(frame), GuestMemory.PAGE_BYTES);
        guest.processors.forEach(p -> p.cpu.mmu.flushLocal());
        free.add((int) frame);
        return true;
    }

    /** Gives one of those taken, for the guest's number in the list, which becomes the machine frame. */
    private boolean populate(GuestPointers memory, long at) {
        long pfn = memory.u64(at);
        if (free.isEmpty()) {
            return false;
        }
        int frame = free.peek();
        memory.put64(at, frame);
        free.remove();
        guest.frames.own(frame, true);
        guest.hole.physical(frame, pfn);
        return true;
    }
}
