package dev.sojourn.share;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The bytes of an answer behind its header; more than there is room for is an invalid argument. */
final class Reply {
    static final int HEADER_BYTES = 16;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    final byte[] bytes;
    private final int room;
    private int at = HEADER_BYTES;

    Reply(byte[] bytes, int room) {
        this.bytes = bytes;
        this.room = room;
    }

    int at() { return at; }

    int left() { return room - at; }

    void u32(int value) throws Errno.Failure { INTS.set(bytes, take(4), value); }

    void u64(long value) throws Errno.Failure { LONGS.set(bytes, take(8), value); }

    void bytes(byte[] source) throws Errno.Failure { System.arraycopy(source, 0, bytes, take(source.length), source.length); }

    void zeros(int count) throws Errno.Failure { java.util.Arrays.fill(bytes, take(count), at, (byte) 0); }

    /** Room that was filled otherwise. */
    void filled(int count) throws Errno.Failure { take(count); }

    /** Goes back to a place passed before. */
    void cut(int at) { this.at = at; }

    /** Writes the header. @return bytes of the whole answer */
    int finish(long unique, int errno) {
        if (room < HEADER_BYTES) {
            return 0;
        }
        at = errno == 0 ? at : HEADER_BYTES;
        INTS.set(bytes, 0, at);
        INTS.set(bytes, 4, -errno);
        LONGS.set(bytes, 8, unique);
        return at;
    }

    private int take(int count) throws Errno.Failure {
        if (count > room - at) {
            throw new Errno.Failure(Errno.EINVAL);
        }
        int start = at;
        at += count;
        return start;
    }
}
