package dev.sojourn.snapshot;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The head of a snapshot: a header of fixed size, and the table behind it.
 *
 * <pre>
 * 00 "SJRNSNAP"
 * 08 u32 format version, 1
 * 0c u32 bytes of the table
 * 10 u64 bytes of the file
 * 18 u32 CRC-32C of the table
 * 1c zeros
 * 3c u32 CRC-32C of the 60 bytes before
 * 40 the table: the group "about" and the list "sections", as fields
 * </pre>
 *
 * All numbers are little-endian.
 */
record SnapshotTable(SnapshotAbout about, List<SectionEntry> sections) {
    static final int HEADER_BYTES = 64;
    /** Some hundred sections of a hundred bytes each are far less. */
    static final int TABLE_BYTES_MAX = 1 << 20;

    private static final long MAGIC = 0x50414e_534e524a53L;
    private static final int FORMAT_VERSION = 1;
    private static final int SECTIONS_MAX = 1024;
    private static final int VERSION = 8;
    private static final int TABLE_BYTES = 12;
    private static final int FILE_BYTES = 16;
    private static final int TABLE_SUM = 24;
    private static final int HEADER_SUM = 60;

    SnapshotTable {
        sections = List.copyOf(sections);
    }

    /** Header and table; their size does not depend on offsets, lengths and checksums. */
    byte[] toBytes(long fileBytes) {
        StateWriter out = new StateWriter();
        out.group("about", about::save).list("sections", sections, (each, entry) -> entry.save(each));
        byte[] table = out.toBytes();
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + table.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0, MAGIC).putInt(VERSION, FORMAT_VERSION).putInt(TABLE_BYTES, table.length).putLong(FILE_BYTES, fileBytes);
        bytes.putInt(TABLE_SUM, sum(table, 0, table.length)).put(HEADER_BYTES, table);
        return bytes.putInt(HEADER_SUM, sum(bytes.array(), 0, HEADER_SUM)).array();
    }

    /**
     * How many bytes the table has, by a header.
     *
     * @param fileBytes the size the file has
     */
    static int tableBytes(byte[] header, long fileBytes) throws BadSnapshot {
        ByteBuffer bytes = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        if (header.length < HEADER_BYTES || bytes.getLong(0) != MAGIC) {
            throw new BadSnapshot("The file is not a snapshot; check the path.");
        }
        if (bytes.getInt(VERSION) != FORMAT_VERSION) {
            throw new BadSnapshot("The snapshot is in format " + Integer.toUnsignedString(bytes.getInt(VERSION))
                    + ", and this release knows format " + FORMAT_VERSION + "; use a newer release.");
        }
        int tableBytes = bytes.getInt(TABLE_BYTES);
        if (bytes.getInt(HEADER_SUM) != sum(header, 0, HEADER_SUM) || tableBytes < 0 || tableBytes > TABLE_BYTES_MAX) {
            throw new BadSnapshot("The snapshot's header is damaged; use another copy.");
        }
        if (bytes.getLong(FILE_BYTES) != fileBytes) {
            throw new BadSnapshot("The snapshot has " + fileBytes + " bytes of its " + bytes.getLong(FILE_BYTES)
                    + "; it was not copied whole.");
        }
        return tableBytes;
    }

    static SnapshotTable read(byte[] header, byte[] table, long fileBytes) throws BadSnapshot {
        if (ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(TABLE_SUM) != sum(table, 0, table.length)) {
            throw new BadSnapshot("The snapshot's table is damaged; use another copy.");
        }
        try {
            StateReader in = new StateReader("snapshot", FORMAT_VERSION, table);
            SnapshotAbout about = SnapshotAbout.read(in.group("about"));
            List<SectionEntry> sections = new ArrayList<>();
            for (StateReader each : in.list("sections", SECTIONS_MAX)) {
                SectionEntry entry = SectionEntry.read(each, fileBytes);
                if (entry.isKnown()) {
                    sections.add(entry);
                } else if (!entry.mayIgnore()) {
                    throw each.bad("has the section " + entry.name() + " of kind " + entry.kind()
                            + ", which this release does not know; use a newer one");
                }
            }
            in.finish();
            return new SnapshotTable(about, sections);
        } catch (BadState e) {
            throw new BadSnapshot(e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new BadSnapshot("The snapshot's machine cannot be: " + e.getMessage() + ".", e);
        }
    }

    static int sum(byte[] bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }
}
