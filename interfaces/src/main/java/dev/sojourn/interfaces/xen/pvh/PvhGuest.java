package dev.sojourn.interfaces.xen.pvh;

import dev.sojourn.boot.Entry;
import dev.sojourn.boot.image.BadImage;
import dev.sojourn.cpu.Cpu;
import dev.sojourn.interfaces.GuestSide;
import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorOps;
import dev.sojourn.interfaces.ProcessorSide;
import dev.sojourn.interfaces.Startup;
import dev.sojourn.interfaces.xen.Domain;
import dev.sojourn.interfaces.xen.Errno;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A PVH guest: what its processors share. */
final class PvhGuest implements GuestSide, Kind, GuestFrames, Stateful {
    /** Pages of RAM that the memory map does not tell of. */
    private static final long STORE_PAGE = 0xd_0000;
    private static final long CONSOLE_PAGE = 0xd_1000;
    private static final long SHARED_PAGE = 0xd_2000;

    /** writable_page_tables, auto_translated_physmap, hvm_callback_vector, hvm_safe_pvclock, vnodes, not direct-mapped. */
    private static final int FEATURES = 1 | 1 << 2 | 1 << 8 | 1 << 9 | 1 << 13 | 1 << 16;

    private static final int HVM_OP = 34;
    private static final int PHYSDEV_OP = 33;
    private static final int VM_ASSIST = 21;
    private static final int RUNSTATE_UPDATE_FLAG = 5;
    private static final int CALL_BYTES = 3;

    final MachineOps machine;
    final Domain domain;
    final XenLeaves leaves;
    final HvmParameters parameters;
    final List<PvhProcessor> processors = new ArrayList<>();
    private final TranslatedMemory memoryCalls;

    PvhGuest(MachineOps machine) {
        this.machine = machine;
        domain = new Domain(machine, this, this);
        leaves = new XenLeaves(true, machine.timeStamp(), 0);
        memoryCalls = new TranslatedMemory(domain);
        domain.hypercalls.grants(memoryCalls);
        parameters = new HvmParameters(this);
        domain.share(SHARED_PAGE);
    }

    @Override
    public ProcessorSide processor(ProcessorOps ops) {
        processors.add(new PvhProcessor(this, domain.add(ops, new GuestPointers(ops.cpu(), 0, -1))));
        return processors.getLast();
    }

    @Override
    public void consoleInputReady() { domain.consoleInputReady(); }

    @Override
    public Optional<Stateful> state() { return Optional.of(this); }

    @Override
    public void save(StateWriter out) {
        out.group("parameters", parameters::save).group("grants", memoryCalls::save).group("domain", domain::save);
    }

    @Override
    public void restore(StateReader in) throws BadState {
        parameters.restore(in.group("parameters"));
        memoryCalls.restore(in.group("grants"));
        domain.restore(in.group("domain"));
    }

    @Override
    public void boot(Startup startup, Cpu processor) throws BadImage {
        new Startup(startup.kernel(), startup.initrd(), startup.commandLine(), Entry.PVH, startup.acpi()).asPc(processor);
        domain.connect(STORE_PAGE, CONSOLE_PAGE);
        parameters.set(HvmParameters.STORE_FRAME, STORE_PAGE >> GuestMemory.PAGE_SHIFT);
        parameters.set(HvmParameters.STORE_PORT, domain.storePort());
        parameters.set(HvmParameters.CONSOLE_FRAME, CONSOLE_PAGE >> GuestMemory.PAGE_SHIFT);
        parameters.set(HvmParameters.CONSOLE_PORT, domain.consolePort());
    }

    @Override
    public long physical(long frame) {
        boolean ram = frame >= 0 && frame < 1L << 40 && machine.memory().isRam(frame << GuestMemory.PAGE_SHIFT);
        return ram ? frame << GuestMemory.PAGE_SHIFT : NONE;
    }

    @Override
    public long hold(long frame) { return physical(frame); }

    @Override
    public void release(long physical) {}

    @Override
    public int features() { return FEATURES; }

    @Override
    public long pages() { return machine.memory().bytes() >> GuestMemory.PAGE_SHIFT; }

    @Override
    public long virtualStart() { return 0; }

    @Override
    public boolean usesMask() { return false; }

    @Override
    public void raised(Vcpu vcpu) { processors.get(vcpu.id).upcall(); }

    /** Linux starts vCPUs by their local APICs; nobody is known to use this way for translated guests. */
    @Override
    public long initialise(Vcpu caller, Vcpu vcpu, long context) { return Errno.ENOSYS; }

    @Override
    public long memory(Vcpu caller, long command, long argument) { return memoryCalls.call(caller, command, argument); }

    @Override
    public long call(Vcpu caller, int number, long a, long b, long c, long d) {
        return switch (number) {
            case HVM_OP -> parameters.call(caller, a, b);
            case VM_ASSIST -> a == 0 && b == RUNSTATE_UPDATE_FLAG ? domain.stampRunstate() : Errno.EINVAL;
            case PHYSDEV_OP -> Errno.ENOSYS;
            default -> Errno.ENOSYS;
        };
    }

    @Override
    public void again(Vcpu caller, long list, long count) {
        caller.cpu.r[Cpu.RDI] = list;
        caller.cpu.r[Cpu.RSI] = count;
        caller.cpu.rip -= CALL_BYTES;
        caller.cpu.attend();
    }
}
