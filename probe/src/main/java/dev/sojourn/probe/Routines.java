package dev.sojourn.probe;

import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.probe.Program.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import dev.sojourn.assembler.Register;

/** What all of the probe guest calls: text, outcomes, registers tried bit by bit. */
final class Routines {
    private static final String[] FAULTS = {"#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "#09", "#TS",
        "#NP", "#SS", "#GP", "#PF", "#0F", "#MF", "#AC", "#MC", "#XM", "#VE", "#CP", "#16", "#17", "#18", "#19", "#1A",
        "#1B", "#HV", "#VC", "#SX", "#1F"};
    /** Ticks of the time-stamp counter over which a rate is measured. */
    private static final int MEASURED = 1 << 22;
    /** A measurement that took longer, or one of its ends, was disturbed and is made again. */
    private static final int DISTURBED = 1 << 24;
    private static final int DISTURBED_END = 50_000;
    private static final int TRIES = 1000;

    private final Program p;
    private final Assembler a;

    Routines(Program p) {
        this.p = p;
        a = p.a;
    }

    void emit() {
        text();
        p.routine("hex", this::hex);
        p.routine("dump", this::dump);
        p.routine("clear", () -> {
            a.xor(EAX, EAX);
            for (int i = 0; i < OUTCOME_BYTES; i += 8) {
                a.mov(at("now", i), RAX);
            }
            a.ret();
        });
        p.routine("clearValues", () -> {
            for (int i = 0; i < 4; i++) {
                a.mov(at("now", VALUE + 8 * i).bytes(8), 0);
            }
            a.ret();
        });
        p.routine("clearData", () -> {
            a.mov(EDI, DATA);
            a.mov(ECX, 0x200);
            a.xor(EAX, EAX);
            a.rep();
            a.stos(8);
            a.ret();
        });
        p.routine("merge", this::merge);
        p.routine("decimal", this::decimal);
        p.routine("faults", () -> {
            for (String name : FAULTS) {
                a.asciz(name);
            }
        });
        p.routine("line", this::line);
        p.routine("twice", this::twice);
        p.routine("steady", this::steady);
        p.routine("measure", this::measure);
        p.routine("bits", this::bits);
        p.routine("delay", () -> {
            String again = p.name();
            a.mov(ECX, 2000);
            a.label(again);
            a.loop(again);
            a.ret();
        });
        formats();
    }

    private void text() {
        p.routine("putc", () -> {
            a.push(RDI);
            a.mov(RDI, at("lineEnd"));
            a.mov(at(RDI), AL);
            a.inc(RDI);
            a.mov(at("lineEnd"), RDI);
            a.pop(RDI);
            a.ret();
        });
        p.routine("puts", () -> {
            String end = p.name();
            String next = p.name();
            a.label(next);
            a.mov(AL, at(RSI));
            a.inc(RSI);
            a.test(AL, AL);
            a.jcc(Condition.Z, end);
            a.call("putc");
            a.jmp(next);
            a.label(end);
            a.ret();
        });
        p.routine("newLine", () -> {
            a.mov(AL, '\n');
            a.call("putc");
            a.call("flush");
            a.mov(EAX, LINE);
            a.mov(at("lineEnd"), RAX);
            a.ret();
        });
    }

    /** Writes the ECX low digits of RAX. */
    private void hex() {
        String next = p.name();
        String low = p.name();
        a.push(RBX);
        a.mov(RBX, RAX);
        a.mov(EDX, ECX);
        a.neg(ECX);
        a.add(ECX, 16);
        a.shl(ECX, 2);
        a.shlCl(RBX);
        a.label(next);
        a.rol(RBX, 4);
        a.mov(EAX, EBX);
        a.and(EAX, 15);
        a.cmp(AL, 10);
        a.jcc(Condition.C, low);
        a.add(AL, 39);
        a.label(low);
        a.add(AL, '0');
        a.call("putc");
        a.dec(EDX);
        a.jcc(Condition.NZ, next);
        a.pop(RBX);
        a.ret();
    }

    /** Lines of 16 bytes of RCX bytes at RSI, named by their offset; lines of zeros are left out. */
    private void dump() {
        String row = p.name();
        String skip = p.name();
        String next = p.name();
        a.mov(at("from"), RSI);
        a.mov(R12, RSI);
        a.mov(R13, RSI);
        a.add(R13, RCX);
        a.label(row);
        a.mov(RAX, at(R12));
        a.or(RAX, at(R12, 8));
        a.jcc(Condition.Z, skip);
        a.mov(RSI, at("walkName"));
        a.call("puts");
        a.mov(RAX, R12);
        a.sub(RAX, at("from"));
        p.hex(RAX, 4);
        a.mov(AL, ' ');
        a.call("putc");
        a.xor(EBP, EBP);
        a.label(next);
        a.movzx(EAX, at(R12, RBP, 1, 0).bytes(1));
        p.hex(RAX, 2);
        a.inc(EBP);
        a.cmp(EBP, 16);
        a.jcc(Condition.NZ, next);
        p.newLine();
        a.label(skip);
        a.add(R12, 16);
        a.cmp(R12, R13);
        a.jcc(Condition.C, row);
        a.ret();
    }

    /** Adds the outcome of a number to the run, or writes the run and begins another one. */
    private void merge() {
        String fresh = p.name();
        String other = p.name();
        String skipped = p.name();
        a.cmp(at("now", KIND).bytes(8), SKIPPED);
        a.jcc(Condition.Z, skipped);
        a.cmp(at("have").bytes(8), 0);
        a.jcc(Condition.Z, fresh);
        for (int i = 0; i < OUTCOME_BYTES; i += 8) {
            a.mov(RAX, at("now", i));
            a.cmp(RAX, at("last", i));
            a.jcc(Condition.NZ, other);
        }
        a.mov(RAX, at("index"));
        a.mov(at("to"), RAX);
        a.label(skipped);
        a.ret();
        a.label(other);
        a.call("line");
        a.label(fresh);
        for (int i = 0; i < OUTCOME_BYTES; i += 8) {
            a.mov(RAX, at("now", i));
            a.mov(at("last", i), RAX);
        }
        a.mov(RAX, at("index"));
        a.mov(at("from"), RAX);
        a.mov(at("to"), RAX);
        a.mov(at("have").bytes(8), 1);
        a.ret();
    }

    /** Writes the run. */
    private void line() {
        String single = p.name();
        a.mov(RSI, at("walkName"));
        a.call("puts");
        a.mov(ECX, at("walkDigits"));
        a.jcxz(single);
        a.mov(RAX, at("from"));
        a.call("hex");
        a.mov(RAX, at("to"));
        a.cmp(RAX, at("from"));
        a.jccShort(Condition.Z, single);
        p.print("..");
        a.mov(RAX, at("to"));
        a.mov(ECX, at("walkDigits"));
        a.call("hex");
        a.label(single);
        a.mov(AL, ' ');
        a.call("putc");
        outcome();
        p.newLine();
        a.ret();
    }

    private void outcome() {
        String varies = p.name();
        String advances = p.name();
        String fault = p.name();
        String end = p.name();
        a.mov(RAX, at("last", KIND));
        a.test(AH, AH);
        a.jcc(Condition.NZ, fault);
        a.cmp(AL, VARIES);
        a.jcc(Condition.Z, varies);
        a.cmp(AL, ADVANCES);
        a.jcc(Condition.Z, advances);
        a.call(at("walkFormat"));
        a.jmp(end);
        a.label(varies);
        p.print("varies");
        a.jmp(end);
        a.label(advances);
        p.print("advances ");
        a.call("decimal");
        p.print(" in a million ticks");
        a.jmp(end);
        a.label(fault);
        a.movzx(EAX, AL);
        a.shl(EAX, 2);
        a.mov(RSI, "faults");
        a.add(RSI, RAX);
        a.call("puts");
        a.cmp(at("last", ERROR).bytes(8), 0);
        a.jcc(Condition.Z, end);
        a.mov(AL, ' ');
        a.call("putc");
        a.mov(RAX, at("last", ERROR));
        p.hex(RAX, 4);
        a.label(end);
    }

    /** Writes the first value in decimal digits. */
    private void decimal() {
        String divide = p.name();
        String write = p.name();
        a.mov(RAX, at("last", VALUE));
        a.xor(EBX, EBX);
        a.mov(ECX, 10);
        a.label(divide);
        a.xor(EDX, EDX);
        a.div(RCX);
        a.push(RDX);
        a.inc(EBX);
        a.test(RAX, RAX);
        a.jcc(Condition.NZ, divide);
        a.label(write);
        a.pop(RAX);
        a.add(AL, '0');
        a.call("putc");
        a.dec(EBX);
        a.jcc(Condition.NZ, write);
        a.ret();
    }

    /** Reads the register twice, some time apart: its value, or its rate if it counts. */
    private void steady() {
        String done = p.name();
        a.call("twice");
        a.cmp(at("now", KIND).bytes(8), VARIES);
        a.jcc(Condition.NZ, done);
        a.call("measure");
        a.label(done);
        a.ret();
    }

    /** Reads the register twice: its value, or that it varies. What reads as ones is not read again. */
    private void twice() {
        String done = p.name();
        p.attempt(() -> {
            a.call(at("read"));
            p.value(0, RAX);
        });
        a.cmp(at("now", KIND).bytes(8), FINE);
        a.jcc(Condition.NZ, done);
        a.mov(RAX, at("now", VALUE));
        a.inc(AL);
        a.jcc(Condition.Z, done);
        a.call("delay");
        p.attempt(() -> a.call(at("read")));
        a.cmp(RAX, at("now", VALUE));
        a.jcc(Condition.Z, done);
        a.call("clearValues");
        p.kind(VARIES);
        a.label(done);
        a.ret();
    }

    /** The rate of a register that counts, to three digits. */
    private void measure() {
        String again = p.name();
        String spin = p.name();
        String round = p.name();
        String scale = p.name();
        String end = p.name();
        String small = p.name();
        String lost = p.name();
        String backwards = p.name();
        a.mov(at("tries").bytes(8), TRIES);
        a.label(again);
        a.dec(at("tries").bytes(8));
        a.jcc(Condition.S, lost);
        sample();
        a.jcc(Condition.NC, again);
        a.mov(at("ticks"), R8);
        a.mov(at("counted"), R9);
        a.label(spin);
        timeStamp(RAX);
        a.sub(RAX, at("ticks"));
        a.cmp(RAX, MEASURED);
        a.jcc(Condition.C, spin);
        sample();
        a.jcc(Condition.NC, again);
        a.sub(R8, at("ticks"));
        a.cmp(R8, DISTURBED);
        a.jcc(Condition.NC, again);
        a.mov(RAX, R9);
        a.sub(RAX, at("counted"));
        a.jcc(Condition.S, backwards);
        a.mov(ECX, 1_000_000);
        a.mul(RCX);
        a.cmp(RDX, R8);
        a.jcc(Condition.NC, lost);
        a.div(R8);
        a.xor(EBX, EBX);
        a.mov(ECX, 10);
        a.label(round);
        a.cmp(RAX, 1000);
        a.jcc(Condition.C, scale);
        a.add(RAX, 5);
        a.xor(EDX, EDX);
        a.div(RCX);
        a.inc(EBX);
        a.jmp(round);
        a.label(scale);
        a.test(EBX, EBX);
        a.jcc(Condition.Z, end);
        a.label(small);
        a.mul(RCX);
        a.dec(EBX);
        a.jcc(Condition.NZ, small);
        a.label(end);
        a.call("clearValues");
        p.value(0, RAX);
        p.kind(ADVANCES);
        a.ret();
        a.label(backwards);
        a.sub(at("tries").bytes(8), TRIES / 3);
        a.jmp(again);
        a.label(lost);
        a.call("clearValues");
        p.kind(VARIES);
        a.ret();
    }

    /** The time in R8 and the register in R9; carry unless the time went by between two readings of it. */
    private void sample() {
        timeStamp(R8);
        a.call(at("read"));
        a.mov(R9, RAX);
        timeStamp(RAX);
        a.sub(RAX, R8);
        a.cmp(RAX, DISTURBED_END);
    }

    private void timeStamp(Register to) {
        a.rdtsc();
        a.shl(RDX, 32);
        a.or(RAX, RDX);
        if (to != RAX) {
            a.mov(to, RAX);
        }
    }

    /** Tries the register bit by bit; the value before is the first value of the outcome. */
    private void bits() {
        String again = p.name();
        String next = p.name();
        String refused = p.name();
        String written = p.name();
        String changed = p.name();
        String altered = p.name();
        a.mov(at("bit").bytes(8), 1);
        a.label(again);
        a.mov(RAX, at("bit"));
        a.xor(RAX, at("now", VALUE));
        a.mov(at("wanted"), RAX);
        p.attempt(() -> {
            a.mov(RAX, at("wanted"));
            a.call(at("write"));
            a.call(at("read"));
            a.jmp(written);
        });
        a.jmp(refused);
        a.label(written);
        a.cmp(RAX, at("wanted"));
        a.jcc(Condition.Z, changed);
        a.cmp(RAX, at("now", VALUE));
        a.jcc(Condition.NZ, altered);
        a.jmp(next);
        mark(refused, 2, next);
        mark(changed, 1, next);
        mark(altered, 3, next);
        a.label(next);
        p.attempt(() -> {
            a.mov(RAX, at("now", VALUE));
            a.call(at("write"));
        });
        p.kind(FINE);
        a.mov(at("now", ERROR).bytes(8), 0);
        a.shl(at("bit").bytes(8), 1);
        a.dec(at("width").bytes(8));
        a.jcc(Condition.NZ, again);
        a.ret();
    }

    private void mark(String label, int value, String next) {
        a.label(label);
        a.mov(RAX, at("bit"));
        a.or(at("now", VALUE + 8 * value), RAX);
        a.jmp(next);
    }

    private void formats() {
        p.routine("formatNone", () -> {
            p.print("ok");
            a.ret();
        });
        for (int digits : new int[] {1, 2, 4, 8, 16}) {
            p.routine("format" + digits * 4, () -> {
                shown(0, digits);
                a.ret();
            });
        }
        p.routine("formatCpuid", () -> {
            for (int i = 0; i < 4; i++) {
                p.print((i == 0 ? "" : " ") + new String[] {"eax", "ebx", "ecx", "edx"}[i] + "=");
                shown(i, 8);
            }
            a.ret();
        });
        p.routine("formatPair", () -> {
            shown(0, 16);
            p.print(" ");
            shown(1, 16);
            a.ret();
        });
        for (int width : new int[] {8, 16, 32, 64}) {
            p.routine("formatBits" + width, () -> bitsShown(width / 4));
        }
    }

    private void bitsShown(int digits) {
        String[] names = {"", " takes=", " refuses=", " alters="};
        String held = p.name();
        shown(0, digits);
        a.cmp(at("last", VALUE + 24).bytes(8), -1);
        a.jcc(Condition.Z, held);
        for (int i = 1; i < 4; i++) {
            String none = p.name();
            a.cmp(at("last", VALUE + 8 * i).bytes(8), 0);
            a.jcc(Condition.Z, none);
            p.print(names[i]);
            shown(i, digits);
            a.label(none);
        }
        a.ret();
        a.label(held);
        p.print(" not written");
        a.ret();
    }

    private void shown(int value, int digits) {
        a.mov(RAX, at("last", VALUE + 8 * value));
        p.hex(RAX, digits);
    }
}
