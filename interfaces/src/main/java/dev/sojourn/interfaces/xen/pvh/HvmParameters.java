package dev.sojourn.interfaces.xen.pvh;

import dev.sojourn.interfaces.xen.Domain;
import dev.sojourn.interfaces.xen.Errno;
import dev.sojourn.interfaces.xen.GuestPointers;
import dev.sojourn.interfaces.xen.Vcpu;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

/** hvm_op: the parameters of the domain, and how it is told of events (public/hvm/hvm_op.h, params.h). */
final class HvmParameters {
    static final int STORE_FRAME = 1;
    static final int STORE_PORT = 2;
    static final int CONSOLE_FRAME = 17;
    static final int CONSOLE_PORT = 18;

    private static final int CALLBACK = 0;
    private static final int COUNT = 64;
    private static final int CALLBACK_TYPE_SHIFT = 56;
    private static final int CALLBACK_GSI = 0;
    private static final int CALLBACK_VECTOR = 2;
    private static final int VECTOR_MIN = 16;

    private static final int SET_PARAM = 0;
    private static final int GET_PARAM = 1;
    private static final int SET_UPCALL_VECTOR = 23;
    private static final int SELF = 0x7ff0;

    private final PvhGuest guest;
    private final long[] values = new long[COUNT];

    HvmParameters(PvhGuest guest) { this.guest = guest; }

    void set(int index, long value) { values[index] = value; }

    /** The vector by which all processors hear of events; 0 for none. */
    int callbackVector() {
        return values[CALLBACK] >>> CALLBACK_TYPE_SHIFT == CALLBACK_VECTOR ? (int) values[CALLBACK] & 0xff : 0;
    }

    void save(StateWriter out) { out.numbers("values", values); }

    void restore(StateReader in) throws BadState { System.arraycopy(in.numbersOf("values", COUNT), 0, values, 0, COUNT); }

    long call(Vcpu caller, long command, long at) {
        GuestPointers memory = caller.pointers;
        return switch ((int) Math.clamp(command, -1L, 99L)) {
            case SET_PARAM -> setParameter(memory, at);
            case GET_PARAM -> {
                long index = memory.u32(at + 4) & 0xffff_ffffL;
                if (!isSelf(memory.u16(at))) {
                    yield Errno.ESRCH;
                }
                if (index >= COUNT) {
                    yield Errno.EINVAL;
                }
                memory.put64(at + 8, values[(int) index]);
                yield 0;
            }
            case SET_UPCALL_VECTOR -> {
                int vector = memory.u8(at + 4);
                long vcpu = memory.u32(at) & 0xffff_ffffL;
                if (vcpu >= guest.processors.size()) {
                    yield Errno.ENOENT;
                }
                if (vector < VECTOR_MIN) {
                    yield Errno.EINVAL;
                }
                PvhProcessor processor = guest.processors.get((int) vcpu);
                processor.upcallVector(vector);
                if (processor.vcpu.isPending()) {
                    // What came before there was a vector must not be lost.
                    processor.upcall();
                }
                yield 0;
            }
            default -> Errno.ENOSYS;
        };
    }

    private static boolean isSelf(int domain) { return domain == SELF || domain == Domain.ID; }

    /**
     * 00 u16 domain, 04 u32 index, 08 u64 value. The guest may set the callback alone. One by an interrupt line is taken as
     * "by vectors of the vCPUs' own", which is all that guests without the chips for a line can mean by it.
     */
    private long setParameter(GuestPointers memory, long at) {
        if (!isSelf(memory.u16(at))) {
            return Errno.ESRCH;
        }
        long index = memory.u32(at + 4) & 0xffff_ffffL;
        long value = memory.u64(at + 8);
        if (index >= COUNT) {
            return Errno.EINVAL;
        }
        if (index != CALLBACK) {
            return Errno.EPERM;
        }
        long type = value >>> CALLBACK_TYPE_SHIFT;
        boolean known = type == CALLBACK_GSI || type == CALLBACK_VECTOR && (value & 0xff) >= VECTOR_MIN;
        if (!known) {
            return Errno.EINVAL;
        }
        values[CALLBACK] = value;
        return 0;
    }
}
