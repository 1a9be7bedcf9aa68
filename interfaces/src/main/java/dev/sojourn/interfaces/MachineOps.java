package dev.sojourn.interfaces;

import dev.sojourn.device.Alarms;
import dev.sojourn.device.ByteSink;
import dev.sojourn.device.ByteSource;
import dev.sojourn.device.Frequency;
import dev.sojourn.device.acpipm.PowerControl;
import dev.sojourn.device.apic.ApicBus;
import dev.sojourn.device.bus.MemoryMap;
import dev.sojourn.device.bus.PortMap;
import dev.sojourn.device.rtc.WallClock;
import dev.sojourn.memory.GuestMemory;
import java.util.List;

/**
 * What a machine grants the interface in it. All of it is used on the machine's thread.
 *
 * @param memory the guest's RAM; every address a guest gives must be proved to be RAM before it is used
 * @param alarms the machine's clock, and what runs when it reaches a time
 * @param date the date outside
 * @param bus by which interrupts reach local APICs
 * @param ports where port devices are put; ports that need the processor's registers are {@link ProcessorSide#hasPort}'s
 * @param windows where memory devices are put
 * @param power ends the machine
 * @param consoleOutput where text goes that the guest writes to an interface's own console: the serial console's end
 * @param consoleInput what is typed there
 * @param hostPorts what the chips of a PC carry otherwise, for interfaces without them
 * @param cpus processors of the machine
 * @param timeStamp the frequency of the time-stamp counters
 * @param apicTimer the frequency of the local APIC timers before their dividers
 * @param trace told of exits; {@link ExitTrace#NONE} where nobody listens
 */
public record MachineOps(GuestMemory memory, Alarms alarms, WallClock date, ApicBus bus, PortMap ports, MemoryMap windows,
        PowerControl power, ByteSink consoleOutput, ByteSource consoleInput, List<HostPort> hostPorts, int cpus, Frequency timeStamp,
        Frequency apicTimer, ExitTrace trace) {
    /** Nanoseconds since power-on. */
    public long nanos() { return alarms.clock().nanos(); }
}
