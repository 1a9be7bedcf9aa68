package dev.sojourn.disk.qcow2;

import dev.sojourn.disk.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** L2 tables in memory, by their place in the L1 table; those used last stay. */
final class L2Cache {
    /** Enough for 64 GiB in clusters of the usual size. */
    private static final int BYTES_MAX = 8 << 20;
    private static final int TABLES_MIN = 2;

    private static final class Table {
        final long offset;
        final long[] entries;
        boolean dirty;

        Table(long offset, long[] entries) {
            this.offset = offset;
            this.entries = entries;
        }
    }

    private final Storage file;
    private final int tableBytes;
    private final int tablesMax;
    private final Map<Integer, Table> tables = new LinkedHashMap<>(16, 0.75f, true);
    private int dirty;

    L2Cache(Storage file, int tableBytes) {
        this.file = file;
        this.tableBytes = tableBytes;
        tablesMax = Math.max(TABLES_MIN, BYTES_MAX / tableBytes);
    }

    /** Whether bringing a table in would drive out one that is not in the file yet. */
    boolean mustCommit(int index) {
        return !tables.containsKey(index) && tables.size() == tablesMax && tables.values().iterator().next().dirty;
    }

    long[] get(int index, long offset) throws IOException {
        Table table = tables.get(index);
        if (table == null) {
            if (offset % tableBytes != 0 || offset >= file.bytes()) {
                throw new IOException("damaged image: a table at 0x" + Long.toHexString(offset));
            }
            byte[] bytes = new byte[tableBytes];
            file.readPadded(offset, bytes, 0, tableBytes);
            table = new Table(offset, new long[tableBytes / 8]);
            ByteBuffer.wrap(bytes).asLongBuffer().get(table.entries);
            makeRoom();
            tables.put(index, table);
        }
        return table.entries;
    }

    /** A new table, which is not in the file yet. */
    void put(int index, long offset, long[] entries) {
        Table old = tables.remove(index);
        dirty -= old != null && old.dirty ? 1 : 0;
        makeRoom();
        tables.put(index, new Table(offset, entries));
        dirty(index);
    }

    void dirty(int index) {
        Table table = tables.get(index);
        dirty += table.dirty ? 0 : 1;
        table.dirty = true;
    }

    boolean isDirty() { return dirty > 0; }

    void write() throws IOException {
        byte[] bytes = new byte[tableBytes];
        for (Table table : tables.values()) {
            if (table.dirty) {
                ByteBuffer.wrap(bytes).asLongBuffer().put(table.entries);
                file.write(table.offset, bytes, 0, tableBytes);
                table.dirty = false;
                dirty--;
            }
        }
    }

    private void makeRoom() {
        if (tables.size() == tablesMax) {
            Iterator<Table> oldest = tables.values().iterator();
            Table gone = oldest.next();
            assert !gone.dirty : gone.offset;
            oldest.remove();
        }
    }
}
