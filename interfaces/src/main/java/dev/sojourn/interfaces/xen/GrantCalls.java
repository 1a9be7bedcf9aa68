package dev.sojourn.interfaces.xen;

/** grant_table_op: the calls of a domain that grants, and never is granted (public/grant_table.h). */
final class GrantCalls {
    private static final int SETUP_TABLE = 2;
    private static final int QUERY_SIZE = 6;
    private static final int SET_VERSION = 8;
    private static final int GET_VERSION = 10;
    private static final int[] ENTRY_BYTES = {32, 24, 24, 0, 24, 40, 16, 24, 4, 24, 8, 8, 16};

    private static final int OKAY = 0;
    private static final int GENERAL_ERROR = -1;
    private static final int BAD_DOMAIN = -2;

    /** Xen takes what the caller likes and is interrupted; this many are enough for every guest. */
    private static final int COUNT_MAX = 4096;

    private final Domain domain;
    private final GrantFrames frames;

    GrantCalls(Domain domain, GrantFrames frames) {
        this.domain = domain;
        this.frames = frames;
    }

    long call(Vcpu caller, long command, long list, long count) {
        if (count < 0 || count > COUNT_MAX) {
            return Errno.EINVAL;
        }
        int number = (int) command;
        if (number != SETUP_TABLE && number != QUERY_SIZE && number != SET_VERSION && number != GET_VERSION) {
            return Errno.ENOSYS;
        }
        if (number == SET_VERSION) {
            return setVersion(caller.pointers, list);
        }
        if (number == SETUP_TABLE && count != 1) {
            return Errno.EINVAL;
        }
        for (int i = 0; i < count; i++) {
            long at = list + (long) i * ENTRY_BYTES[number];
            switch (number) {
                case SETUP_TABLE -> setupTable(caller.pointers, at);
                case QUERY_SIZE -> querySize(caller.pointers, at);
                default -> getVersion(caller.pointers, at);
            }
        }
        return 0;
    }

    /** 00 u16 domain, 04 u32 frames, 08 s16 status, 10 u64 where the list of frames goes. */
    private void setupTable(GuestPointers memory, long at) {
        long wanted = memory.u32(at + 4) & 0xffff_ffffL;
        int status = OKAY;
        if (!domain.isSelf(memory.u16(at))) {
            status = BAD_DOMAIN;
        } else if (wanted > GrantTable.FRAMES_MAX || !frames.grow((int) wanted)) {
            status = GENERAL_ERROR;
        } else {
            long list = memory.u64(at + 16);
            for (int i = 0; i < wanted; i++) {
                memory.put64(list + 8L * i, frames.frame(i));
            }
        }
        memory.put16(at + 8, status);
    }

    /** 00 u16 domain, 04 u32 frames, 08 u32 most frames, 0c s16 status. */
    private void querySize(GuestPointers memory, long at) {
        boolean self = domain.isSelf(memory.u16(at));
        if (self) {
            memory.put32(at + 4, domain.grants.frames());
            memory.put32(at + 8, GrantTable.FRAMES_MAX);
        }
        memory.put16(at + 12, self ? OKAY : BAD_DOMAIN);
    }

    /** Version 1 is what it is; the other is refused, and the answer says what it stays. */
    private long setVersion(GuestPointers memory, long at) {
        int wanted = memory.u32(at);
        memory.put32(at, 1);
        return wanted == 1 ? 0 : wanted == 2 ? Errno.ENOSYS : Errno.EINVAL;
    }

    private void getVersion(GuestPointers memory, long at) {
        memory.put32(at + 4, 1);
    }
}
