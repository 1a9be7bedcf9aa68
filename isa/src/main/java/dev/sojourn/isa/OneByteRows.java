package dev.sojourn.isa;

import static dev.sojourn.isa.Row.Trait.*;
import static dev.sojourn.isa.Row.of;

import java.util.Arrays;

/** The one-byte opcode map (SDM volume 2, table A-2). */
final class OneByteRows {
    private static final Op[] ALU = {Op.ADD, Op.OR, Op.ADC, Op.SBB, Op.AND, Op.SUB, Op.XOR, Op.CMP};
    private static final Op[] SHIFT = {Op.ROL, Op.ROR, Op.RCL, Op.RCR, Op.SHL, Op.SHR, Op.SHL, Op.SAR};

    private OneByteRows() {}

    /** @param bits64 where a byte means another instruction in 64-bit mode, which of the two */
    static Row[] rows(boolean bits64) {
        Row[] r = new Row[256];
        Arrays.fill(r, Row.INVALID);
        arithmetic(r);
        registers(r, bits64);
        moves(r);
        groups(r);
        control(r);
        stringsAndPorts(r);
        flags(r);
        for (int i = 0xd8; i <= 0xdf; i++) {
            r[i] = of(Op.X87, Form.X87);
        }
        return r;
    }

    private static void arithmetic(Row[] r) {
        for (int i = 0; i < 8; i++) {
            Op op = ALU[i];
            r[i * 8] = of(op, Form.Eb_Gb, LOCKABLE);
            r[i * 8 + 1] = of(op, Form.Ev_Gv, LOCKABLE);
            r[i * 8 + 2] = of(op, Form.Gb_Eb);
            r[i * 8 + 3] = of(op, Form.Gv_Ev);
            r[i * 8 + 4] = of(op, Form.AL_Ib);
            r[i * 8 + 5] = of(op, Form.rAX_Iz);
        }
        r[0x27] = of(Op.DAA, Form.NONE, NOT_64);
        r[0x2f] = of(Op.DAS, Form.NONE, NOT_64);
        r[0x37] = of(Op.AAA, Form.NONE, NOT_64);
        r[0x3f] = of(Op.AAS, Form.NONE, NOT_64);
        r[0x69] = of(Op.IMUL3, Form.Gv_Ev_Iz);
        r[0x6b] = of(Op.IMUL3, Form.Gv_Ev_sIb);
        r[0x84] = of(Op.TEST, Form.Eb_Gb);
        r[0x85] = of(Op.TEST, Form.Ev_Gv);
        r[0xa8] = of(Op.TEST, Form.AL_Ib);
        r[0xa9] = of(Op.TEST, Form.rAX_Iz);
        r[0xd4] = of(Op.AAM, Form.FORM_Ib, NOT_64);
        r[0xd5] = of(Op.AAD, Form.FORM_Ib, NOT_64);
        r[0xd6] = of(Op.SALC, Form.NONE, NOT_64);
        r[0x98] = of(Op.CBW, Form.NONE);
        r[0x99] = of(Op.CWD, Form.NONE);
    }

    private static void registers(Row[] r, boolean bits64) {
        for (int i = 0; i < 8; i++) {
            r[0x40 + i] = of(Op.INC, Form.FORM_Zv);
            r[0x48 + i] = of(Op.DEC, Form.FORM_Zv);
            r[0x50 + i] = of(Op.PUSH, Form.FORM_Zv64, DEFAULT_64);
            r[0x58 + i] = of(Op.POP, Form.FORM_Zv64, DEFAULT_64);
            r[0x90 + i] = of(Op.XCHG, Form.Zv_rAX);
            r[0xb0 + i] = of(Op.MOV, Form.Zb_Ib);
            r[0xb8 + i] = of(Op.MOV, Form.Zv_Iv);
        }
        for (int segment = 0; segment < 4; segment++) {
            r[segment * 8 + 6] = of(Op.PUSH_SEGMENT, Form.NONE, NOT_64);
            if (segment != Instruction.CS) {
                r[segment * 8 + 7] = of(Op.POP_SEGMENT, Form.NONE, NOT_64, ENDS_BLOCK);
            }
        }
        r[0x60] = of(Op.PUSHA, Form.NONE, NOT_64);
        r[0x61] = of(Op.POPA, Form.NONE, NOT_64);
        r[0x62] = of(Op.BOUND, Form.Gv_M, NOT_64);
        r[0x63] = bits64 ? of(Op.MOVSX, Form.Gv_Ez) : of(Op.ARPL, Form.Ew_Gw);
        r[0x68] = of(Op.PUSH, Form.FORM_Iz, DEFAULT_64);
        r[0x6a] = of(Op.PUSH, Form.FORM_sIb, DEFAULT_64);
        r[0x8f] = Row.group(of(Op.POP, Form.FORM_Ev64, DEFAULT_64), Row.INVALID, Row.INVALID, Row.INVALID, Row.INVALID,
                Row.INVALID, Row.INVALID, Row.INVALID);
        r[0x9c] = of(Op.PUSHF, Form.NONE, DEFAULT_64);
        r[0x9d] = of(Op.POPF, Form.NONE, DEFAULT_64, ENDS_BLOCK);
        r[0xc8] = of(Op.ENTER, Form.Iw_Ib, DEFAULT_64);
        r[0xc9] = of(Op.LEAVE, Form.NONE, DEFAULT_64);
    }

    private static void moves(Row[] r) {
        r[0x86] = of(Op.XCHG, Form.Eb_Gb, LOCKABLE);
        r[0x87] = of(Op.XCHG, Form.Ev_Gv, LOCKABLE);
        r[0x88] = of(Op.MOV, Form.Eb_Gb);
        r[0x89] = of(Op.MOV, Form.Ev_Gv);
        r[0x8a] = of(Op.MOV, Form.Gb_Eb);
        r[0x8b] = of(Op.MOV, Form.Gv_Ev);
        r[0x8c] = of(Op.MOV_FROM_SEGMENT, Form.EvMw_Sw);
        r[0x8d] = of(Op.LEA, Form.Gv_M);
        r[0x8e] = of(Op.MOV_TO_SEGMENT, Form.Sw_Ew, ENDS_BLOCK);
        r[0xa0] = of(Op.MOV, Form.AL_Ob);
        r[0xa1] = of(Op.MOV, Form.rAX_Ov);
        r[0xa2] = of(Op.MOV, Form.Ob_AL);
        r[0xa3] = of(Op.MOV, Form.Ov_rAX);
        r[0xc4] = of(Op.LES, Form.Gv_M, NOT_64, ENDS_BLOCK);
        r[0xc5] = of(Op.LDS, Form.Gv_M, NOT_64, ENDS_BLOCK);
        r[0xd7] = of(Op.XLAT, Form.NONE);
    }

    private static void groups(Row[] r) {
        r[0x80] = alu(Form.Eb_Ib);
        r[0x81] = alu(Form.Ev_Iz);
        r[0x82] = alu(Form.Eb_Ib, NOT_64);
        r[0x83] = alu(Form.Ev_sIb);
        r[0xc0] = shift(Form.Eb_Ib);
        r[0xc1] = shift(Form.Ev_Ib);
        r[0xd0] = shift(Form.Eb_1);
        r[0xd1] = shift(Form.Ev_1);
        r[0xd2] = shift(Form.Eb_CL);
        r[0xd3] = shift(Form.Ev_CL);
        r[0xc6] = first(of(Op.MOV, Form.Eb_Ib));
        r[0xc7] = first(of(Op.MOV, Form.Ev_Iz));
        r[0xf6] = unary(Form.Eb_Ib, Form.FORM_Eb);
        r[0xf7] = unary(Form.Ev_Iz, Form.FORM_Ev);
        r[0xfe] = Row.group(of(Op.INC, Form.FORM_Eb, LOCKABLE), of(Op.DEC, Form.FORM_Eb, LOCKABLE), Row.INVALID, Row.INVALID,
                Row.INVALID, Row.INVALID, Row.INVALID, Row.INVALID);
        r[0xff] = Row.group(
                of(Op.INC, Form.FORM_Ev, LOCKABLE),
                of(Op.DEC, Form.FORM_Ev, LOCKABLE),
                of(Op.CALL_INDIRECT, Form.FORM_Ev64, FORCED_64, ENDS_BLOCK),
                of(Op.CALL_FAR_INDIRECT, Form.FORM_M, ENDS_BLOCK),
                of(Op.JMP_INDIRECT, Form.FORM_Ev64, FORCED_64, ENDS_BLOCK),
                of(Op.JMP_FAR_INDIRECT, Form.FORM_M, ENDS_BLOCK),
                of(Op.PUSH, Form.FORM_Ev64, DEFAULT_64),
                Row.INVALID);
    }

    private static Row alu(Form form, Row.Trait... traits) {
        Row[] rows = new Row[8];
        for (int i = 0; i < 8; i++) {
            rows[i] = traits.length == 0 ? of(ALU[i], form, LOCKABLE) : of(ALU[i], form, LOCKABLE, traits[0]);
        }
        return Row.group(rows);
    }

    private static Row shift(Form form) {
        Row[] rows = new Row[8];
        for (int i = 0; i < 8; i++) {
            rows[i] = of(SHIFT[i], form);
        }
        return Row.group(rows);
    }

    private static Row first(Row row) {
        return Row.group(row, Row.INVALID, Row.INVALID, Row.INVALID, Row.INVALID, Row.INVALID, Row.INVALID, Row.INVALID);
    }

    private static Row unary(Form test, Form operand) {
        return Row.group(of(Op.TEST, test), of(Op.TEST, test), of(Op.NOT, operand, LOCKABLE), of(Op.NEG, operand, LOCKABLE),
                of(Op.MUL, operand), of(Op.IMUL, operand), of(Op.DIV, operand), of(Op.IDIV, operand));
    }

    private static void control(Row[] r) {
        for (int i = 0; i < 16; i++) {
            r[0x70 + i] = of(Op.JCC, Form.FORM_Jb, FORCED_64, ENDS_BLOCK);
        }
        r[0x9a] = of(Op.CALL_FAR, Form.FORM_Ap, NOT_64, ENDS_BLOCK);
        r[0x9b] = of(Op.FWAIT, Form.NONE);
        r[0xc2] = of(Op.RET, Form.FORM_Iw, FORCED_64, ENDS_BLOCK);
        r[0xc3] = of(Op.RET, Form.NONE, FORCED_64, ENDS_BLOCK);
        r[0xca] = of(Op.RET_FAR, Form.FORM_Iw, ENDS_BLOCK);
        r[0xcb] = of(Op.RET_FAR, Form.NONE, ENDS_BLOCK);
        r[0xcc] = of(Op.INT3, Form.NONE, ENDS_BLOCK);
        r[0xcd] = of(Op.INT, Form.FORM_Ib, ENDS_BLOCK);
        r[0xce] = of(Op.INTO, Form.NONE, NOT_64, ENDS_BLOCK);
        r[0xcf] = of(Op.IRET, Form.NONE, ENDS_BLOCK);
        r[0xe0] = of(Op.LOOPNE, Form.FORM_Jb, FORCED_64, ENDS_BLOCK);
        r[0xe1] = of(Op.LOOPE, Form.FORM_Jb, FORCED_64, ENDS_BLOCK);
        r[0xe2] = of(Op.LOOP, Form.FORM_Jb, FORCED_64, ENDS_BLOCK);
        r[0xe3] = of(Op.JCXZ, Form.FORM_Jb, FORCED_64, ENDS_BLOCK);
        r[0xe8] = of(Op.CALL, Form.FORM_Jz, FORCED_64, ENDS_BLOCK);
        r[0xe9] = of(Op.JMP, Form.FORM_Jz, FORCED_64, ENDS_BLOCK);
        r[0xea] = of(Op.JMP_FAR, Form.FORM_Ap, NOT_64, ENDS_BLOCK);
        r[0xeb] = of(Op.JMP, Form.FORM_Jb, FORCED_64, ENDS_BLOCK);
        r[0xf1] = of(Op.INT1, Form.NONE, ENDS_BLOCK);
        r[0xf4] = of(Op.HLT, Form.NONE, ENDS_BLOCK);
    }

    private static void stringsAndPorts(Row[] r) {
        for (int wide = 0; wide < 2; wide++) {
            r[0x6c + wide] = of(Op.INS, Form.NONE, ENDS_BLOCK);
            r[0x6e + wide] = of(Op.OUTS, Form.NONE, ENDS_BLOCK);
            r[0xa4 + wide] = of(Op.MOVS, Form.NONE);
            r[0xa6 + wide] = of(Op.CMPS, Form.NONE);
            r[0xaa + wide] = of(Op.STOS, Form.NONE);
            r[0xac + wide] = of(Op.LODS, Form.NONE);
            r[0xae + wide] = of(Op.SCAS, Form.NONE);
        }
        r[0xe4] = of(Op.IN, Form.AL_Ib, ENDS_BLOCK);
        r[0xe5] = of(Op.IN, Form.rAX_Ib, ENDS_BLOCK);
        r[0xe6] = of(Op.OUT, Form.Ib_AL, ENDS_BLOCK);
        r[0xe7] = of(Op.OUT, Form.Ib_rAX, ENDS_BLOCK);
        r[0xec] = of(Op.IN, Form.AL_DX, ENDS_BLOCK);
        r[0xed] = of(Op.IN, Form.rAX_DX, ENDS_BLOCK);
        r[0xee] = of(Op.OUT, Form.DX_AL, ENDS_BLOCK);
        r[0xef] = of(Op.OUT, Form.DX_rAX, ENDS_BLOCK);
    }

    private static void flags(Row[] r) {
        r[0x9e] = of(Op.SAHF, Form.NONE);
        r[0x9f] = of(Op.LAHF, Form.NONE);
        r[0xf5] = of(Op.CMC, Form.NONE);
        r[0xf8] = of(Op.CLC, Form.NONE);
        r[0xf9] = of(Op.STC, Form.NONE);
        r[0xfa] = of(Op.CLI, Form.NONE);
        r[0xfb] = of(Op.STI, Form.NONE, ENDS_BLOCK);
        r[0xfc] = of(Op.CLD, Form.NONE);
        r[0xfd] = of(Op.STD, Form.NONE);
    }
}
