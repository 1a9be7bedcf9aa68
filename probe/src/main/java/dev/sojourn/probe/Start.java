package dev.sojourn.probe;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import dev.sojourn.assembler.Register;
import java.util.Locale;

/** What a kernel on a PC is started with: registers, start info, tables; and what a second processor begins with. */
final class Start {
    private static final int INFO_BYTES = 0x200;
    private static final int ZERO_PAGE_BYTES = 0x1000;
    private static final int ROMS = 0xc_0000;
    private static final int ROMS_END = 0xe_0000;
    private static final int ROM_STEP = 0x800;
    private static final int ROM_SIGNATURE = 0xaa55;
    private static final int SECOND_CODE = 0x6000;
    private static final int SECOND = 0x7000;
    private static final int APIC = 0xfee0_0000;
    private static final Register[] CONTROL = {CR0, CR3, CR4};

    private final Program p;
    private final Assembler a;
    private final String prefix;

    /** @param prefix of the names of lines */
    Start(Program p, String prefix) {
        this.p = p;
        a = p.a;
        this.prefix = prefix;
    }

    /** A kernel's start with a start info. */
    void registers() {
        entered("start.");
        a.mov(ESI, 0x400);
        a.mov(ECX, 0x100);
        p.dump("start.bios-data.");
        info();
        a.mov(EAX, absolute(PcWorld.ENTERED + 8));
        a.mov(ESI, at(RAX, 24));
        a.mov(ECX, 0x100);
        p.dump("start.command-line.");
    }

    void info() {
        a.mov(ESI, absolute(PcWorld.ENTERED + 8));
        a.mov(ECX, INFO_BYTES);
        p.dump(prefix + "start.info.");
    }

    /** A kernel's start by the Linux boot protocol, with a zero page. */
    void zeroPage() {
        entered("linux64.");
        a.mov(ESI, absolute(PcWorld.ENTERED_CONTROL + 8));
        a.mov(ECX, 0x20);
        p.dump("linux64.page-table.");
        a.mov(ESI, absolute(PcWorld.ENTERED + 0x20));
        a.mov(ECX, ZERO_PAGE_BYTES);
        p.dump("linux64.zero-page.");
        a.mov(EAX, absolute(PcWorld.ENTERED + 0x20));
        a.mov(ESI, at(RAX, 0x228));
        a.mov(ECX, 0x100);
        p.dump("linux64.command-line.");
    }

    private void entered(String name) {
        for (int i = 0; i < PcWorld.ENTRY.length; i++) {
            kept(name + lower(PcWorld.ENTRY[i]), PcWorld.ENTERED + 8 * i);
        }
        for (int i = 0; i < PcWorld.SELECTORS.length; i++) {
            kept(name + lower(PcWorld.SELECTORS[i]), PcWorld.ENTERED_SELECTORS + 8 * i);
        }
        kept(name + "eflags", PcWorld.ENTERED_FLAGS);
        String[] control = {"cr0", "cr3", "cr4", "efer"};
        for (int i = 0; i < control.length; i++) {
            kept(name + control[i], PcWorld.ENTERED_CONTROL + 8 * i);
        }
        a.mov(ESI, PcWorld.ENTERED_TABLE);
        a.mov(ECX, 32);
        p.dump(name + "tables.");
        a.mov(ESI, absolute(PcWorld.ENTERED_TABLE + 2));
        a.mov(ECX, 0x40);
        p.dump(name + "gdt.");
    }

    private static String lower(Register register) { return register.name().toLowerCase(Locale.ROOT); }

    private void kept(String name, int address) {
        p.one(name, "format32", () -> {
            a.mov(EAX, absolute(address));
            p.value(0, RAX);
        });
    }

    /** The option ROMs below 896 KiB, whose bytes are part of what a guest finds. */
    void roms() {
        String next = p.name();
        String none = p.name();
        a.mov(at("read").bytes(8), ROMS);
        a.label(next);
        a.mov(RSI, at("read"));
        a.cmp(at(RSI).bytes(2), ROM_SIGNATURE);
        a.jcc(Condition.NZ, none);
        a.movzx(ECX, at(RSI, 2).bytes(1));
        a.shl(ECX, 9);
        p.dump("rom.");
        a.label(none);
        a.add(at("read").bytes(8), ROM_STEP);
        a.cmp(at("read").bytes(8), ROMS_END);
        a.jcc(Condition.C, next);
    }

    /** The tables that the start info leads to, each by its signature. */
    void acpi() {
        String end = p.name();
        String next = p.name();
        String other = p.name();
        p.routine("acpiName", () -> {
            a.ascii(prefix + "acpi.");
            a.label("acpiSignature");
            a.ascii("XXXX.");
            a.db(0);
        });
        p.routine("dumpTable", () -> {
            a.mov(EAX, at(RSI));
            a.mov(at("acpiSignature"), EAX);
            a.mov(RAX, "acpiName");
            a.mov(at("walkName"), RAX);
            a.mov(ECX, at(RSI, 4));
            a.jmp("dump");
        });
        a.mov(EAX, absolute(PcWorld.ENTERED + 8));
        a.mov(R14, at(RAX, 32));
        a.test(R14, R14);
        a.jcc(Condition.Z, end);
        a.mov(RSI, R14);
        a.mov(ECX, 36);
        p.dump(prefix + "acpi.RSDP.");
        a.mov(R14, at(R14, 24));
        a.mov(RSI, R14);
        a.call("dumpTable");
        a.mov(R15D, at(R14, 4));
        a.add(R15, R14);
        a.add(R14, 36);
        a.label(next);
        a.cmp(R14, R15);
        a.jcc(Condition.NC, end);
        a.mov(RSI, at(R14));
        a.call("dumpTable");
        a.mov(RSI, at(R14));
        a.add(R14, 8);
        a.cmp(at(RSI).bytes(4), 0x5043_4146);       // FACP
        a.jcc(Condition.NZ, next);
        a.push(RSI);
        a.mov(RSI, at(RSI, 140));
        a.call("dumpTable");
        a.pop(RSI);
        a.mov(EAX, at(RSI, 36));
        a.test(EAX, EAX);
        a.jcc(Condition.Z, other);
        a.mov(ESI, EAX);
        a.call("dumpTable");
        a.label(other);
        a.jmp(next);
        a.label(end);
    }

    /** Starts the second processor, which keeps what it begins with. */
    void second() {
        byte[] code = secondCode();
        p.routine("secondCode", () -> a.db(code));
        a.mov(RSI, "secondCode");
        a.mov(EDI, SECOND_CODE);
        a.mov(ECX, code.length);
        a.rep();
        a.movs(1);
        a.mov(EBX, APIC & 0xffff_ffffL);
        a.mov(at(RBX, 0xf0).bytes(4), 0x1ff);
        a.mov(at(RBX, 0x310).bytes(4), 1 << 24);
        a.mov(at(RBX, 0x300).bytes(4), 0x4500);
        a.mov(at(RBX, 0x300).bytes(4), 0x4600 | SECOND_CODE >> 12);
        String wait = p.name();
        String there = p.name();
        a.mov(ECX, 10_000_000);
        a.label(wait);
        a.pause();
        a.cmp(absolute(SECOND + 0xf8).bytes(4), 0);
        a.jccShort(Condition.NZ, there);
        a.loop(wait);
        a.label(there);
        for (int i = 0; i < PcWorld.ENTRY.length; i++) {
            kept("second." + lower(PcWorld.ENTRY[i]), SECOND + 8 * i);
        }
        for (int i = 0; i < PcWorld.SELECTORS.length; i++) {
            kept("second." + lower(PcWorld.SELECTORS[i]), SECOND + 0x40 + 8 * i);
        }
        String[] rest = {"eflags", "cr0", "cr3", "cr4", "efer", "apic-base", "cpuid1.ebx", "cpuidb.edx"};
        for (int i = 0; i < rest.length; i++) {
            kept("second." + rest[i], SECOND + 0x80 + 8 * i);
        }
    }

    private static byte[] secondCode() {
        Assembler b = new Assembler(0);
        b.bits(16);
        for (int i = 0; i < PcWorld.ENTRY.length; i++) {
            b.mov(absolute(SECOND + 8 * i).in(DS), PcWorld.ENTRY[i]);
        }
        for (int i = 0; i < PcWorld.SELECTORS.length; i++) {
            b.mov(EAX, PcWorld.SELECTORS[i]);
            b.mov(absolute(SECOND + 0x40 + 8 * i), EAX);
        }
        b.mov(ESP, SECOND - 0x100);
        b.xor(EAX, EAX);
        b.pushf();
        b.pop(AX);
        int at = SECOND + 0x80;
        b.mov(absolute(at), EAX);
        for (Register control : CONTROL) {
            b.mov(RAX, control);
            b.mov(absolute(at += 8), EAX);
        }
        for (long msr : new long[] {0xc000_0080L, 0x1b}) {
            b.mov(ECX, msr);
            b.rdmsr();
            b.mov(absolute(at += 8), EAX);
        }
        b.mov(EAX, 1);
        b.cpuid();
        b.mov(absolute(at += 8), EBX);
        b.mov(EAX, 0xb);
        b.xor(ECX, ECX);
        b.cpuid();
        b.mov(absolute(at += 8), EDX);
        b.mov(absolute(SECOND + 0xf8).bytes(4), 1);
        b.label("stop");
        b.cli();
        b.hlt();
        b.jmp("stop");
        return b.assemble();
    }
}
