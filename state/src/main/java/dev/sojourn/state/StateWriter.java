package dev.sojourn.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Writes fields: what {@link StateReader} reads.
 *
 * <p>A field is a byte for its kind ({@link FieldKind}, plus 0x80 if it may be ignored), a byte for the length of its name, the
 * name in ASCII, four bytes for the length of its value, and the value. Numbers are little-endian.
 */
public final class StateWriter {
    /** Names are words, not prose. */
    static final int NAME_BYTES_MAX = 64;

    private ByteBuffer buffer = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    private int mayIgnore;

    /** Nothing written yet. */
    public StateWriter() {}

    public StateWriter number(String name, long value) {
        header(FieldKind.NUMBER, name, 8);
        buffer.putLong(value);
        return this;
    }

    public StateWriter flag(String name, boolean value) { return number(name, value ? 1 : 0); }

    public StateWriter bytes(String name, byte[] value) { return bytes(FieldKind.BYTES, name, value); }

    public StateWriter text(String name, String value) {
        return bytes(FieldKind.TEXT, name, value.getBytes(StandardCharsets.UTF_8));
    }

    public StateWriter numbers(String name, long... values) {
        header(FieldKind.NUMBERS, name, 8 * values.length);
        for (long value : values) {
            buffer.putLong(value);
        }
        return this;
    }

    public StateWriter numbers(String name, int[] values) {
        return numbers(name, Arrays.stream(values).asLongStream().toArray());
    }

    /** Fields under a name of their own. */
    public StateWriter group(String name, Consumer<StateWriter> fields) {
        int length = open(FieldKind.GROUP, name);
        fields.accept(this);
        close(length);
        return this;
    }

    /** A group for each item. */
    public <T> StateWriter list(String name, List<T> items, BiConsumer<StateWriter, T> fields) {
        int length = open(FieldKind.LIST, name);
        for (T item : items) {
            int start = reserve();
            fields.accept(this, item);
            close(start);
        }
        close(length);
        return this;
    }

    /** The fields written by this may be ignored by a reader that does not know them. */
    public StateWriter mayIgnore(Consumer<StateWriter> fields) {
        int before = mayIgnore;
        mayIgnore = FieldKind.MAY_IGNORE;
        fields.accept(this);
        mayIgnore = before;
        return this;
    }

    /** All that was written. */
    public byte[] toBytes() { return Arrays.copyOf(buffer.array(), buffer.position()); }

    private StateWriter bytes(FieldKind kind, String name, byte[] value) {
        header(kind, name, value.length);
        buffer.put(value);
        return this;
    }

    private void header(FieldKind kind, String name, int length) {
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        assert ascii.length > 0 && ascii.length <= NAME_BYTES_MAX : name;
        room(6 + ascii.length + length);
        buffer.put((byte) (kind.code() | mayIgnore)).put((byte) ascii.length).put(ascii).putInt(length);
    }

    private int open(FieldKind kind, String name) {
        header(kind, name, 0);
        return buffer.position();
    }

    private int reserve() {
        room(4);
        buffer.putInt(0);
        return buffer.position();
    }

    private void close(int start) { buffer.putInt(start - 4, buffer.position() - start); }

    private void room(int more) {
        if (buffer.remaining() < more) {
            int size = Math.max(2 * buffer.capacity(), Math.addExact(buffer.position(), more));
            buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN).put(buffer.flip());
        }
    }
}
