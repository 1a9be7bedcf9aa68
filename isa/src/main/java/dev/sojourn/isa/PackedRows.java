package dev.sojourn.isa;

import static dev.sojourn.isa.FloatRows.NONE;
import static dev.sojourn.isa.FloatRows.P66;
import static dev.sojourn.isa.FloatRows.PF2;
import static dev.sojourn.isa.FloatRows.PF3;
import static dev.sojourn.isa.Row.INVALID;
import static dev.sojourn.isa.Row.vector;

/** The integer part of MMX to SSE3 in the two-byte opcode map (SDM volume 2, table A-3). */
final class PackedRows {
    private PackedRows() {}

    static void fill(Row[][] two) {
        conversions(two);
        moves(two);
        shifts(two);
        shuffles(two);
        sums(two);
        others(two);
    }

    private static void conversions(Row[][] two) {
        low(two, 0x60, VectorOp.PUNPCKLBW);
        low(two, 0x61, VectorOp.PUNPCKLWD);
        low(two, 0x62, VectorOp.PUNPCKLDQ);
        packed(two, 0x63, VectorOp.PACKSSWB);
        packed(two, 0x67, VectorOp.PACKUSWB);
        packed(two, 0x68, VectorOp.PUNPCKHBW);
        packed(two, 0x69, VectorOp.PUNPCKHWD);
        packed(two, 0x6a, VectorOp.PUNPCKHDQ);
        packed(two, 0x6b, VectorOp.PACKSSDW);
        two[P66][0x6c] = vector(VectorOp.PUNPCKLQDQ, Form.V_W);
        two[P66][0x6d] = vector(VectorOp.PUNPCKHQDQ, Form.V_W);
    }

    private static void moves(Row[][] two) {
        two[NONE][0x6e] = vector(VectorOp.MOVD, Form.P_Ey);
        two[P66][0x6e] = vector(VectorOp.MOVD, Form.V_Ey);
        two[NONE][0x7e] = vector(VectorOp.MOVD, Form.Ey_P);
        two[P66][0x7e] = vector(VectorOp.MOVD, Form.Ey_V);
        two[PF3][0x7e] = vector(VectorOp.MOVQ, Form.V_Wq);
        two[P66][0xd6] = vector(VectorOp.MOVQ, Form.Wq_V);
        two[PF3][0xd6] = vector(VectorOp.MOVQ2DQ, Form.V_N);
        two[PF2][0xd6] = vector(VectorOp.MOVDQ2Q, Form.P_U);
        two[NONE][0x6f] = vector(VectorOp.MOVQ, Form.P_Q);
        two[P66][0x6f] = vector(VectorOp.MOVDQA, Form.V_W);
        two[PF3][0x6f] = vector(VectorOp.MOVDQU, Form.V_W);
        two[NONE][0x7f] = vector(VectorOp.MOVQ, Form.Q_P);
        two[P66][0x7f] = vector(VectorOp.MOVDQA, Form.W_V);
        two[PF3][0x7f] = vector(VectorOp.MOVDQU, Form.W_V);
        two[NONE][0x77] = vector(VectorOp.EMMS, Form.NONE);
        two[NONE][0xe7] = vector(VectorOp.MOVNTQ, Form.Mq_P);
        two[P66][0xe7] = vector(VectorOp.MOVNTDQ, Form.Mx_V);
        two[PF2][0xf0] = vector(VectorOp.LDDQU, Form.V_Mx);
        two[NONE][0xf7] = vector(VectorOp.MASKMOVQ, Form.P_N);
        two[P66][0xf7] = vector(VectorOp.MASKMOVDQU, Form.V_U);
    }

    private static void shifts(Row[][] two) {
        two[NONE][0x71] = shiftGroup(Form.N_Ib, VectorOp.PSRLW, VectorOp.PSRAW, VectorOp.PSLLW);
        two[P66][0x71] = shiftGroup(Form.U_Ib, VectorOp.PSRLW, VectorOp.PSRAW, VectorOp.PSLLW);
        two[NONE][0x72] = shiftGroup(Form.N_Ib, VectorOp.PSRLD, VectorOp.PSRAD, VectorOp.PSLLD);
        two[P66][0x72] = shiftGroup(Form.U_Ib, VectorOp.PSRLD, VectorOp.PSRAD, VectorOp.PSLLD);
        two[NONE][0x73] = Row.group(INVALID, INVALID, vector(VectorOp.PSRLQ, Form.N_Ib), INVALID,
                INVALID, INVALID, vector(VectorOp.PSLLQ, Form.N_Ib), INVALID);
        two[P66][0x73] = Row.group(INVALID, INVALID, vector(VectorOp.PSRLQ, Form.U_Ib),
                vector(VectorOp.PSRLDQ, Form.U_Ib), INVALID, INVALID, vector(VectorOp.PSLLQ, Form.U_Ib),
                vector(VectorOp.PSLLDQ, Form.U_Ib));
        packed(two, 0xd1, VectorOp.PSRLW);
        packed(two, 0xd2, VectorOp.PSRLD);
        packed(two, 0xd3, VectorOp.PSRLQ);
        packed(two, 0xe1, VectorOp.PSRAW);
        packed(two, 0xe2, VectorOp.PSRAD);
        packed(two, 0xf1, VectorOp.PSLLW);
        packed(two, 0xf2, VectorOp.PSLLD);
        packed(two, 0xf3, VectorOp.PSLLQ);
    }

    private static Row shiftGroup(Form form, VectorOp right, VectorOp arithmetic, VectorOp left) {
        return Row.group(INVALID, INVALID, vector(right, form), INVALID, vector(arithmetic, form), INVALID,
                vector(left, form), INVALID);
    }

    private static void shuffles(Row[][] two) {
        two[NONE][0x70] = vector(VectorOp.PSHUFW, Form.P_Q_Ib);
        two[P66][0x70] = vector(VectorOp.PSHUFD, Form.V_W_Ib);
        two[PF3][0x70] = vector(VectorOp.PSHUFHW, Form.V_W_Ib);
        two[PF2][0x70] = vector(VectorOp.PSHUFLW, Form.V_W_Ib);
        two[NONE][0xc4] = vector(VectorOp.PINSRW, Form.P_RdMw_Ib);
        two[P66][0xc4] = vector(VectorOp.PINSRW, Form.V_RdMw_Ib);
        two[NONE][0xc5] = vector(VectorOp.PEXTRW, Form.Gd_N_Ib);
        two[P66][0xc5] = vector(VectorOp.PEXTRW, Form.Gd_U_Ib);
        two[NONE][0xd7] = vector(VectorOp.PMOVMSKB, Form.Gd_N);
        two[P66][0xd7] = vector(VectorOp.PMOVMSKB, Form.Gd_U);
    }

    private static void sums(Row[][] two) {
        packed(two, 0xd4, VectorOp.PADDQ);
        packed(two, 0xd8, VectorOp.PSUBUSB);
        packed(two, 0xd9, VectorOp.PSUBUSW);
        packed(two, 0xdc, VectorOp.PADDUSB);
        packed(two, 0xdd, VectorOp.PADDUSW);
        packed(two, 0xe0, VectorOp.PAVGB);
        packed(two, 0xe3, VectorOp.PAVGW);
        packed(two, 0xe8, VectorOp.PSUBSB);
        packed(two, 0xe9, VectorOp.PSUBSW);
        packed(two, 0xec, VectorOp.PADDSB);
        packed(two, 0xed, VectorOp.PADDSW);
        packed(two, 0xf8, VectorOp.PSUBB);
        packed(two, 0xf9, VectorOp.PSUBW);
        packed(two, 0xfa, VectorOp.PSUBD);
        packed(two, 0xfb, VectorOp.PSUBQ);
        packed(two, 0xfc, VectorOp.PADDB);
        packed(two, 0xfd, VectorOp.PADDW);
        packed(two, 0xfe, VectorOp.PADDD);
    }

    /** Comparisons, products, logic. */
    private static void others(Row[][] two) {
        packed(two, 0x64, VectorOp.PCMPGTB);
        packed(two, 0x65, VectorOp.PCMPGTW);
        packed(two, 0x66, VectorOp.PCMPGTD);
        packed(two, 0x74, VectorOp.PCMPEQB);
        packed(two, 0x75, VectorOp.PCMPEQW);
        packed(two, 0x76, VectorOp.PCMPEQD);
        packed(two, 0xda, VectorOp.PMINUB);
        packed(two, 0xde, VectorOp.PMAXUB);
        packed(two, 0xea, VectorOp.PMINSW);
        packed(two, 0xee, VectorOp.PMAXSW);
        packed(two, 0xd5, VectorOp.PMULLW);
        packed(two, 0xe4, VectorOp.PMULHUW);
        packed(two, 0xe5, VectorOp.PMULHW);
        packed(two, 0xf4, VectorOp.PMULUDQ);
        packed(two, 0xf5, VectorOp.PMADDWD);
        packed(two, 0xf6, VectorOp.PSADBW);
        packed(two, 0xdb, VectorOp.PAND);
        packed(two, 0xdf, VectorOp.PANDN);
        packed(two, 0xeb, VectorOp.POR);
        packed(two, 0xef, VectorOp.PXOR);
    }

    /** MMX without a prefix, XMM with 66. */
    static void packed(Row[][] map, int opcode, VectorOp op) {
        map[NONE][opcode] = vector(op, Form.P_Q);
        map[P66][opcode] = vector(op, Form.V_W);
    }

    /** The MMX form loads but 32 bits. */
    private static void low(Row[][] two, int opcode, VectorOp op) {
        two[NONE][opcode] = vector(op, Form.P_Qd);
        two[P66][opcode] = vector(op, Form.V_W);
    }
}
