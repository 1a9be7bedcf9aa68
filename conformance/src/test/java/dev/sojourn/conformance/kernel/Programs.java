package dev.sojourn.conformance.kernel;

import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.EAX;
import static dev.sojourn.assembler.Register.EBX;
import static dev.sojourn.assembler.Register.ECX;
import static dev.sojourn.assembler.Register.EDX;
import static dev.sojourn.assembler.Register.ESI;
import static dev.sojourn.assembler.Register.ESP;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import dev.sojourn.assembler.ElfFile;

/** Guest programs of 32 bits, made by the assembler. */
final class Programs {
    private static final int BASE = 0x0804_8000;
    private static final int EXIT = 1;
    private static final int WRITE = 4;

    /** The auxiliary vector's entry with the vDSO's way into the kernel. */
    private static final int AT_SYSINFO = 32;

    private Programs() {}

    /** Prints "32 bits" and ends with 32, by INT 0x80, using instructions that 64-bit code does not have. */
    static byte[] int80() {
        Assembler a = start();
        a.mov(EAX, WRITE);
        a.mov(EBX, 1);
        a.mov(ECX, "text");
        a.mov(EDX, 8);
        a.pusha();
        a.popa();
        a.interrupt(0x80);
        a.mov(EAX, EXIT);
        a.mov(EBX, 31);
        a.db(0x43);             // INC EBX; a REX prefix in 64-bit code.
        a.interrupt(0x80);
        a.label("text");
        a.ascii("32 bits\n");
        return finish(a);
    }

    /** Prints "through the vDSO" and ends with 33, by the vDSO's entry, which is SYSENTER on this processor. */
    static byte[] vdso() {
        Assembler a = start();
        a.lea(ESI, at(ESP, 4));
        skipPointers(a, "arguments");
        skipPointers(a, "environment");
        a.label("vector");
        a.mov(EAX, at(ESI));
        a.test(EAX, EAX);
        a.jcc(Condition.Z, "missing");
        a.cmp(EAX, AT_SYSINFO);
        a.jcc(Condition.Z, "found");
        a.add(ESI, 8);
        a.jmp("vector");
        a.label("found");
        a.mov(ESI, at(ESI, 4));
        a.mov(EAX, WRITE);
        a.mov(EBX, 1);
        a.mov(ECX, "text");
        a.mov(EDX, 17);
        a.call(ESI);
        a.mov(EBX, 33);
        a.label("end");
        a.mov(EAX, EXIT);
        a.call(ESI);
        a.label("missing");
        a.mov(EBX, 34);
        a.mov(EAX, EXIT);
        a.interrupt(0x80);
        a.label("text");
        a.ascii("through the vDSO\n");
        return finish(a);
    }

    /** A kernel with a PVH note whose first instruction faults with nothing there to handle it. */
    static byte[] tripleFault() {
        int physical = 0x20_0000;
        Assembler a = new Assembler(0);
        a.bits(32);
        // ELF header and two program headers by hand: a segment and the note.
        a.db(0x7f, 'E', 'L', 'F', 2, 1, 1, 0);
        a.dq(0);
        a.dw(2, 62);
        a.dd(1);
        a.dq(physical + 0x200, 64, 0);
        a.dd(0);
        a.dw(64, 56, 2, 64, 0, 0);
        a.dd(1, 7);
        a.dq(0, physical, physical, 0x300, 0x300, 0x1000);
        a.dd(4, 4);
        a.dq(0x100, physical + 0x100, physical + 0x100, 20, 20, 4);
        a.align(0x100);
        a.dd(4, 4, 18);         // "Xen", PHYS32_ENTRY.
        a.asciz("Xen");
        a.dd(physical + 0x200);
        a.align(0x200);
        a.mov(EAX, "nothing");
        a.lidt(at(EAX));
        a.ud2();
        a.label("nothing");
        a.zero(0x300 - (int) a.here());
        return patched(a, physical);
    }

    /** Addresses in the code are offsets into the file, so the one absolute one is moved to where the file is loaded. */
    private static byte[] patched(Assembler a, int physical) {
        byte[] file = a.assemble();
        file[0x201 + 2] |= (byte) (physical >> 16);
        return file;
    }

    private static void skipPointers(Assembler a, String label) {
        a.label(label);
        a.mov(EAX, at(ESI));
        a.add(ESI, 4);
        a.test(EAX, EAX);
        a.jcc(Condition.NZ, label);
    }

    private static Assembler start() {
        Assembler a = new Assembler(ElfFile.codeAddress(BASE));
        a.bits(32);
        return a;
    }

    private static byte[] finish(Assembler a) {
        return ElfFile.executable32(BASE, a.assemble(), (int) a.origin(), 0);
    }
}
