package dev.sojourn.interfaces;

import dev.sojourn.boot.Entry;
import dev.sojourn.boot.EntryState;
import dev.sojourn.boot.ProcessorEntry;
import dev.sojourn.cpu.CpuModel;
import dev.sojourn.cpu.ProcessorType;
import dev.sojourn.device.Alarms;
import dev.sojourn.device.ByteSink;
import dev.sojourn.device.ByteSource;
import dev.sojourn.device.acpipm.PowerControl;
import dev.sojourn.device.apic.ApicBus;
import dev.sojourn.device.bus.MemoryMap;
import dev.sojourn.device.bus.PortMap;
import dev.sojourn.memory.GuestMemory;
import java.util.ArrayList;
import java.util.List;

/** A machine without an engine: memory, time and processors of one interface, at a test's mercy. */
public final class Rig implements AutoCloseable {
    static final int MEMORY_BYTES = 4 << 20;

    public final GuestMemory memory = new GuestMemory(MEMORY_BYTES);
    public final List<ProcessorPlatform> processors = new ArrayList<>();
    public final Alarms alarms = new Alarms(() -> this.nanos);
    public final GuestSide side;
    public long nanos;
    public int resets;

    public Rig(GuestInterface guestInterface, int cpus, ExitTrace trace) {
        PowerControl power = new PowerControl() {
            @Override public void powerOff() {}

            @Override public void reset() { resets++; }
        };
        MachineOps machine = new MachineOps(memory, alarms, () -> 1_700_000_000_123_456_789L + nanos, new ApicBus(), new PortMap(),
                new MemoryMap(), power, ByteSink.NONE, ByteSource.NONE, List.of(), cpus, ProcessorPlatform.TSC,
                ProcessorPlatform.APIC_TIMER, trace);
        side = guestInterface.attach(machine);
        ProcessorPlatform.Shared shared = new ProcessorPlatform.Shared(new CpuModel(ProcessorType.SOJOURN_1, cpus), side, machine, () -> 4);
        for (int id = 0; id < cpus; id++) processors.add(new ProcessorPlatform(id, shared));
        processors.forEach(this::enter);
    }

    /** Into 64-bit mode, as at the entry of a kernel. */
    public void enter(ProcessorPlatform processor) {
        processor.cpu.reset();
        ProcessorEntry.enter(processor.cpu, new EntryState(Entry.LINUX_64, 0x10_0000, EntryState.Register.RSI, 0, 0x1_2000,
                0x1_1000, 0x1f, 0x10, 0x18));
    }

    @Override public void close() { memory.close(); }
}
