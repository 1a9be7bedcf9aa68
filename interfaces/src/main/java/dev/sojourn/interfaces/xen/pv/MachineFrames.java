package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.Arrays;

/**
 * Which machine frames there are, whose they are, and which of them the guest's frames are.
 *
 * <p>The hypervisor takes what it needs from the top of RAM. The guest counts its frames from 0 without a gap; as far as RAM
 * has none, frame and machine frame are the same, and those that would fall into the VGA hole come from behind the rest.
 */
final class MachineFrames {
    /** Whose a frame is. */
    enum Owner { NOBODY, GUEST, SHARED, HYPERVISOR }

    private static final Owner[] OWNERS = Owner.values();
    private static final int HOLE_FIRST = (int) (GuestMemory.HOLE_START >> GuestMemory.PAGE_SHIFT);
    private static final int HOLE_END = (int) (GuestMemory.HOLE_END >> GuestMemory.PAGE_SHIFT);

    /** The first machine frame behind all RAM. */
    final int end;
    /** The machine frame of each of the guest's frames, as it starts. */
    final int[] guest;

    private final GuestMemory memory;
    private final Owner[] owners;
    private int nextOwn;
    private final int ownEnd;

    /** @param own frames the hypervisor wants, all in a row */
    MachineFrames(GuestMemory memory, int own) {
        this.memory = memory;
        int lowEnd = (int) (memory.lowEnd() >> GuestMemory.PAGE_SHIFT);
        int highStart = (int) (GuestMemory.HIGH_START >> GuestMemory.PAGE_SHIFT);
        int highEnd = (int) (memory.highEnd() >> GuestMemory.PAGE_SHIFT);
        end = highEnd > highStart ? highEnd : lowEnd;
        owners = new Owner[end];
        Arrays.fill(owners, Owner.NOBODY);
        ownEnd = end - highStart >= own ? end : lowEnd;
        nextOwn = ownEnd - own;
        Arrays.fill(owners, nextOwn, ownEnd, Owner.HYPERVISOR);
        int count = 0;
        for (int frame = 0; frame < end; frame++) {
            if (isRam(frame) && owners[frame] == Owner.NOBODY) {
                owners[frame] = Owner.GUEST;
                count++;
            }
        }
        guest = new int[count];
        assign();
    }

    private boolean isRam(int frame) { return memory.isRam((long) frame << GuestMemory.PAGE_SHIFT); }

    private void assign() {
        int last = end;
        int spares = HOLE_END - HOLE_FIRST;
        int[] sorted = new int[guest.length];
        int n = 0;
        for (int frame = 0; frame < last; frame++) {
            if (owners[frame] == Owner.GUEST) {
                sorted[n++] = frame;
            }
        }
        System.arraycopy(sorted, 0, guest, 0, HOLE_FIRST);
        System.arraycopy(sorted, n - spares, guest, HOLE_FIRST, spares);
        System.arraycopy(sorted, HOLE_FIRST, guest, HOLE_END, n - spares - HOLE_FIRST);
    }

    /** Frames an image of the machine-to-physical table takes for memory of that size. */
    static int tableFrames(GuestMemory memory) {
        long top = memory.highEnd() > GuestMemory.HIGH_START ? memory.highEnd() : memory.lowEnd();
        return (int) ((top >> GuestMemory.PAGE_SHIFT) + Pte.ENTRIES - 1 >> 9);
    }

    /** The next of the hypervisor's own. */
    int takeOwn() {
        if (nextOwn == ownEnd) {
            throw new AssertionError("Too few frames kept back");
        }
        return nextOwn++;
    }

    /** One the hypervisor owns and the guest may map and write. */
    int takeShared() {
        int frame = takeOwn();
        owners[frame] = Owner.SHARED;
        return frame;
    }

    Owner owner(long frame) { return frame >= 0 && frame < end ? owners[(int) frame] : Owner.NOBODY; }

    boolean isGuest(long frame) { return owner(frame) == Owner.GUEST; }

    /** The guest gives a frame up, or gets it back. */
    void own(int frame, boolean guest) { owners[frame] = guest ? Owner.GUEST : Owner.NOBODY; }

    void save(StateWriter out) {
        byte[] numbers = new byte[end];
        for (int frame = 0; frame < end; frame++) {
            numbers[frame] = (byte) owners[frame].ordinal();
        }
        out.bytes("owners", numbers).number("next-own", nextOwn);
    }

    void restore(StateReader in) throws BadState {
        byte[] numbers = in.bytesOf("owners", end);
        for (int frame = 0; frame < end; frame++) {
            int number = numbers[frame];
            if (number < 0 || number >= OWNERS.length || OWNERS[number] != Owner.NOBODY && !isRam(frame)) {
                throw in.bad("has frame " + frame + " owned by " + number);
            }
            owners[frame] = OWNERS[number];
        }
        nextOwn = in.number("next-own", nextOwn, ownEnd);
    }

    static long address(long frame) { return frame << GuestMemory.PAGE_SHIFT; }
}
