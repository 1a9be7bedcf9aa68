package dev.sojourn.snapshot;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

/**
 * A line of the section table.
 *
 * @param kind {@link #PART}, {@link #HOST}, {@link #RAM}, {@link #RAM_INDEX} or {@link #RAM_PAGES}
 * @param checksum CRC-32C of the content; of RAM as {@link RamSum} has it
 */
record SectionEntry(String kind, String name, int version, boolean mayIgnore, long offset, long length, int checksum) {
    /** The state of a part of the machine. */
    static final String PART = "part";
    /** Something of the program around the machine. */
    static final String HOST = "host";
    /** All of RAM. */
    static final String RAM = "ram";
    /** The numbers of the pages that changed since the base, 64 bits each. */
    static final String RAM_INDEX = "ram-index";
    /** Those pages. */
    static final String RAM_PAGES = "ram-pages";

    private static final int NAME_BYTES_MAX = 64;

    SectionEntry at(long offset, long length, int checksum) {
        return new SectionEntry(kind, name, version, mayIgnore, offset, length, checksum);
    }

    boolean isKnown() {
        return switch (kind) {
            case PART, HOST, RAM, RAM_INDEX, RAM_PAGES -> true;
            default -> false;
        };
    }

    void save(StateWriter out) {
        out.text("kind", kind).text("name", name).number("version", version).flag("may-ignore", mayIgnore);
        out.number("offset", offset).number("length", length).number("checksum", checksum & 0xffff_ffffL);
    }

    static SectionEntry read(StateReader in, long fileBytes) throws BadState {
        SectionEntry entry = new SectionEntry(in.text("kind", NAME_BYTES_MAX), in.text("name", NAME_BYTES_MAX),
                in.number("version", 1, Integer.MAX_VALUE), in.flag("may-ignore"), in.number("offset"), in.number("length"),
                (int) in.number("checksum"));
        if (entry.offset < 0 || entry.length < 0 || entry.offset > fileBytes || entry.length > fileBytes - entry.offset) {
            throw in.bad("has the section " + entry.name + " outside of the file");
        }
        return entry;
    }
}
