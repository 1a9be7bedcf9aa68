package dev.sojourn.interfaces.xen;

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
