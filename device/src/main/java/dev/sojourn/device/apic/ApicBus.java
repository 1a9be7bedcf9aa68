package dev.sojourn.device.apic;

import dev.sojourn.device.InterruptLine;
import java.util.Arrays;

/** The bus by which local APICs and I/O APICs exchange interrupt messages, with the wires all local APICs share. */
public final class ApicBus {
    /** A physical or logical destination that means everybody. */
    public static final int BROADCAST = 0xff;

    private LocalApic[] locals = {};
    private EndOfInterruptListener[] listeners = {};
    private ExternalController external = ExternalController.NONE;

    /** A bus that nobody has joined. */
    public ApicBus() {}

    /** Hears the end of each level-triggered interrupt: an I/O APIC. */
    public interface EndOfInterruptListener {
        void endOfInterrupt(int vector);
    }

    public void join(EndOfInterruptListener listener) {
        listeners = Arrays.copyOf(listeners, listeners.length + 1);
        listeners[listeners.length - 1] = listener;
    }

    void join(LocalApic local) {
        locals = Arrays.copyOf(locals, locals.length + 1);
        locals[locals.length - 1] = local;
    }

    /** Connects the controller whose INTR output drives {@link #lint0}. */
    public void external(ExternalController controller) { external = controller; }

    /** The wire to LINT0 of every local APIC: the PIC's INTR output. */
    public InterruptLine lint0() {
        return high -> {
            for (LocalApic local : locals) {
                local.lint0(high);
            }
        };
    }

    /** The wire to LINT1 of every local APIC: the chipset's NMI. */
    public InterruptLine lint1() {
        return high -> {
            for (LocalApic local : locals) {
                local.lint1(high);
            }
        };
    }

    /**
     * Sends a message.
     *
     * @param destination APIC id, or message destination address if {@code logical}
     * @return whether some local APIC took it
     */
    public boolean send(DeliveryMode mode, int vector, boolean level, int destination, boolean logical) {
        return deliver(mode, vector, level, destination, logical, null);
    }

    /** Sends to every local APIC but one; {@code null} for none. */
    boolean sendToAll(DeliveryMode mode, int vector, boolean level, LocalApic except) {
        return deliver(mode, vector, level, BROADCAST, false, except);
    }

    void endOfInterrupt(int vector) {
        for (EndOfInterruptListener listener : listeners) {
            listener.endOfInterrupt(vector);
        }
    }

    int acknowledgeExternal() { return external.acknowledge(); }

    private boolean deliver(DeliveryMode mode, int vector, boolean level, int destination, boolean logical,
            LocalApic except) {
        if (mode == DeliveryMode.LOWEST_PRIORITY) {
            LocalApic chosen = lowest(destination, logical, except);
            return chosen != null && chosen.accept(DeliveryMode.FIXED, vector, level);
        }
        boolean taken = false;
        for (LocalApic local : locals) {
            if (local != except && local.answers(destination, logical)) {
                taken |= local.accept(mode, vector, level);
            }
        }
        return taken;
    }

    /** The destination with the lowest processor priority; the first of equals, so that a run can be repeated. */
    private LocalApic lowest(int destination, boolean logical, LocalApic except) {
        LocalApic chosen = null;
        for (LocalApic local : locals) {
            if (local != except && local.softwareEnabled() && local.answers(destination, logical)
                    && (chosen == null || local.processorPriority() < chosen.processorPriority())) {
                chosen = local;
            }
        }
        return chosen;
    }
}
