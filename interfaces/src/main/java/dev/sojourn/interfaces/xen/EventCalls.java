package dev.sojourn.interfaces.xen;

/** event_channel_op: binds, closes and sends (public/event_channel.h). */
final class EventCalls {
    private static final int BIND_INTERDOMAIN = 0;
    private static final int BIND_VIRQ = 1;
    private static final int BIND_PIRQ = 2;
    private static final int CLOSE = 3;
    private static final int SEND = 4;
    private static final int STATUS = 5;
    private static final int ALLOC_UNBOUND = 6;
    private static final int BIND_IPI = 7;
    private static final int BIND_VCPU = 8;
    private static final int UNMASK = 9;
    private static final int RESET = 10;
    private static final int INIT_CONTROL = 11;
    private static final int EXPAND_ARRAY = 12;
    private static final int SET_PRIORITY = 13;

    private final Domain domain;

    EventCalls(Domain domain) { this.domain = domain; }

    long call(Vcpu caller, long command, long at) {
        if (command < BIND_INTERDOMAIN || command > SET_PRIORITY) {
            return Errno.ENOSYS;
        }
        GuestPointers memory = caller.pointers;
        return switch ((int) command) {
            case BIND_INTERDOMAIN -> bindInterdomain(memory, at);
            case BIND_VIRQ -> bindVirq(memory, at);
            case BIND_PIRQ -> Errno.EINVAL;
            case CLOSE -> close(memory, at);
            case SEND -> {
                Port port = domain.events.open(memory.u32(at));
                yield port == null ? Errno.EINVAL : domain.events.send(port);
            }
            case STATUS -> status(memory, at);
            case ALLOC_UNBOUND -> allocUnbound(memory, at);
            case BIND_IPI -> bindIpi(memory, at);
            case BIND_VCPU -> bindVcpu(memory, at);
            case UNMASK -> {
                Port port = domain.events.open(memory.u32(at));
                if (port == null) {
                    yield Errno.EINVAL;
                }
                domain.events.unmask(port);
                yield 0;
            }
            case RESET -> reset(memory, at);
            case INIT_CONTROL -> initControl(memory, at);
            case EXPAND_ARRAY -> domain.events.expand(memory.u64(at));
            default -> setPriority(memory, at);
        };
    }

    /** 00 u16 remote domain, 04 u32 remote port, 08 u32 local port, the answer. Only channels to oneself are there to bind. */
    private long bindInterdomain(GuestPointers memory, long at) {
        int remote = memory.u16(at);
        if (!domain.isSelf(remote)) {
            return remote == 0 ? Errno.EINVAL : Errno.ESRCH;
        }
        Port peer = domain.events.open(memory.u32(at + 4));
        if (peer == null || peer.state != Port.State.UNBOUND || !domain.isSelf(peer.remoteDomain)) {
            return Errno.EINVAL;
        }
        Port port = domain.events.allocate(Port.State.INTERDOMAIN);
        if (port == null) {
            return Errno.ENOSPC;
        }
        port.remoteDomain = Domain.ID;
        port.remotePort = peer.number;
        peer.state = Port.State.INTERDOMAIN;
        peer.remotePort = port.number;
        domain.events.setPending(port);
        return answer(memory, at + 8, port);
    }

    private long answer(GuestPointers memory, long at, Port port) {
        memory.put32(at, port.number);
        return 0;
    }

    /** 00 u32 virtual interrupt, 04 u32 vCPU, 08 u32 port, the answer. */
    private long bindVirq(GuestPointers memory, long at) {
        long virq = memory.u32(at) & 0xffff_ffffL;
        Vcpu vcpu = domain.vcpu(memory.u32(at + 4) & 0xffff_ffffL);
        if (virq >= Virq.COUNT || vcpu != null && vcpu.id != 0 && !Virq.isPerVcpu((int) virq)) {
            return Errno.EINVAL;
        }
        if (vcpu == null) {
            return Errno.ENOENT;
        }
        if (vcpu.virqs[(int) virq] != 0) {
            return Errno.EEXIST;
        }
        Port port = domain.events.allocate(Port.State.VIRQ);
        if (port == null) {
            return Errno.ENOSPC;
        }
        port.vcpu = vcpu.id;
        port.virq = (int) virq;
        vcpu.virqs[port.virq] = port.number;
        return answer(memory, at + 8, port);
    }

    private long close(GuestPointers memory, long at) {
        Port port = domain.events.open(memory.u32(at));
        if (port == null) {
            return Errno.EINVAL;
        }
        domain.events.close(port);
        return 0;
    }

    /** 00 u16 domain, 04 u32 port, 08 u32 state, 0c u32 vCPU, 10 what it is bound to. */
    private long status(GuestPointers memory, long at) {
        if (!domain.isSelf(memory.u16(at))) {
            return Errno.ESRCH;
        }
        long number = memory.u32(at + 4) & 0xffff_ffffL;
        if (number >= domain.events.limit()) {
            return Errno.EINVAL;
        }
        Port port = domain.events.open(number);
        memory.put32(at + 8, port == null ? 0 : port.state.number());
        if (port != null) {
            memory.put32(at + 12, port.vcpu);
            switch (port.state) {
                case UNBOUND -> memory.put16(at + 16, port.remoteDomain);
                case INTERDOMAIN -> {
                    memory.put16(at + 16, port.remoteDomain);
                    memory.put32(at + 20, port.remotePort);
                }
                case VIRQ -> memory.put32(at + 16, port.virq);
                default -> {}
            }
        }
        return 0;
    }

    /** 00 u16 domain, 02 u16 remote domain, 04 u32 port, the answer. */
    private long allocUnbound(GuestPointers memory, long at) {
        if (!domain.isSelf(memory.u16(at))) {
            return Errno.EPERM;
        }
        int remote = memory.u16(at + 2);
        Port port = domain.events.allocate(Port.State.UNBOUND);
        if (port == null) {
            return Errno.ENOSPC;
        }
        port.remoteDomain = domain.isSelf(remote) ? Domain.ID : remote;
        return answer(memory, at + 4, port);
    }

    private long bindIpi(GuestPointers memory, long at) {
        Vcpu vcpu = domain.vcpu(memory.u32(at) & 0xffff_ffffL);
        if (vcpu == null) {
            return Errno.ENOENT;
        }
        Port port = domain.events.allocate(Port.State.IPI);
        if (port == null) {
            return Errno.ENOSPC;
        }
        port.vcpu = vcpu.id;
        return answer(memory, at + 4, port);
    }

    private long bindVcpu(GuestPointers memory, long at) {
        Port port = domain.events.open(memory.u32(at));
        Vcpu vcpu = domain.vcpu(memory.u32(at + 4) & 0xffff_ffffL);
        if (vcpu == null) {
            return Errno.ENOENT;
        }
        boolean fixed = port == null || port.state == Port.State.IPI
                || port.state == Port.State.VIRQ && Virq.isPerVcpu(port.virq);
        if (fixed) {
            return Errno.EINVAL;
        }
        port.vcpu = vcpu.id;
        return 0;
    }

    private long reset(GuestPointers memory, long at) {
        if (!domain.isSelf(memory.u16(at))) {
            return Errno.EPERM;
        }
        domain.events.reset();
        return 0;
    }

    /** 00 u64 frame, 08 u32 offset, 0c u32 vCPU, 10 u8 bits of a link, the answer. */
    private long initControl(GuestPointers memory, long at) {
        Vcpu vcpu = domain.vcpu(memory.u32(at + 12) & 0xffff_ffffL);
        if (vcpu == null) {
            return Errno.ENOENT;
        }
        memory.put8(at + 16, FifoEvents.LINK_BITS);
        return domain.events.control(vcpu, memory.u64(at), memory.u32(at + 8) & 0xffff_ffffL);
    }

    private long setPriority(GuestPointers memory, long at) {
        Port port = domain.events.open(memory.u32(at));
        long priority = memory.u32(at + 4) & 0xffff_ffffL;
        if (port == null || priority > FifoEvents.PRIORITY_MAX) {
            return Errno.EINVAL;
        }
        if (!domain.events.isFifo()) {
            return Errno.ENOSYS;
        }
        port.priority = (int) priority;
        return 0;
    }
}
