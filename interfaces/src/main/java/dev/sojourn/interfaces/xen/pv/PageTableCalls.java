package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.interfaces.xen.Errno;
import dev.sojourn.interfaces.xen.GuestPointers;
import dev.sojourn.interfaces.xen.Hypercalls;
import dev.sojourn.interfaces.xen.Vcpu;
import dev.sojourn.memory.GuestMemory;

/** mmu_update, update_va_mapping, mmuext_op, update_descriptor: the guest's page tables and descriptors (public/xen.h). */
final class PageTableCalls {
    private static final int NORMAL = 0;
    private static final int MACHINE_TO_PHYSICAL = 1;
    private static final int PRESERVE_AD = 2;
    private static final int NO_TRANSLATE = 3;
    private static final int UPDATE_BYTES = 16;

    private static final int PIN_FIRST = 0;
    private static final int PIN_LAST = 3;
    private static final int UNPIN = 4;
    private static final int NEW_BASE = 5;
    private static final int FLUSH_LOCAL = 6;
    private static final int FLUSH_PAGE_LOCAL = 7;
    private static final int FLUSH_MULTI = 8;
    private static final int FLUSH_PAGE_MULTI = 9;
    private static final int FLUSH_ALL = 10;
    private static final int FLUSH_PAGE_ALL = 11;
    private static final int FLUSH_CACHE = 12;
    private static final int SET_LDT = 13;
    private static final int NEW_USER_BASE = 15;
    private static final int CLEAR_PAGE = 16;
    private static final int COPY_PAGE = 17;
    private static final int FLUSH_CACHE_GLOBAL = 18;
    private static final int SUPER_FIRST = 19;
    private static final int SUPER_LAST = 20;
    private static final int EXTENDED_BYTES = 24;

    private static final int SELF = 0x7ff0;
    private static final int FLUSH_TYPE = 3;
    private static final int FLUSH_NOTHING = 0;
    private static final int FLUSH_TLB = 1;
    private static final int FLUSH_PAGE = 2;
    private static final int FLUSH_EVERYWHERE = 4;
    private static final long EACCES = -13;

    private final PvGuest guest;
    private final GuestMemory memory;

    PageTableCalls(PvGuest guest) {
        this.guest = guest;
        memory = guest.machine.memory();
    }

    private interface Request {
        long serve(long at);
    }

    /** Serves a list until one fails; tells how many were done. */
    private static long list(Vcpu caller, long list, long count, int bytes, long done, Request request) {
        long many = count & 0xffff_ffffL;
        if (!Hypercalls.mayServe(caller, many)) {
            return Errno.E2BIG;
        }
        long result = 0;
        int i = 0;
        while (i < many && result == 0) {
            result = request.serve(list + (long) i * bytes);
            i += result == 0 ? 1 : 0;
        }
        if (done != 0) {
            caller.pointers.put32(done, i);
        }
        return result;
    }

    private static boolean isSelf(long domain) {
        return (domain & 0xffff) == SELF && domain >>> 16 == 0 || domain == dev.sojourn.interfaces.xen.Domain.ID;
    }

    long update(Vcpu caller, long list, long count, long done, long domain) {
        return isSelf(domain) ? list(caller, list, count, UPDATE_BYTES, done,
                at -> update(caller.pointers.u64(at), caller.pointers.u64(at + 8))) : Errno.EPERM;
    }

    private long update(long pointer, long value) {
        long at = pointer & ~7;
        return switch ((int) pointer & 7) {
            case NORMAL, NO_TRANSLATE -> store(at, value, 0);
            case PRESERVE_AD -> store(at, value, Pte.ACCESSED | Pte.DIRTY);
            case MACHINE_TO_PHYSICAL -> {
                long frame = pointer >>> GuestMemory.PAGE_SHIFT;
                if (!guest.frames.isGuest(frame)) {
                    yield Errno.EINVAL;
                }
                guest.hole.physical(frame, value);
                yield 0;
            }
            default -> Errno.EINVAL;
        };
    }

    /** Stores an entry to a page table, or a word to a frame that the guest might write itself. */
    long store(long at, long value, long keep) {
        long frame = at >>> GuestMemory.PAGE_SHIFT;
        int use = guest.uses.use(frame);
        if (use >= 1 && use <= 4) {
            return guest.uses.change(at, value, keep) ? 0 : Errno.EINVAL;
        }
        if (!guest.uses.get(frame, FrameTable.WRITABLE)) {
            return Errno.EINVAL;
        }
        memory.putLong(at, value);
        guest.uses.put(frame);
        return 0;
    }

    long updateDescriptor(long at, long descriptor) {
        long frame = at >>> GuestMemory.PAGE_SHIFT;
        if ((at & 7) != 0 || !Descriptors.isAllowed(descriptor)) {
            return Errno.EINVAL;
        }
        boolean inUse = guest.uses.use(frame) == FrameTable.SEGMENTS;
        if (!inUse && !guest.uses.get(frame, FrameTable.WRITABLE)) {
            return Errno.EINVAL;
        }
        memory.putLong(at, Descriptors.adjusted(descriptor));
        if (!inUse) {
            guest.uses.put(frame);
        }
        return 0;
    }

    /** Where the leaf entry for an address lies; -1 if the tables do not reach down to one. */
    long leafAddress(long topTable, long linear) {
        if (linear << 16 >> 16 != linear || HypervisorHole.contains(linear) || guest.uses.use(topTable) != 4) {
            return -1;
        }
        long table = topTable;
        for (int level = 4; level > 1; level--) {
            long entry = memory.getLong(MachineFrames.address(table) + 8L * Pte.index(linear, level));
            if (!Pte.isPresent(entry)) {
                return -1;
            }
            table = Pte.frame(entry);
        }
        return MachineFrames.address(table) + 8L * Pte.index(linear, 1);
    }

    /** The leaf entry for an address; 0 if there is none. */
    long leaf(long topTable, long linear) {
        long at = leafAddress(topTable, linear);
        return at == -1 ? 0 : memory.getLong(at);
    }

    long updateMapping(Vcpu caller, long linear, long entry, long flags) {
        PvProcessor processor = guest.processors.get(caller.id);
        long at = leafAddress(processor.kernelTable(), linear);
        if (at == -1 || guest.uses.use(at >>> GuestMemory.PAGE_SHIFT) != 1 || !guest.uses.change(at, entry, 0)) {
            return Errno.EINVAL;
        }
        int type = (int) flags & FLUSH_TYPE;
        if (type == FLUSH_NOTHING) {
            return 0;
        }
        long set = flags & ~(FLUSH_TYPE | FLUSH_EVERYWHERE);
        boolean local = (flags & FLUSH_EVERYWHERE) == 0 && set == 0;
        long which = local ? 1L << caller.id : (flags & FLUSH_EVERYWHERE) != 0 ? -1 : vcpus(caller.pointers, set);
        return switch (type) {
            case FLUSH_TLB -> flush(which);
            case FLUSH_PAGE -> flushPage(which, linear);
            default -> Errno.EINVAL;
        };
    }

    /** The vCPUs of a bit map, as far as there are any. */
    private long vcpus(GuestPointers pointers, long at) {
        long set = 0;
        for (int i = 0; i < guest.processors.size(); i += 8) {
            set |= (long) pointers.u8(at + (i >> 3)) << i;
        }
        return set;
    }

    private long flush(long which) {
        for (PvProcessor processor : guest.processors) {
            if ((which >>> processor.cpu.id & 1) != 0) {
                processor.flush();
            }
        }
        return 0;
    }

    private long flushPage(long which, long linear) {
        for (PvProcessor processor : guest.processors) {
            if ((which >>> processor.cpu.id & 1) != 0) {
                processor.cpu.mmu.flushPage(linear);
            }
        }
        return 0;
    }

    long extended(Vcpu caller, long list, long count, long done, long domain) {
        return isSelf(domain) ? list(caller, list, count, EXTENDED_BYTES, done, at -> extended(caller, at)) : Errno.EPERM;
    }

    /** 00 u32 command, 08 u64 frame or address, 10 u64 second. */
    private long extended(Vcpu caller, long at) {
        PvProcessor processor = guest.processors.get(caller.id);
        int command = caller.pointers.u32(at);
        long first = caller.pointers.u64(at + 8);
        if (command >= PIN_FIRST && command <= PIN_LAST) {
            return result(guest.uses.pin(first, command + 1));
        }
        if (command >= SUPER_FIRST && command <= SUPER_LAST) {
            return Errno.EOPNOTSUPP;
        }
        return switch (command) {
            case UNPIN -> result(guest.uses.unpin(first));
            case NEW_BASE -> result(processor.switchKernelTable(first));
            case NEW_USER_BASE -> result(processor.switchUserTable(first));
            case FLUSH_LOCAL -> flush(1L << caller.id);
            case FLUSH_PAGE_LOCAL -> flushPage(1L << caller.id, first);
            case FLUSH_MULTI -> flush(vcpus(caller.pointers, caller.pointers.u64(at + 16)));
            case FLUSH_PAGE_MULTI -> flushPage(vcpus(caller.pointers, caller.pointers.u64(at + 16)), first);
            case FLUSH_ALL -> flush(-1);
            case FLUSH_PAGE_ALL -> flushPage(-1, first);
            case FLUSH_CACHE, FLUSH_CACHE_GLOBAL -> EACCES;
            case SET_LDT -> processor.tables().setLocal(first, caller.pointers.u64(at + 16) & 0xffff_ffffL);
            case CLEAR_PAGE -> clear(first);
            case COPY_PAGE -> copy(first, caller.pointers.u64(at + 16));
            default -> Errno.ENOSYS;
        };
    }

    private static long result(boolean done) { return done ? 0 : Errno.EINVAL; }

    private long clear(long frame) {
        if (!guest.uses.get(frame, FrameTable.WRITABLE)) {
            return Errno.EINVAL;
        }
        memory.clear(MachineFrames.address(frame), GuestMemory.PAGE_BYTES);
        guest.uses.put(frame);
        return 0;
    }

    private long copy(long to, long from) {
        if (!guest.frames.isGuest(from) || !guest.uses.get(to, FrameTable.WRITABLE)) {
            return Errno.EINVAL;
        }
        byte[] page = new byte[GuestMemory.PAGE_BYTES];
        memory.read(MachineFrames.address(from), page, 0, page.length);
        memory.write(MachineFrames.address(to), page);
        guest.uses.put(to);
        return 0;
    }
}
