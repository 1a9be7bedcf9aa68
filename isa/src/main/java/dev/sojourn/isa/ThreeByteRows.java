package dev.sojourn.isa;

import static dev.sojourn.isa.FloatRows.P66;
import static dev.sojourn.isa.PackedRows.packed;
import static dev.sojourn.isa.Row.vector;

/** SSSE3 and SSE4: the three-byte opcode maps (SDM volume 2, tables ). */
final class ThreeByteRows {
    private ThreeByteRows() {}

    static void fill(Row[][] map38, Row[][] map3A) {
        ssse3(map38, map3A);
        fill38(map38[P66]);
        fill3A(map3A[P66]);
    }

    private static void ssse3(Row[][] map38, Row[][] map3A) {
        packed(map38, 0x00, VectorOp.PSHUFB);
        packed(map38, 0x01, VectorOp.PHADDW);
        packed(map38, 0x02, VectorOp.PHADDD);
        packed(map38, 0x03, VectorOp.PHADDSW);
        packed(map38, 0x04, VectorOp.PMADDUBSW);
        packed(map38, 0x05, VectorOp.PHSUBW);
        packed(map38, 0x06, VectorOp.PHSUBD);
        packed(map38, 0x07, VectorOp.PHSUBSW);
        packed(map38, 0x08, VectorOp.PSIGNB);
        packed(map38, 0x09, VectorOp.PSIGNW);
        packed(map38, 0x0a, VectorOp.PSIGND);
        packed(map38, 0x0b, VectorOp.PMULHRSW);
        packed(map38, 0x1c, VectorOp.PABSB);
        packed(map38, 0x1d, VectorOp.PABSW);
        packed(map38, 0x1e, VectorOp.PABSD);
        map3A[FloatRows.NONE][0x0f] = vector(VectorOp.PALIGNR, Form.P_Q_Ib);
        map3A[P66][0x0f] = vector(VectorOp.PALIGNR, Form.V_W_Ib);
    }

    private static void fill38(Row[] map) {
        map[0x10] = vector(VectorOp.PBLENDVB, Form.V_W);
        map[0x14] = vector(VectorOp.BLENDVPS, Form.V_W);
        map[0x15] = vector(VectorOp.BLENDVPD, Form.V_W);
        map[0x17] = vector(VectorOp.PTEST, Form.V_W);
        map[0x20] = vector(VectorOp.PMOVSXBW, Form.V_Wq);
        map[0x21] = vector(VectorOp.PMOVSXBD, Form.V_Wd);
        map[0x22] = vector(VectorOp.PMOVSXBQ, Form.V_Ww);
        map[0x23] = vector(VectorOp.PMOVSXWD, Form.V_Wq);
        map[0x24] = vector(VectorOp.PMOVSXWQ, Form.V_Wd);
        map[0x25] = vector(VectorOp.PMOVSXDQ, Form.V_Wq);
        map[0x28] = vector(VectorOp.PMULDQ, Form.V_W);
        map[0x29] = vector(VectorOp.PCMPEQQ, Form.V_W);
        map[0x2a] = vector(VectorOp.MOVNTDQA, Form.V_Mx);
        map[0x2b] = vector(VectorOp.PACKUSDW, Form.V_W);
        map[0x30] = vector(VectorOp.PMOVZXBW, Form.V_Wq);
        map[0x31] = vector(VectorOp.PMOVZXBD, Form.V_Wd);
        map[0x32] = vector(VectorOp.PMOVZXBQ, Form.V_Ww);
        map[0x33] = vector(VectorOp.PMOVZXWD, Form.V_Wq);
        map[0x34] = vector(VectorOp.PMOVZXWQ, Form.V_Wd);
        map[0x35] = vector(VectorOp.PMOVZXDQ, Form.V_Wq);
        map[0x37] = vector(VectorOp.PCMPGTQ, Form.V_W);
        map[0x38] = vector(VectorOp.PMINSB, Form.V_W);
        map[0x39] = vector(VectorOp.PMINSD, Form.V_W);
        map[0x3a] = vector(VectorOp.PMINUW, Form.V_W);
        map[0x3b] = vector(VectorOp.PMINUD, Form.V_W);
        map[0x3c] = vector(VectorOp.PMAXSB, Form.V_W);
        map[0x3d] = vector(VectorOp.PMAXSD, Form.V_W);
        map[0x3e] = vector(VectorOp.PMAXUW, Form.V_W);
        map[0x3f] = vector(VectorOp.PMAXUD, Form.V_W);
        map[0x40] = vector(VectorOp.PMULLD, Form.V_W);
        map[0x41] = vector(VectorOp.PHMINPOSUW, Form.V_W);
    }

    private static void fill3A(Row[] map) {
        map[0x08] = vector(VectorOp.ROUNDPS, Form.V_W_Ib);
        map[0x09] = vector(VectorOp.ROUNDPD, Form.V_W_Ib);
        map[0x0a] = vector(VectorOp.ROUNDSS, Form.V_Wd_Ib);
        map[0x0b] = vector(VectorOp.ROUNDSD, Form.V_Wq_Ib);
        map[0x0c] = vector(VectorOp.BLENDPS, Form.V_W_Ib);
        map[0x0d] = vector(VectorOp.BLENDPD, Form.V_W_Ib);
        map[0x0e] = vector(VectorOp.PBLENDW, Form.V_W_Ib);
        map[0x14] = vector(VectorOp.PEXTRB, Form.RdMb_V_Ib);
        map[0x15] = vector(VectorOp.PEXTRW, Form.RdMw_V_Ib);
        map[0x16] = vector(VectorOp.PEXTRD, Form.Ey_V_Ib);
        map[0x17] = vector(VectorOp.EXTRACTPS, Form.Ed_V_Ib);
        map[0x20] = vector(VectorOp.PINSRB, Form.V_RdMb_Ib);
        map[0x21] = vector(VectorOp.INSERTPS, Form.V_Wd_Ib);
        map[0x22] = vector(VectorOp.PINSRD, Form.V_Ey_Ib);
        map[0x40] = vector(VectorOp.DPPS, Form.V_W_Ib);
        map[0x41] = vector(VectorOp.DPPD, Form.V_W_Ib);
        map[0x42] = vector(VectorOp.MPSADBW, Form.V_W_Ib);
        map[0x60] = vector(VectorOp.PCMPESTRM, Form.V_W_Ib);
        map[0x61] = vector(VectorOp.PCMPESTRI, Form.V_W_Ib);
        map[0x62] = vector(VectorOp.PCMPISTRM, Form.V_W_Ib);
        map[0x63] = vector(VectorOp.PCMPISTRI, Form.V_W_Ib);
    }
}
