package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.boot.image.BadImage;
import dev.sojourn.cpu.Cpu;
import dev.sojourn.interfaces.GuestSide;
import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorOps;
import dev.sojourn.interfaces.ProcessorSide;
import dev.sojourn.interfaces.Startup;
import dev.sojourn.interfaces.xen.Domain;
import dev.sojourn.interfaces.xen.GrantFrame;
import dev.sojourn.interfaces.xen.GrantFrames;
import dev.sojourn.interfaces.xen.GrantTable;
import dev.sojourn.interfaces.xen.GuestFrames;
import dev.sojourn.interfaces.xen.GuestPointers;
import dev.sojourn.interfaces.xen.Kind;
import dev.sojourn.interfaces.xen.Vcpu;
import dev.sojourn.interfaces.xen.XenLeaves;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A paravirtual guest: what its processors share. */
final class PvGuest implements GuestSide, Kind, GuestFrames, GrantFrames, Stateful {
    /** Two-level or wider directories, preserved accessed and dirty bits, high memory, grants with software bits, vnodes. */
    private static final int FEATURES = 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 13 | 1 << 17;

    private static final int CALL_BYTES = 2;
    private static final int ADDRESS_BITS = 40;

    final MachineOps machine;
    final Domain domain;
    final XenLeaves leaves;
    final MachineFrames frames;
    final FrameTable uses;
    final HypervisorHole hole;
    final List<PvProcessor> processors = new ArrayList<>();
    final PageTableCalls pageTables;
    private final PvMemory memoryCalls;
    private final int sharedFrame;
    private final List<Integer> grantFrames = new ArrayList<>();

    PvGuest(MachineOps machine) {
        this.machine = machine;
        GuestMemory memory = machine.memory();
        domain = new Domain(machine, this, this);
        leaves = new XenLeaves(false, machine.timeStamp(), ADDRESS_BITS);
        frames = new MachineFrames(memory, HypervisorHole.frames(memory, machine.cpus()) + GrantTable.FRAMES_MAX + 1);
        uses = new FrameTable(memory, frames, page -> processors.forEach(p -> p.cpu.mmu.protect(page)));
        hole = new HypervisorHole(memory, frames, uses, machine.cpus());
        sharedFrame = frames.takeShared();
        pageTables = new PageTableCalls(this);
        memoryCalls = new PvMemory(this);
        domain.hypercalls.grants(this);
        domain.share(MachineFrames.address(sharedFrame));
    }

    @Override
    public ProcessorSide processor(ProcessorOps ops) {
        GuestPointers pointers = new GuestPointers(ops.cpu(), HypervisorHole.START, HypervisorHole.END - 1);
        processors.add(new PvProcessor(this, domain.add(ops, pointers)));
        return processors.getLast();
    }

    @Override
    public void consoleInputReady() { domain.consoleInputReady(); }

    @Override
    public void portInputReady(String name) { domain.portInputReady(name); }

    @Override
    public void boot(Startup startup, Cpu processor) throws BadImage {
        domain.vcpus().forEach(v -> v.mask(true));
        DomainBuilder builder = new DomainBuilder(this, startup);
        builder.build();
        grow(1);
        // The hypervisor stores to both for good: neither may become a page table.
        uses.get(builder.storePage() >> GuestMemory.PAGE_SHIFT, FrameTable.WRITABLE);
        uses.get(builder.consolePage() >> GuestMemory.PAGE_SHIFT, FrameTable.WRITABLE);
        domain.connect(builder.storePage(), builder.consolePage());
        domain.offerPorts();
        builder.startInfo(MachineFrames.address(sharedFrame), domain.storePort(), domain.consolePort());
        domain.grants.grant(0, builder.consolePage() >> GuestMemory.PAGE_SHIFT);
        domain.grants.grant(1, builder.storePage() >> GuestMemory.PAGE_SHIFT);
        processors.getFirst().start(builder.entry(), builder.stack(), builder.startInfoAddress(), builder.topTable());
    }

    @Override
    public Optional<Stateful> state() { return Optional.of(this); }

    @Override
    public void save(StateWriter out) {
        out.group("frames", frames::save).group("uses", uses::save).group("memory", memoryCalls::save);
        out.numbers("grant-frames", grantFrames.stream().mapToLong(Integer::longValue).toArray()).group("domain", domain::save);
    }

    @Override
    public void restore(StateReader in) throws BadState {
        frames.restore(in.group("frames"));
        uses.restore(in.group("uses"));
        memoryCalls.restore(in.group("memory"));
        for (long frame : in.numbers("grant-frames", GrantTable.FRAMES_MAX)) {
            if (frames.owner(frame) != MachineFrames.Owner.SHARED) {
                throw in.bad("has grants in frame " + frame + ", which is not shared");
            }
            grantFrames.add((int) frame);
            domain.grants.add(new GrantFrame.InRam(machine.memory(), MachineFrames.address(frame)));
        }
        domain.restore(in.group("domain"));
    }

    /** The guest did what Xen ends a domain for. */
    void crash(Cpu cpu, String why) {
        byte[] text = ("(XEN) domain crashed on vCPU " + cpu.id + " at 0x" + Long.toHexString(cpu.rip) + ": " + why + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        machine.consoleOutput().write(text, 0, text.length);
        cpu.shutdown = true;
        cpu.attend();
        cpu.stepLimit = 0;
    }

    @Override
    public long physical(long frame) { return frames.isGuest(frame) ? MachineFrames.address(frame) : NONE; }

    @Override
    public long hold(long frame) { return uses.get(frame, FrameTable.WRITABLE) ? MachineFrames.address(frame) : NONE; }

    @Override
    public void release(long physical) { uses.put(physical >>> GuestMemory.PAGE_SHIFT); }

    @Override
    public boolean grow(int wanted) {
        while (grantFrames.size() < wanted) {
            int frame = frames.takeShared();
            grantFrames.add(frame);
            domain.grants.add(new GrantFrame.InRam(machine.memory(), MachineFrames.address(frame)));
        }
        return true;
    }

    @Override
    public long frame(int index) { return grantFrames.get(index); }

    @Override
    public int features() { return FEATURES; }

    @Override
    public long pages() { return frames.guest.length; }

    @Override
    public long virtualStart() { return HypervisorHole.START; }

    @Override
    public boolean usesMask() { return true; }

    @Override
    public void raised(Vcpu vcpu) {
        if (!vcpu.isMasked()) {
            vcpu.wake();
        }
        vcpu.cpu.attend();
    }

    @Override
    public long initialise(Vcpu caller, Vcpu vcpu, long context) {
        return new VcpuContext(this, caller.pointers, context).load(processors.get(vcpu.id));
    }

    @Override
    public long memory(Vcpu caller, long command, long argument) { return memoryCalls.call(caller, command, argument); }

    @Override
    public long call(Vcpu caller, int number, long a, long b, long c, long d) {
        return processors.get(caller.id).calls().call(number, a, b, c, d);
    }

    @Override
    public void again(Vcpu caller, long list, long count) {
        caller.cpu.r[Cpu.RDI] = list;
        caller.cpu.r[Cpu.RSI] = count;
        caller.cpu.rip -= CALL_BYTES;
        caller.cpu.attend();
    }
}
