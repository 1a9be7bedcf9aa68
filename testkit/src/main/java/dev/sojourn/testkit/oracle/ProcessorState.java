package dev.sojourn.testkit.oracle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * All that a user program can see of its processor and of the memory of {@link Layout}.
 *
 * <p>The arrays are the record's own: whoever makes one hands them over, whoever reads one leaves them as they are.
 *
 * @param general RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 to R15
 * @param fx the image of FXSAVE64 (volume 1, section 10.5.1)
 * @param windows the three windows of {@link Layout}, one after the other
 */
public record ProcessorState(long rip, long rflags, long[] general, byte[] fx, byte[] windows) {
    public static final int GENERAL = 16;
    public static final int FX_BYTES = 512;

    /** Offsets in the FXSAVE image. */
    public static final int FX_CONTROL = 0;
    public static final int FX_STATUS = 2;
    public static final int FX_TAGS = 4;
    public static final int FX_OPCODE = 6;
    public static final int FX_INSTRUCTION = 8;
    public static final int FX_DATA = 16;
    public static final int FX_MXCSR = 24;
    public static final int FX_MXCSR_MASK = 28;
    public static final int FX_STACK = 32;
    public static final int FX_XMM = 160;
    public static final int FX_USED = FX_XMM + 16 * 16;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    public ProcessorState {
        if (general.length != GENERAL || fx.length != FX_BYTES || windows.length != Layout.WINDOWS_BYTES) {
            throw new IllegalArgumentException(general.length + ", " + fx.length + ", " + windows.length);
        }
    }

    public int fxShort(int offset) { return (short) SHORT.get(fx, offset) & 0xffff; }

    public int fxInt(int offset) { return (int) INT.get(fx, offset); }

    public long fxLong(int offset) { return (long) LONG.get(fx, offset); }

    @Override public boolean equals(Object other) {
        return other instanceof ProcessorState that && rip == that.rip && rflags == that.rflags
                && Arrays.equals(general, that.general) && Arrays.equals(fx, that.fx)
                && Arrays.equals(windows, that.windows);
    }

    @Override public int hashCode() {
        return (Long.hashCode(rip) * 31 + Arrays.hashCode(general)) * 31 + Arrays.hashCode(windows);
    }
}
