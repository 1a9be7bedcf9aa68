package dev.sojourn.interfaces;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.CpuModel;
import dev.sojourn.cpu.CpuState;
import dev.sojourn.cpu.Hooks;
import dev.sojourn.cpu.Vector;
import dev.sojourn.device.Frequency;
import dev.sojourn.device.apic.LocalApic;
import dev.sojourn.device.apic.ProcessorSignals;
import dev.sojourn.device.apic.TimeStampCounter;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * One processor with its local APIC, and what the machine answers it: ports, memory windows, MSRs, time, CPUID. The interface
 * is asked first, then the processor model and the chips.
 */
public final class ProcessorPlatform implements Hooks, ProcessorOps, ProcessorSignals, TimeStampCounter, Stateful {
    private static final int PLATFORM_ID = 0x17;
    private static final int APIC_BASE = 0x1b;
    private static final int SPEC_CTRL = 0x48;
    private static final int PRED_CMD = 0x49;
    private static final int MICROCODE_REVISION = 0x8b;
    private static final int ARCH_CAPABILITIES = 0x10a;
    private static final int MISC_ENABLE = 0x1a0;
    private static final int DEBUG_CONTROL = 0x1d9;
    private static final int TSC_DEADLINE = 0x6e0;
    /** Fast strings; performance monitoring and its sampling are not available. */
    private static final long MISC_ENABLE_RESET = 1 | 1 << 11 | 1 << 12;
    private static final long SPEC_CTRL_BITS = 3;
    private static final long APIC_PAGE = -GuestMemory.PAGE_BYTES;
    private static final long APIC_ENABLED = 1 << 11;
    /** What a tick of the time-stamp counter is. */
    public static final Frequency TSC = new Frequency(CpuModel.TSC_HERTZ);
    /** What a tick of the APIC timer is, before the divider. */
    public static final Frequency APIC_TIMER = new Frequency(CpuModel.CRYSTAL_HERTZ);

    /** What all processors of a machine share. */
    public record Shared(CpuModel model, GuestSide guestSide, MachineOps machine, LongSupplier random) {}

    public final Cpu cpu;
    public final LocalApic apic;
    private final Shared shared;
    private final MachineOps machine;
    private final ProcessorSide side;
    private final Optional<TracedHooks> traced;
    private final MemoryTypes memoryTypes = new MemoryTypes();
    private final boolean bootProcessor;
    private long specControl;
    private long miscEnable = MISC_ENABLE_RESET;
    /** After INIT: a start-up message starts it. */
    private boolean waitsForStartup;
    /** The next HLT does not wait. */
    private boolean wakes;
    private boolean wasHalted;

    public ProcessorPlatform(int id, Shared shared) {
        this.shared = shared;
        machine = shared.machine;
        bootProcessor = id == 0;
        waitsForStartup = !bootProcessor;
        traced = machine.trace() == ExitTrace.NONE ? Optional.empty() : Optional.of(new TracedHooks(this, machine));
        cpu = new Cpu(id, shared.model.type(), traced.isPresent() ? traced.get() : this, machine.memory());
        apic = new LocalApic(id, bootProcessor, machine.bus(), machine.alarms(), machine.apicTimer(), this, this);
        if (bootProcessor) {
            apic.virtualWire();
        }
        side = shared.guestSide.processor(this);
    }

    ProcessorSide side() { return side; }

    @Override
    public Cpu cpu() { return cpu; }

    @Override
    public LocalApic apic() { return apic; }

    @Override
    public boolean isStarted() { return !waitsForStartup; }

    @Override
    public void start() { waitsForStartup = false; }

    @Override
    public void stop() {
        waitsForStartup = true;
        endTurn();
    }

    @Override
    public void wake() { wakes = true; }

    @Override
    public void endTurn() {
        cpu.yielded = true;
        cpu.budget = 0;
    }

    @Override
    public void idle() {
        cpu.halted = true;
        cpu.budget = 0;
        cpu.stepLimit = 0;
    }

    /** Whether its part of the interface can be saved. */
    public boolean isSaved() { return side.state().isPresent(); }

    @Override
    public void save(StateWriter out) {
        out.group("registers", new CpuState(cpu)::save).group("local-apic", apic::save).group("memory-types", memoryTypes::save);
        out.number("speculation-control", specControl).number("miscellaneous-enable", miscEnable);
        out.flag("waits-for-startup", waitsForStartup).flag("wakes", wakes);
        out.group("interface", side.state().orElseThrow()::save);
    }

    /** The interface is first, since it may take the processor's traps; the registers are last, since signals would change them. */
    @Override
    public void restore(StateReader in) throws BadState {
        side.state().orElseThrow().restore(in.group("interface"));
        apic.restore(in.group("local-apic"));
        memoryTypes.restore(in.group("memory-types"));
        specControl = in.number("speculation-control") & SPEC_CTRL_BITS;
        miscEnable = in.number("miscellaneous-enable");
        waitsForStartup = in.flag("waits-for-startup");
        wakes = in.flag("wakes");
        new CpuState(cpu).restore(in.group("registers"));
    }

    /** Its turn begins. */
    public void enter() {
        if (wakes && cpu.halted) {
            wakes = false;
            cpu.halted = false;
        }
        wasHalted = cpu.halted;
        side.enter();
    }

    /** Its turn is over. */
    public void leave() {
        side.leave();
        if (traced.isPresent() && cpu.halted && !wasHalted) {
            traced.get().halted();
        }
    }

    /** Whether an interrupt could wake it. */
    public boolean acceptsInterrupts() { return isStarted() && (cpu.system & Cpu.IF) != 0; }

    @Override
    public int portIn(int port, int bytes) {
        return side.hasPort(port, bytes) ? side.portIn(port, bytes) : machine.ports().in(port, bytes);
    }

    @Override
    public void portOut(int port, int bytes, int value) {
        if (side.hasPort(port, bytes)) {
            side.portOut(port, bytes, value);
        } else {
            machine.ports().out(port, bytes, value);
        }
    }

    @Override
    public boolean portOpen(int port, int bytes) { return side.hasPort(port, bytes); }

    private boolean isApic(long physical) {
        long base = apic.apicBase();
        return (base & APIC_ENABLED) != 0 && (physical & APIC_PAGE) == (base & APIC_PAGE);
    }

    @Override
    public long memoryIn(long physical, int bytes) {
        if (!isApic(physical)) {
            return machine.windows().read(physical, bytes);
        }
        side.settleInterrupts();
        return apic.read(physical & ~APIC_PAGE, bytes);
    }

    @Override
    public void memoryOut(long physical, int bytes, long value) {
        if (isApic(physical)) {
            side.settleInterrupts();
            apic.write(physical & ~APIC_PAGE, bytes, value);
        } else {
            machine.windows().write(physical, bytes, value);
        }
    }

    @Override
    public void cpuid(Cpu cpu, int leaf, int subleaf, int[] registers) {
        shared.model.cpuid(leaf, subleaf, cpu.id, registers);
        if (leaf == 1 && (cpu.cr4 & Cpu.CR4_OSXSAVE) != 0) {
            registers[2] |= 1 << 27;
        }
        if (leaf == 1 && (apic.apicBase() & APIC_ENABLED) == 0) {
            registers[3] &= ~(1 << 9);
        }
        side.cpuid(leaf, subleaf, registers);
    }

    @Override
    public long readMsr(Cpu cpu, int index) {
        if (side.hasMsr(index)) {
            return side.readMsr(index);
        }
        if (MemoryTypes.has(index)) {
            return memoryTypes.read(index);
        }
        return switch (index) {
            case PLATFORM_ID, MICROCODE_REVISION, DEBUG_CONTROL -> 0;
            case APIC_BASE -> apic.apicBase();
            case SPEC_CTRL -> specControl;
            case ARCH_CAPABILITIES -> CpuModel.ARCH_CAPABILITIES;
            case MISC_ENABLE -> miscEnable;
            case TSC_DEADLINE -> apic.deadline();
            default -> throw cpu.fault(Vector.GP, 0);
        };
    }

    @Override
    public void writeMsr(Cpu cpu, int index, long value) {
        if (side.hasMsr(index)) {
            side.writeMsr(index, value);
            return;
        }
        boolean allowed = MemoryTypes.has(index) ? memoryTypes.write(index, value) : switch (index) {
            case MICROCODE_REVISION -> true;
            case PRED_CMD -> (value & ~1) == 0;
            case DEBUG_CONTROL -> (value & ~3) == 0;
            case APIC_BASE -> LocalApic.apicBaseAllowed(value);
            case SPEC_CTRL -> (value & ~SPEC_CTRL_BITS) == 0;
            case MISC_ENABLE, TSC_DEADLINE -> true;
            default -> false;
        };
        if (!allowed) {
            throw cpu.fault(Vector.GP, 0);
        }
        switch (index) {
            case APIC_BASE -> apic.apicBase(value);
            case SPEC_CTRL -> specControl = value;
            case MISC_ENABLE -> miscEnable = value & 1 | MISC_ENABLE_RESET & ~1;
            case TSC_DEADLINE -> apic.deadline(value);
            default -> {}
        }
    }

    @Override
    public long timeStamp() { return TSC.ticksAt(machine.nanos()); }

    @Override
    public void timeStampChanged(Cpu cpu) {
        apic.timeStampCounterChanged();
        side.timeStampChanged();
    }

    @Override
    public long ticksAt(long nanos) { return TSC.ticksAt(nanos) + cpu.msrs.tscAdjust; }

    @Override
    public long nanosAt(long ticks) { return TSC.nanosAt(Math.max(0, ticks - cpu.msrs.tscAdjust)); }

    @Override
    public long random() { return shared.random.getAsLong(); }

    @Override
    public int taskPriority(Cpu cpu) { return apic.taskPriority(); }

    @Override
    public void taskPriority(Cpu cpu, int priority) { apic.taskPriority(priority); }

    @Override
    public boolean hasInterrupt(Cpu cpu) { return side.hasInterrupt() || apic.hasInterrupt(); }

    @Override
    public int acknowledge(Cpu cpu) {
        if (side.hasInterrupt()) {
            return side.acknowledge();
        }
        int vector = apic.acknowledge();
        side.interruptTaken(vector);
        return vector;
    }

    @Override
    public boolean hypercall(Cpu cpu) { return side.hypercall() != CallOutcome.ABSENT; }

    @Override
    public void faults(Cpu cpu) { side.faults(); }

    @Override
    public void interruptArrives() { side.settleInterrupts(); }

    @Override
    public void interruptChanged() {
        if (cpu != null) {
            cpu.attend();
        }
    }

    @Override
    public void nmi() {
        cpu.nmiPending = true;
        cpu.attend();
    }

    @Override
    public void init() {
        cpu.reset();
        cpu.attend();
        waitsForStartup = !bootProcessor;
        wakes = false;
        side.reset();
    }

    @Override
    public void startup(int vector) {
        if (!waitsForStartup) {
            return;
        }
        switch (side.startup()) {
            case REAL_MODE -> {
                waitsForStartup = false;
                cpu.startup(vector);
            }
            case PREPARED -> waitsForStartup = false;
            case IGNORED -> {}
        }
    }
}
