package dev.sojourn.isa;

import java.util.Arrays;

/** The opcode maps (SDM volume 2, appendix A.3): opcode, and the prefix that selects among vector instructions, to row. */
final class OpcodeTable {
    /** How the two- and three-byte maps are chosen: no prefix, 66, F3, F2. */
    static final int PREFIXES = 4;

    private static final Row[] ONE = OneByteRows.rows(false);
    private static final Row[] ONE_64 = OneByteRows.rows(true);
    private static final Row[][] TWO = map();
    private static final Row[][] THREE_38 = map();
    private static final Row[][] THREE_3A = map();

    static {
        TwoByteRows.fill(TWO, THREE_38);
        SystemRows.fill(TWO);
        FloatRows.fill(TWO);
        PackedRows.fill(TWO);
        ThreeByteRows.fill(THREE_38, THREE_3A);
    }

    private OpcodeTable() {}

    static Row oneByte(int opcode, Mode mode) { return (mode == Mode.BITS_64 ? ONE_64 : ONE)[opcode]; }

    static Row twoByte(int opcode, int prefix) { return TWO[prefix][opcode]; }

    static Row threeByte38(int opcode, int prefix) { return THREE_38[prefix][opcode]; }

    static Row threeByte3A(int opcode, int prefix) { return THREE_3A[prefix][opcode]; }

    /** The same row whatever the prefix. */
    static void all(Row[][] map, int opcode, Row row) {
        for (Row[] rows : map) {
            rows[opcode] = row;
        }
    }

    private static Row[][] map() {
        Row[][] map = new Row[PREFIXES][256];
        for (Row[] rows : map) {
            Arrays.fill(rows, Row.INVALID);
        }
        return map;
    }
}
