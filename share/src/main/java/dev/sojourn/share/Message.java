package dev.sojourn.share;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes of a request, read from front to back; what is not there is an invalid argument. */
final class Message {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    final byte[] bytes;
    private final int length;
    private int at;

    Message(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    int at() { return at; }

    int left() { return length - at; }

    int u32() throws Errno.Failure {
        int value = (int) INTS.get(bytes, take(4));
        return value;
    }

    long u64() throws Errno.Failure { return (long) LONGS.get(bytes, take(8)); }

    void skip(int count) throws Errno.Failure { take(count); }

    /** Text up to a zero byte. */
    String text() throws Errno.Failure {
        int start = at;
        while (at < length && bytes[at] != 0) {
            at++;
        }
        int end = take(1);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, end - start)).toString();
        } catch (CharacterCodingException _) {
            throw new Errno.Failure(Errno.EINVAL);
        }
    }

    /** The name of a directory's entry: one component that names neither the directory nor the one above. */
    String name() throws Errno.Failure {
        String name = text();
        if (!isName(name)) {
            throw new Errno.Failure(Errno.EINVAL);
        }
        if (name.length() > 255) {
            throw new Errno.Failure(Errno.ENAMETOOLONG);
        }
        return name;
    }

    static boolean isName(String name) {
        return !name.isEmpty() && !name.equals(".") && !name.equals("..") && name.indexOf('/') < 0 && name.indexOf(0) < 0;
    }

    private int take(int count) throws Errno.Failure {
        if (count < 0 || count > length - at) {
            throw new Errno.Failure(Errno.EINVAL);
        }
        int start = at;
        at += count;
        return start;
    }
}
