package dev.sojourn.isa;

import static dev.sojourn.isa.OpcodeTable.all;
import static dev.sojourn.isa.Row.INVALID;
import static dev.sojourn.isa.Row.Trait.*;
import static dev.sojourn.isa.Row.of;

/** The system part of the two-byte opcode map (SDM volume 2, tables ). */
final class SystemRows {
    private SystemRows() {}

    static void fill(Row[][] two) {
        all(two, 0x00, Row.group(of(Op.SLDT, Form.FORM_EvMw), of(Op.STR, Form.FORM_EvMw), of(Op.LLDT, Form.FORM_Ew, ENDS_BLOCK),
                of(Op.LTR, Form.FORM_Ew, ENDS_BLOCK), of(Op.VERR, Form.FORM_Ew), of(Op.VERW, Form.FORM_Ew), INVALID, INVALID));
        all(two, 0x01, tables());
        all(two, 0x02, of(Op.LAR, Form.Gv_Ew));
        all(two, 0x03, of(Op.LSL, Form.Gv_Ew));
        all(two, 0x05, of(Op.SYSCALL, Form.NONE, ONLY_64, ENDS_BLOCK));
        all(two, 0x06, of(Op.CLTS, Form.NONE, ENDS_BLOCK));
        all(two, 0x07, of(Op.SYSRET, Form.NONE, ONLY_64, ENDS_BLOCK));
        all(two, 0x08, of(Op.INVD, Form.NONE));
        all(two, 0x09, of(Op.WBINVD, Form.NONE));
        all(two, 0x0b, of(Op.UD, Form.NONE, ENDS_BLOCK));
        all(two, 0xb9, of(Op.UD, Form.Gv_Ev, ENDS_BLOCK));
        all(two, 0xff, of(Op.UD, Form.Gv_Ev, ENDS_BLOCK));
        all(two, 0x20, of(Op.MOV_FROM_CONTROL, Form.Rd_Cd));
        all(two, 0x21, of(Op.MOV_FROM_DEBUG, Form.Rd_Dd));
        all(two, 0x22, of(Op.MOV_TO_CONTROL, Form.Cd_Rd, ENDS_BLOCK));
        all(two, 0x23, of(Op.MOV_TO_DEBUG, Form.Dd_Rd, ENDS_BLOCK));
        all(two, 0x30, of(Op.WRMSR, Form.NONE, ENDS_BLOCK));
        all(two, 0x31, of(Op.RDTSC, Form.NONE, ENDS_BLOCK));
        all(two, 0x32, of(Op.RDMSR, Form.NONE));
        all(two, 0x33, of(Op.RDPMC, Form.NONE));
        all(two, 0x34, of(Op.SYSENTER, Form.NONE, ENDS_BLOCK));
        all(two, 0x35, of(Op.SYSEXIT, Form.NONE, ENDS_BLOCK));
        all(two, 0xa2, of(Op.CPUID, Form.NONE));
        segments(two);
        two[0][0xae] = stateAndFences();
        two[2][0xae] = segmentBases();
    }

    private static void segments(Row[][] two) {
        all(two, 0xa0, of(Op.PUSH_SEGMENT, Form.NONE, DEFAULT_64));
        all(two, 0xa1, of(Op.POP_SEGMENT, Form.NONE, DEFAULT_64, ENDS_BLOCK));
        all(two, 0xa8, of(Op.PUSH_SEGMENT, Form.NONE, DEFAULT_64));
        all(two, 0xa9, of(Op.POP_SEGMENT, Form.NONE, DEFAULT_64, ENDS_BLOCK));
        all(two, 0xb2, of(Op.LSS, Form.Gv_M, ENDS_BLOCK));
        all(two, 0xb4, of(Op.LFS, Form.Gv_M, ENDS_BLOCK));
        all(two, 0xb5, of(Op.LGS, Form.Gv_M, ENDS_BLOCK));
    }

    /** Group 7: by the reg field in memory form; by reg and r/m in register form. */
    private static Row tables() {
        Row smsw = of(Op.SMSW, Form.FORM_EvMw);
        Row lmsw = of(Op.LMSW, Form.FORM_Ew, ENDS_BLOCK);
        return Row.group(
                of(Op.SGDT, Form.FORM_M), of(Op.SIDT, Form.FORM_M), of(Op.LGDT, Form.FORM_M), of(Op.LIDT, Form.FORM_M),
                smsw, INVALID, lmsw, of(Op.INVLPG, Form.FORM_Mb, ENDS_BLOCK),
                Row.group(INVALID, of(Op.VMCALL, Form.NONE, ENDS_BLOCK), INVALID, INVALID, INVALID, INVALID, INVALID, INVALID),
                INVALID,
                Row.group(of(Op.XGETBV, Form.NONE), of(Op.XSETBV, Form.NONE, ENDS_BLOCK), INVALID, INVALID, INVALID, INVALID,
                        INVALID, INVALID),
                Row.group(INVALID, of(Op.VMMCALL, Form.NONE, ENDS_BLOCK), INVALID, INVALID, INVALID, INVALID, INVALID, INVALID),
                smsw, INVALID, lmsw,
                Row.group(of(Op.SWAPGS, Form.NONE, ONLY_64), of(Op.RDTSCP, Form.NONE, ENDS_BLOCK), INVALID, INVALID, INVALID,
                        INVALID, INVALID, INVALID));
    }

    /** Group 15 with the prefix F3. */
    private static Row segmentBases() {
        return Row.group(INVALID, INVALID, INVALID, INVALID, INVALID, INVALID, INVALID, INVALID,
                of(Op.RDFSBASE, Form.FORM_Rv, ONLY_64), of(Op.RDGSBASE, Form.FORM_Rv, ONLY_64), of(Op.WRFSBASE, Form.FORM_Rv, ONLY_64),
                of(Op.WRGSBASE, Form.FORM_Rv, ONLY_64), INVALID, INVALID, INVALID, INVALID);
    }

    /** Group 15. */
    private static Row stateAndFences() {
        return Row.group(
                of(Op.FXSAVE, Form.FORM_M), of(Op.FXRSTOR, Form.FORM_M), of(Op.LDMXCSR, Form.FORM_M), of(Op.STMXCSR, Form.FORM_M),
                of(Op.XSAVE, Form.FORM_M), of(Op.XRSTOR, Form.FORM_M), INVALID, of(Op.CLFLUSH, Form.FORM_Mb),
                INVALID, INVALID, INVALID, INVALID, INVALID,
                of(Op.LFENCE, Form.NONE), of(Op.MFENCE, Form.NONE), of(Op.SFENCE, Form.NONE));
    }
}
