package dev.sojourn.probe;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import dev.sojourn.assembler.ElfFile;
import dev.sojourn.assembler.Register;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The probe guest while it is assembled: attempts that may fault, walks over numbers, and lines of text.
 *
 * <p>What an attempt gave is its outcome: a kind (below, or {@link #FAULT} and a vector), an error code and four
 * values. A {@link #walk} makes one attempt for each number and writes a line for each run of equal outcomes; {@link
 * #one} writes a line for a single attempt. All lies at addresses below 4 GiB that are mapped to themselves:
 *
 * <pre>
 * 300000  this program
 * 380000  page tables, tables of descriptors, task state
 * 3a0000  the line that is being written
 * 3b0000  {@link #SCRATCH}, a page for instructions to work on; 3b8000 {@link #CODE}, a page for instructions
 * 3c8000  the stack; 3d0000 the stack for faults; 3d4000 {@link #DATA}, 16 KiB for calls
 * </pre>
 *
 * <p>No address is a power of two: a register that is an address may be tried bit by bit.
 */
final class Program {
    static final int BASE = 0x30_0000;
    static final int END = 0x3e_0000;
    static final int LINE = 0x3a_0000;
    static final int SCRATCH = 0x3b_0000;
    static final int CODE = 0x3b_8000;
    static final int STACK = 0x3c_8000;
    static final int FAULT_STACK = 0x3d_0000;
    static final int DATA = 0x3d_4000;
    /** An address where no machine of the probe has RAM. */
    static final long NO_RAM = 0x7000_0000L;

    static final int FINE = 0;
    /** It gave different values, one after the other. */
    static final int VARIES = 1;
    /** It counts, so many for a million ticks of the time-stamp counter. */
    static final int ADVANCES = 2;
    /** It was not tried: the run goes on over it. */
    static final int SKIPPED = 3;
    static final int FAULT = 0x100;

    /** Places of an outcome. */
    static final int KIND = 0;
    static final int ERROR = 8;
    static final int VALUE = 16;
    static final int OUTCOME_BYTES = 48;

    private static final int CODE_END = 0x38_0000;

    final Assembler a = new Assembler(ElfFile.kernelAddress(BASE));
    private final Map<String, String> texts = new LinkedHashMap<>();
    private int names;

    /** A label of nobody else. */
    String name() { return "name" + names++; }

    /** The label of a text that ends with a zero. */
    private String text(String text) { return texts.computeIfAbsent(text, _ -> name()); }

    /** Lays down the data; after it nothing may be emitted. */
    void data() {
        texts.forEach((text, label) -> {
            a.label(label);
            a.asciz(text);
        });
        a.align(8);
        for (String word : new String[] {"index", "have", "walkName", "walkDigits", "walkFormat", "from", "to",
            "resume", "savedStack", "lineEnd", "read", "write", "code", "wanted", "bit", "width",
            "ticks", "counted", "tries"}) {
            a.label(word);
            a.dq(0);
        }
        a.label("now");
        a.dq(new long[OUTCOME_BYTES / 8]);
        a.label("last");
        a.dq(new long[OUTCOME_BYTES / 8]);
        if (a.here() > CODE_END) {
            throw new AssertionError(Long.toHexString(a.here()));
        }
    }

    /** Code that is jumped over, at a label. */
    void routine(String label, Runnable code) {
        String over = name();
        a.jmp(over);
        a.label(label);
        code.run();
        a.label(over);
    }

    /** Keeps a register as a value of the outcome. */
    void value(int number, Register register) {
        a.mov(at("now", VALUE + 8 * number), register);
    }

    void kind(int kind) { a.mov(at("now", KIND).bytes(8), kind); }

    /** Code that may fault, which is then the outcome; behind it registers hold anything. */
    void attempt(Runnable code) {
        String resume = name();
        a.mov(at("savedStack"), RSP);
        a.mov(RAX, resume);
        a.mov(at("resume"), RAX);
        code.run();
        a.label(resume);
        a.mov(RSP, at("savedStack"));
    }

    /**
     * A line for each run of numbers with equal outcomes.
     *
     * @param digits of the number in the line, 0 for none
     * @param end the number behind the last one
     * @param format the label of a routine that writes the values of a good outcome
     * @param body makes the outcome for the number at label "index"; registers hold anything
     */
    void walk(String name, int digits, long first, long end, String format, Runnable body) {
        String again = name();
        a.mov(RAX, text(name));
        a.mov(at("walkName"), RAX);
        a.mov(at("walkDigits").bytes(8), digits);
        a.mov(RAX, format);
        a.mov(at("walkFormat"), RAX);
        a.mov(at("have").bytes(8), 0);
        a.mov(RAX, first);
        a.mov(at("index"), RAX);
        a.label(again);
        a.call("clear");
        body.run();
        a.call("merge");
        a.inc(at("index").bytes(8));
        a.mov(RAX, end);
        a.cmp(RAX, at("index"));
        a.jcc(Condition.NZ, again);
        a.call("line");
    }

    /** A line for each run of equal readings, told to vary if a second one differs. */
    void readings(String name, int digits, long first, long end, String format, String read) {
        walk(name, digits, first, end, format, () -> {
            a.mov(RAX, read);
            a.mov(at("read"), RAX);
            a.call("twice");
        });
    }

    /** A line for a register that counts, or does not. */
    void rate(String name, String read) {
        walk(name, 0, 0, 1, "format64", () -> {
            a.mov(RAX, read);
            a.mov(at("read"), RAX);
            a.call("steady");
        });
    }

    /** A line for one attempt. */
    void one(String name, String format, Runnable body) { walk(name, 0, 0, 1, format, () -> attempt(body)); }

    /**
     * What bits of registers can be changed: values are what is read, and masks of the bits that a write changes, that
     * it is refused for, and for which it does something else. A register that counts is told as that.
     *
     * @param width bits
     * @param read a routine that gives in RAX what the register at "index" holds, and changes no more than RCX and
     *     RDX
     * @param write one that writes RAX to it
     * @param held numbers that are only read
     */
    void bits(String name, int digits, long first, long end, int width, String read, String write, int... held) {
        walk(name, digits, first, end, "formatBits" + width, () -> {
            a.mov(RAX, read);
            a.mov(at("read"), RAX);
            a.mov(RAX, write);
            a.mov(at("write"), RAX);
            a.mov(at("width").bytes(8), width);
            a.mov(RAX, at("index"));
            String only = name();
            String done = name();
            for (int number : held) {
                a.cmp(EAX, number);
                a.jcc(Condition.Z, only);
            }
            a.call("steady");
            a.cmp(at("now", KIND).bytes(8), FINE);
            a.jcc(Condition.NZ, done);
            a.call("bits");
            a.jmp(done);
            a.label(only);
            a.call("steady");
            a.cmp(at("now", KIND).bytes(8), FINE);
            a.jcc(Condition.NZ, done);
            a.mov(at("now", VALUE + 24).bytes(8), -1);
            a.label(done);
        });
    }

    /** Writes text now. */
    void print(String text) {
        a.mov(RSI, text(text));
        a.call("puts");
    }

    /** Ends the line. */
    void newLine() { a.call("newLine"); }

    /** Writes a register's low digits. */
    void hex(Register register, int digits) {
        if (register != RAX) {
            a.mov(RAX, register);
        }
        a.mov(ECX, digits);
        a.call("hex");
    }

    /**
     * Writes bytes of memory, a line for each 16 that are not all zero; RSI their address, RCX their count, both kept
     * at labels.
     */
    void dump(String name) {
        a.mov(RAX, text(name));
        a.mov(at("walkName"), RAX);
        a.call("dump");
    }

    /** A quadword to memory; RAX is lost. */
    void put(int address, long value) {
        a.mov(RAX, value);
        a.mov(absolute(address), RAX);
    }
}
