package dev.sojourn.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Field;
import java.nio.ByteOrder;
import sun.misc.Unsafe;

/**
 * Little-endian access to host memory by address: the only class that does so.
 *
 * <p>No check is made. A caller holds an address that {@link GuestMemory} gave out for a page and stays inside the page.
 *
 * <p>There are two forms, one chosen when the class is loaded: {@code Unsafe}, which stays fast in large methods and in code of
 * the JVM's first compiler, and foreign memory, which every JVM offers. The system property {@code sojourn.memory=foreign}
 * asks for the second; it is also taken where the first is missing or numbers lie the other way round.
 */
public final class Raw {
    private static final Unsafe UNSAFE = unsafe();
    private static final boolean FOREIGN = UNSAFE == null || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN;
    private static final MemorySegment ALL = FOREIGN ? MemorySegment.NULL.reinterpret(Long.MAX_VALUE) : MemorySegment.NULL;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Raw() {}

    /** Whether the foreign-memory form is in use. */
    public static boolean isForeign() { return FOREIGN; }

    public static byte getByte(long address) {
        return FOREIGN ? ALL.get(ValueLayout.JAVA_BYTE, address) : UNSAFE.getByte(address);
    }

    public static short getShort(long address) { return FOREIGN ? ALL.get(SHORT, address) : UNSAFE.getShort(address); }

    public static int getInt(long address) { return FOREIGN ? ALL.get(INT, address) : UNSAFE.getInt(address); }

    public static long getLong(long address) { return FOREIGN ? ALL.get(LONG, address) : UNSAFE.getLong(address); }

    public static void putByte(long address, byte value) {
        if (FOREIGN) {
            ALL.set(ValueLayout.JAVA_BYTE, address, value);
        } else {
            UNSAFE.putByte(address, value);
        }
    }

    public static void putShort(long address, short value) {
        if (FOREIGN) {
            ALL.set(SHORT, address, value);
        } else {
            UNSAFE.putShort(address, value);
        }
    }

    public static void putInt(long address, int value) {
        if (FOREIGN) {
            ALL.set(INT, address, value);
        } else {
            UNSAFE.putInt(address, value);
        }
    }

    public static void putLong(long address, long value) {
        if (FOREIGN) {
            ALL.set(LONG, address, value);
        } else {
            UNSAFE.putLong(address, value);
        }
    }

    public static void fill(long address, long bytes, byte value) {
        if (FOREIGN) {
            ALL.asSlice(address, bytes).fill(value);
        } else {
            UNSAFE.setMemory(address, bytes, value);
        }
    }

    /** Copies between places that do not overlap. */
    public static void copy(long source, long target, long bytes) {
        if (FOREIGN) {
            MemorySegment.copy(ALL, source, ALL, target, bytes);
        } else {
            UNSAFE.copyMemory(source, target, bytes);
        }
    }

    public static void copyIn(byte[] source, int offset, long target, int bytes) {
        if (FOREIGN) {
            MemorySegment.copy(source, offset, ALL, ValueLayout.JAVA_BYTE, target, bytes);
        } else {
            UNSAFE.copyMemory(source, Unsafe.ARRAY_BYTE_BASE_OFFSET + (long) offset, null, target, bytes);
        }
    }

    public static void copyOut(long source, byte[] target, int offset, int bytes) {
        if (FOREIGN) {
            MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, source, target, offset, bytes);
        } else {
            UNSAFE.copyMemory(null, source, target, Unsafe.ARRAY_BYTE_BASE_OFFSET + (long) offset, bytes);
        }
    }

    private static Unsafe unsafe() {
        if ("foreign".equals(System.getProperty("sojourn.memory"))) {
            return null;
        }
        try {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (Unsafe) field.get(null);
        } catch (ReflectiveOperationException _) {
            return null;
        }
    }
}
