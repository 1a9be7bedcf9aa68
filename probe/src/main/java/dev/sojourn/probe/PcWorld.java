package dev.sojourn.probe;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.probe.Program.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import dev.sojourn.assembler.ElfFile;
import dev.sojourn.assembler.Register;

/**
 * A PC, and whatever is entered as one, in 32-bit mode with a start info or in 64-bit mode with a zero page: the guest
 * sets up its own tables and writes to the serial port.
 */
final class PcWorld implements World {
    static final int CODE_32 = 0x08;
    static final int CODE_64 = 0x10;
    static final int DATA_SELECTOR = 0x18;
    private static final int TASK_SELECTOR = 0x20;
    static final int USER_DATA = 0x33;
    static final int USER_CODE = 0x3b;
    /** Where a program at level 3 finds the first megabytes. */
    static final long USER_ALIAS = 1L << 32;
    private static final int USER_TABLE = 0x38_6000;
    private static final int USER = 4;
    /** PG, WP, NE, ET, MP, PE. */
    static final long CONTROL_0 = 0x8001_0033L;
    /** OSXSAVE, OSXMMEXCPT, OSFXSR, PGE, PAE. */
    static final long CONTROL_4 = 0x4_06a0;

    /** Where the registers of the entry are kept, in the order of {@link #ENTRY}. */
    static final int ENTERED = 0x39_4000;
    static final Register[] ENTRY = {EAX, EBX, ECX, EDX, ESI, EDI, EBP, ESP};
    static final int ENTERED_SELECTORS = ENTERED + 0x40;
    static final Register[] SELECTORS = {CS, DS, ES, SS, FS, GS};
    static final int ENTERED_FLAGS = ENTERED + 0x80;
    static final int ENTERED_CONTROL = ENTERED + 0x88;
    static final int ENTERED_TABLE = ENTERED + 0xa8;

    private static final int TABLES = 0x38_0000;
    private static final int TASK = 0x39_2000;
    private static final int TASK_BYTES = 0x68;
    private static final int VECTORS = 32;
    private static final int COM1 = 0x3f8;
    private static final int PM_CONTROL = 0x604;
    private static final int PRESENT_WRITABLE = 3;
    private static final int LARGE = 0x80;

    private final Program p;
    private final Assembler a;
    private final boolean enteredLong;

    PcWorld(Program p, boolean enteredLong) {
        this.p = p;
        a = p.a;
        this.enteredLong = enteredLong;
    }

    @Override
    public void enter() {
        a.bits(enteredLong ? 64 : 32);
        a.label("entry");
        keepEntry();
        a.mov(ESP, STACK);
        a.pushf();
        a.pop(absolute(ENTERED_FLAGS).bytes(enteredLong ? 8 : 4));
        pageTables();
        a.mov(absolute(TASK + 0x24).bytes(4), FAULT_STACK);
        a.mov(absolute(TASK + 0x64).bytes(4), TASK_BYTES << 16);    // No map of ports.
        a.lgdt(at("gdtr"));
        if (enteredLong) {
            stayLong();
        } else {
            goLong();
        }
        a.label("long");
        a.mov(EAX, DATA_SELECTOR);
        for (Register segment : new Register[] {DS, ES, FS, GS, SS}) {
            a.mov(segment, EAX);
        }
        a.mov(ESP, STACK);
        a.lidt(at("idtr"));
        a.mov(EAX, TASK_SELECTOR);
        a.ltr(EAX);
        a.mov(EAX, LINE);
        a.mov(at("lineEnd"), RAX);
        handlers();
        p.routine("flush", this::flush);
    }

    private void stayLong() {
        a.mov(EAX, CONTROL_4);
        a.mov(CR4, RAX);
        a.mov(EAX, TABLES);
        a.mov(CR3, RAX);
        a.push(CODE_64);
        a.push("long");
        a.retf(8);
    }

    private void goLong() {
        a.mov(EAX, CONTROL_4);
        a.mov(CR4, RAX);
        a.mov(EAX, TABLES);
        a.mov(CR3, RAX);
        a.mov(ECX, 0xc000_0080L);
        a.mov(EAX, 0x101);              // LME, SCE
        a.xor(EDX, EDX);
        a.wrmsr();
        a.mov(EAX, CONTROL_0);
        a.mov(CR0, RAX);
        a.farJump(CODE_64, "long", 4);
        a.bits(64);
    }

    private void keepEntry() {
        for (int i = 0; i < ENTRY.length; i++) {
            a.mov(absolute(ENTERED + 8 * i), ENTRY[i]);
        }
        for (int i = 0; i < SELECTORS.length; i++) {
            a.mov(EAX, SELECTORS[i]);
            a.mov(absolute(ENTERED_SELECTORS + 8 * i), EAX);
        }
        int at = ENTERED_CONTROL;
        for (Register control : new Register[] {CR0, CR3, CR4}) {
            a.mov(RAX, control);
            a.mov(absolute(at), EAX);
            at += 8;
        }
        a.mov(ECX, 0xc000_0080L);
        a.rdmsr();
        a.mov(absolute(at), EAX);
        a.sgdt(absolute(ENTERED_TABLE));
        a.sidt(absolute(ENTERED_TABLE + 16));
    }

    /**
     * Each address below 4 GiB is mapped to itself, for level 0; the first 8 MiB once more behind that, for level 3.
     */
    private void pageTables() {
        a.mov(absolute(TABLES).bytes(4), TABLES + 0x1000 | PRESENT_WRITABLE | USER);
        a.mov(absolute(TABLES + 0x1020).bytes(4), USER_TABLE | PRESENT_WRITABLE | USER);
        for (int i = 0; i < 4; i++) {
            a.mov(absolute(USER_TABLE + 8 * i).bytes(4), i << 21 | LARGE | PRESENT_WRITABLE | USER);
        }
        for (int i = 0; i < 4; i++) {
            a.mov(absolute(TABLES + 0x1000 + 8 * i).bytes(4), TABLES + 0x2000 + 0x1000 * i | PRESENT_WRITABLE);
        }
        a.mov(EDI, TABLES + 0x2000);
        a.mov(EAX, LARGE | PRESENT_WRITABLE);
        a.mov(ECX, 2048);
        a.label("pages");
        a.mov(at(EDI), EAX);
        a.add(EAX, 1 << 21);
        a.add(EDI, 8);
        a.loop("pages");
    }

    private void handlers() {
        p.routine("handlers", () -> {
            for (int vector = 0; vector < VECTORS; vector++) {
                a.label("vector" + vector);
                boolean error = vector == 8 || vector >= 10 && vector <= 14 || vector == 17 || vector == 21;
                p.kind(FAULT | vector);
                if (error) {
                    a.pop(RAX);
                    a.mov(at("now", ERROR), RAX);
                }
                a.jmp("caught");
            }
            a.label("caught");
            a.mov(RSP, at("savedStack"));
            a.jmp(at("resume"));
        });
    }

    /** Has SYSCALL lead behind the attempt that tries it, until {@link #closeSystemCalls}. */
    void openSystemCalls() {
        p.routine("systemCall", () -> a.jmp(at("resume")));
        a.mov(ECX, 0xc000_0081L);
        a.xor(EAX, EAX);
        a.mov(EDX, CODE_64);
        a.wrmsr();
        a.mov(ECX, 0xc000_0082L);
        a.mov(RAX, "systemCall");
        a.xor(EDX, EDX);
        a.wrmsr();
    }

    /** Puts its registers back: where the program lies is not part of a view. */
    void closeSystemCalls() {
        for (long register : new long[] {0xc000_0081L, 0xc000_0082L}) {
            a.mov(ECX, register);
            a.xor(EAX, EAX);
            a.xor(EDX, EDX);
            a.wrmsr();
        }
    }

    private void flush() {
        String next = p.name();
        a.mov(ESI, LINE);
        a.mov(EDX, COM1);
        a.label(next);
        a.mov(AL, at(RSI));
        a.out(AL);
        a.inc(RSI);
        a.cmp(RSI, at("lineEnd"));
        a.jcc(Condition.C, next);
        a.ret();
    }

    @Override
    public byte[] finish() {
        a.mov(EDX, PM_CONTROL);
        a.mov(EAX, 0x2000 | 5 << 10);
        a.out(AX);
        a.mov(EAX, 0x2000);
        a.out(AX);
        a.cli();
        a.hlt();
        a.align(16);
        a.label("gdt");
        a.dq(0, 0x00cf_9b00_0000_ffffL, 0x00af_9b00_0000_ffffL, 0x00cf_9300_0000_ffffL);
        a.dq(TASK_BYTES - 1 | (long) (TASK & 0xff_ffff) << 16 | 0x89L << 40, 0);
        a.dq(0x00cf_f300_0000_ffffL, 0x00af_fb00_0000_ffffL);
        a.label("gdtr");
        a.dw(8 * 8 - 1);
        a.dq("gdt");
        a.label("idtr");
        a.dw(16 * VECTORS - 1);
        a.dq("idt");
        a.align(16);
        a.label("idt");
        for (int vector = 0; vector < VECTORS; vector++) {
            long offset = a.address("vector" + vector);
            long attributes = vector == 3 ? 0xee : 0x8e;
            a.dq(offset & 0xffff | CODE_64 << 16 | 1L << 32 | attributes << 40 | (offset >>> 16 & 0xffff) << 48, 0);
        }
        p.data();
        byte[] code = a.assemble();
        return ElfFile.kernel(BASE, code, a.address("entry"), END - BASE - ElfFile.KERNEL_HEADER_BYTES - code.length);
    }
}
