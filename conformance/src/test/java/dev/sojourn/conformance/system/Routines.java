package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Register.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import dev.sojourn.assembler.Memory;
import dev.sojourn.assembler.Register;
import java.util.List;

/** What every guest has in 64- and 32-bit code: output, exception handlers, power-off. */
final class Routines {
    /** What an exception handler leaves at label "last", in words of its width. */
    static final List<String> FRAME = List.of("vector", "error", "rip", "cs", "rflags", "rsp", "ss", "cr2");

    static final int VECTORS = 64;
    private static final int COM1 = 0x3f8;
    private static final int PM_CONTROL = 0x604;

    private final Assembler a;
    private final Guest guest;
    private Register ax;
    private Register bx;
    private Register cx;
    private Register dx;
    private Register si;
    private Register sp;
    private int bits;
    private int bytes;

    Routines(Guest guest) {
        this.guest = guest;
        a = guest.a;
    }

    void emit(int width) {
        bits = width;
        bytes = width / 8;
        a.bits(width);
        boolean wide = width == 64;
        ax = wide ? RAX : EAX;
        bx = wide ? RBX : EBX;
        cx = wide ? RCX : ECX;
        dx = wide ? RDX : EDX;
        si = wide ? RSI : ESI;
        sp = wide ? RSP : ESP;
        text();
        number();
        handlers();
        a.label("off" + bits);
        a.mov(EDX, PM_CONTROL);
        a.mov(EAX, 0x2000 | 5 << 10);
        a.out(AX);
        a.mov(EAX, 0x2000);     // The same for machines whose tables say 0.
        a.out(AX);
        a.cli();
        a.hlt();
    }

    /** Prints the text behind the call; keeps everything. */
    private void text() {
        a.label("puts" + bits);
        a.xchg(at(sp), si);
        a.pushf();
        a.push(ax);
        a.push(dx);
        a.mov(EDX, COM1);
        a.label("putsNext" + bits);
        a.mov(AL, at(si).in(CS));
        a.lea(si, at(si, 1));
        a.test(AL, AL);
        a.jcc(Condition.Z, "putsEnd" + bits);
        a.out(AL);
        a.jmp("putsNext" + bits);
        a.label("putsEnd" + bits);
        a.pop(dx);
        a.pop(ax);
        a.popf();
        a.xchg(at(sp), si);
        a.ret();
    }

    /** Prints the pushed number and drops it; keeps everything. */
    private void number() {
        a.label("hex" + bits);
        a.pushf();
        for (Register r : new Register[] {ax, bx, cx, dx}) {
            a.push(r);
        }
        a.mov(bx, at(sp, 6 * bytes));
        a.mov(EDX, COM1);
        a.mov(ECX, bits / 4);
        a.label("hexSkip" + bits);
        a.rol(bx, 4);
        a.dec(ECX);
        a.jcc(Condition.Z, "hexDigit" + bits);
        a.test(BL, 15);
        a.jcc(Condition.Z, "hexSkip" + bits);
        a.label("hexDigit" + bits);
        a.mov(EAX, EBX);
        a.and(EAX, 15);
        a.cmp(AL, 10);
        a.jcc(Condition.C, "hexLow" + bits);
        a.add(AL, 39);
        a.label("hexLow" + bits);
        a.add(AL, '0');
        a.out(AL);
        a.rol(bx, 4);
        a.dec(ECX);
        a.jcc(Condition.NS, "hexDigit" + bits);
        for (Register r : new Register[] {dx, cx, bx, ax}) {
            a.pop(r);
        }
        a.popf();
        a.ret(bytes);
    }

    private void handlers() {
        for (int vector = 0; vector < VECTORS; vector++) {
            String stub = "stub" + bits + "v" + vector;
            a.label(stub);
            boolean error = vector == 8 || vector >= 10 && vector <= 14 || vector == 17;
            if (!error) {
                a.push(0);
            }
            a.push(vector);
            a.jmp("fault" + bits);
            if (guest.width() == bits) {
                guest.vector(vector, stub, vector == 3 || vector == 4 ? 0xee : 0x8e, 0);
            }
        }
        a.label("fault" + bits);
        a.mov(at("lastAx").in(SS), ax);
        for (int i = 0; i < 7; i++) {
            a.pop(ax);
            a.mov(at("last", bytes * i).in(SS), ax);
        }
        a.mov(RAX, CR2);
        a.mov(at("last", 7 * bytes).in(SS), ax);
        segments();
        a.mov(sp, at("saved"));
        report();
        a.mov(EAX, at("probe"));
        a.shl(EAX, 4);
        a.push(at(ax, "probes"));
        a.mov(ax, at("lastAx"));
        a.ret();

        a.label("return" + bits);
        a.mov(at("lastAx").in(SS), ax);
        segments();
        a.mov(sp, at("kernel"));
        a.mov(EAX, at("return"));
        a.shl(EAX, 3);
        a.push(at(ax, "returns"));
        a.mov(ax, at("lastAx"));
        a.ret();
        if (guest.width() == bits) {
            guest.vector(Guest.RETURN_VECTOR, "return" + bits, 0xee, 0);
        }
    }

    private void segments() {
        a.mov(EAX, Guest.DATA);
        a.mov(DS, EAX);
        a.mov(ES, EAX);
        a.mov(SS, EAX);
    }

    private void report() {
        guest.hex(at("last").bytes(bytes));
        guest.print("/");
        guest.hex(at("last", bytes).bytes(bytes));
        guest.print("+");
        a.mov(EAX, at("probe"));
        a.shl(EAX, 4);
        a.mov(ax, at(ax, "probes", 8));
        a.neg(ax);
        a.add(ax, at("last", 2 * bytes));
        a.cmp(ax, 0x100);
        a.jcc(Condition.C, "near" + bits);
        guest.print("far ");
        a.jmp("reported" + bits);
        a.label("near" + bits);
        guest.hex(ax);
        guest.print(" ");
        a.label("reported" + bits);
    }

    private static Memory at(Register base, String label) { return at(base, label, 0); }

    private static Memory at(Register base, String label, int displacement) {
        return new Memory(base, null, 1, displacement, label, null, 0);
    }

    private static Memory at(Register base) { return Memory.at(base); }

    private static Memory at(Register base, int displacement) { return Memory.at(base, displacement); }

    private static Memory at(String label) { return Memory.at(label); }

    private static Memory at(String label, int displacement) { return Memory.at(label, displacement); }
}
