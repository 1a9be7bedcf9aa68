package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.boot.Entry;
import dev.sojourn.boot.acpi.AcpiConfig;
import dev.sojourn.boot.image.BadImage;
import dev.sojourn.boot.image.KernelImage;
import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.CpuModel;
import dev.sojourn.cpu.ProcessorType;
import dev.sojourn.cpu.interpreter.Interpreter;
import dev.sojourn.device.Alarms;
import dev.sojourn.device.ByteSource;
import dev.sojourn.device.acpipm.PowerControl;
import dev.sojourn.device.apic.ApicBus;
import dev.sojourn.device.bus.MemoryMap;
import dev.sojourn.device.bus.PortMap;
import dev.sojourn.interfaces.ExitTrace;
import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorPlatform;
import dev.sojourn.interfaces.Startup;
import dev.sojourn.memory.GuestMemory;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A paravirtual guest that has been built and not run, with an engine to run it by. */
final class PvRig implements AutoCloseable {
    static final int MEMORY_BYTES = 16 << 20;

    final GuestMemory memory = new GuestMemory(MEMORY_BYTES);
    final List<ProcessorPlatform> processors = new ArrayList<>();
    final Alarms alarms = new Alarms(() -> this.nanos);
    final PvGuest guest;
    final Interpreter engine;
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    long nanos;
    int endings;

    PvRig(byte[] code, int cpus) {
        PowerControl power = new PowerControl() {
            @Override public void powerOff() { endings++; }

            @Override public void reset() { endings++; }
        };
        MachineOps machine = new MachineOps(memory, alarms, () -> 1_700_000_000_000_000_000L, new ApicBus(), new PortMap(),
                new MemoryMap(), power, console::write, ByteSource.NONE, List.of(), cpus, ProcessorPlatform.TSC,
                ProcessorPlatform.APIC_TIMER, ExitTrace.NONE);
        guest = new PvGuest(machine);
        ProcessorPlatform.Shared shared = new ProcessorPlatform.Shared(new CpuModel(ProcessorType.SOJOURN_1, cpus), guest, machine, () -> 4);
        for (int id = 0; id < cpus; id++) processors.add(new ProcessorPlatform(id, shared));
        try {
            KernelImage kernel = KernelImage.read(TinyKernel.of(code));
            guest.boot(new Startup(kernel, new byte[0], "", Entry.AUTO, new AcpiConfig(cpus, 0)), cpu(0));
        } catch (BadImage e) {
            throw new AssertionError(e);
        }
        engine = new Interpreter(memory, processors.stream().map(p -> p.cpu).toArray(Cpu[]::new));
    }

    Cpu cpu(int id) { return processors.get(id).cpu; }

    String console() { return console.toString(StandardCharsets.ISO_8859_1); }

    /** Makes a call as if the kernel of a vCPU did. @return the answer */
    long call(int id, int number, long... arguments) {
        Cpu cpu = cpu(id);
        int[] places = {Cpu.RDI, Cpu.RSI, Cpu.RDX, 10, 8};
        for (int i = 0; i < places.length; i++) cpu.r[places[i]] = i < arguments.length ? arguments[i] : 0;
        cpu.r[Cpu.RAX] = number;
        cpu.traps.systemCall(cpu);
        return cpu.r[Cpu.RAX];
    }

    /** Where the guest's frame is mapped as it starts. */
    static long linear(int frame) { return TinyKernel.BASE + (long) frame * GuestMemory.PAGE_BYTES; }

    long physical(int frame) { return MachineFrames.address(guest.frames.guest[frame]); }

    @Override public void close() { memory.close(); }
}
