package dev.sojourn.interfaces.hyperv;

import dev.sojourn.interfaces.GuestSide;
import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorOps;
import dev.sojourn.interfaces.ProcessorSide;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the virtual processors of one machine share. */
final class Partition implements GuestSide, Stateful {
    private static final long HYPERCALL_ENABLED = 1;
    private static final long HYPERCALL_LOCKED = 2;
    private static final long HYPERCALL_BITS = -GuestMemory.PAGE_BYTES | HYPERCALL_ENABLED | HYPERCALL_LOCKED;
    /** VMCALL, RET; a call anywhere else in the page ends in INT3. */
    private static final byte[] HYPERCALL_CODE = {0x0f, 0x01, (byte) 0xc1, (byte) 0xc3};
    private static final byte INT3 = (byte) 0xcc;

    final MachineOps ops;
    final Clock clock;
    final List<Processor> processors = new ArrayList<>();
    private long guestOs;
    private long hypercall;

    /** Registers that are there once. */
    record Registers(long guestOs, long hypercall, long referenceTsc, int sequence) {}

    Partition(MachineOps ops) {
        this.ops = ops;
        clock = new Clock(ops);
    }

    Registers registers() { return new Registers(guestOs, hypercall, clock.msr(), clock.sequence()); }

    void restore(Registers state) {
        guestOs = state.guestOs;
        hypercall = state.hypercall;
        clock.restore(state.referenceTsc, state.sequence);
    }

    @Override
    public Optional<Stateful> state() { return Optional.of(this); }

    @Override
    public void save(StateWriter out) {
        out.number("guest-os", guestOs).number("hypercall", hypercall).number("reference-tsc", clock.msr());
        out.number("sequence", clock.sequence());
    }

    @Override
    public void restore(StateReader in) throws BadState {
        restore(new Registers(in.number("guest-os"), in.number("hypercall") & HYPERCALL_BITS, in.number("reference-tsc"),
                in.number32("sequence")));
    }

    @Override
    public ProcessorSide processor(ProcessorOps processor) {
        processors.add(new Processor(this, processor));
        return processors.getLast();
    }

    long guestOs() { return guestOs; }

    /** Without an identity there are no hypercalls. */
    void guestOs(long value) {
        guestOs = value;
        if (value == 0) {
            hypercall &= ~HYPERCALL_ENABLED;
        }
    }

    boolean takesHypercalls() { return (hypercall & HYPERCALL_ENABLED) != 0; }

    long hypercall() { return hypercall; }

    /** Puts the code of a call into the page. @return false if that is no page of RAM */
    boolean hypercall(long value) {
        if ((hypercall & HYPERCALL_LOCKED) != 0) {
            return true;
        }
        long wanted = guestOs == 0 ? value & ~HYPERCALL_ENABLED : value;
        if ((wanted & HYPERCALL_ENABLED) != 0) {
            long at = wanted & -GuestMemory.PAGE_BYTES;
            if (!ops.memory().isRam(at, GuestMemory.PAGE_BYTES)) {
                return false;
            }
            byte[] page = new byte[GuestMemory.PAGE_BYTES];
            Arrays.fill(page, INT3);
            System.arraycopy(HYPERCALL_CODE, 0, page, 0, HYPERCALL_CODE.length);
            ops.memory().write(at, page);
        }
        hypercall = wanted & HYPERCALL_BITS;
        return true;
    }

    void referenceTsc(long value) { clock.write(value, countersAgree(), adjust()); }

    void timeStampChanged() { clock.publish(countersAgree(), adjust()); }

    private long adjust() { return processors.getFirst().ops.cpu().msrs.tscAdjust; }

    private boolean countersAgree() {
        return processors.stream().allMatch(p -> p.ops.cpu().msrs.tscAdjust == adjust());
    }
}
