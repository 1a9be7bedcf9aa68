package dev.sojourn.probe;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Register.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;

/**
 * Results that processors differ in, or that a host's own arithmetic could leak into: estimates, functions of the x87
 * unit, and not-a-numbers. Each line is a mix of the results of an instruction over {@link #INPUTS} numbers.
 */
final class Arithmetic {
    private static final int INPUTS = 4096;
    private static final int IN = Program.DATA;
    private static final int OUT = Program.DATA + 0x10;
    private static final long STEP = 0x9e37_79b9_7f4a_7c15L;
    private static final long ONE = 0x3ff0_0000_0000_0000L;

    private final Program p;
    private final Assembler a;

    Arithmetic(Program p) {
        this.p = p;
        a = p.a;
    }

    void all() {
        a.clts();
        scalar("rcpss", 0xf3, 0x53);
        scalar("rsqrtss", 0xf3, 0x52);
        scalar("sqrtss", 0xf3, 0x51);
        scalar("sqrtsd", 0xf2, 0x51);
        scalar("divss", 0xf3, 0x5e);
        scalar("divsd", 0xf2, 0x5e);
        scalar("mulsd", 0xf2, 0x59);
        scalar("addsd", 0xf2, 0x58);
        scalar("cvtsd2ss", 0xf2, 0x5a);
        scalar("cvtss2sd", 0xf3, 0x5a);
        function("f2xm1", 0xd9, 0xf0);
        function("fsin", 0xd9, 0xfe);
        function("fcos", 0xd9, 0xff);
        function("fptan", 0xd9, 0xf2, 0xdd, 0xd8);
        function("fpatan", 0xd9, 0xf3);
        function("fyl2x", 0xd9, 0xf1);
        function("fyl2xp1", 0xd9, 0xf9);
        function("fsqrt", 0xd9, 0xfa);
        function("fprem1", 0xd9, 0xf5);
    }

    /** Any bits at all, in one operand of the instruction after the other. */
    private void scalar(String name, int prefix, int opcode) {
        mixed(name, () -> {
            a.mov(absolute(IN), RAX);
            a.sse(0xf3, 0x0f7e, XMM0, absolute(OUT));
            a.sse(prefix, 0x0f00 | opcode, XMM0, absolute(IN));
            a.sse(0x66, 0x0fd6, XMM0, absolute(OUT));
            a.mov(RAX, absolute(OUT));
        });
    }

    /** Numbers from 1 to 2 in ST(1), less 1 in ST(0). */
    private void function(String name, int... code) {
        mixed(name, () -> {
            a.mov(RCX, ONE);
            a.shr(RAX, 12);
            a.or(RAX, RCX);
            a.mov(absolute(IN), RAX);
            a.fninit();
            a.db(0xdd, 0x04, 0x25);
            a.dd(IN);                   // fld qword [IN]
            a.db(0xd9, 0xe8);           // fld1
            a.db(0xd8, 0xe9);           // fsubr st, st(1)
            a.db(code);
            a.db(0xdb, 0x3c, 0x25);
            a.dd(OUT);                  // fstp tbyte [OUT]
            a.mov(RAX, absolute(OUT));
            a.movzx(ECX, absolute(OUT + 8).bytes(2));
            a.add(RAX, RCX);
        });
    }

    /** @param body turns the bits in RAX into a result there; keeps RBX and RBP */
    private void mixed(String name, Runnable body) {
        String again = p.name();
        p.one("arithmetic." + name, "format64", () -> {
            p.put(OUT, ONE);
            a.xor(EBX, EBX);
            a.mov(EBP, INPUTS);
            a.label(again);
            a.mov(RAX, STEP);
            a.imul(RAX, RBP);
            body.run();
            a.rol(RBX, 7);
            a.xor(RBX, RAX);
            a.dec(EBP);
            a.jcc(Condition.NZ, again);
            p.value(0, RBX);
        });
    }
}
