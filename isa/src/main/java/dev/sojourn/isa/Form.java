package dev.sojourn.isa;

import static dev.sojourn.isa.Operand.*;

import java.util.List;

/** The operands of an instruction, destination first. */
public enum Form {
    NONE(),
    Eb_Gb(Eb, Gb), Ev_Gv(Ev, Gv), Gb_Eb(Gb, Eb), Gv_Ev(Gv, Ev), AL_Ib(AL, Ib), rAX_Iz(rAX, Iz),
    Eb_Ib(Eb, Ib), Ev_Iz(Ev, Iz), Ev_sIb(Ev, sIb), Ev_Ib(Ev, Ib), Eb_1(Eb, ONE), Ev_1(Ev, ONE), Eb_CL(Eb, CL), Ev_CL(Ev, CL),
    FORM_Eb(Eb), FORM_Ev(Ev), FORM_Ev64(Ev64), FORM_Ew(Ew), FORM_EvMw(EvMw), FORM_M(M), FORM_Mb(Mb), FORM_Mq(Mq),
    FORM_Zv(Zv), FORM_Zv64(Zv64), FORM_Iz(Iz), FORM_sIb(sIb), FORM_Ib(Ib), FORM_Iw(Iw), FORM_Jb(Jb), FORM_Jz(Jz), FORM_Ap(Ap),
    Gv_M(Gv, M), Gv_Ev_Iz(Gv, Ev, Iz), Gv_Ev_sIb(Gv, Ev, sIb), Ew_Gw(Ew, Gw), Gv_Ez(Gv, Ez), Gv_Eb(Gv, Eb), Gv_Ew(Gv, Ew),
    EvMw_Sw(EvMw, Sw), Sw_Ew(Sw, Ew), Zv_rAX(Zv, rAX), AL_Ob(AL, Ob), rAX_Ov(rAX, Ov), Ob_AL(Ob, AL), Ov_rAX(Ov, rAX),
    Zb_Ib(Zb, Ib), Zv_Iv(Zv, Iv), Iw_Ib(Iw, Ib), rAX_Ib(rAX, Ib), Ib_AL(Ib, AL), Ib_rAX(Ib, rAX),
    AL_DX(AL, DX), rAX_DX(rAX, DX), DX_AL(DX, AL), DX_rAX(DX, rAX),
    Ev_Gv_Ib(Ev, Gv, Ib), Ev_Gv_CL(Ev, Gv, CL), Rd_Cd(Rd, Cd), Cd_Rd(Cd, Rd), Rd_Dd(Rd, Dd), Dd_Rd(Dd, Rd),
    My_Gy(My, Gy), FORM_Rv(Rv), Gd_Eb(Gy, Eb), Gd_Ev(Gy, Ev),

    /** x87: the ModRM byte selects all. */
    X87(M),

    V_W(V, W), W_V(W, V), V_Wq(V, Wq), Wq_V(Wq, V), V_Wd(V, Wd), Wd_V(Wd, V), V_Ww(V, Ww), V_Mq(V, Mq), Mq_V(Mq, V), V_Mx(V, Mx),
    Mx_V(Mx, V), V_U(V, U), V_W_Ib(V, W, Ib), V_Wq_Ib(V, Wq, Ib), V_Wd_Ib(V, Wd, Ib), V_Ey(V, Ey), Ey_V(Ey, V), Gy_Wq(Gy, Wq),
    Gy_Wd(Gy, Wd), Gd_U(Gd, U), U_Ib(U, Ib), V_RdMb_Ib(V, RdMb, Ib), V_RdMw_Ib(V, RdMw, Ib), V_Ey_Ib(V, Ey, Ib),
    RdMb_V_Ib(RdMb, V, Ib), RdMw_V_Ib(RdMw, V, Ib), Ey_V_Ib(Ey, V, Ib), Ed_V_Ib(Ed, V, Ib), Gd_U_Ib(Gd, U, Ib),
    P_Q(P, Q), P_Qd(P, Qd), Q_P(Q, P), Mq_P(Mq, P), P_N(P, N), P_Q_Ib(P, Q, Ib), P_Ey(P, Ey), Ey_P(Ey, P), Gd_N(Gd, N), N_Ib(N, Ib),
    P_RdMw_Ib(P, RdMw, Ib), Gd_N_Ib(Gd, N, Ib), V_N(V, N), P_U(P, U), V_Q(V, Q), P_W(P, W), P_Wq(P, Wq);

    public final List<Operand> operands;

    Form(Operand... operands) { this.operands = List.of(operands); }

    public boolean hasModRm() {
        for (Operand operand : operands) {
            if (operand.kind.isModRm()) {
                return true;
            }
        }
        return false;
    }
}
