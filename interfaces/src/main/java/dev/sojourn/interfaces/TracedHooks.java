package dev.sojourn.interfaces;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.GuestFault;
import dev.sojourn.cpu.Hooks;
import dev.sojourn.interfaces.CallText.Argument;
import dev.sojourn.interfaces.ExitTrace.Exit;
import dev.sojourn.interfaces.ExitTrace.Kind;
import java.util.function.LongSupplier;

/** The hooks of a traced processor: each passes on to those of an untraced one, and tells the trace. */
final class TracedHooks implements Hooks {
    private static final int NO_PORT = -1;
    private static final int INTERFACE_LEAVES = 0x40_0000;

    private final ProcessorPlatform platform;
    private final MachineOps machine;

    TracedHooks(ProcessorPlatform platform, MachineOps machine) {
        this.platform = platform;
        this.machine = machine;
    }

    private static CallText text(String name, long number, Argument... arguments) {
        return CallText.of(name, number, arguments);
    }

    private long told(Kind kind, boolean ofInterface, CallText call, LongSupplier action) {
        long nanos = machine.nanos();
        long start = System.nanoTime();
        long result = 0;
        boolean refused = true;
        try {
            result = action.getAsLong();
            refused = false;
            return result;
        } finally {
            tell(nanos, kind, ofInterface, call, result, refused, System.nanoTime() - start);
        }
    }

    private void tell(long nanos, Kind kind, boolean ofInterface, CallText call, long result, boolean refused, long took) {
        machine.trace().exit(new Exit(platform.cpu.id, nanos, kind, ofInterface, call, result, refused, took));
    }

    /** The processor waits, and did not when its turn began. */
    void halted() { tell(machine.nanos(), Kind.HALT, false, text("halt", 0), 0, false, 0); }

    @Override
    public int portIn(int port, int bytes) {
        boolean own = platform.side().hasPort(port, bytes);
        CallText call = own ? platform.side().describe(port) : text(ExitNames.port(port), port, new Argument("bytes", bytes));
        return (int) told(Kind.PORT_IN, own, call, () -> platform.portIn(port, bytes) & -1L >>> 64 - 8 * bytes);
    }

    @Override
    public void portOut(int port, int bytes, int value) {
        boolean own = platform.side().hasPort(port, bytes);
        CallText call = own ? platform.side().describe(port)
                : text(ExitNames.port(port), port, new Argument("bytes", bytes), new Argument("value", value));
        told(Kind.PORT_OUT, own, call, () -> {
            platform.portOut(port, bytes, value);
            return 0;
        });
    }

    @Override
    public long memoryIn(long physical, int bytes) {
        CallText call = text(ExitNames.memory(physical), physical, new Argument("bytes", bytes));
        return told(Kind.MEMORY_READ, false, call, () -> platform.memoryIn(physical, bytes));
    }

    @Override
    public void memoryOut(long physical, int bytes, long value) {
        CallText call = text(ExitNames.memory(physical), physical, new Argument("bytes", bytes), new Argument("value", value));
        told(Kind.MEMORY_WRITE, false, call, () -> {
            platform.memoryOut(physical, bytes, value);
            return 0;
        });
    }

    @Override
    public void cpuid(Cpu cpu, int leaf, int subleaf, int[] registers) {
        long number = leaf & 0xffff_ffffL;
        boolean own = leaf >>> 8 == INTERFACE_LEAVES;
        // Guests look for other hypervisors at every 0x100th leaf.
        String name = leaf >>> 16 == INTERFACE_LEAVES >>> 8 && !own ? "leaves above 0x400000ff"
                : "leaf 0x" + Long.toHexString(number);
        CallText call = text(name, number, new Argument("subleaf", subleaf & 0xffff_ffffL));
        told(Kind.CPUID, own, call, () -> {
            platform.cpuid(cpu, leaf, subleaf, registers);
            return registers[0] & 0xffff_ffffL;
        });
    }

    private CallText register(int index, Argument... arguments) {
        String name = platform.side().hasMsr(index) ? platform.side().msrName(index) : ExitNames.msr(index);
        return text(name, index & 0xffff_ffffL, arguments);
    }

    @Override
    public long readMsr(Cpu cpu, int index) {
        return told(Kind.MSR_READ, platform.side().hasMsr(index), register(index), () -> platform.readMsr(cpu, index));
    }

    @Override
    public void writeMsr(Cpu cpu, int index, long value) {
        told(Kind.MSR_WRITE, platform.side().hasMsr(index), register(index, new Argument("value", value)), () -> {
            platform.writeMsr(cpu, index, value);
            return 0;
        });
    }

    @Override
    public boolean hypercall(Cpu cpu) {
        CallText call = platform.side().describe(NO_PORT);
        long nanos = machine.nanos();
        long start = System.nanoTime();
        CallOutcome outcome = CallOutcome.ABSENT;
        try {
            outcome = platform.side().hypercall();
            return outcome != CallOutcome.ABSENT;
        } catch (GuestFault fault) {
            outcome = CallOutcome.REFUSED;
            throw fault;
        } finally {
            tell(nanos, Kind.HYPERCALL, true, call, cpu.r[Cpu.RAX], outcome != CallOutcome.SERVED, System.nanoTime() - start);
        }
    }

    @Override
    public int acknowledge(Cpu cpu) {
        int vector = platform.acknowledge(cpu);
        tell(machine.nanos(), Kind.INTERRUPT, false, text("vector 0x" + Integer.toHexString(vector), vector), 0, false, 0);
        return vector;
    }

    @Override
    public void faults(Cpu cpu) { platform.faults(cpu); }

    @Override
    public boolean portOpen(int port, int bytes) { return platform.portOpen(port, bytes); }

    @Override
    public long timeStamp() { return platform.timeStamp(); }

    @Override
    public void timeStampChanged(Cpu cpu) { platform.timeStampChanged(cpu); }

    @Override
    public long random() { return platform.random(); }

    @Override
    public int taskPriority(Cpu cpu) { return platform.taskPriority(cpu); }

    @Override
    public void taskPriority(Cpu cpu, int priority) { platform.taskPriority(cpu, priority); }

    @Override
    public boolean hasInterrupt(Cpu cpu) { return platform.hasInterrupt(cpu); }
}
