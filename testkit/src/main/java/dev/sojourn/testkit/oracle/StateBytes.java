package dev.sojourn.testkit.oracle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A processor state as bytes: RIP, RFLAGS, general registers, FXSAVE image up to the last XMM register, windows. */
final class StateBytes {
    static final int BYTES = 16 + 8 * ProcessorState.GENERAL + ProcessorState.FX_USED + Layout.WINDOWS_BYTES;

    private StateBytes() {}

    static byte[] of(ProcessorState state) {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(state.rip()).putLong(state.rflags());
        for (long value : state.general()) {
            buffer.putLong(value);
        }
        return buffer.put(state.fx(), 0, ProcessorState.FX_USED).put(state.windows()).array();
    }

    static ProcessorState state(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long rip = buffer.getLong();
        long rflags = buffer.getLong();
        long[] general = new long[ProcessorState.GENERAL];
        for (int i = 0; i < general.length; i++) {
            general[i] = buffer.getLong();
        }
        byte[] fx = new byte[ProcessorState.FX_BYTES];
        buffer.get(fx, 0, ProcessorState.FX_USED);
        byte[] windows = new byte[Layout.WINDOWS_BYTES];
        buffer.get(windows);
        return new ProcessorState(rip, rflags, general, fx, windows);
    }
}
