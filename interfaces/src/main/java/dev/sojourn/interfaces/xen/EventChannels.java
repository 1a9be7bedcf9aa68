package dev.sojourn.interfaces.xen;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The event channels of a domain: ports, and how the guest is told of them, by two levels of bits in the shared page until
 * it asks for FIFO queues.
 */
public final class EventChannels {
    /** Ports under the two-level layout; port 0 is none. */
    static final int TWO_LEVEL_PORTS = 4096;

    private final Domain domain;
    private final List<Port> ports = new ArrayList<>();
    private FifoEvents fifo;

    EventChannels(Domain domain) {
        this.domain = domain;
        ports.add(new Port(0));
    }

    int limit() { return fifo == null ? TWO_LEVEL_PORTS : FifoEvents.PORTS; }

    /** The port of a number; null if there is none or it is closed. */
    Port open(long number) {
        if (number <= 0 || number >= ports.size()) {
            return null;
        }
        Port port = ports.get((int) number);
        return port.state == Port.State.CLOSED ? null : port;
    }

    /** The first free port; null if there is none. */
    Port allocate(Port.State state) {
        for (int i = 1; i < ports.size(); i++) {
            if (ports.get(i).state == Port.State.CLOSED) {
                ports.get(i).state = state;
                return ports.get(i);
            }
        }
        if (ports.size() >= limit()) {
            return null;
        }
        Port port = new Port(ports.size());
        port.state = state;
        ports.add(port);
        return port;
    }

    /** A channel to a part of ours. */
    int connect(Port.Backend backend) {
        Port port = allocate(Port.State.INTERDOMAIN);
        port.backend = backend;
        return port.number;
    }

    /** Joins a part of ours to a port that waits for domain 0. @return whether there is such a port */
    boolean join(long number, Port.Backend backend) {
        Port port = open(number);
        if (port == null || port.state != Port.State.UNBOUND || port.remoteDomain != 0) {
            return false;
        }
        port.state = Port.State.INTERDOMAIN;
        port.backend = backend;
        return true;
    }

    /** A part of ours leaves its port to the guest. */
    void leave(long number) {
        Port port = open(number);
        if (port != null && port.backend != null) {
            port.backend = null;
            port.state = Port.State.UNBOUND;
        }
    }

    /** An event from a part of ours, if the port is still bound. */
    void notify(int number) {
        Port port = open(number);
        if (port != null && port.backend != null) {
            setPending(port);
        }
    }

    /** A virtual interrupt for a vCPU. */
    void raise(Vcpu vcpu, int virq) {
        Port port = open(vcpu.virqs[virq]);
        if (port != null) {
            setPending(port);
        }
    }

    void close(Port port) {
        switch (port.state) {
            case VIRQ -> domain.vcpus().forEach(v -> {
                if (v.virqs[port.virq] == port.number) {
                    v.virqs[port.virq] = 0;
                }
            });
            case INTERDOMAIN -> {
                Port peer = open(port.remotePort);
                if (peer != null && peer.remotePort == port.number) {
                    peer.state = Port.State.UNBOUND;
                    peer.remotePort = 0;
                }
            }
            default -> {}
        }
        clearPending(port);
        port.reset();
    }

    /** Sends by a port of the guest's. */
    long send(Port port) {
        switch (port.state) {
            case IPI -> setPending(port);
            case INTERDOMAIN -> {
                Port peer = open(port.remotePort);
                if (peer != null) {
                    setPending(peer);
                } else if (port.backend != null) {
                    port.backend.notified();
                }
            }
            case UNBOUND -> {}
            default -> {
                return Errno.EINVAL;
            }
        }
        return 0;
    }

    void setPending(Port port) {
        Vcpu target = domain.vcpus().get(port.vcpu);
        if (fifo != null) {
            fifo.setPending(port, target);
        } else if (!domain.shared().pending(port.number, true) && !domain.shared().isMasked(port.number)) {
            target.select(port.number >> 6);
        }
        for (Vcpu vcpu : domain.vcpus()) {
            if (vcpu.polls(port.number)) {
                vcpu.wake();
            }
        }
    }

    private void clearPending(Port port) {
        if (fifo != null) {
            fifo.clearPending(port);
        } else {
            domain.shared().pending(port.number, false);
        }
    }

    boolean isPending(Port port) { return fifo != null ? fifo.isPending(port) : domain.shared().isPending(port.number); }

    /** Clears the mask, and tells again what is pending. */
    void unmask(Port port) {
        if (fifo != null) {
            if (fifo.unmask(port)) {
                setPending(port);
            }
        } else if (domain.shared().mask(port.number, false) && domain.shared().isPending(port.number)) {
            domain.vcpus().get(port.vcpu).select(port.number >> 6);
        }
    }

    boolean isFifo() { return fifo != null; }

    /** Gives a vCPU its control block; the first turns the whole domain to FIFO. */
    long control(Vcpu vcpu, long frame, long offset) {
        if (!FifoEvents.controlFits(offset) || fifo != null && fifo.hasControl(vcpu.id)) {
            return Errno.EINVAL;
        }
        long page = domain.frames().hold(frame);
        if (page == GuestFrames.NONE) {
            return Errno.EINVAL;
        }
        if (fifo == null) {
            fifo = new FifoEvents(domain, domain.vcpus().size());
            for (Port port : ports) {
                port.early = port.number < TWO_LEVEL_PORTS && domain.shared().isPending(port.number);
            }
        }
        fifo.control(vcpu.id, page + offset);
        return 0;
    }

    /** Gives room for a thousand ports more. */
    long expand(long frame) {
        if (fifo == null) {
            return Errno.EOPNOTSUPP;
        }
        if (fifo.isFull()) {
            return Errno.EINVAL;
        }
        long page = domain.frames().hold(frame);
        if (page == GuestFrames.NONE) {
            return Errno.EINVAL;
        }
        int first = fifo.ports();
        fifo.expand(page);
        for (int i = first; i < Math.min(ports.size(), fifo.ports()); i++) {
            Port port = ports.get(i);
            if (port.early) {
                port.early = false;
                setPending(port);
            }
        }
        return 0;
    }

    void save(StateWriter out) {
        out.list("ports", ports.subList(1, ports.size()), (each, port) -> port.save(each,
                fifo == null ? -1 : fifo.vcpuOf(port.queue), FifoEvents.priorityOf(port.queue)));
        if (fifo != null) {
            out.group("fifo", fifo::save);
        }
    }

    /** @param backends finds the part of ours that a port leads to; null if there is none */
    void restore(StateReader in, IntFunction<Port.Backend> backends) throws BadState {
        int vcpus = domain.vcpus().size();
        if (in.has("fifo")) {
            fifo = new FifoEvents(domain, vcpus);
            fifo.restore(in.group("fifo"));
        }
        ports.subList(1, ports.size()).clear();
        for (StateReader each : in.list("ports", limit())) {
            Port port = new Port(ports.size());
            port.restore(each, vcpus);
            int vcpu = each.number("queue-vcpu", -1, vcpus - 1);
            int priority = each.number("queue-priority", 0, FifoEvents.PRIORITY_MAX);
            port.queue = fifo == null ? null : fifo.queue(vcpu, priority);
            port.backend = each.flag("backend") ? backends.apply(port.number) : null;
            if (each.flag("backend") && port.backend == null) {
                throw each.bad("leads to a part that is not there");
            }
            ports.add(port);
        }
    }

    /** Closes everything, and returns to two levels. */
    void reset() {
        for (Port port : ports) {
            if (port.state != Port.State.CLOSED) {
                close(port);
            }
        }
        if (fifo != null) {
            fifo.release();
            fifo = null;
        }
    }
}
