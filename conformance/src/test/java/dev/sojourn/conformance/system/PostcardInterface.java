package dev.sojourn.conformance.system;

import dev.sojourn.boot.Entry;
import dev.sojourn.boot.image.BadImage;
import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.Vector;
import dev.sojourn.device.Alarms;
import dev.sojourn.device.InterruptLine;
import dev.sojourn.device.PortDevice;
import dev.sojourn.device.apic.DeliveryMode;
import dev.sojourn.interfaces.CallOutcome;
import dev.sojourn.interfaces.DeviceSet;
import dev.sojourn.interfaces.GuestInterface;
import dev.sojourn.interfaces.GuestSide;
import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorOps;
import dev.sojourn.interfaces.ProcessorSide;
import dev.sojourn.interfaces.Startup;

/** An interface that somebody else might write: one of everything that the contract lets an interface own. */
public final class PostcardInterface implements GuestInterface {
    static final String NAME = "postcard";
    static final int LEAF = 0x4000_0000;
    static final int GREETING = 0x4e00_0000;
    static final int ALARM = 0x4e00_0001;
    static final int CALL_PORT = 0x5000;
    static final int DEVICE_PORT = 0x5010;
    static final int ALARM_VECTOR = 0x60;
    static final int START_MARK = 0x7000;

    /** For the service loader. */
    public PostcardInterface() {}

    @Override public String name() { return NAME; }

    /** No PCI. */
    @Override public DeviceSet devices() { return new DeviceSet(true, true, true, true, false, true); }

    @Override public GuestSide attach(MachineOps machine) {
        machine.ports().claim(DEVICE_PORT, 4, new PortDevice() {
            @Override public int in(int offset, int size) { return 0xca2d; }

            @Override public void out(int offset, int size, int value) {}
        });
        return new GuestSide() {
            @Override public ProcessorSide processor(ProcessorOps processor) { return new Side(machine, processor); }

            @Override public InterruptLine line(int gsi, InterruptLine wired) { return gsi == 4 ? InterruptLine.NONE : wired; }

            @Override public void boot(Startup startup, Cpu processor) throws BadImage {
                new Startup(startup.kernel(), startup.initrd(), startup.commandLine() + " postcard", Entry.AUTO, startup.acpi())
                        .asPc(processor);
                machine.memory().putLong(START_MARK, 0x1234);
            }
        };
    }

    private static final class Side implements ProcessorSide {
        private final MachineOps machine;
        private final ProcessorOps processor;
        private final Alarms.Alarm alarm;
        private long greeting;
        private int turns;

        Side(MachineOps machine, ProcessorOps processor) {
            this.machine = machine;
            this.processor = processor;
            alarm = machine.alarms().alarm(() ->
                    machine.bus().send(DeliveryMode.FIXED, ALARM_VECTOR, false, processor.cpu().id, false));
        }

        @Override public void cpuid(int leaf, int subleaf, int[] registers) {
            if (leaf == LEAF) {
                registers[1] = 0x5457_5650;
                registers[2] = turns > 0 ? 1 : 0;
            }
        }

        @Override public boolean hasMsr(int index) { return index == GREETING || index == ALARM; }

        @Override public long readMsr(int index) { return index == GREETING ? greeting : alarm.nanos(); }

        @Override public void writeMsr(int index, long value) {
            if (index == ALARM) {
                alarm.at(machine.nanos() + value);
            } else if (value < 0) {
                throw processor.cpu().fault(Vector.GP, 0);
            } else {
                greeting = value;
            }
        }

        @Override public boolean hasPort(int port, int bytes) { return port == CALL_PORT; }

        @Override public int portIn(int port, int bytes) {
            processor.cpu().r[Cpu.RBX] = 0xbeef;
            return 0xcafe;
        }

        @Override public void portOut(int port, int bytes, int value) { greeting = value; }

        @Override public CallOutcome hypercall() {
            processor.cpu().r[Cpu.RAX] = machine.memory().getLong(START_MARK);
            return CallOutcome.SERVED;
        }

        @Override public void enter() { turns++; }
    }
}
