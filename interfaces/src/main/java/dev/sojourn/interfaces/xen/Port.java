package dev.sojourn.interfaces.xen;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

/** One event channel: what it is bound to, and which vCPU hears of it. */
final class Port {
    /** What a port is (public/event_channel.h, {@code EVTCHNSTAT_*}). */
    enum State {
        CLOSED, UNBOUND, INTERDOMAIN, PIRQ, VIRQ, IPI;

        /** The number of the state in answers. */
        int number() { return ordinal(); }
    }

    /** The other end of a channel to domain 0: a part of ours. */
    interface Backend {
        /** The guest sent an event. */
        void notified();
    }

    final int number;
    State state = State.CLOSED;
    int vcpu;
    /** Of an unbound or interdomain port: the domain at the other end. */
    int remoteDomain;
    /** Of a channel within the domain: the port at the other end; 0 for none. */
    int remotePort;
    Backend backend;
    int virq;
    /** Under the FIFO layout: 0 is first. */
    int priority = FifoEvents.PRIORITY_DEFAULT;
    /** Pending since before there was a place to say so. */
    boolean early;
    /** The queue it was last put in. */
    FifoEvents.Queue queue;

    Port(int number) { this.number = number; }

    void save(StateWriter out, int queueVcpu, int queuePriority) {
        out.number("state", state.number()).number("vcpu", vcpu).number("remote-domain", remoteDomain);
        out.number("remote-port", remotePort).flag("backend", backend != null).number("virq", virq).number("priority", priority);
        out.flag("early", early).number("queue-vcpu", queueVcpu).number("queue-priority", queuePriority);
    }

    /** All but its back end and queue, which the caller finds. */
    void restore(StateReader in, int vcpus) throws BadState {
        state = State.values()[in.number("state", 0, State.values().length - 1)];
        vcpu = in.number("vcpu", 0, vcpus - 1);
        remoteDomain = in.number("remote-domain", 0, 0xffff);
        remotePort = in.number("remote-port", 0, FifoEvents.PORTS);
        virq = in.number("virq", 0, Virq.COUNT - 1);
        priority = in.number("priority", 0, FifoEvents.PRIORITY_MAX);
        early = in.flag("early");
    }

    void reset() {
        state = State.CLOSED;
        vcpu = 0;
        remoteDomain = 0;
        remotePort = 0;
        backend = null;
        virq = 0;
        priority = FifoEvents.PRIORITY_DEFAULT;
        early = false;
    }
}
