package dev.sojourn.testkit.generator;

import java.util.ArrayList;
import java.util.List;

/** The general-purpose instructions (volume 1, chapter 7; volume 2). */
final class IntegerRows {
    private static final String[] ALU = {"add", "or", "adc", "sbb", "and", "sub", "xor", "cmp"};
    private static final String[] SHIFTS = {"rol", "ror", "rcl", "rcr", "shl", "shr", "sal", "sar"};
    private static final String[] SHIFT_FORMS = {"C0 Eb,Ib", "C1 Ev,Ib", "D0 Eb", "D1 Ev", "D2 Eb count_cl",
        "D3 Ev count_cl"};
    private static final String[] BIT_TESTS = {"bt", "bts", "btr", "btc"};
    private static final String[] CONDITIONS = {"o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l",
        "ge", "le", "g"};

    private static final String TEXT = """
            63      movsxd  Gv,Ed   only64
            63      arpl    Ew,Gw   only32
            84      test    Eb,Gb   u_af
            85      test    Ev,Gv   u_af
            86      xchg    Eb,Gb   lock
            87      xchg    Ev,Gv   lock
            88      mov     Eb,Gb
            89      mov     Ev,Gv
            8A      mov     Gb,Eb
            8B      mov     Gv,Ev
            8C      mov     Ew,Sw
            8D      lea     Gv,Mn
            90+     xchg    Zv
            98      cbw     -
            99      cwd     -
            9E      sahf    -
            9F      lahf    -
            A0      mov     AL,Ob
            A1      mov     rAX,Ov
            A2      mov     Ob,AL
            A3      mov     Ov,rAX
            A8      test    AL,Ib   u_af
            A9      test    rAX,Iz  u_af
            B0+     mov     Zb,Ib
            B8+     mov     Zv,Iv
            C6/0    mov     Eb,Ib
            C7/0    mov     Ev,Iz
            D7      xlat    -       xlat
            F5      cmc     -
            F8      clc     -
            F9      stc     -
            FC      cld     -
            FD      std     -
            FE/0    inc     Eb      lock
            FE/1    dec     Eb      lock
            FF/0    inc     Ev      lock
            FF/1    dec     Ev      lock
            40+     inc     Zv      only32
            48+     dec     Zv      only32
            F6/0    test    Eb,Ib   u_af
            F6/1    test    Eb,Ib   u_af
            F7/0    test    Ev,Iz   u_af
            F7/1    test    Ev,Iz   u_af
            F6/2    not     Eb      lock
            F7/2    not     Ev      lock
            F6/3    neg     Eb      lock
            F7/3    neg     Ev      lock
            F6/4    mul     Eb      u_multiply
            F7/4    mul     Ev      u_multiply
            F6/5    imul    Eb      u_multiply
            F7/5    imul    Ev      u_multiply
            F6/6    div     Eb      u_all_flags divide
            F7/6    div     Ev      u_all_flags divide
            F6/7    idiv    Eb      u_all_flags divide
            F7/7    idiv    Ev      u_all_flags divide
            69      imul    Gv,Ev,Iz u_multiply
            6B      imul    Gv,Ev,Ib u_multiply
            0FAF    imul    Gv,Ev   u_multiply
            0FB6    movzx   Gv,Eb
            0FB7    movzx   Gv,Ew
            0FBE    movsx   Gv,Eb
            0FBF    movsx   Gv,Ew
            0FA4    shld    Ev,Gv,Ib u_double_shift
            0FA5    shld    Ev,Gv   u_double_shift count_cl
            0FAC    shrd    Ev,Gv,Ib u_double_shift
            0FAD    shrd    Ev,Gv   u_double_shift count_cl
            NP.0FBC bsf     Gv,Ev   u_bit_scan
            NP.0FBD bsr     Gv,Ev   u_bit_scan
            F3.0FB8 popcnt  Gv,Ev
            F2.0F38F0 crc32 Gd,Eb
            F2.0F38F1 crc32 Gd,Ev
            0FB0    cmpxchg Eb,Gb   lock accumulator
            0FB1    cmpxchg Ev,Gv   lock accumulator
            NP.0FC7/1 cmpxchg8b Mcx lock accumulator no66
            0FC0    xadd    Eb,Gb   lock
            0FC1    xadd    Ev,Gv   lock
            0FC8+   bswap   Zy      no66
            NP.0FC3 movnti  My,Gy   no66
            27      daa     -       only32 u_decimal
            2F      das     -       only32 u_decimal
            37      aaa     -       only32 u_aaa
            3F      aas     -       only32 u_aaa
            D4      aam     Ib      only32 u_aam
            D5      aad     Ib      only32 u_aam
            D6      salc    -       only32
            62      bound   Gz,Mb2  only32 bounds
            CE      into    -       only32
            60      pusha   -       only32
            61      popa    -       only32
            50+     push    Zv      stack64
            58+     pop     Zv      stack64
            68      push    Iz      stack64
            6A      push    Ib      stack64
            8F/0    pop     Ev      stack64
            FF/6    push    Ev      stack64
            06      push    es      only32
            0E      push    cs      only32
            16      push    ss      only32
            1E      push    ds      only32
            0FA0    push    fs      stack64
            0FA8    push    gs      stack64
            9C      pushf   -       stack64
            9D      popf    -       stack64
            C8      enter   Iw,Ib   stack64 frame
            C9      leave   -       stack64 frame
            E8      call    Jz      branch
            E9      jmp     Jz      branch
            EB      jmp     Jb      branch
            FF/2    call    Ev      branch stack64 indirect
            FF/4    jmp     Ev      branch stack64 indirect
            C3      ret     -       branch stack64 return
            C2      ret     Iw      branch stack64 return
            E0      loopne  Jb      branch
            E1      loope   Jb      branch
            E2      loop    Jb      branch
            E3      jcxz    Jb      branch
            CB      retf    -       return far
            CA      retf    Iw      return far
            CF      iret    -       return far
            FF/3    call    Mp      far indirect
            FF/5    jmp     Mp      far indirect
            EA      jmp     Ap      only32 far
            9A      call    Ap      only32 far
            A4      movs    b       string
            A5      movs    v       string
            A6      cmps    b       string compares
            A7      cmps    v       string compares
            AA      stos    b       string
            AB      stos    v       string
            AC      lods    b       string
            AD      lods    v       string
            AE      scas    b       string compares
            AF      scas    v       string compares
            F3.90   pause   -
            0F0D/1  prefetchw Mb
            0F18/0  prefetch Mb
            0F18/1  prefetch Mb
            0F1F/0  nop     Ev
            0F19/0  nop     Ev
            NP.0FAE/7 clflush Mb    no66
            NP.0FAEE8 lfence -      no66
            NP.0FAEF0 mfence -      no66
            NP.0FAEF8 sfence -      no66
            0F0B    ud2     -
            0FB9    ud1     Gv,Ev
            CC      int3    -
            F1      int1    -
            CD      int     Iv3
            F4      hlt     -
            FA      cli     -
            FB      sti     -
            6C      ins     b
            6F      outs    v
            E4      in      Ib
            E7      out     Ib
            EC      in      -
            EF      out     -
            0F06    clts    -
            0F08    invd    -
            0F09    wbinvd  -
            0F30    wrmsr   -
            0F32    rdmsr   -
            0F20    mov     Rq,Cr
            0F22    mov     Cr,Rq
            0F23    mov     Dr,Rq
            0F01/2  lgdt    Mb
            0F01/3  lidt    Mb
            0F01/7  invlpg  Mb
            0F00/2  lldt    Ew
            0F00/3  ltr     Ew
            """;

    /** Encodings that are no instruction in 64-bit code (volume 2, appendix A, table A-2). */
    private static final String INVALID64 = "06 07 0E 16 17 1E 1F 27 2F 37 3F 60 61 82C0 9A CE D400 D6 EA";

    /** Encodings that are no instruction anywhere, with a register operand where they would take one. */
    private static final String INVALID = """
            0F04 0F0A 0F0C 0F24C0 0F26C0 0F36 0F38FFC0 0FA6C0 0FA7C0 0FAA FED0 FED8 FEF8 FFF8 FFD8 FFE8 8DC0
            0FBAC000 0FBAD800 0FC7C8 0F71C000 0F72C800 0F73C000 0FC3C0 0F2BC0 0FE7C0 F20FF0C0 0F13C0 0F17C0
            D9D1 D9E2 D9E6 D9EF DAE0 DAEA DAF0 DBE5 DBF8 DDF0 DEDA DFE1 DFF8
            """;

    private IntegerRows() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>(Row.parseAll(TEXT));
        for (int i = 0; i < ALU.length; i++) {
            alu(rows, i);
        }
        for (int i = 0; i < SHIFTS.length; i++) {
            String undefined = i < 4 ? " u_rotate" : " u_shift";
            for (String form : SHIFT_FORMS) {
                String[] words = form.split(" ", 2);
                rows.add(Row.parse(words[0] + "/" + i + " " + SHIFTS[i] + " " + words[1] + undefined));
            }
        }
        for (int i = 0; i < BIT_TESTS.length; i++) {
            String lock = i == 0 ? "" : " lock";
            rows.add(Row.parse("0F%02X %s Ev,Gv u_bit_test bit_string%s".formatted(0xa3 + 8 * i, BIT_TESTS[i], lock)));
            rows.add(Row.parse("0FBA/%d %s Ev,Ib u_bit_test%s".formatted(4 + i, BIT_TESTS[i], lock)));
        }
        for (int i = 0; i < CONDITIONS.length; i++) {
            rows.add(Row.parse("%02X j%s Jb branch".formatted(0x70 + i, CONDITIONS[i])));
            rows.add(Row.parse("0F%02X j%s Jz branch".formatted(0x80 + i, CONDITIONS[i])));
            rows.add(Row.parse("0F%02X set%s Eb".formatted(0x90 + i, CONDITIONS[i])));
            rows.add(Row.parse("0F%02X cmov%s Gv,Ev".formatted(0x40 + i, CONDITIONS[i])));
        }
        for (String code : INVALID64.split(" ")) {
            rows.add(Row.parse(code + " invalid64 - only64 no66"));
        }
        for (String code : INVALID.trim().split("\\s+")) {
            rows.add(Row.parse("NP." + code + " invalid - no66"));
        }
        return rows;
    }

    private static void alu(List<Row> rows, int i) {
        String undefined = i == 1 || i == 4 || i == 6 ? " u_af" : "";
        String lock = i == 7 ? "" : " lock";
        String[] forms = {"Eb,Gb" + lock, "Ev,Gv" + lock, "Gb,Eb", "Gv,Ev", "AL,Ib", "rAX,Iz"};
        for (int k = 0; k < forms.length; k++) {
            rows.add(Row.parse("%02X %s %s%s".formatted(8 * i + k, ALU[i], forms[k], undefined)));
        }
        rows.add(Row.parse("80/%d %s Eb,Ib%s%s".formatted(i, ALU[i], lock, undefined)));
        rows.add(Row.parse("81/%d %s Ev,Iz%s%s".formatted(i, ALU[i], lock, undefined)));
        rows.add(Row.parse("82/%d %s Eb,Ib only32%s%s".formatted(i, ALU[i], lock, undefined)));
        rows.add(Row.parse("83/%d %s Ev,Ib%s%s".formatted(i, ALU[i], lock, undefined)));
    }
}
