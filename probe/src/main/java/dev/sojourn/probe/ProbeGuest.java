package dev.sojourn.probe;

import static dev.sojourn.assembler.Register.*;

import dev.sojourn.assembler.Assembler;

/** The probe guest of an interface: which parts it has, in the order in which they do not disturb each other. */
final class ProbeGuest {
    private static final int XEN_PAGE_MSR = 0x4000_0000;
    private static final int HYPERV_RESET_MSR = 0x4000_0003;

    private ProbeGuest() {}

    /** A kernel file. An interface that is not known by name is taken for one that is entered as a PC. */
    static byte[] kernel(String guestInterface) {
        Program p = new Program();
        return guestInterface.equals("xen-pv") ? paravirtual(p) : pc(p, guestInterface);
    }

    /**
     * A kernel file for the 64-bit entry of the Linux boot protocol, on what is entered as a PC; it looks at its start
     * alone.
     */
    static byte[] linuxKernel() {
        Program p = new Program();
        World world = new PcWorld(p, true);
        world.enter();
        new Routines(p).emit();
        new Start(p, "").zeroPage();
        return end(p, world);
    }

    /** A kernel file for a large machine that is entered as a PC, which looks at what tells of its size. */
    static byte[] largeKernel() {
        Program p = new Program();
        World world = new PcWorld(p, false);
        world.enter();
        new Routines(p).emit();
        Start start = new Start(p, "large.");
        start.info();
        start.acpi();
        new Processor(p).topology("large.cpuid");
        return end(p, world);
    }

    /** Whether an interface has other entries than its own: those of Xen have one each. */
    static boolean hasLinuxEntry(String guestInterface) { return !guestInterface.startsWith("xen-"); }

    private static byte[] pc(Program p, String guestInterface) {
        PcWorld world = new PcWorld(p, false);
        world.enter();
        new Routines(p).emit();
        Start start = new Start(p, "");
        Chips chips = new Chips(p);
        Processor processor = new Processor(p);
        start.registers();
        start.acpi();
        start.roms();
        chips.memory();
        chips.quiet();
        new Ports(p).all(true);
        chips.registers();
        chips.apics();
        chips.pci();
        chips.virtio();
        chips.clocks();
        processor.cpuid("cpuid");
        processor.control();
        processor.random();
        new Arithmetic(p).all();
        calls(p, guestInterface);
        Assembler a = p.a;
        Instructions instructions = new Instructions(p, () -> {
            a.mov(EAX, PcWorld.DATA_SELECTOR);
            a.mov(SS, EAX);
            a.mov(EAX, PcWorld.CONTROL_0);
            a.mov(CR0, RAX);
        });
        world.openSystemCalls();
        instructions.all();
        instructions.switchedOn(PcWorld.CONTROL_4);
        new Level3(p).all();
        world.closeSystemCalls();
        processor.modelSpecific(HYPERV_RESET_MSR);
        start.second();
        return end(p, world);
    }

    private static void calls(Program p, String guestInterface) {
        HvmCalls calls = new HvmCalls(p);
        switch (guestInterface) {
            case "kvm" -> calls.kvmClock();
            case "hyperv" -> calls.hyperv();
            case "vmware" -> calls.backdoor();
            case "xen-pvh" -> {
                XenCalls xen = new XenCalls(p, 0x0f, 0x01, 0xc1);
                xen.all();
                xen.parameters();
                xen.pages();
            }
            default -> {}
        }
        if (guestInterface.equals("xen-pvh")) {
            calls.instructions(0);
        } else {
            calls.instructions(0, Program.NO_RAM);
        }
    }

    private static byte[] paravirtual(Program p) {
        World world = new XenPvWorld(p);
        world.enter();
        new Routines(p).emit();
        XenPvStart start = new XenPvStart(p);
        XenCalls calls = new XenCalls(p, 0x0f, 0x05);
        Processor processor = new Processor(p);
        start.registers();
        start.vcpuInfo();
        calls.time(Program.DATA + 0x3000);
        calls.all(0);
        start.memoryMap();
        start.openPorts();
        new Ports(p).all(false);
        processor.cpuid("cpuid");
        processor.cpuid("cpuid-forced", 0x0f, 0x0b, 'x', 'e', 'n');
        processor.control();
        processor.random();
        new Arithmetic(p).all();
        new Instructions(p, () -> {}).all();
        processor.modelSpecific(XEN_PAGE_MSR);
        return end(p, world);
    }

    private static byte[] end(Program p, World world) {
        p.print(Probe.END);
        p.newLine();
        return world.finish();
    }
}
