package dev.sojourn.testkit.generator;

/** The x87 instructions (volume 1, chapter 8). */
final class FloatRows {
    static final String TEXT = """
            D8/0   fadd   Mfs  u_c023
            D8/1   fmul   Mfs  u_c023
            D8/2   fcom   Mfs
            D8/3   fcomp  Mfs
            D8/4   fsub   Mfs  u_c023
            D8/5   fsubr  Mfs  u_c023
            D8/6   fdiv   Mfs  u_c023
            D8/7   fdivr  Mfs  u_c023
            DC/0   fadd   Mfd  u_c023
            DC/1   fmul   Mfd  u_c023
            DC/2   fcom   Mfd
            DC/3   fcomp  Mfd
            DC/4   fsub   Mfd  u_c023
            DC/5   fsubr  Mfd  u_c023
            DC/6   fdiv   Mfd  u_c023
            DC/7   fdivr  Mfd  u_c023
            DA/0   fiadd  Mid  u_c023
            DA/1   fimul  Mid  u_c023
            DA/2   ficom  Mid
            DA/3   ficomp Mid
            DA/4   fisub  Mid  u_c023
            DA/5   fisubr Mid  u_c023
            DA/6   fidiv  Mid  u_c023
            DA/7   fidivr Mid  u_c023
            DE/0   fiadd  Miw  u_c023
            DE/1   fimul  Miw  u_c023
            DE/2   ficom  Miw
            DE/3   ficomp Miw
            DE/4   fisub  Miw  u_c023
            DE/5   fisubr Miw  u_c023
            DE/6   fidiv  Miw  u_c023
            DE/7   fidivr Miw  u_c023
            D8C0+  fadd   -    u_c023
            D8C8+  fmul   -    u_c023
            D8D0+  fcom   -
            D8D8+  fcomp  -
            D8E0+  fsub   -    u_c023
            D8E8+  fsubr  -    u_c023
            D8F0+  fdiv   -    u_c023
            D8F8+  fdivr  -    u_c023
            DCC0+  fadd   -    u_c023
            DCC8+  fmul   -    u_c023
            DCE0+  fsubr  -    u_c023
            DCE8+  fsub   -    u_c023
            DCF0+  fdivr  -    u_c023
            DCF8+  fdiv   -    u_c023
            DEC0+  faddp  -    u_c023
            DEC8+  fmulp  -    u_c023
            DED9   fcompp -
            DEE0+  fsubrp -    u_c023
            DEE8+  fsubp  -    u_c023
            DEF0+  fdivrp -    u_c023
            DEF8+  fdivp  -    u_c023
            D9/0   fld    Mfs  u_c023
            D9/2   fst    Mfs  u_c023
            D9/3   fstp   Mfs  u_c023
            D9/4   fldenv Men  loads_environment
            D9/5   fldcw  Mw   u_c0123 loads_control
            D9/6   fnstenv Men u_c0123
            D9/7   fnstcw Mw   u_c0123
            D9C0+  fld    -    u_c023
            D9C8+  fxch   -    u_c023
            D9D0   fnop   -    u_c0123
            D9E0   fchs   -    u_c023
            D9E1   fabs   -    u_c023
            D9E4   ftst   -
            D9E5   fxam   -
            D9E8   fld1   -    u_c023
            D9E9   fldl2t -    u_c023
            D9EA   fldl2e -    u_c023
            D9EB   fldpi  -    u_c023
            D9EC   fldlg2 -    u_c023
            D9ED   fldln2 -    u_c023
            D9EE   fldz   -    u_c023
            D9F0   f2xm1  -    u_c023 u_transcendental small_argument
            D9F1   fyl2x  -    u_c023 u_transcendental
            D9F2   fptan  -    u_c03  u_transcendental
            D9F3   fpatan -    u_c023 u_transcendental
            D9F4   fxtract -   u_c023
            D9F5   fprem1 -    u_partial_remainder
            D9F6   fdecstp -   u_c023
            D9F7   fincstp -   u_c023
            D9F8   fprem  -    u_partial_remainder
            D9F9   fyl2xp1 -   u_c023 u_transcendental small_argument
            D9FA   fsqrt  -    u_c023
            D9FB   fsincos -   u_c03  u_transcendental
            D9FC   frndint -   u_c023
            D9FD   fscale -    u_c023
            D9FE   fsin   -    u_c03  u_transcendental
            D9FF   fcos   -    u_c03  u_transcendental
            DAC0+  fcmovb -    u_c023
            DAC8+  fcmove -    u_c023
            DAD0+  fcmovbe -   u_c023
            DAD8+  fcmovu -    u_c023
            DAE9   fucompp -
            DBC0+  fcmovnb -   u_c023
            DBC8+  fcmovne -   u_c023
            DBD0+  fcmovnbe -  u_c023
            DBD8+  fcmovnu -   u_c023
            DB/0   fild   Mid  u_c023
            DB/1   fisttp Mid  u_c023
            DB/2   fist   Mid  u_c023
            DB/3   fistp  Mid  u_c023
            DB/5   fld    Mft  u_c023
            DB/7   fstp   Mft  u_c023
            DBE2   fnclex -    u_c0123
            DBE3   fninit -
            DBE8+  fucomi -    u_c023
            DBF0+  fcomi  -    u_c023
            DD/0   fld    Mfd  u_c023
            DD/1   fisttp Miq  u_c023
            DD/2   fst    Mfd  u_c023
            DD/3   fstp   Mfd  u_c023
            DD/4   frstor Mst  loads_environment
            DD/6   fnsave Mst
            DD/7   fnstsw Mw
            DDC0+  ffree  -    u_c0123
            DDD0+  fst    -    u_c023
            DDD8+  fstp   -    u_c023
            DDE0+  fucom  -
            DDE8+  fucomp -
            DF/0   fild   Miw  u_c023
            DF/1   fisttp Miw  u_c023
            DF/2   fist   Miw  u_c023
            DF/3   fistp  Miw  u_c023
            DF/4   fbld   Mbt  u_c023 u_packed
            DF/5   fild   Miq  u_c023
            DF/6   fbstp  Mbt  u_c023
            DF/7   fistp  Miq  u_c023
            DFE0   fnstsw -
            DFE8+  fucomip -   u_c023
            DFF0+  fcomip -    u_c023
            9B     fwait  -    u_c0123
            """;

    private FloatRows() {}
}
