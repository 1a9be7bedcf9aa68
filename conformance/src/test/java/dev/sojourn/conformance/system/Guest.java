package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.ElfFile;
import dev.sojourn.assembler.Memory;
import dev.sojourn.assembler.Operand;
import dev.sojourn.assembler.Register;
import dev.sojourn.machine.Ending;
import dev.sojourn.machine.MachineType;
import java.util.ArrayList;
import java.util.List;

/**
 * A kernel made for one test: descriptor tables, page tables, exception handlers, and the test's own instructions.
 *
 * <p>An exception inside a {@link #probe} is reported as {@code vector/error+distance}, the distance being that of the
 * saved instruction pointer from the start of the probe, or {@code far}, and execution goes on behind the probe, at
 * level 0. A probe without exception reports {@code ok}. All numbers are hexadecimal.
 *
 * <pre>
 * 100000  this program; each address below 1 GiB is mapped to itself with pages of 2 MiB
 * 400000  {@link #PAGES}: 512 pages mapped by the table at label "pt" (64-bit guests)
 * 3xx000  stacks, see the constants
 * </pre>
 */
final class Guest {
    static final int CODE_32 = 0x08;
    static final int CODE_64 = 0x10;
    static final int DATA = 0x18;
    static final int USER_CODE_32 = 0x23;
    static final int USER_DATA = 0x2b;
    static final int USER_CODE_64 = 0x33;
    static final int TASK_64 = 0x40;
    static final int LOCAL_TABLE = 0x50;
    static final int CODE_16 = 0x60;
    static final int DATA_16 = 0x68;
    static final int TASK_32 = 0x70;
    /** The first descriptor that is a test's own. */
    static final int FREE = 0x80;

    static final int BASE = 0x10_0000;
    static final int PAGES = 0x40_0000;
    static final int STACK_0 = 0x3e_0000;
    /** Where the task state leads from outer levels. */
    static final int TASK_STACK = 0x3d_0000;
    static final int IST_1 = 0x3c_0000;
    static final int IST_2 = 0x3b_0000;
    static final int USER_STACK = 0x3a_0000;

    /** The way back from level 3. */
    static final int RETURN_VECTOR = 0x80;

    static final long CODE_DESCRIPTOR_32 = 0x00cf_9b00_0000_ffffL;
    static final long CODE_DESCRIPTOR_64 = 0x00af_9b00_0000_ffffL;
    static final long DATA_DESCRIPTOR = 0x00cf_9300_0000_ffffL;
    static final long LEVEL_3 = 3L << 45;
    static final long PRESENT = 1L << 47;

    final Assembler a = new Assembler(ElfFile.kernelAddress(BASE));
    final long[] gdt = new long[32];
    final long[] ldt = new long[8];
    /** The first quadwords of the interrupt descriptors, and the second ones of 64-bit guests. */
    final long[] idt = new long[512];
    final byte[] task = new byte[0x68 + 0x100];

    private final Routines routines = new Routines(this);
    private final int mode;
    private final List<Runnable> late = new ArrayList<>();
    private final List<String> probes = new ArrayList<>();
    private final List<String> returns = new ArrayList<>();
    private int names;
    private int cpus = 1;
    private String guestInterface = "native";
    private MachineType type = MachineType.usual();

    private Guest(int mode) { this.mode = mode; }

    /** A guest whose test runs in 64-bit mode. */
    static Guest long64() {
        Guest guest = new Guest(64);
        guest.entry();
        return guest;
    }

    /** A guest whose test runs in 32-bit protected mode, paging off. */
    static Guest flat32() {
        Guest guest = new Guest(32);
        guest.entry();
        return guest;
    }

    /** 32 or 64. */
    int width() { return mode; }

    Guest cpus(int count) {
        cpus = count;
        return this;
    }

    /** On another interface than a plain PC's. */
    Guest on(String name) {
        guestInterface = name;
        return this;
    }

    /** On another machine type than the usual one. */
    Guest on(MachineType other) {
        type = other;
        return this;
    }

    private void entry() {
        descriptors();
        a.bits(32);
        a.label("entry");
        a.mov(ESP, STACK_0);
        a.lgdt(at("gdtr"));
        a.farJump(CODE_32, "flat", 4);
        a.label("flat");
        a.mov(EAX, DATA);
        for (Register segment : new Register[] {DS, ES, FS, GS, SS}) {
            a.mov(segment, EAX);
        }
        a.lidt(at("idtr"));
        if (mode == 64) {
            enterLong();
        }
        a.mov(EAX, mode == 64 ? TASK_64 : TASK_32);
        a.ltr(EAX);
        a.jmp("test");
        routines.emit(64);
        routines.emit(32);
        a.bits(mode);
        a.label("test");
    }

    private void enterLong() {
        a.mov(EAX, 0x6b0 & ~0x10);      // PAE, PGE, OSFXSR, OSXMMEXCPT
        a.mov(CR4, RAX);
        a.mov(EAX, "pml4");
        a.mov(CR3, RAX);
        msr(0xc000_0080, 0x901);        // SCE, LME, NXE
        a.mov(EAX, 0x8001_0033L);       // PG, WP, NE, ET, MP, PE
        a.mov(CR0, RAX);
        a.farJump(CODE_64, "long", 4);
        a.bits(64);
        a.label("long");
    }

    private void descriptors() {
        gdt[CODE_32 >> 3] = CODE_DESCRIPTOR_32;
        gdt[CODE_64 >> 3] = CODE_DESCRIPTOR_64;
        gdt[DATA >> 3] = DATA_DESCRIPTOR;
        gdt[USER_CODE_32 >> 3] = CODE_DESCRIPTOR_32 | LEVEL_3;
        gdt[USER_DATA >> 3] = DATA_DESCRIPTOR | LEVEL_3;
        gdt[USER_CODE_64 >> 3] = CODE_DESCRIPTOR_64 | LEVEL_3;
        gdt[0x38 >> 3] = DATA_DESCRIPTOR | LEVEL_3;
        gdt[CODE_16 >> 3] = 0x0000_9b00_0000_ffffL;
        gdt[DATA_16 >> 3] = 0x0000_9300_0000_ffffL;
        late(() -> {
            gdt[TASK_64 >> 3] = system(9, a.address("task"), 0x67);
            gdt[LOCAL_TABLE >> 3] = system(2, a.address("ldt"), 0x3f);
            gdt[TASK_32 >> 3] = system(9, a.address("task"), 0x67);
        });
        if (mode == 64) {
            put(task, 4, TASK_STACK, 8);
            put(task, 0x24, IST_1, 8);
            put(task, 0x2c, IST_2, 8);
        } else {
            put(task, 4, TASK_STACK, 4);
            put(task, 8, DATA, 4);
        }
        put(task, 0x66, 0x68, 2);
    }

    /** A system descriptor's first quadword. */
    static long system(int type, long base, int limit) {
        return limit | (base & 0xff_ffff) << 16 | (long) type << 40 | PRESENT | (base >>> 24 & 0xff) << 56;
    }

    /** The first quadword of a gate. @param attributes type, privilege level and present bit, as one byte */
    static long gate(int selector, long offset, int attributes, int low) {
        return offset & 0xffff | (long) selector << 16 | (long) low << 32 | (long) attributes << 40
                | (offset >>> 16 & 0xffff) << 48;
    }

    /** Leads a vector to a label. @param attributes 8e for an interrupt gate, 8f for a trap gate; ee, ef: for all */
    void vector(int vector, String label, int attributes, int stackTable) {
        late(() -> {
            if (mode == 64) {
                idt[2 * vector] = gate(CODE_64, a.address(label), attributes, stackTable);
            } else {
                idt[vector] = gate(CODE_32, a.address(label), attributes, 0);
            }
        });
    }

    static void put(byte[] target, int at, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            target[at + i] = (byte) (value >>> 8 * i);
        }
    }

    /** Runs when all labels of the test are known and the tables are not yet laid down. */
    void late(Runnable work) { late.add(work); }

    /** A label of nobody else. */
    String name() { return "name" + names++; }

    // What a test says

    void print(String text) {
        a.call("puts" + a.bits());
        a.asciz(text);
    }

    /** Prints a register of the code's width, or memory of that size. */
    void hex(Operand value) {
        a.push(value);
        a.call("hex" + a.bits());
    }

    /** The same with a text in front and a space behind. */
    void hex(String text, Operand value) {
        print(text);
        hex(value);
        print(" ");
    }

    /** Reports what the last exception handler saw: vector, error, rip, cs, rflags, rsp, ss, cr2. */
    void last(String text, String field) {
        int index = Routines.FRAME.indexOf(field);
        hex(text, at("last", (a.bits() == 64 ? 8 : 4) * index).bytes(a.bits() / 8));
    }

    /** Runs code that may fault. */
    void probe(Runnable code) {
        String resume = name();
        String start = name();
        int number = probes.size() / 2;
        probes.add(resume);
        probes.add(start);
        a.mov(at("probe").bytes(4), number);
        a.mov(at("saved"), a.bits() == 64 ? RSP : ESP);
        a.label(start);
        code.run();
        print("ok ");
        a.label(resume);
    }

    /** An assembled instruction in full. */
    void probe(int... bytes) { probe(() -> a.db(bytes)); }

    /** Runs code at level 3, in a segment and with a stack; execution goes on behind it at level 0. */
    void user(Runnable code) { user(code, a.bits() == 64 ? USER_CODE_64 : USER_CODE_32, a.bits(), 2); }

    void user(Runnable code, int selector, int bits, int flags) {
        int width = a.bits();
        away(() -> {
            String start = name();
            a.push(USER_DATA);
            a.push(USER_STACK);
            a.push(flags);
            a.push(selector);
            a.push(start);
            a.iret(width / 8);
            a.label(start);
            a.bits(bits);
            code.run();
            a.interrupt(RETURN_VECTOR);
            a.bits(width);
        });
    }

    /** Code that leaves this level; it comes back behind all of it by {@link #RETURN_VECTOR}. */
    void away(Runnable leave) {
        String back = name();
        int number = returns.size();
        returns.add(back);
        a.mov(at("return").bytes(4), number);
        a.mov(at("kernel"), a.bits() == 64 ? RSP : ESP);
        leave.run();
        a.label(back);
    }

    void msr(int index, long value) {
        a.mov(ECX, index & 0xffff_ffffL);
        a.mov(EAX, value & 0xffff_ffffL);
        a.mov(EDX, value >>> 32);
        a.wrmsr();
    }

    /** A 64-bit value to a quadword, in 64-bit code; RAX is lost. */
    void store(Memory to, long value) {
        a.mov(RAX, value);
        a.mov(to, RAX);
    }

    void or(Register control, long bits) {
        Register accumulator = a.bits() == 64 ? RAX : EAX;
        a.mov(RAX, control);
        a.or(accumulator, (int) bits);
        a.mov(control, RAX);
    }

    void and(Register control, long bits) {
        Register accumulator = a.bits() == 64 ? RAX : EAX;
        a.mov(RAX, control);
        a.and(accumulator, (int) bits);
        a.mov(control, RAX);
    }

    // The run

    byte[] kernel() {
        a.jmp("off" + a.bits());
        Tables.emitNamed(this);
        late.forEach(Runnable::run);
        Tables.emit(this, probes, returns);
        return ElfFile.kernel(BASE, a.assemble(), a.address("entry"), 0);
    }

    /** Runs to power-off and compares the report. */
    void reports(String expected) {
        GuestRun run = GuestRun.of(type, kernel(), cpus, guestInterface, expected);
        assertEquals(expected.strip(), run.text().strip(), () -> run.ending().toString());
        assertEquals(new Ending.PoweredOff(), run.ending());
    }

    /** Runs to the end and gives report and ending. */
    GuestRun run() { return GuestRun.of(type, kernel(), cpus, guestInterface, ""); }
}
