package dev.sojourn.isa;

import static dev.sojourn.isa.Row.vector;

/** The floating-point part of SSE to SSE3 in the two-byte opcode map (SDM volume 2, table A-3). */
final class FloatRows {
    /** The prefixes that choose a column of an opcode. */
    static final int NONE = 0;
    static final int P66 = 1;
    static final int PF3 = 2;
    static final int PF2 = 3;

    private FloatRows() {}

    static void fill(Row[][] two) {
        moves(two);
        arithmetic(two);
        conversions(two);
        comparisons(two);
    }

    private static void moves(Row[][] two) {
        both(two, 0x10, vector(VectorOp.MOVUPS, Form.V_W));
        both(two, 0x11, vector(VectorOp.MOVUPS, Form.W_V));
        two[PF3][0x10] = vector(VectorOp.MOVSS, Form.V_Wd);
        two[PF3][0x11] = vector(VectorOp.MOVSS, Form.Wd_V);
        two[PF2][0x10] = vector(VectorOp.MOVSD, Form.V_Wq);
        two[PF2][0x11] = vector(VectorOp.MOVSD, Form.Wq_V);
        two[NONE][0x12] = memoryOrRegister(vector(VectorOp.MOVLPS, Form.V_Mq), vector(VectorOp.MOVHLPS, Form.V_U));
        two[P66][0x12] = vector(VectorOp.MOVLPS, Form.V_Mq);
        two[PF3][0x12] = vector(VectorOp.MOVSLDUP, Form.V_W);
        two[PF2][0x12] = vector(VectorOp.MOVDDUP, Form.V_Wq);
        both(two, 0x13, vector(VectorOp.MOVLPS, Form.Mq_V));
        both(two, 0x17, vector(VectorOp.MOVHPS, Form.Mq_V));
        two[NONE][0x16] = memoryOrRegister(vector(VectorOp.MOVHPS, Form.V_Mq), vector(VectorOp.MOVLHPS, Form.V_U));
        two[P66][0x16] = vector(VectorOp.MOVHPS, Form.V_Mq);
        two[PF3][0x16] = vector(VectorOp.MOVSHDUP, Form.V_W);
        both(two, 0x28, vector(VectorOp.MOVAPS, Form.V_W));
        both(two, 0x29, vector(VectorOp.MOVAPS, Form.W_V));
        both(two, 0x2b, vector(VectorOp.MOVNTPS, Form.Mx_V));
        two[NONE][0x14] = vector(VectorOp.PUNPCKLDQ, Form.V_W);
        two[P66][0x14] = vector(VectorOp.PUNPCKLQDQ, Form.V_W);
        two[NONE][0x15] = vector(VectorOp.PUNPCKHDQ, Form.V_W);
        two[P66][0x15] = vector(VectorOp.PUNPCKHQDQ, Form.V_W);
        two[NONE][0x50] = vector(VectorOp.MOVMSKPS, Form.Gd_U);
        two[P66][0x50] = vector(VectorOp.MOVMSKPD, Form.Gd_U);
        two[NONE][0xc6] = vector(VectorOp.SHUFPS, Form.V_W_Ib);
        two[P66][0xc6] = vector(VectorOp.SHUFPD, Form.V_W_Ib);
    }

    private static void arithmetic(Row[][] two) {
        four(two, 0x51, VectorOp.SQRTPS, VectorOp.SQRTPD, VectorOp.SQRTSS, VectorOp.SQRTSD);
        four(two, 0x58, VectorOp.ADDPS, VectorOp.ADDPD, VectorOp.ADDSS, VectorOp.ADDSD);
        four(two, 0x59, VectorOp.MULPS, VectorOp.MULPD, VectorOp.MULSS, VectorOp.MULSD);
        four(two, 0x5c, VectorOp.SUBPS, VectorOp.SUBPD, VectorOp.SUBSS, VectorOp.SUBSD);
        four(two, 0x5d, VectorOp.MINPS, VectorOp.MINPD, VectorOp.MINSS, VectorOp.MINSD);
        four(two, 0x5e, VectorOp.DIVPS, VectorOp.DIVPD, VectorOp.DIVSS, VectorOp.DIVSD);
        four(two, 0x5f, VectorOp.MAXPS, VectorOp.MAXPD, VectorOp.MAXSS, VectorOp.MAXSD);
        two[NONE][0x52] = vector(VectorOp.RSQRTPS, Form.V_W);
        two[PF3][0x52] = vector(VectorOp.RSQRTSS, Form.V_Wd);
        two[NONE][0x53] = vector(VectorOp.RCPPS, Form.V_W);
        two[PF3][0x53] = vector(VectorOp.RCPSS, Form.V_Wd);
        both(two, 0x54, vector(VectorOp.PAND, Form.V_W));
        both(two, 0x55, vector(VectorOp.PANDN, Form.V_W));
        both(two, 0x56, vector(VectorOp.POR, Form.V_W));
        both(two, 0x57, vector(VectorOp.PXOR, Form.V_W));
        two[P66][0x7c] = vector(VectorOp.HADDPD, Form.V_W);
        two[PF2][0x7c] = vector(VectorOp.HADDPS, Form.V_W);
        two[P66][0x7d] = vector(VectorOp.HSUBPD, Form.V_W);
        two[PF2][0x7d] = vector(VectorOp.HSUBPS, Form.V_W);
        two[P66][0xd0] = vector(VectorOp.ADDSUBPD, Form.V_W);
        two[PF2][0xd0] = vector(VectorOp.ADDSUBPS, Form.V_W);
    }

    private static void conversions(Row[][] two) {
        two[NONE][0x2a] = vector(VectorOp.CVTPI2PS, Form.V_Q);
        two[P66][0x2a] = vector(VectorOp.CVTPI2PD, Form.V_Q);
        two[PF3][0x2a] = vector(VectorOp.CVTSI2SS, Form.V_Ey);
        two[PF2][0x2a] = vector(VectorOp.CVTSI2SD, Form.V_Ey);
        two[NONE][0x2c] = vector(VectorOp.CVTTPS2PI, Form.P_Wq);
        two[P66][0x2c] = vector(VectorOp.CVTTPD2PI, Form.P_W);
        two[PF3][0x2c] = vector(VectorOp.CVTTSS2SI, Form.Gy_Wd);
        two[PF2][0x2c] = vector(VectorOp.CVTTSD2SI, Form.Gy_Wq);
        two[NONE][0x2d] = vector(VectorOp.CVTPS2PI, Form.P_Wq);
        two[P66][0x2d] = vector(VectorOp.CVTPD2PI, Form.P_W);
        two[PF3][0x2d] = vector(VectorOp.CVTSS2SI, Form.Gy_Wd);
        two[PF2][0x2d] = vector(VectorOp.CVTSD2SI, Form.Gy_Wq);
        two[NONE][0x5a] = vector(VectorOp.CVTPS2PD, Form.V_Wq);
        two[P66][0x5a] = vector(VectorOp.CVTPD2PS, Form.V_W);
        two[PF3][0x5a] = vector(VectorOp.CVTSS2SD, Form.V_Wd);
        two[PF2][0x5a] = vector(VectorOp.CVTSD2SS, Form.V_Wq);
        two[NONE][0x5b] = vector(VectorOp.CVTDQ2PS, Form.V_W);
        two[P66][0x5b] = vector(VectorOp.CVTPS2DQ, Form.V_W);
        two[PF3][0x5b] = vector(VectorOp.CVTTPS2DQ, Form.V_W);
        two[P66][0xe6] = vector(VectorOp.CVTTPD2DQ, Form.V_W);
        two[PF3][0xe6] = vector(VectorOp.CVTDQ2PD, Form.V_Wq);
        two[PF2][0xe6] = vector(VectorOp.CVTPD2DQ, Form.V_W);
    }

    private static void comparisons(Row[][] two) {
        two[NONE][0x2e] = vector(VectorOp.UCOMISS, Form.V_Wd);
        two[P66][0x2e] = vector(VectorOp.UCOMISD, Form.V_Wq);
        two[NONE][0x2f] = vector(VectorOp.COMISS, Form.V_Wd);
        two[P66][0x2f] = vector(VectorOp.COMISD, Form.V_Wq);
        two[NONE][0xc2] = vector(VectorOp.CMPPS, Form.V_W_Ib);
        two[P66][0xc2] = vector(VectorOp.CMPPD, Form.V_W_Ib);
        two[PF3][0xc2] = vector(VectorOp.CMPSS, Form.V_Wd_Ib);
        two[PF2][0xc2] = vector(VectorOp.CMPSD, Form.V_Wq_Ib);
    }

    /** Packed single, packed double, scalar single, scalar double. */
    private static void four(Row[][] two, int opcode, VectorOp ps, VectorOp pd, VectorOp ss, VectorOp sd) {
        two[NONE][opcode] = vector(ps, Form.V_W);
        two[P66][opcode] = vector(pd, Form.V_W);
        two[PF3][opcode] = vector(ss, Form.V_Wd);
        two[PF2][opcode] = vector(sd, Form.V_Wq);
    }

    /** The same without a prefix and with 66: the element type does not count. */
    private static void both(Row[][] two, int opcode, Row row) {
        two[NONE][opcode] = row;
        two[P66][opcode] = row;
    }

    private static Row memoryOrRegister(Row m, Row r) {
        return Row.group(m, m, m, m, m, m, m, m, r, r, r, r, r, r, r, r);
    }
}
