package dev.sojourn.machine;

import dev.sojourn.boot.acpi.AcpiConfig;
import dev.sojourn.cpu.CpuModel;
import dev.sojourn.device.Alarms;
import dev.sojourn.device.InterruptLine;
import dev.sojourn.device.acpipm.AcpiPm;
import dev.sojourn.device.acpipm.PowerControl;
import dev.sojourn.device.apic.ApicBus;
import dev.sojourn.device.bus.IsaInterrupts;
import dev.sojourn.device.bus.MemoryMap;
import dev.sojourn.device.bus.PortMap;
import dev.sojourn.device.ioapic.IoApic;
import dev.sojourn.device.pci.ConfigurationSpace;
import dev.sojourn.device.pci.PciHost;
import dev.sojourn.device.pic.PicPair;
import dev.sojourn.device.pit.Pit;
import dev.sojourn.device.rtc.Rtc;
import dev.sojourn.device.uart.Uart;
import dev.sojourn.device.virtio.VirtioDevice;
import dev.sojourn.device.virtio.console.ConsolePort;
import dev.sojourn.device.virtio.console.VirtioConsole;
import dev.sojourn.device.virtio.entropy.VirtioEntropy;
import dev.sojourn.device.virtio.mmio.MmioTransport;
import dev.sojourn.interfaces.DeviceSet;
import dev.sojourn.interfaces.GuestInterface;
import dev.sojourn.interfaces.GuestSide;
import dev.sojourn.interfaces.HostPort;
import dev.sojourn.interfaces.Interfaces;
import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorPlatform;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.Stateful;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The wiring of a machine: which chip answers where, and which line leads to which input. */
final class Board {
    /** Virtio devices that every machine has. */
    private static final int VIRTIO_SLOTS = 2;

    private static final long IO_APIC = 0xfec0_0000L;
    private static final int IO_APIC_BYTES = 0x1000;
    private static final int COM1 = 0x3f8;
    private static final int PM_BASE = 0x600;
    private static final int PM_PORTS = 12;
    private static final List<String> PORTS = List.of(Host.TTY, Host.STDIN, Host.STDOUT, Host.STDERR, Host.CONTROL);

    final Alarms alarms;
    final Uart serial;
    final VirtioConsole console;
    final GuestSide guestSide;
    final Runnable powerButton;
    final List<ProcessorPlatform> processors = new ArrayList<>();
    final Attachments attachments;

    private final Map<String, Stateful> parts = new LinkedHashMap<>();
    private final PortMap ports = new PortMap();
    private final MemoryMap windows = new MemoryMap();
    private final DeviceSet devices;

    Board(MachineShape shape, GuestMemory memory, Host host, Inputs inputs, PowerControl power, Attachments attachments) {
        GuestInterface guestInterface = Interfaces.find(shape.guestInterface()).orElseThrow();
        alarms = new Alarms(inputs.clock());
        devices = guestInterface.devices();
        ApicBus bus = new ApicBus();
        List<HostPort> hostPorts = PORTS.stream().map(name -> new HostPort(name, host.output(name), host.input(name))).toList();
        MachineOps machine = new MachineOps(memory, alarms, inputs.date(), bus, ports, windows, power, host.output(Host.SERIAL),
                host.input(Host.SERIAL), hostPorts, shape.cpus(), ProcessorPlatform.TSC, ProcessorPlatform.APIC_TIMER, host.trace());
        guestSide = guestInterface.attach(machine);
        PicPair pic = new PicPair(bus.lint0());
        bus.external(pic::acknowledge);
        IoApic ioApic = new IoApic(bus);
        if (devices.ioApic()) {
            windows.open(IO_APIC, IO_APIC_BYTES, ioApic);
        }
        IsaInterrupts isa = new IsaInterrupts(pic, ioApic);
        legacy(pic, isa, inputs);
        powerButton = power(isa, power);
        serial = new Uart(alarms, line(isa, 4), host.output(Host.SERIAL), host.input(Host.SERIAL));
        if (devices.serial()) {
            ports.claimBytes(COM1, 8, serial);
            parts.put("serial", serial);
        }
        console = new VirtioConsole(PORTS.stream().map(name -> new ConsolePort(name, name.equals(Host.TTY),
                host.input(name), host.output(name))).toList());
        plug(memory, 0, console, ioApic);
        plug(memory, 1, new VirtioEntropy(inputs.entropy()), ioApic);
        this.attachments = attachments;
        List<VirtioDevice> more = attachments.devices();
        for (int i = 0; i < more.size(); i++) {
            plug(memory, VIRTIO_SLOTS + i, more.get(i), ioApic);
        }
        byte[] bytes = new byte[8];
        ProcessorPlatform.Shared shared = new ProcessorPlatform.Shared(new CpuModel(shape.type().processor(), shape.cpus()), guestSide, machine,
                () -> random(inputs, bytes));
        parts.put("pic", pic);
        parts.put("io-apic", ioApic);
        guestSide.state().ifPresent(state -> parts.put("interface", state));
        for (int id = 0; id < shape.cpus(); id++) {
            processors.add(new ProcessorPlatform(id, shared));
            parts.put("processor-" + id, processors.getLast());
        }
    }

    /** Virtio devices, windows and interrupts for them. */
    int virtioSlots() { return VIRTIO_SLOTS + attachments.devices().size(); }

    /**
     * What there is to save, by name, in the order of restoring: a line is driven again by who drives it before who listens to it
     * is restored, so that its level is known and no edge is seen.
     */
    Map<String, Stateful> parts() { return Collections.unmodifiableMap(parts); }

    /** Whether all of the interface can be saved. */
    boolean isSaved() { return guestSide.state().isPresent() && processors.stream().allMatch(ProcessorPlatform::isSaved); }

    /** The serial port's source, or an interface's own console's, has bytes. */
    void serialInputReady() {
        serial.inputReady();
        guestSide.consoleInputReady();
    }

    /** Any source may have bytes. */
    void allInputReady() {
        serialInputReady();
        PORTS.forEach(this::portInputReady);
    }

    /** A port's source has bytes. */
    void portInputReady(String name) {
        console.inputReady(portNumber(name));
        guestSide.portInputReady(name);
    }

    private InterruptLine line(IsaInterrupts isa, int number) { return guestSide.line(number, isa.line(number)); }

    private void legacy(PicPair pic, IsaInterrupts isa, Inputs inputs) {
        if (!devices.legacy()) {
            return;
        }
        ports.claimBytes(0x20, 2, pic.first());
        ports.claimBytes(0xa0, 2, pic.second());
        ports.claimBytes(0x4d0, 2, pic.edgeLevel());
        Pit pit = new Pit(alarms, line(isa, 0));
        ports.claimBytes(0x40, Pit.PORTS, pit);
        ports.claimBytes(0x61, 1, pit.speakerPort());
        Rtc rtc = new Rtc(alarms, line(isa, 8), inputs.date());
        ports.claimBytes(0x70, 2, rtc);
        parts.put("timer", pit);
        parts.put("clock", rtc);
    }

    /** @return the power button */
    private Runnable power(IsaInterrupts isa, PowerControl power) {
        AcpiPm pm = new AcpiPm(alarms, line(isa, 9), power);
        if (devices.power()) {
            ports.claim(PM_BASE, PM_PORTS, pm);
            parts.put("power-management", pm);
        }
        if (devices.pci()) {
            PciHost pci = new PciHost(pm.resetRegister());
            ConfigurationSpace bridge = ConfigurationSpace.hostBridge();
            pci.plug(0, 0, bridge);
            parts.put("pci", pci);
            parts.put("pci-bridge", bridge);
            ports.claim(0xcf8, PciHost.PORTS, pci);
        }
        return pm::pressPowerButton;
    }

    private void plug(GuestMemory memory, int slot, VirtioDevice device, IoApic ioApic) {
        if (devices.virtio()) {
            int gsi = AcpiConfig.virtioInterrupt(slot);
            MmioTransport transport = new MmioTransport(memory, device, guestSide.line(gsi, ioApic.line(gsi)));
            windows.open(AcpiConfig.virtioAddress(slot), AcpiConfig.VIRTIO_WINDOW_BYTES, transport);
            parts.put("virtio-" + slot, transport);
        }
    }

    /** The virtio console's port by name; -1 if it has none. */
    static int portNumber(String name) { return PORTS.indexOf(name); }

    private static long random(Inputs inputs, byte[] bytes) {
        inputs.entropy().fill(bytes, 0, 8);
        long value = 0;
        for (byte b : bytes) {
            value = value << 8 | b & 0xff;
        }
        return value;
    }
}
