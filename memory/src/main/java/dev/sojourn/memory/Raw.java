package dev.sojourn.memory;

import java.lang.reflect.Field;
import sun.misc.Unsafe;

/**
 * Little-endian access to host memory by address: the only class that does so.
 *
 * <p>No check is made. A caller holds an address that {@link GuestMemory} gave out for a page and stays inside the page.
 */
public final class Raw {
    private static final Unsafe UNSAFE = unsafe();

    private Raw() {}

    public static byte getByte(long address) { return UNSAFE.getByte(address); }

    public static short getShort(long address) { return UNSAFE.getShort(address); }

    public static int getInt(long address) { return UNSAFE.getInt(address); }

    public static long getLong(long address) { return UNSAFE.getLong(address); }

    public static void putByte(long address, byte value) { UNSAFE.putByte(address, value); }

    public static void putShort(long address, short value) { UNSAFE.putShort(address, value); }

    public static void putInt(long address, int value) { UNSAFE.putInt(address, value); }

    public static void putLong(long address, long value) { UNSAFE.putLong(address, value); }

    public static void fill(long address, long bytes, byte value) { UNSAFE.setMemory(address, bytes, value); }

    /** Copies between places that do not overlap. */
    public static void copy(long source, long target, long bytes) { UNSAFE.copyMemory(source, target, bytes); }

    public static void copyIn(byte[] source, int offset, long target, int bytes) {
        UNSAFE.copyMemory(source, Unsafe.ARRAY_BYTE_BASE_OFFSET + (long) offset, null, target, bytes);
    }

    public static void copyOut(long source, byte[] target, int offset, int bytes) {
        UNSAFE.copyMemory(null, source, target, Unsafe.ARRAY_BYTE_BASE_OFFSET + (long) offset, bytes);
    }

    private static Unsafe unsafe() {
        try {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (Unsafe) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("This JVM offers no raw memory access.", e);
        }
    }
}
