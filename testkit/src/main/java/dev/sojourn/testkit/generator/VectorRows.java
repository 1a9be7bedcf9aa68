package dev.sojourn.testkit.generator;

import java.util.ArrayList;
import java.util.List;

/** MMX and SSE to SSE4.2 (volume 1, chapters 9 to 12), with FXSAVE and its like. */
final class VectorRows {
    /** Opcodes with an MMX form and, with 66, an SSE form of the same operation. */
    private static final String BOTH = """
            63 packsswb  64 pcmpgtb  65 pcmpgtw  66 pcmpgtd  67 packuswb  68 punpckhbw  69 punpckhwd  6A punpckhdq
            6B packssdw  74 pcmpeqb  75 pcmpeqw  76 pcmpeqd  D1 psrlw  D2 psrld  D3 psrlq  D4 paddq  D5 pmullw
            D8 psubusb  D9 psubusw  DA pminub  DB pand  DC paddusb  DD paddusw  DE pmaxub  DF pandn  E0 pavgb
            E1 psraw  E2 psrad  E3 pavgw  E4 pmulhuw  E5 pmulhw  E8 psubsb  E9 psubsw  EA pminsw  EB por  EC paddsb
            ED paddsw  EE pmaxsw  EF pxor  F1 psllw  F2 pslld  F3 psllq  F4 pmuludq  F5 pmaddwd  F6 psadbw  F8 psubb
            F9 psubw  FA psubd  FB psubq  FC paddb  FD paddw  FE paddd
            3800 pshufb  3801 phaddw  3802 phaddd  3803 phaddsw  3804 pmaddubsw  3805 phsubw  3806 phsubd
            3807 phsubsw  3808 psignb  3809 psignw  380A psignd  380B pmulhrsw  381C pabsb  381D pabsw  381E pabsd
            """;

    /** Arithmetic in all four forms: PS, PD, SS, SD. */
    private static final String FOUR = "51 sqrt  58 add  59 mul  5C sub  5D min  5E div  5F max";

    private static final String SSE4 = """
            3810 pblendvb Wx  3814 blendvps Wps  3815 blendvpd Wpd  3817 ptest Wx  3828 pmuldq Wx  3829 pcmpeqq Wx
            382B packusdw Wx  3837 pcmpgtq Wx  3838 pminsb Wx  3839 pminsd Wx  383A pminuw Wx  383B pminud Wx
            383C pmaxsb Wx  383D pmaxsd Wx  383E pmaxuw Wx  383F pmaxud Wx  3840 pmulld Wx  3841 phminposuw Wx
            3820 pmovsxbw Wq  3821 pmovsxbd Wd  3822 pmovsxbq Ww  3823 pmovsxwd Wq  3824 pmovsxwq Wd  3825 pmovsxdq Wq
            3830 pmovzxbw Wq  3831 pmovzxbd Wd  3832 pmovzxbq Ww  3833 pmovzxwd Wq  3834 pmovzxwq Wd  3835 pmovzxdq Wq
            """;

    private static final String TEXT = """
            NP.0F10 movups  Vps,Wps unaligned
            NP.0F11 movups  Wps,Vps unaligned
            66.0F10 movupd  Vpd,Wpd unaligned
            66.0F11 movupd  Wpd,Vpd unaligned
            F3.0F10 movss   Vss,Wss
            F3.0F11 movss   Wss,Vss
            F2.0F10 movsd   Vsd,Wsd
            F2.0F11 movsd   Wsd,Vsd
            NP.0F12 movlps  Vq,Wq
            66.0F12 movlpd  Vq,Mq
            NP.0F13 movlps  Mq,Vq
            66.0F13 movlpd  Mq,Vq
            F3.0F12 movsldup Vps,Wps
            F2.0F12 movddup Vq,Wsd
            F3.0F16 movshdup Vps,Wps
            NP.0F14 unpcklps Vps,Wps
            66.0F14 unpcklpd Vpd,Wpd
            NP.0F15 unpckhps Vps,Wps
            66.0F15 unpckhpd Vpd,Wpd
            NP.0F16 movhps  Vq,Wq
            66.0F16 movhpd  Vq,Mq
            NP.0F17 movhps  Mq,Vq
            66.0F17 movhpd  Mq,Vq
            NP.0F28 movaps  Vps,Wps
            66.0F28 movapd  Vpd,Wpd
            NP.0F29 movaps  Wps,Vps
            66.0F29 movapd  Wpd,Vpd
            NP.0F2A cvtpi2ps Vps,Qd2
            66.0F2A cvtpi2pd Vpd,Qd2
            F3.0F2A cvtsi2ss Vss,Ey
            F2.0F2A cvtsi2sd Vsd,Ey
            NP.0F2B movntps Mps,Vps
            66.0F2B movntpd Mpd,Vpd
            NP.0F2C cvttps2pi Pq,Wps2
            66.0F2C cvttpd2pi Pq,Wpd
            F3.0F2C cvttss2si Gy,Wss
            F2.0F2C cvttsd2si Gy,Wsd
            NP.0F2D cvtps2pi Pq,Wps2
            66.0F2D cvtpd2pi Pq,Wpd
            F3.0F2D cvtss2si Gy,Wss
            F2.0F2D cvtsd2si Gy,Wsd
            NP.0F2E ucomiss Vss,Wss
            66.0F2E ucomisd Vsd,Wsd
            NP.0F2F comiss  Vss,Wss
            66.0F2F comisd  Vsd,Wsd
            NP.0F50 movmskps Gy,Ups
            66.0F50 movmskpd Gy,Upd
            NP.0F52 rsqrtps Vps,Wps u_approximate
            F3.0F52 rsqrtss Vss,Wss u_approximate
            NP.0F53 rcpps   Vps,Wps u_approximate
            F3.0F53 rcpss   Vss,Wss u_approximate
            NP.0F54 andps   Vps,Wps
            66.0F54 andpd   Vpd,Wpd
            NP.0F55 andnps  Vps,Wps
            66.0F55 andnpd  Vpd,Wpd
            NP.0F56 orps    Vps,Wps
            66.0F56 orpd    Vpd,Wpd
            NP.0F57 xorps   Vps,Wps
            66.0F57 xorpd   Vpd,Wpd
            NP.0F5A cvtps2pd Vpd,Wps2
            66.0F5A cvtpd2ps Vps,Wpd
            F3.0F5A cvtss2sd Vsd,Wss
            F2.0F5A cvtsd2ss Vss,Wsd
            NP.0F5B cvtdq2ps Vps,Wx
            66.0F5B cvtps2dq Vx,Wps
            F3.0F5B cvttps2dq Vx,Wps
            NP.0F60 punpcklbw Pq,Qd
            NP.0F61 punpcklwd Pq,Qd
            NP.0F62 punpckldq Pq,Qd
            66.0F60 punpcklbw Vx,Wx
            66.0F61 punpcklwd Vx,Wx
            66.0F62 punpckldq Vx,Wx
            66.0F6C punpcklqdq Vx,Wx
            66.0F6D punpckhqdq Vx,Wx
            NP.0F6E movd    Pq,Ey
            66.0F6E movd    Vx,Ey
            NP.0F7E movd    Ey,Pq
            66.0F7E movd    Ey,Vx
            NP.0F6F movq    Pq,Qq
            66.0F6F movdqa  Vx,Wx
            F3.0F6F movdqu  Vx,Wx   unaligned
            NP.0F7F movq    Qq,Pq
            66.0F7F movdqa  Wx,Vx
            F3.0F7F movdqu  Wx,Vx   unaligned
            NP.0F70 pshufw  Pq,Qq,Ib
            66.0F70 pshufd  Vx,Wx,Ib
            F3.0F70 pshufhw Vx,Wx,Ib
            F2.0F70 pshuflw Vx,Wx,Ib
            NP.0F71/2 psrlw Nq,Ib
            NP.0F71/4 psraw Nq,Ib
            NP.0F71/6 psllw Nq,Ib
            NP.0F72/2 psrld Nq,Ib
            NP.0F72/4 psrad Nq,Ib
            NP.0F72/6 pslld Nq,Ib
            NP.0F73/2 psrlq Nq,Ib
            NP.0F73/6 psllq Nq,Ib
            66.0F71/2 psrlw Ux,Ib
            66.0F71/4 psraw Ux,Ib
            66.0F71/6 psllw Ux,Ib
            66.0F72/2 psrld Ux,Ib
            66.0F72/4 psrad Ux,Ib
            66.0F72/6 pslld Ux,Ib
            66.0F73/2 psrlq Ux,Ib
            66.0F73/3 psrldq Ux,Ib
            66.0F73/6 psllq Ux,Ib
            66.0F73/7 pslldq Ux,Ib
            NP.0F77 emms    -
            66.0F7C haddpd  Vpd,Wpd
            F2.0F7C haddps  Vps,Wps
            66.0F7D hsubpd  Vpd,Wpd
            F2.0F7D hsubps  Vps,Wps
            F3.0F7E movq    Vx,Wq
            66.0FD6 movq    Wq,Vx
            F3.0FD6 movq2dq Vx,Nq
            F2.0FD6 movdq2q Pq,Ux
            NP.0FC2 cmpps   Vps,Wps,Ic
            66.0FC2 cmppd   Vpd,Wpd,Ic
            F3.0FC2 cmpss   Vss,Wss,Ic
            F2.0FC2 cmpsd   Vsd,Wsd,Ic
            NP.0FC4 pinsrw  Pq,Edw,Ib
            66.0FC4 pinsrw  Vx,Edw,Ib
            NP.0FC5 pextrw  Gy,Nq,Ib
            66.0FC5 pextrw  Gy,Ux,Ib
            NP.0FC6 shufps  Vps,Wps,Ib
            66.0FC6 shufpd  Vpd,Wpd,Ib
            66.0FD0 addsubpd Vpd,Wpd
            F2.0FD0 addsubps Vps,Wps
            NP.0FD7 pmovmskb Gy,Nq
            66.0FD7 pmovmskb Gy,Ux
            66.0FE6 cvttpd2dq Vx,Wpd
            F2.0FE6 cvtpd2dq Vx,Wpd
            F3.0FE6 cvtdq2pd Vpd,Wq
            NP.0FE7 movntq  Mq,Pq
            66.0FE7 movntdq Mx,Vx
            F2.0FF0 lddqu   Vx,Mx   unaligned
            NP.0FF7 maskmovq Pq,Nq  mask_store
            66.0FF7 maskmovdqu Vx,Ux mask_store
            66.0F382A movntdqa Vx,Mx
            66.0F3A08 roundps Vps,Wps,Ir
            66.0F3A09 roundpd Vpd,Wpd,Ir
            66.0F3A0A roundss Vss,Wss,Ir
            66.0F3A0B roundsd Vsd,Wsd,Ir
            66.0F3A0C blendps Vps,Wps,Ib
            66.0F3A0D blendpd Vpd,Wpd,Ib
            66.0F3A0E pblendw Vx,Wx,Ib
            NP.0F3A0F palignr Pq,Qq,Ib
            66.0F3A0F palignr Vx,Wx,Ib
            66.0F3A14 pextrb Edb,Vx,Ib
            66.0F3A15 pextrw Edw,Vx,Ib
            66.0F3A16 pextrd Ey,Vx,Ib
            66.0F3A17 extractps Ed,Vps,Ib
            66.0F3A20 pinsrb Vx,Edb,Ib
            66.0F3A21 insertps Vps,Wss,Ib
            66.0F3A22 pinsrd Vx,Ey,Ib
            66.0F3A40 dpps  Vps,Wps,Ib
            66.0F3A41 dppd  Vpd,Wpd,Ib
            66.0F3A42 mpsadbw Vx,Wx,Ib
            66.0F3A60 pcmpestrm Vx,Wx,Is unaligned lengths
            66.0F3A61 pcmpestri Vx,Wx,Is unaligned lengths
            66.0F3A62 pcmpistrm Vx,Wx,Is unaligned
            66.0F3A63 pcmpistri Vx,Wx,Is unaligned
            NP.0FAE/0 fxsave Mfx    no66
            NP.0FAE/1 fxrstor Mfx   no66 loads_fx
            NP.0FAE/2 ldmxcsr Md    no66 loads_mxcsr
            NP.0FAE/3 stmxcsr Md    no66
            """;

    private VectorRows() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>(Row.parseAll(TEXT));
        String[] both = BOTH.trim().split("\\s+");
        for (int i = 0; i < both.length; i += 2) {
            rows.add(Row.parse("NP.0F" + both[i] + " " + both[i + 1] + " Pq,Qq"));
            rows.add(Row.parse("66.0F" + both[i] + " " + both[i + 1] + " Vx,Wx"));
        }
        String[] four = FOUR.split("\\s+");
        for (int i = 0; i < four.length; i += 2) {
            rows.add(Row.parse("NP.0F" + four[i] + " " + four[i + 1] + "ps Vps,Wps"));
            rows.add(Row.parse("66.0F" + four[i] + " " + four[i + 1] + "pd Vpd,Wpd"));
            rows.add(Row.parse("F3.0F" + four[i] + " " + four[i + 1] + "ss Vss,Wss"));
            rows.add(Row.parse("F2.0F" + four[i] + " " + four[i + 1] + "sd Vsd,Wsd"));
        }
        String[] sse4 = SSE4.trim().split("\\s+");
        for (int i = 0; i < sse4.length; i += 3) {
            rows.add(Row.parse("66.0F" + sse4[i] + " " + sse4[i + 1] + " Vx," + sse4[i + 2]));
        }
        return rows;
    }
}
