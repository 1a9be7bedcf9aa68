package dev.sojourn.interfaces;

import dev.sojourn.boot.image.BadImage;
import dev.sojourn.cpu.Cpu;
import dev.sojourn.device.InterruptLine;
import dev.sojourn.state.Stateful;
import java.util.Optional;

/** What the guests of one machine see of an interface. */
public interface GuestSide {
    /** The part that belongs to a processor. Called once for each, in the order of their ids, while the machine is built. */
    ProcessorSide processor(ProcessorOps processor);

    /**
     * Where a device's interrupt goes.
     *
     * @param gsi the global system interrupt that the ACPI tables name
     * @param wired the line to the machine's interrupt controllers
     */
    default InterruptLine line(int gsi, InterruptLine wired) { return wired; }

    /** {@link MachineOps#consoleInput} has bytes, or has ended, after having had none. */
    default void consoleInputReady() {}

    /** The source of one of {@link MachineOps#hostPorts} has bytes, or has ended, after having had none. */
    default void portInputReady(String name) {}

    /**
     * What of it is the same for all processors, to be saved; nothing if it cannot be, and then the machine cannot. It is restored
     * before {@link #boot} would come, when all is wired and the memory is back.
     */
    default Optional<Stateful> state() { return Optional.empty(); }

    /**
     * Puts firmware tables and kernel in place, and the boot processor into the state in which the kernel is entered.
     * Called once, when all is wired and before anything runs; the memory holds zeros.
     *
     * @throws BadImage if the kernel cannot be started on this interface, or does not fit
     */
    default void boot(Startup startup, Cpu processor) throws BadImage { startup.asPc(processor); }
}
