package dev.sojourn.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the fields that {@link StateWriter} wrote, by name. Every length and value is checked; errors name the field. */
public final class StateReader {
    /** Fields in fields: far more than any part has. */
    private static final int DEPTH_MAX = 8;

    private final String where;
    private final int version;
    private final int depth;
    private final Map<String, Field> fields = new LinkedHashMap<>();

    private static final class Field {
        private final FieldKind kind;
        private final boolean mayIgnore;
        private final ByteBuffer value;
        private final List<StateReader> inner = new ArrayList<>();
        private boolean read;

        Field(FieldKind kind, boolean mayIgnore, ByteBuffer value) {
            this.kind = kind;
            this.mayIgnore = mayIgnore;
            this.value = value;
        }
    }

    /**
     * Finds the fields in some bytes.
     *
     * @param section by which errors name it
     * @param version of what was written
     */
    public StateReader(String section, int version, byte[] bytes) throws BadState {
        this(section, version, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), 0);
    }

    private StateReader(String where, int version, ByteBuffer bytes, int depth) throws BadState {
        this.where = where;
        this.version = version;
        this.depth = depth;
        if (depth > DEPTH_MAX) {
            throw bad("has fields nested too deep");
        }
        while (bytes.hasRemaining()) {
            parse(bytes);
        }
    }

    /** The version of what was written. */
    public int version() { return version; }

    public boolean has(String name) { return fields.containsKey(name); }

    public long number(String name) throws BadState { return number(take(name, FieldKind.NUMBER)); }

    /** A number in a range. */
    public int number(String name, int min, int max) throws BadState {
        long value = number(name);
        if (value < min || value > max) {
            throw bad("has " + name + " " + value + ", not from " + min + " to " + max);
        }
        return (int) value;
    }

    /** A number of 32 bits, whatever its sign. */
    public int number32(String name) throws BadState { return number(name, Integer.MIN_VALUE, Integer.MAX_VALUE); }

    public boolean flag(String name) throws BadState { return number(name, 0, 1) != 0; }

    public byte[] bytes(String name, int lengthMax) throws BadState { return bytes(name, FieldKind.BYTES, lengthMax); }

    public byte[] bytesOf(String name, int length) throws BadState {
        byte[] value = bytes(name, length);
        if (value.length != length) {
            throw bad("has " + value.length + " bytes of " + name + ", not " + length);
        }
        return value;
    }

    public String text(String name, int bytesMax) throws BadState {
        return new String(bytes(name, FieldKind.TEXT, bytesMax), StandardCharsets.UTF_8);
    }

    public long[] numbers(String name, int countMax) throws BadState {
        Field field = take(name, FieldKind.NUMBERS);
        int length = field.value.remaining();
        if (length % 8 != 0 || length / 8 > countMax) {
            throw bad("has " + length + " bytes of " + name + ", more than " + countMax + " numbers");
        }
        long[] values = new long[length / 8];
        field.value.duplicate().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(values);
        return values;
    }

    public long[] numbersOf(String name, int count) throws BadState {
        long[] values = numbers(name, count);
        if (values.length != count) {
            throw bad("has " + values.length + " numbers of " + name + ", not " + count);
        }
        return values;
    }

    /** Exactly so many numbers of 32 bits. */
    public int[] ints(String name, int count) throws BadState {
        long[] values = numbersOf(name, count);
        int[] ints = new int[count];
        for (int i = 0; i < count; i++) {
            ints[i] = (int) values[i];
            if (ints[i] != values[i]) {
                throw bad("has " + values[i] + " in " + name + ", which takes 32 bits");
            }
        }
        return ints;
    }

    public StateReader group(String name) throws BadState {
        Field field = take(name, FieldKind.GROUP);
        if (field.inner.isEmpty()) {
            field.inner.add(new StateReader(where + "." + name, version, sliced(field), depth + 1));
        }
        return field.inner.getFirst();
    }

    public List<StateReader> list(String name, int countMax) throws BadState {
        Field field = take(name, FieldKind.LIST);
        field.inner.clear();
        ByteBuffer value = sliced(field);
        while (value.hasRemaining()) {
            if (field.inner.size() == countMax) {
                throw bad("has more than " + countMax + " of " + name);
            }
            int length = value.remaining() < 4 ? -1 : value.getInt();
            if (length < 0 || length > value.remaining()) {
                throw bad("has a broken list " + name);
            }
            ByteBuffer item = value.slice(value.position(), length).order(ByteOrder.LITTLE_ENDIAN);
            value.position(value.position() + length);
            field.inner.add(new StateReader(where + "." + name + "[" + field.inner.size() + "]", version, item, depth + 1));
        }
        return List.copyOf(field.inner);
    }

    /** Exactly so many groups. */
    public List<StateReader> listOf(String name, int count) throws BadState {
        List<StateReader> list = list(name, count);
        if (list.size() != count) {
            throw bad("has " + list.size() + " of " + name + ", not " + count);
        }
        return list;
    }

    /** All that is known was read. @throws BadState if there is more, that may not be ignored */
    public void finish() throws BadState {
        for (Map.Entry<String, Field> entry : fields.entrySet()) {
            Field field = entry.getValue();
            if (!field.read && !field.mayIgnore) {
                throw bad("has " + entry.getKey() + ", which this release does not know; use a newer one");
            }
            for (StateReader inner : field.inner) {
                inner.finish();
            }
        }
    }

    /** The exception for a value that cannot be, with a sentence that begins with this section's name. */
    public BadState bad(String what) { return new BadState("The state of " + where + " " + what + "."); }

    private void parse(ByteBuffer bytes) throws BadState {
        if (bytes.remaining() < 2) {
            throw bad("ends within a field");
        }
        int code = bytes.get() & 0xff;
        int nameLength = bytes.get() & 0xff;
        FieldKind kind = FieldKind.of(code & ~FieldKind.MAY_IGNORE);
        if (nameLength < 1 || nameLength > StateWriter.NAME_BYTES_MAX || bytes.remaining() < nameLength + 4) {
            throw bad("ends within a field's name");
        }
        byte[] ascii = new byte[nameLength];
        bytes.get(ascii);
        String name = new String(ascii, StandardCharsets.US_ASCII);
        int length = bytes.getInt();
        if (length < 0 || length > bytes.remaining()) {
            throw bad("ends within " + printable(name));
        }
        if (kind == null && (code & FieldKind.MAY_IGNORE) == 0) {
            throw bad("has " + printable(name) + " of kind " + code + ", which this release does not know; use a newer one");
        }
        Field field = new Field(kind, (code & FieldKind.MAY_IGNORE) != 0, bytes.slice(bytes.position(), length));
        bytes.position(bytes.position() + length);
        if (fields.put(name, field) != null) {
            throw bad("has " + printable(name) + " twice");
        }
    }

    private static String printable(String name) { return name.replaceAll("[^ -~]", "?"); }

    private Field take(String name, FieldKind kind) throws BadState {
        Field field = fields.get(name);
        if (field == null) {
            throw bad("lacks " + name);
        }
        if (field.kind != kind || kind == FieldKind.NUMBER && field.value.remaining() != 8) {
            throw bad("has " + name + " in another form than expected");
        }
        field.read = true;
        return field;
    }

    private byte[] bytes(String name, FieldKind kind, int lengthMax) throws BadState {
        Field field = take(name, kind);
        if (field.value.remaining() > lengthMax) {
            throw bad("has " + field.value.remaining() + " bytes of " + name + ", more than " + lengthMax);
        }
        byte[] value = new byte[field.value.remaining()];
        field.value.duplicate().get(value);
        return value;
    }

    private static long number(Field field) { return field.value.duplicate().order(ByteOrder.LITTLE_ENDIAN).getLong(); }

    private static ByteBuffer sliced(Field field) { return field.value.slice().order(ByteOrder.LITTLE_ENDIAN); }
}
