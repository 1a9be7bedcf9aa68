package dev.sojourn.share;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A guest's kernel, as a shared directory sees it. */
final class Client {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0100;

    private static final int ROOM = 1 << 16;

    private final SharedDirectory directory;
    private final byte[] reply = new byte[ROOM];

    Client(SharedDirectory directory) { this.directory = directory; }

    /** An answer: the error, and what came behind the header. */
    record Answer(int errno, ByteBuffer body) {
        /** Of an entry: its number. */
        long node() { return body.getLong(0); }

        int mode() { return body.getInt(40 + 60); }
    }

    Answer call(int opcode, long node, Object... fields) {
        ByteBuffer request = ByteBuffer.allocate(ROOM).order(ByteOrder.LITTLE_ENDIAN).position(40);
        for (Object field : fields) {
            switch (field) {
                case Integer number -> request.putInt(number);
                case Long number -> request.putLong(number);
                case String text -> request.put(text.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
                case byte[] bytes -> request.put(bytes);
                default -> throw new AssertionError(field);
            }
        }
        request.putInt(0, request.position()).putInt(4, opcode).putLong(8, 77).putLong(16, node);
        int length = directory.answer(request.array(), request.position(), reply, ROOM);
        ByteBuffer answer = ByteBuffer.wrap(java.util.Arrays.copyOf(reply, length)).order(ByteOrder.LITTLE_ENDIAN);
        return length == 0 ? new Answer(0, answer) : new Answer(-answer.getInt(4), answer.slice(16, length - 16).order(ByteOrder.LITTLE_ENDIAN));
    }

    Answer lookUp(long parent, String name) { return call(1, parent, name); }

    Answer open(long node, int flags) { return call(14, node, flags, 0); }

    Answer create(long parent, String name) { return call(35, parent, O_RDWR | O_CREAT, 0100644, 0, 0, name); }

    Answer makeDirectory(long parent, String name) { return call(9, parent, 0755, 0, name); }

    Answer write(long handle, long offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return call(16, 0, handle, offset, bytes.length, 0, 0L, 0, 0, bytes);
    }

    String read(long handle) {
        Answer answer = call(15, 0, handle, 0L, 1000, 0, 0L, 0, 0);
        return answer.errno + ":" + StandardCharsets.UTF_8.decode(answer.body);
    }
}
