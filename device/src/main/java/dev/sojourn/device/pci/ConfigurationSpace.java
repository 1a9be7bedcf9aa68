package dev.sojourn.device.pci;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;

/**
 * The 256 bytes of a function with a header of type 0: what they hold and which of their bits the guest may write.
 *
 * <p>A device builds it once and is then told of each write, to look at its base addresses and command bits.
 */
public final class ConfigurationSpace implements PciFunction, Stateful {
    public static final int BYTES = 256;
    public static final int BARS = 6;

    private static final int VENDOR_ID = 0x00;
    private static final int COMMAND = 0x04;
    private static final int REVISION_ID = 0x08;
    private static final int BAR0 = 0x10;
    private static final int SUBSYSTEM = 0x2c;
    private static final int INTERRUPT_LINE = 0x3c;
    private static final int INTERRUPT_PIN = 0x3d;

    private static final int COMMAND_IO = 0x0001;
    private static final int COMMAND_MEMORY = 0x0002;
    private static final int COMMAND_MASTER = 0x0004;
    private static final int COMMAND_INTERRUPT_DISABLE = 0x0400;
    private static final int COMMAND_WRITABLE = 0x0547;

    private static final int BAR_IO = 0x1;
    private static final int BAR_MEMORY_64 = 0x4;

    private final byte[] bytes = new byte[BYTES];
    private final byte[] writable = new byte[BYTES];
    private final Runnable written;

    /**
     * @param classCode base class, subclass and interface, 24 bits
     * @param written called after each write of the guest
     */
    public ConfigurationSpace(int vendor, int device, int classCode, int revision, Runnable written) {
        this.written = written;
        set(VENDOR_ID, 4, vendor & 0xffff | device << 16);
        set(REVISION_ID, 4, classCode << 8 | revision & 0xff);
        allow(COMMAND, 2, COMMAND_WRITABLE);
        allow(INTERRUPT_LINE, 1, 0xff);
    }

    /** The host bridge that a guest expects at 00:00.0: the 82441FX of the PC of this machine's age. */
    public static ConfigurationSpace hostBridge() {
        return new ConfigurationSpace(0x8086, 0x1237, 0x06_0000, 2, () -> {});
    }

    public ConfigurationSpaceState state() { return new ConfigurationSpaceState(bytes); }

    /** Takes over what a guest may write; the rest is what the device is. */
    public void restore(ConfigurationSpaceState state) {
        byte[] saved = state.bytes();
        for (int i = 0; i < BYTES; i++) {
            write(i, saved[i]);
        }
        written.run();
    }

    @Override public void save(StateWriter out) { state().save(out); }

    @Override public void restore(StateReader in) throws BadState {
        restore(ConfigurationSpaceState.read(in));
    }

    public void subsystem(int vendor, int device) { set(SUBSYSTEM, 4, vendor & 0xffff | device << 16); }

    /** Connects one of INTA to INTD, 1 to 4. */
    public void interruptPin(int pin) { set(INTERRUPT_PIN, 1, pin); }

    /** A base address of I/O ports; {@code size} is a power of two, at least 4. */
    public void portBar(int bar, int size) { bar(bar, size, 4, BAR_IO); }

    /** A base address of memory with 32 bits; {@code size} is a power of two, at least 16. */
    public void memoryBar(int bar, int size) { bar(bar, size, 16, 0); }

    /** A base address of memory with 64 bits, which takes this register and the next. */
    public void memoryBar64(int bar, long size) {
        if (bar + 1 >= BARS || size < 16 || Long.bitCount(size) != 1) {
            throw new IllegalArgumentException("Base address " + bar + " of " + size + " bytes");
        }
        set(BAR0 + 4 * bar, 4, BAR_MEMORY_64);
        allow(BAR0 + 4 * bar, 4, (int) -size & ~0xf);
        allow(BAR0 + 4 * bar + 4, 4, (int) (-size >> 32));
    }

    /** Where the guest has put a window; the device answers there if the command register lets it. */
    public long barAddress(int bar) {
        int low = readConfiguration(BAR0 + 4 * bar, 4);
        if ((low & BAR_IO) != 0) {
            return Integer.toUnsignedLong(low & ~3);
        }
        long high = (low & BAR_MEMORY_64) != 0 ? readConfiguration(BAR0 + 4 * bar + 4, 4) : 0;
        return high << 32 | Integer.toUnsignedLong(low & ~0xf);
    }

    public boolean portsEnabled() { return (command() & COMMAND_IO) != 0; }

    public boolean memoryEnabled() { return (command() & COMMAND_MEMORY) != 0; }

    public boolean masterEnabled() { return (command() & COMMAND_MASTER) != 0; }

    public boolean interruptsEnabled() { return (command() & COMMAND_INTERRUPT_DISABLE) == 0; }

    /** Sets bytes on the device's side. */
    public void set(int offset, int size, int value) {
        for (int i = 0; i < size; i++) {
            bytes[offset + i] = (byte) (value >>> 8 * i);
        }
    }

    /** Says which bits the guest may write. */
    public void allow(int offset, int size, int mask) {
        for (int i = 0; i < size; i++) {
            writable[offset + i] = (byte) (mask >>> 8 * i);
        }
    }

    @Override public int readConfiguration(int offset, int size) {
        int value = 0;
        for (int i = 0; i < size; i++) {
            value |= (bytes[offset + i] & 0xff) << 8 * i;
        }
        return value;
    }

    @Override public void writeConfiguration(int offset, int size, int value) {
        for (int i = 0; i < size; i++) {
            write(offset + i, value >>> 8 * i);
        }
        written.run();
    }

    private void write(int offset, int value) {
        int mask = writable[offset];
        bytes[offset] = (byte) (bytes[offset] & ~mask | value & mask);
    }

    private void bar(int bar, int size, int sizeMin, int kind) {
        if (bar < 0 || bar >= BARS || size < sizeMin || Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException("Base address " + bar + " of " + size + " bytes");
        }
        set(BAR0 + 4 * bar, 4, kind);
        allow(BAR0 + 4 * bar, 4, -size);
    }

    private int command() { return readConfiguration(COMMAND, 2); }
}
