package dev.sojourn.interfaces.vmware;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.interfaces.CallOutcome;
import dev.sojourn.interfaces.CallText;
import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorOps;
import dev.sojourn.interfaces.ProcessorSide;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;
import java.util.Optional;

/** One processor: the ways to the backdoor. */
final class Processor implements ProcessorSide, Stateful {
    private static final int PORT = 0x5658;

    private final Cpu cpu;
    private final Discovery discovery;
    private final Clock clock;
    private final Calls calls;

    Processor(MachineOps machine, ProcessorOps ops) {
        cpu = ops.cpu();
        discovery = new Discovery(machine);
        clock = new Clock(machine, ops);
        calls = new Calls(machine, cpu, clock);
    }

    @Override
    public Optional<Stateful> state() { return Optional.of(this); }

    @Override
    public void save(StateWriter out) { clock.save(out); }

    @Override
    public void restore(StateReader in) throws BadState { clock.restore(in); }

    @Override
    public void reset() { clock.restore(State.POWER_ON); }

    @Override
    public void cpuid(int leaf, int subleaf, int[] registers) { discovery.cpuid(leaf, registers); }

    /** Without the magic word the port is as any that nobody owns. */
    @Override
    public boolean hasPort(int port, int bytes) { return port == PORT && bytes == 4 && calls.isCall(); }

    @Override
    public int portIn(int port, int bytes) {
        calls.serve();
        return (int) cpu.r[Cpu.RAX];
    }

    /** Only reading makes a call. */
    @Override
    public void portOut(int port, int bytes, int value) {}

    /** EDX tells direction and bandwidth; anything but the low one is a port that is not there. */
    @Override
    public CallOutcome hypercall() {
        if (!calls.isCall() || (cpu.r[Cpu.RDX] & 0xffff) != 0) {
            cpu.r[Cpu.RAX] = Calls.ALL_ONES & 0xffff_ffffL;
            return CallOutcome.REFUSED;
        }
        return calls.serve();
    }

    @Override
    public CallText describe(int port) { return calls.describe(); }

    @Override
    public void enter() { clock.enter(); }

    @Override
    public void leave() { clock.leave(); }
}
