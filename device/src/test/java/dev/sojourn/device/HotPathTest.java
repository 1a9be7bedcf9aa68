package dev.sojourn.device;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.sojourn.device.acpipm.AcpiPm;
import dev.sojourn.device.acpipm.PowerControl;
import dev.sojourn.device.apic.ApicBus;
import dev.sojourn.device.apic.Cpu;
import dev.sojourn.device.apic.LocalApic;
import dev.sojourn.device.bus.IsaInterrupts;
import dev.sojourn.device.bus.MemoryMap;
import dev.sojourn.device.bus.PortMap;
import dev.sojourn.device.ioapic.IoApic;
import dev.sojourn.device.pic.PicPair;
import dev.sojourn.device.pit.Pit;
import dev.sojourn.device.uart.Uart;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What a running guest does all the time allocates nothing, however cold the JVM is. */
class HotPathTest {
    private static final int TIMES = 2_000;
    private static final long APIC = 0xfee0_0000L;

    private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final FakeTime time = new FakeTime();
    private final ApicBus bus = new ApicBus();
    private final Cpu cpu = new Cpu();
    private final IsaInterrupts isa = new IsaInterrupts(new PicPair(bus.lint0()), new IoApic(bus));
    private final LocalApic apic =
            new LocalApic(0, true, bus, time.alarms, new Frequency(1_000_000_000), cpu, cpu);
    private final PortMap ports = new PortMap();
    private final MemoryMap memory = new MemoryMap();

    private void allocatesNothing(Runnable action) {
        for (int i = 0; i < TIMES; i++) {
            action.run();
        }
        long before = thread.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < TIMES; i++) {
            action.run();
        }
        long bytes = thread.getCurrentThreadAllocatedBytes() - before;
        assertTrue(bytes < TIMES, bytes + " bytes in " + TIMES + " times");
    }

    @Test void serialOutput() {
        ports.claimBytes(0x3f8, Uart.PORTS, new Uart(time.alarms, isa.line(4), ByteSink.NONE, ByteSource.NONE));
        ports.out(0x3fc, 1, 0x0b);
        ports.out(0x3f9, 1, 0x03);
        allocatesNothing(() -> {
            ports.in(0x3fa, 1);
            ports.in(0x3fd, 1);
            ports.out(0x3f8, 1, 'x');
        });
    }

    @Test void timersRead() {
        ports.claimBytes(0x40, Pit.PORTS, new Pit(time.alarms, isa.line(0)));
        ports.claim(0x600, AcpiPm.PORTS, new AcpiPm(time.alarms, isa.line(9), new Unplugged()));
        ports.out(0x43, 1, 0x34);
        ports.out(0x40, 2, 0x1111);
        allocatesNothing(() -> {
            ports.out(0x43, 1, 0x00);
            ports.in(0x40, 1);
            ports.in(0x40, 1);
            ports.in(0x608, 4);
            time.advance(1_000_000);
        });
    }

    @Test void timerInterrupt() {
        memory.open(APIC, LocalApic.BYTES, apic);
        memory.write(APIC + 0xf0, 4, 0x1ff);
        memory.write(APIC + 0x320, 4, 0x400ec);
        allocatesNothing(() -> {
            apic.deadline(cpu.ticksAt(time.nanos() + 1000));
            time.advance(1000);
            apic.acknowledge();
            memory.write(APIC + 0xb0, 4, 0);
            memory.write(APIC + 0x300, 4, 0x400fd);
            apic.acknowledge();
            memory.write(APIC + 0xb0, 4, 0);
        });
    }

    private static final class Unplugged implements PowerControl {
        @Override public void powerOff() {}

        @Override public void reset() {}
    }
}
