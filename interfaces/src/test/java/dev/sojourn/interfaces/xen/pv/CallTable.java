package dev.sojourn.interfaces.xen.pv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sojourn.cpu.Cpu;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A guest in machine code that makes the calls of a table one after the other, keeps each answer, and switches itself off. */
final class CallTable implements AutoCloseable {
    /** Where the guest has its table, and memory for whatever calls read and write: frames of its own. */
    static final int TABLE_FRAME = 8;
    static final int DATA_FRAME = 16;
    static final long DATA = PvRig.linear(DATA_FRAME);

    private static final int ENTRY_BYTES = 56;
    private static final int ENTRIES_PER_RUN = 500;
    private static final long INSTRUCTIONS_MAX = 100_000;

    private record Call(String text, int number, long[] arguments) {}

    final PvRig rig = new PvRig(code(), 2);
    private final List<Call> calls = new ArrayList<>();

    /** Loads RAX, RDI, RSI, RDX, R10 and R8, calls, stores RAX, and goes on; behind the last it calls sched_op shutdown. */
    private static byte[] code() {
        ByteBuffer code = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
        code.put(bytes(0x48, 0xbb)).putLong(PvRig.linear(TABLE_FRAME));
        int again = code.position();
        code.put(bytes(0x48, 0x8b, 0x03, 0x48, 0x83, 0xf8, 0xff, 0x74, 0x20));
        code.put(bytes(0x48, 0x8b, 0x7b, 0x08, 0x48, 0x8b, 0x73, 0x10, 0x48, 0x8b, 0x53, 0x18));
        code.put(bytes(0x4c, 0x8b, 0x53, 0x20, 0x4c, 0x8b, 0x43, 0x28, 0x0f, 0x05));
        code.put(bytes(0x48, 0x89, 0x43, 0x30, 0x48, 0x83, 0xc3, 0x38));
        code.put(bytes(0xeb, again - (code.position() + 2)));
        code.put(bytes(0xb8, 29, 0, 0, 0, 0xbf, 2, 0, 0, 0, 0x48, 0xbe)).putLong(PvRig.linear(TABLE_FRAME - 1));
        return code.put(bytes(0x0f, 0x05, 0xeb, 0xfe)).array();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) bytes[i] = (byte) values[i];
        return bytes;
    }

    /** One more call. */
    void call(String text, int number, long... arguments) { calls.add(new Call(text, number, arguments)); }

    /** Words for the calls to find, at a place in the data. */
    void data(int offset, long... words) {
        long at = rig.physical(DATA_FRAME + (offset >> 12)) + (offset & 0xfff);
        for (int i = 0; i < words.length; i++) rig.memory.putLong(at + 8L * i, words[i]);
    }

    long data(int offset) { return rig.memory.getLong(rig.physical(DATA_FRAME + (offset >> 12)) + (offset & 0xfff)); }

    /** Runs the guest and compares its answers, a line each: what was called, and the answer in decimal. */
    void reports(String expected) {
        assert calls.size() < ENTRIES_PER_RUN;
        for (int i = 0; i < calls.size(); i++) {
            word(i, 0, calls.get(i).number);
            for (int n = 0; n < calls.get(i).arguments.length; n++) word(i, 8 + 8 * n, calls.get(i).arguments[n]);
        }
        word(calls.size(), 0, -1);
        Cpu cpu = rig.cpu(0);
        while (rig.endings == 0 && !cpu.shutdown && cpu.executed < INSTRUCTIONS_MAX) rig.engine.run(cpu, 1000);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < calls.size(); i++) {
            text.append(calls.get(i).text).append(' ').append(rig.memory.getLong(at(i, 48))).append('\n');
        }
        assertEquals(expected, text.toString(), rig.console());
        assertEquals(1, rig.endings, rig.console());
    }

    private long at(int entry, int offset) {
        int place = entry * ENTRY_BYTES + offset;
        return rig.physical(TABLE_FRAME + (place >> 12)) + (place & 0xfff);
    }

    private void word(int entry, int offset, long value) { rig.memory.putLong(at(entry, offset), value); }

    @Override public void close() { rig.close(); }
}
