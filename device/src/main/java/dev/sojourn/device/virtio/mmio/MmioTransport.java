package dev.sojourn.device.virtio.mmio;

import dev.sojourn.device.InterruptLine;
import dev.sojourn.device.MemoryDevice;
import dev.sojourn.device.virtio.Transport;
import dev.sojourn.device.virtio.VirtioDevice;
import dev.sojourn.device.virtio.queue.QueueEvents;
import dev.sojourn.device.virtio.queue.Virtqueue;
import dev.sojourn.device.virtio.queue.Virtqueue.Area;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;
import java.util.List;
import java.util.Objects;

/** The register block of one virtio-mmio device (section 4.2.2). */
public final class MmioTransport implements MemoryDevice, Transport, QueueEvents, Stateful {
    /** The size of the register window: the registers and 256 bytes of configuration space. */
    public static final int WINDOW_BYTES = 0x200;

    private static final int MAGIC_VALUE = 0x000;
    private static final int VERSION = 0x004;
    private static final int DEVICE_ID = 0x008;
    private static final int VENDOR_ID = 0x00c;
    private static final int DEVICE_FEATURES = 0x010;
    private static final int DEVICE_FEATURES_SEL = 0x014;
    private static final int DRIVER_FEATURES = 0x020;
    private static final int DRIVER_FEATURES_SEL = 0x024;
    private static final int QUEUE_SEL = 0x030;
    private static final int QUEUE_NUM_MAX = 0x034;
    private static final int QUEUE_NUM = 0x038;
    private static final int QUEUE_READY = 0x044;
    private static final int QUEUE_NOTIFY = 0x050;
    private static final int INTERRUPT_STATUS = 0x060;
    private static final int INTERRUPT_ACK = 0x064;
    private static final int STATUS = 0x070;
    private static final int QUEUE_DESC_LOW = 0x080;
    private static final int QUEUE_DESC_HIGH = 0x084;
    private static final int QUEUE_DRIVER_LOW = 0x090;
    private static final int QUEUE_DRIVER_HIGH = 0x094;
    private static final int QUEUE_DEVICE_LOW = 0x0a0;
    private static final int QUEUE_DEVICE_HIGH = 0x0a4;
    private static final int SHM_LEN_LOW = 0x0b0;
    private static final int SHM_LEN_HIGH = 0x0b4;
    private static final int SHM_BASE_LOW = 0x0b8;
    private static final int SHM_BASE_HIGH = 0x0bc;
    private static final int CONFIG_GENERATION = 0x0fc;
    private static final int CONFIG = 0x100;

    private static final int MAGIC = 0x74726976;      // "virt"
    private static final int LAYOUT = 2;
    private static final int VENDOR = 0x4e524a53;     // "SJRN"

    private static final int DRIVER_OK = 4;
    private static final int FEATURES_OK = 8;
    private static final int DEVICE_NEEDS_RESET = 0x40;
    private static final int FAILED = 0x80;
    private static final int STATUS_BY_DRIVER = 1 | 2 | DRIVER_OK | FEATURES_OK | FAILED;

    private static final int INTERRUPT_USED_BUFFER = 1;
    private static final int INTERRUPT_CONFIG = 2;

    private static final long F_INDIRECT_DESC = 1L << 28;
    private static final long F_EVENT_IDX = 1L << 29;
    private static final long F_VERSION_1 = 1L << 32;

    private final VirtioDevice device;
    private final InterruptLine line;
    private final Virtqueue[] queues;
    private final long features;

    private int status;
    private int interruptStatus;
    private int deviceFeaturesSel;
    private int driverFeaturesSel;
    private long driverFeatures;
    private boolean driverAsksTooMuch;
    private int queueSel;
    private int configGeneration;
    private boolean started;
    private long violations;

    public MmioTransport(GuestMemory memory, VirtioDevice device, InterruptLine line) {
        this.device = Objects.requireNonNull(device);
        this.line = Objects.requireNonNull(line);
        features = device.features() | F_INDIRECT_DESC | F_EVENT_IDX | F_VERSION_1;
        queues = new Virtqueue[device.queueCount()];
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new Virtqueue(memory, this, device.queueSizeMax(i));
        }
    }

    @Override
    public long read(long offset, int size) {
        if (offset >= CONFIG) {
            return config(offset - CONFIG, size);
        }
        // Section 4.2.2.2: registers are accessed by aligned 32-bit reads and writes only.
        return size == 4 ? register((int) offset) & 0xffff_ffffL : -1;
    }

    @Override
    public void write(long offset, int size, long value) {
        if (offset >= CONFIG) {
            if (offset < WINDOW_BYTES) {
                device.configWrite((int) (offset - CONFIG), size, value);
            }
        } else if (size == 4) {
            register((int) offset, (int) value);
        }
    }

    @Override
    public Virtqueue queue(int index) { return queues[index]; }

    @Override
    public boolean negotiated(long features) {
        return (status & FEATURES_OK) != 0 && (driverFeatures & features) == features;
    }

    @Override
    public void configChanged() {
        configGeneration++;
        if ((status & DRIVER_OK) != 0) {
            interrupt(interruptStatus | INTERRUPT_CONFIG);
        }
    }

    @Override
    public void used() { interrupt(interruptStatus | INTERRUPT_USED_BUFFER); }

    /** Section 2.1.2: the device says that it needs a reset and does nothing until then. */
    @Override
    public void broken() {
        violations++;
        status |= DEVICE_NEEDS_RESET;
        for (Virtqueue queue : queues) {
            queue.running(false);
        }
        if ((status & DRIVER_OK) != 0) {
            interrupt(interruptStatus | INTERRUPT_CONFIG);
        }
    }

    /** How often the guest's driver broke a rule and lost the device until its next reset. */
    public long violations() { return violations; }

    @Override
    public void save(StateWriter out) {
        out.number("device-id", device.deviceId()).number("status", status).number("interrupt-status", interruptStatus);
        out.number("device-features-sel", deviceFeaturesSel).number("driver-features-sel", driverFeaturesSel);
        out.number("driver-features", driverFeatures).flag("driver-asks-too-much", driverAsksTooMuch);
        out.number("queue-sel", queueSel).number("config-generation", configGeneration).flag("started", started);
        out.list("queues", List.of(queues), (each, queue) -> queue.save(each)).group("device", device::save);
    }

    @Override
    public void restore(StateReader in) throws BadState {
        if (in.number("device-id") != device.deviceId()) {
            throw in.bad("is of a device of type " + in.number("device-id") + ", and here is one of type " + device.deviceId());
        }
        status = in.number("status", 0, 0xff);
        deviceFeaturesSel = in.number32("device-features-sel");
        driverFeaturesSel = in.number32("driver-features-sel");
        driverFeatures = in.number("driver-features");
        driverAsksTooMuch = in.flag("driver-asks-too-much");
        queueSel = in.number32("queue-sel");
        configGeneration = in.number32("config-generation");
        List<StateReader> states = in.listOf("queues", queues.length);
        for (int i = 0; i < queues.length; i++) {
            queues[i].restore(states.get(i));
        }
        started = in.flag("started");
        if (!started && (status & (DRIVER_OK | DEVICE_NEEDS_RESET)) == DRIVER_OK) {
            throw in.bad("is in use and was not started");
        }
        if (started) {
            device.start(this);
        }
        device.restore(in.group("device"));
        interrupt(in.number("interrupt-status", 0, INTERRUPT_USED_BUFFER | INTERRUPT_CONFIG));
    }

    private int register(int offset) {
        return switch (offset) {
            case MAGIC_VALUE -> MAGIC;
            case VERSION -> LAYOUT;
            case DEVICE_ID -> device.deviceId();
            case VENDOR_ID -> VENDOR;
            case DEVICE_FEATURES -> half(features, deviceFeaturesSel);
            case QUEUE_NUM_MAX -> selected() ? queues[queueSel].sizeMax() : 0;
            case QUEUE_READY -> selected() && queues[queueSel].ready() ? 1 : 0;
            case INTERRUPT_STATUS -> interruptStatus;
            case STATUS -> status;
            // Section 4.2.2.1: a length of all ones says that there is no such shared memory region.
            case SHM_LEN_LOW, SHM_LEN_HIGH, SHM_BASE_LOW, SHM_BASE_HIGH -> -1;
            case CONFIG_GENERATION -> configGeneration;
            default -> 0;
        };
    }

    private void register(int offset, int value) {
        switch (offset) {
            case DEVICE_FEATURES_SEL -> deviceFeaturesSel = value;
            case DRIVER_FEATURES -> driverFeatures(value);
            case DRIVER_FEATURES_SEL -> driverFeaturesSel = value;
            case QUEUE_SEL -> queueSel = value;
            case QUEUE_NOTIFY -> notified(value);
            case INTERRUPT_ACK -> interrupt(interruptStatus & ~value);
            case STATUS -> status(value);
            default -> {
                if (selected()) {
                    queueRegister(queues[queueSel], offset, value);
                }
            }
        }
    }

    private static void queueRegister(Virtqueue queue, int offset, int value) {
        switch (offset) {
            case QUEUE_NUM -> queue.size(value);
            case QUEUE_READY -> queue.ready((value & 1) != 0);
            case QUEUE_DESC_LOW -> queue.address(Area.DESCRIPTORS, false, value);
            case QUEUE_DESC_HIGH -> queue.address(Area.DESCRIPTORS, true, value);
            case QUEUE_DRIVER_LOW -> queue.address(Area.DRIVER, false, value);
            case QUEUE_DRIVER_HIGH -> queue.address(Area.DRIVER, true, value);
            case QUEUE_DEVICE_LOW -> queue.address(Area.DEVICE, false, value);
            case QUEUE_DEVICE_HIGH -> queue.address(Area.DEVICE, true, value);
            default -> {}                // read-only or reserved
        }
    }

    /** Section 2.1: bits are only ever added, except that 0 resets the device. */
    private void status(int value) {
        if (value == 0) {
            reset();
            return;
        }
        int added = value & STATUS_BY_DRIVER & ~status;
        status |= added & ~(FEATURES_OK | DRIVER_OK);
        if ((added & FEATURES_OK) != 0 && acceptable()) {
            status |= FEATURES_OK;
            for (Virtqueue queue : queues) {
                queue.features(negotiated(F_INDIRECT_DESC), negotiated(F_EVENT_IDX));
            }
        }
        if ((added & DRIVER_OK) != 0 && (status & FEATURES_OK) != 0) {
            status |= DRIVER_OK;
            start();
        }
    }

    /** Section 2.2.2: only what was offered may be accepted; section 6.1: VERSION_1 must be. */
    private boolean acceptable() {
        return !driverAsksTooMuch && (driverFeatures & ~features) == 0 && (driverFeatures & F_VERSION_1) != 0;
    }

    private void start() {
        if ((status & DEVICE_NEEDS_RESET) != 0) {
            interrupt(interruptStatus | INTERRUPT_CONFIG);
            return;
        }
        for (Virtqueue queue : queues) {
            queue.running(true);
        }
        started = true;
        device.start(this);
        for (int i = 0; i < queues.length; i++) {
            notified(i);                 // buffers offered before DRIVER_OK
        }
    }

    private void notified(int queue) {
        boolean running = (status & (DRIVER_OK | DEVICE_NEEDS_RESET)) == DRIVER_OK;
        if (running && queue >= 0 && queue < queues.length && queues[queue].ready()) {
            device.queueNotified(queue);
        }
    }

    private void reset() {
        device.reset();
        started = false;
        for (Virtqueue queue : queues) {
            queue.reset();
        }
        status = 0;
        deviceFeaturesSel = 0;
        driverFeaturesSel = 0;
        driverFeatures = 0;
        driverAsksTooMuch = false;
        queueSel = 0;
        interrupt(0);
    }

    private void interrupt(int status) {
        if ((status != 0) != (interruptStatus != 0)) {
            interruptStatus = status;
            line.set(status != 0);
        }
        interruptStatus = status;
    }

    private void driverFeatures(int value) {
        if ((status & FEATURES_OK) != 0) {
            return;
        }
        switch (driverFeaturesSel) {
            case 0 -> driverFeatures = driverFeatures & ~0xffff_ffffL | value & 0xffff_ffffL;
            case 1 -> driverFeatures = driverFeatures & 0xffff_ffffL | (long) value << 32;
            default -> driverAsksTooMuch |= value != 0;
        }
    }

    private long config(long offset, int size) {
        long value = 0;
        for (int i = 0; i < size && offset + i < WINDOW_BYTES - CONFIG; i++) {
            value |= (long) (device.configByte((int) offset + i) & 0xff) << 8 * i;
        }
        return value;
    }

    private boolean selected() { return queueSel >= 0 && queueSel < queues.length; }

    private static int half(long bits, int index) {
        return switch (index) {
            case 0 -> (int) bits;
            case 1 -> (int) (bits >>> 32);
            default -> 0;
        };
    }
}
