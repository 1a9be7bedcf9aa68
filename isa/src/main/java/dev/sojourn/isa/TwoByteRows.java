package dev.sojourn.isa;

import static dev.sojourn.isa.OpcodeTable.all;
import static dev.sojourn.isa.Row.Trait.*;
import static dev.sojourn.isa.Row.of;

/** The general-purpose part of the two-byte opcode map (SDM volume 2, table A-3), and CRC32. */
final class TwoByteRows {
    private TwoByteRows() {}

    static void fill(Row[][] two, Row[][] three38) {
        for (int i = 0; i < 16; i++) {
            all(two, 0x40 + i, of(Op.CMOV, Form.Gv_Ev));
            all(two, 0x80 + i, of(Op.JCC, Form.FORM_Jz, FORCED_64, ENDS_BLOCK));
            all(two, 0x90 + i, of(Op.SET, Form.FORM_Eb));
        }
        for (int i = 0; i < 8; i++) {
            all(two, 0xc8 + i, of(Op.BSWAP, Form.FORM_Zv));
        }
        bits(two);
        moves(two);
        hints(two);
        three38[3][0xf0] = of(Op.CRC32, Form.Gd_Eb);
        three38[3][0xf1] = of(Op.CRC32, Form.Gd_Ev);
    }

    private static void bits(Row[][] two) {
        all(two, 0xa3, of(Op.BT, Form.Ev_Gv));
        all(two, 0xab, of(Op.BTS, Form.Ev_Gv, LOCKABLE));
        all(two, 0xb3, of(Op.BTR, Form.Ev_Gv, LOCKABLE));
        all(two, 0xbb, of(Op.BTC, Form.Ev_Gv, LOCKABLE));
        all(two, 0xa6, Row.INVALID_MODRM);
        all(two, 0xa7, Row.INVALID_MODRM);
        all(two, 0xba, Row.group(Row.INVALID, Row.INVALID, Row.INVALID, Row.INVALID, of(Op.BT, Form.Ev_Ib),
                of(Op.BTS, Form.Ev_Ib, LOCKABLE), of(Op.BTR, Form.Ev_Ib, LOCKABLE), of(Op.BTC, Form.Ev_Ib, LOCKABLE)));
        all(two, 0xbc, of(Op.BSF, Form.Gv_Ev));
        all(two, 0xbd, of(Op.BSR, Form.Gv_Ev));
        two[2][0xb8] = of(Op.POPCNT, Form.Gv_Ev);
        all(two, 0xa4, of(Op.SHLD, Form.Ev_Gv_Ib));
        all(two, 0xa5, of(Op.SHLD, Form.Ev_Gv_CL));
        all(two, 0xac, of(Op.SHRD, Form.Ev_Gv_Ib));
        all(two, 0xad, of(Op.SHRD, Form.Ev_Gv_CL));
        all(two, 0xaf, of(Op.IMUL2, Form.Gv_Ev));
    }

    private static void moves(Row[][] two) {
        all(two, 0xb0, of(Op.CMPXCHG, Form.Eb_Gb, LOCKABLE));
        all(two, 0xb1, of(Op.CMPXCHG, Form.Ev_Gv, LOCKABLE));
        all(two, 0xb6, of(Op.MOVZX, Form.Gv_Eb));
        all(two, 0xb7, of(Op.MOVZX, Form.Gv_Ew));
        all(two, 0xbe, of(Op.MOVSX, Form.Gv_Eb));
        all(two, 0xbf, of(Op.MOVSX, Form.Gv_Ew));
        all(two, 0xc0, of(Op.XADD, Form.Eb_Gb, LOCKABLE));
        all(two, 0xc1, of(Op.XADD, Form.Ev_Gv, LOCKABLE));
        two[0][0xc3] = of(Op.MOVNTI, Form.My_Gy);
        all(two, 0xc7, Row.group(
                Row.INVALID, of(Op.CMPXCHG8B, Form.FORM_M, LOCKABLE), Row.INVALID, Row.INVALID,
                Row.INVALID, Row.INVALID, Row.INVALID, Row.INVALID,
                Row.INVALID, Row.INVALID, Row.INVALID, Row.INVALID,
                Row.INVALID, Row.INVALID, of(Op.RDRAND, Form.FORM_Rv), of(Op.RDSEED, Form.FORM_Rv)));
        Row repeated = Row.group(Row.INVALID, of(Op.CMPXCHG8B, Form.FORM_M, LOCKABLE), Row.INVALID, Row.INVALID,
                Row.INVALID, Row.INVALID, Row.INVALID, Row.INVALID);
        two[2][0xc7] = repeated;
        two[3][0xc7] = repeated;
    }

    /** Prefetches and the reserved no-operations. */
    private static void hints(Row[][] two) {
        all(two, 0x0d, of(Op.NOP, Form.FORM_Ev));
        for (int i = 0x18; i <= 0x1f; i++) {
            all(two, i, of(Op.NOP, Form.FORM_Ev));
        }
    }
}
