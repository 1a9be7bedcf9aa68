package dev.sojourn.probe;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import dev.sojourn.assembler.Register;
import dev.sojourn.boot.acpi.AcpiConfig;

/** The chips of a PC, register by register, and how fast its clocks go. */
final class Chips {
    private static final int APIC = 0xfee0_0000;
    private static final int IO_APIC = 0xfec0_0000;
    private static final int RTC = 0x70;
    /** The date and what changes with it is the host's to give: those registers are not read. */
    private static final int[][] RTC_STEADY =
            {{0x01, 0x02}, {0x03, 0x04}, {0x05, 0x06}, {0x0b, 0x0c}, {0x0d, 0x32}, {0x33, 0x80}};

    private final Program p;
    private final Assembler a;

    Chips(Program p) {
        this.p = p;
        a = p.a;
    }

    /** A doubleword of memory at a register of the address plus the number at "index". */
    private void window(String name, int bytes, Runnable address) {
        Register value = bytes == 1 ? AL : EAX;
        p.routine("read" + name, () -> {
            address.run();
            a.mov(ECX, EAX);
            a.xor(EAX, EAX);
            a.mov(value, at(RCX));
            a.ret();
        });
        p.routine("write" + name, () -> {
            a.push(RAX);
            address.run();
            a.mov(ECX, EAX);
            a.pop(RAX);
            a.mov(at(RCX), value);
            a.ret();
        });
    }

    private void indexed(int base, int shift) {
        a.mov(EAX, at("index"));
        a.shl(EAX, shift);
        a.add(EAX, base);
    }

    /** Leaves the index of the clock chip at a register that does not change, as the ports are about to be read. */
    void quiet() {
        a.mov(AL, 0x0d);
        a.out(RTC, AL);
    }

    void registers() {
        port("chip.pic.mask1", 0x21, 8);
        port("chip.pic.mask2", 0xa1, 8);
        port("chip.pic.edge1", 0x4d0, 8);
        port("chip.pic.edge2", 0x4d1, 8);
        p.routine("readSpeaker", () -> {
            a.in(AL, 0x61);
            a.and(EAX, 0x0f);
            a.ret();
        });
        p.routine("writeSpeaker", () -> {
            a.out(0x61, AL);
            a.ret();
        });
        p.bits("chip.speaker", 0, 0, 1, 8, "readSpeaker", "writeSpeaker");
        port("chip.uart.ier", 0x3f9, 8);
        port("chip.uart.iir", 0x3fa, 8);
        port("chip.uart.lcr", 0x3fb, 8);
        port("chip.uart.mcr", 0x3fc, 8);
        port("chip.uart.lsr", 0x3fd, 8);
        port("chip.uart.scr", 0x3ff, 8);
        p.routine("readPmStatus", () -> {
            a.mov(EDX, 0x600);
            a.xor(EAX, EAX);
            a.in(AX);
            a.and(EAX, ~1);         // The timer's carry.
            a.ret();
        });
        p.routine("writePmStatus", () -> {
            a.mov(EDX, 0x600);
            a.out(AX);
            a.ret();
        });
        p.bits("chip.pm.status", 0, 0, 1, 16, "readPmStatus", "writePmStatus");
        port("chip.pm.enable", 0x602, 16);
        port("chip.pci.address", 0xcf8, 32);
        p.routine("readRtc", () -> {
            a.mov(EAX, at("index"));
            a.out(RTC, AL);
            a.in(AL, RTC + 1);
            a.movzx(EAX, AL);
            a.ret();
        });
        p.routine("writeRtc", () -> {
            a.mov(ECX, EAX);
            a.mov(EAX, at("index"));
            a.out(RTC, AL);
            a.mov(EAX, ECX);
            a.out(RTC + 1, AL);
            a.ret();
        });
        for (int[] range : RTC_STEADY) {
            p.bits("chip.rtc.", 2, range[0], range[1], 8, "readRtc", "writeRtc");
        }
    }

    private void port(String name, int port, int width) {
        p.bits(name, 0, port, port + 1, width, "readPort" + width, "writePort" + width);
    }

    void apics() {
        window("Apic", 4, () -> indexed(APIC, 4));
        p.bits("apic.", 2, 0, 0x40, 32, "readApic", "writeApic", 0x30);
        p.routine("selectIoApic", () -> {
            a.mov(EAX, at("index"));
            a.mov(ECX, IO_APIC & 0xffff_ffffL);
            a.mov(at(RCX), EAX);
            a.lea(EAX, at(RCX, 0x10));
            a.ret();
        });
        window("IoApic", 4, () -> a.call("selectIoApic"));
        p.bits("ioapic.", 2, 0, 0x100, 32, "readIoApic", "writeIoApic");
    }

    void pci() {
        p.routine("selectPci", () -> {
            a.mov(EDX, 0xcf8);
            a.mov(EAX, at("index"));
            a.shl(EAX, 2);
            a.or(EAX, 1 << 31);
            a.out(EAX);
            a.mov(EDX, 0xcfc);
            a.ret();
        });
        p.routine("readPci", () -> {
            a.call("selectPci");
            a.in(EAX);
            a.ret();
        });
        p.routine("writePci", () -> {
            a.push(RAX);
            a.call("selectPci");
            a.pop(RAX);
            a.out(EAX);
            a.ret();
        });
        p.walk("pci.", 4, 0, 0x1_0000, "format32", () -> p.attempt(() -> {
            a.mov(EDX, 0xcf8);
            a.mov(EAX, at("index"));
            a.shl(EAX, 8);
            a.or(EAX, 1 << 31);
            a.out(EAX);
            a.mov(EDX, 0xcfc);
            a.in(EAX);
            p.value(0, RAX);
        }));
        for (int device = 0; device < 32; device++) {
            p.bits("pci.%02x.".formatted(device), 4, device * 0x200, device * 0x200 + 64, 32, "readPci", "writePci");
        }
    }

    void virtio() {
        for (int slot = 0; slot < AcpiConfig.VIRTIO_SLOTS_MAX; slot++) {
            int base = (int) AcpiConfig.virtioAddress(slot);
            String name = "virtio." + slot + ".";
            window("Virtio" + slot, 4, () -> indexed(base, 2));
            window("VirtioByte" + slot, 1, () -> indexed(base, 0));
            p.readings(name + "register.", 2, 0, 0x40, "format32", "readVirtio" + slot);
            p.readings(name + "configuration.", 3, 0x100, 0x200, "format8", "readVirtioByte" + slot);
            selected(name + "features.", base, 0x14, 0x10, 8);
            selected(name + "queue-most.", base, 0x30, 0x34, 64);
        }
    }

    private void selected(String name, int base, int selector, int register, int count) {
        p.walk(name, 2, 0, count, "format32", () -> p.attempt(() -> {
            a.mov(ECX, base & 0xffff_ffffL);
            a.mov(EAX, at("index"));
            a.mov(at(RCX, selector), EAX);
            a.mov(EAX, at(RCX, register));
            p.value(0, RAX);
        }));
        a.mov(ECX, base & 0xffff_ffffL);
        a.mov(at(RCX, selector).bytes(4), 0);
    }

    /** What is RAM, and what each page of the rest begins with. */
    void memory() {
        p.routine("formatMemory", () -> {
            String other = p.name();
            a.cmp(at("last", Program.VALUE + 8).bytes(8), 0);
            a.jcc(Condition.Z, other);
            p.print("RAM");
            a.ret();
            a.label(other);
            p.print("reads ");
            a.mov(RAX, at("last", Program.VALUE));
            p.hex(RAX, 8);
            a.ret();
        });
        memory("memory.page.", 5, 0, 0x4400, 12);
        memory("memory.mib.", 3, 0x44, 0xe00, 20);
        memory("memory.page.", 5, 0xe_0000, 0x10_0000, 12);
    }

    private void memory(String name, int digits, long first, long end, int shift) {
        p.walk(name, digits, first, end, "formatMemory", () -> {
            String ours = p.name();
            a.mov(RAX, at("index"));
            a.shl(RAX, shift);
            a.sub(EAX, Program.BASE);
            a.cmp(EAX, Program.END - Program.BASE);
            a.jcc(Condition.C, ours);
            p.attempt(() -> {
                String other = p.name();
                String end2 = p.name();
                a.mov(RCX, at("index"));
                a.shl(RCX, shift);
                a.mov(EAX, at(RCX));
                a.mov(EDX, EAX);
                a.xor(EDX, 0x5a5a_5a5a);
                a.mov(at(RCX), EDX);
                a.mov(EBX, at(RCX));
                a.mov(at(RCX), EAX);
                a.cmp(EBX, EDX);
                a.jcc(Condition.NZ, other);
                a.mov(at("now", Program.VALUE + 8).bytes(8), 1);
                a.jmp(end2);
                a.label(other);
                p.value(0, RAX);
                a.label(end2);
            });
            String done = p.name();
            a.jmp(done);
            a.label(ours);
            p.kind(Program.SKIPPED);
            a.label(done);
        });
    }

    /** The rates of clocks that software starts, against the time-stamp counter. */
    void clocks() {
        a.mov(ECX, APIC & 0xffff_ffffL);
        a.mov(at(RCX, 0x320).bytes(4), 0x1_0000);
        a.mov(at(RCX, 0x3e0).bytes(4), 0xb);
        a.mov(at(RCX, 0x380).bytes(4), -1);
        p.routine("readApicTimer", () -> {
            a.mov(ECX, APIC & 0xffff_ffffL);
            a.mov(EAX, at(RCX, 0x390));
            a.not(EAX);
            a.ret();
        });
        p.rate("clock.apic-timer", "readApicTimer");
        a.mov(ECX, APIC & 0xffff_ffffL);
        a.mov(at(RCX, 0x380).bytes(4), 0);
        p.routine("readPmTimer", () -> {
            a.mov(EDX, 0x608);
            a.in(EAX);
            a.ret();
        });
        p.rate("clock.pm-timer", "readPmTimer");
        a.in(AL, 0x61);
        a.or(AL, 1);
        a.out(0x61, AL);
        a.mov(AL, 0xb4);        // Counter 2, both bytes, mode 2.
        a.out(0x43, AL);
        a.xor(EAX, EAX);
        a.out(0x42, AL);
        a.out(0x42, AL);
        p.routine("readPit", () -> {
            a.mov(AL, 0x80);
            a.out(0x43, AL);
            a.in(AL, 0x42);
            a.movzx(ECX, AL);
            a.in(AL, 0x42);
            a.movzx(EAX, AL);
            a.shl(EAX, 8);
            a.or(EAX, ECX);
            a.neg(EAX);
            a.and(EAX, 0xffff);
            a.ret();
        });
        p.rate("clock.pit", "readPit");
    }
}
