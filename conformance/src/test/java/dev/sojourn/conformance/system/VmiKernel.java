package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.conformance.system.Guest.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import dev.sojourn.assembler.Register;
import java.util.ArrayList;
import java.util.List;

/**
 * A 32-bit kernel that uses VMI as Linux did: looks for the ROM through its linear mapping, initialises it, asks where each call is,
 * and patches its own code by the answers.
 *
 * <p>Everything below 16 MiB is mapped to itself and once more from {@link #LINEAR}, in large pages; {@link #REGION} by a table of
 * small ones.
 */
final class VmiKernel {
    static final int LINEAR = 0xc000_0000;
    static final int REGION = 0x80_0000;
    /** What maps the region: entries of 4 bytes, or 8 with PAE. */
    static final int TABLE = PAGES + 0x1000;
    static final int APIC = 0xfee0_0000;
    /** Memory for whatever a test keeps; zero at first. */
    static final int DATA = 0x70_0000;
    static final int APIC_TIMER_VECTOR = 0x41;
    static final int IRQ0_VECTOR = 0x30;

    private static final int DIRECTORY = PAGES;
    private static final int PAE_DIRECTORIES = PAGES + 0x4000;
    private static final int POINTERS = PAGES + 0x2000;
    /** Where it found the ROM; then address and kind of answer for each call. */
    private static final int ROM = 0x71_0000;
    private static final int ANSWERS = 0x71_1000;
    private static final int CALLS = 74;
    private static final int FIRST = 0xc_0000;
    private static final int END = 0xe_0000;
    private static final int STEP = 0x800;
    private static final int PATCHED_BYTES = 7;

    /** A sequence in the code that is to become a call of the ROM's. */
    private record Site(String label, int call) {}

    final Guest g;
    final Assembler a;
    private final boolean pae;
    private final List<Site> sites = new ArrayList<>();

    VmiKernel(String blob, boolean pae) {
        this.pae = pae;
        g = Guest.flat32().on("vmi/" + blob);
        a = g.a;
        page();
        routines();
    }

    static int entryBytes(boolean pae) { return pae ? 8 : 4; }

    private void page() {
        if (pae) {
            pagePae();
        } else {
            fill(DIRECTORY, 4, 4, 0x87, 0x40_0000);
            fill(DIRECTORY + 768 * 4, 4, 4, 0x87, 0x40_0000);
            a.mov(absolute(DIRECTORY + 4 * 2).bytes(4), TABLE | 7);
            a.mov(absolute(DIRECTORY + 4 * (APIC >>> 22)).bytes(4), APIC & 0xffc0_0000 | 0x93);
            fill(TABLE, 1024, 4, REGION | 3, 0x1000);
        }
        g.or(CR4, pae ? 0xb0 : 0x90);
        a.mov(EAX, pae ? POINTERS : DIRECTORY);
        a.mov(CR3, RAX);
        g.or(CR0, 0x8001_0000L);
    }

    private void pagePae() {
        for (int i = 0; i < 4; i++) {
            a.mov(absolute(POINTERS + 8 * i).bytes(4), PAE_DIRECTORIES + 0x1000 * i | 1);
        }
        fill(PAE_DIRECTORIES, 8, 8, 0x87, 0x20_0000);
        fill(PAE_DIRECTORIES + 0x3000, 8, 8, 0x87, 0x20_0000);
        a.mov(absolute(PAE_DIRECTORIES + 8 * (REGION >>> 21)).bytes(4), TABLE | 7);
        a.mov(absolute(PAE_DIRECTORIES + 0x3000 + 8 * (APIC >>> 21 & 511)).bytes(4), APIC & 0xffe0_0000 | 0x93);
        fill(TABLE, 512, 8, REGION | 3, 0x1000);
    }

    private void fill(int table, int count, int entryBytes, int first, int pageBytes) {
        String next = g.name();
        a.mov(EDI, table);
        a.mov(EAX, first);
        a.mov(ECX, count);
        a.label(next);
        a.mov(at(EDI), EAX);
        a.add(EDI, entryBytes);
        a.add(EAX, pageBytes);
        a.loop(next);
    }

    /** Text at ESI, and asking for all calls, as a kernel does it again whenever it loads a module. */
    private void routines() {
        String over = g.name();
        a.jmp(over);
        a.label("show");
        a.mov(EDX, 0x3f8);
        a.label("showNext");
        a.lods(1);
        a.test(AL, AL);
        a.jcc(Condition.Z, "showEnd");
        a.out(AL);
        a.jmp("showNext");
        a.label("showEnd");
        a.ret();
        a.label("ask");
        a.mov(EBX, absolute(ROM));
        a.add(EBX, 0x88);
        a.xor(EDI, EDI);
        a.label("askNext");
        a.mov(EAX, EDI);
        a.call(EBX);
        a.mov(at(null, EDI, 8, ANSWERS), EAX);
        a.mov(at(null, EDI, 8, ANSWERS + 4), EDX);
        a.inc(EDI);
        a.cmp(EDI, CALLS);
        a.jcc(Condition.NZ, "askNext");
        a.ret();
        a.label(over);
    }

    /** The text at an offset that the ROM has at EBX plus some more. */
    private void showAt(int field) {
        String unknown = g.name();
        String end = g.name();
        a.movzx(EAX, at(EBX, field).bytes(2));
        a.test(EAX, EAX);
        a.jcc(Condition.Z, unknown);
        a.mov(ESI, EBP);
        a.add(ESI, EAX);
        a.call("show");
        a.jmp(end);
        a.label(unknown);
        g.print("UNKNOWN");
        a.label(end);
    }

    private void byteAt(Register base, int offset) {
        a.movzx(EAX, at(base, offset).bytes(1));
        g.hex(EAX);
    }

    /** Looks for a ROM by the checks of Linux, in its order and with its words. */
    void detect() {
        a.mov(EBP, LINEAR + FIRST);
        a.label("candidate");
        a.cmp(at(EBP).bytes(2), (short) 0xaa55);
        a.jcc(Condition.NZ, "step");
        a.cmp(at(EBP, 8).bytes(4), 0x696d_5663);
        a.jcc(Condition.NZ, "step");
        a.cmp(at(EBP, 0x0d).bytes(1), 3);
        a.jcc(Condition.Z, "version");
        g.print("VMI: Found mismatched rom version ");
        byteAt(EBP, 0x0d);
        g.print(".");
        byteAt(EBP, 0x0c);
        g.print("\n");
        a.jmp("step");
        a.label("version");
        a.movzx(EBX, at(EBP, 0x18).bytes(2));
        a.test(EBX, EBX);
        a.jcc(Condition.NZ, "pci");
        g.print("VMI: ROM does not contain PCI header.\n");
        a.jmp("step");
        a.label("pci");
        a.add(EBX, EBP);
        a.mov(EDI, EBX);
        a.cmp(at(EBX, 4).bytes(4), 0x0801_15ad);
        a.jcc(Condition.Z, "vendor");
        g.print("VMI: ROM from unknown manufacturer\n");
        a.label("vendor");
        g.print("VMI: Found ");
        a.movzx(EBX, at(EBP, 0x1a).bytes(2));
        a.add(EBX, EBP);
        showAt(14);
        g.print(" ");
        showAt(16);
        g.print(", API version ");
        byteAt(EBP, 0x0d);
        g.print(".");
        byteAt(EBP, 0x0c);
        g.print(", ROM version ");
        byteAt(EDI, 19);
        g.print(".");
        byteAt(EDI, 18);
        g.print("\n");
        a.movzx(ESI, at(EBP, 0x16).bytes(2));
        a.add(ESI, EBP);
        a.cmp(at(ESI).bytes(4), 0x004c_5047);
        a.jcc(Condition.Z, "found");
        g.print("VMI: Non GPL license `");
        a.call("show");
        g.print("' found for ROM. Not used.\n");
        a.label("step");
        a.add(EBP, STEP);
        a.cmp(EBP, LINEAR + END);
        a.jcc(Condition.C, "candidate");
        g.print("bare hardware\n");
        a.jmp("off32");
        a.label("found");
        a.mov(absolute(ROM), EBP);
        g.print("Reserving virtual address space above ");
        g.hex(at(EBP, 0x10).bytes(4));
        g.print("\n");
    }

    /** Initialises the ROM and asks for all calls. */
    void activate() {
        detect();
        a.mov(EAX, absolute(ROM));
        a.add(EAX, 0x80);
        a.call(EAX);
        a.test(EAX, EAX);
        a.jcc(Condition.Z, "initialised");
        g.print("VMI ROM failed to initialize!\n");
        a.jmp("off32");
        a.label("initialised");
        a.call("ask");
    }

    /** Calls the ROM's routine; the registers are set. */
    void call(int number) { a.call(absolute(ANSWERS + 8 * number).bytes(4)); }

    /** A call with arguments in EAX, EDX and ECX, and on the stack. */
    void call(int number, int eax, int edx, int ecx, int... stacked) {
        for (int i = stacked.length - 1; i >= 0; i--) {
            a.push(stacked[i]);
        }
        a.mov(EAX, eax & 0xffff_ffffL);
        a.mov(EDX, edx & 0xffff_ffffL);
        a.mov(ECX, ecx & 0xffff_ffffL);
        call(number);
        if (stacked.length > 0) {
            a.add(ESP, 4 * stacked.length);
        }
    }

    /** A place that {@link #patch} makes a call of the ROM's; until then it stops the machine. */
    void site(int number) {
        String label = g.name();
        sites.add(new Site(label, number));
        a.label(label);
        a.ud2();
        for (int i = 2; i < PATCHED_BYTES; i++) {
            a.nop();
        }
    }

    /** The address of the last site. */
    String lastSite() { return sites.getLast().label; }

    /** Patches all sites of the program by the ROM's answers. Code behind it is emitted once all sites are known. */
    void patch() { a.call("patch"); }

    /** What patches; at the end of the program. */
    void end() {
        a.jmp("off32");
        a.label("patch");
        for (Site site : sites) {
            a.mov(EDI, site.label);
            a.mov(ESI, site.call);
            a.call("patchOne");
        }
        a.ret();
        a.label("patchOne");
        a.mov(EAX, ESI);
        a.mov(EBX, absolute(ROM));
        a.add(EBX, 0x88);
        a.call(EBX);
        a.movzx(EDX, DL);
        a.mov(CL, 0xe8);
        a.cmp(EDX, 1);
        a.jcc(Condition.Z, "patchBranch");
        a.mov(CL, 0xe9);
        a.cmp(EDX, 2);
        a.jcc(Condition.Z, "patchBranch");
        a.ud2();
        a.label("patchBranch");
        a.mov(at(EDI), CL);
        a.sub(EAX, EDI);
        a.sub(EAX, 5);
        a.mov(at(EDI, 1), EAX);
        a.mov(at(EDI, 5).bytes(2), (short) 0x9090);
        a.ret();
    }

    void print(String text) { g.print(text); }

    /** The kinds of all answers, a digit each, and how far each address is from the ROM's start; 0 for none. */
    void showAnswers() {
        a.xor(EDI, EDI);
        a.label("answerNext");
        g.hex(at(null, EDI, 8, ANSWERS + 4).bytes(4));
        a.inc(EDI);
        a.cmp(EDI, CALLS);
        a.jcc(Condition.NZ, "answerNext");
        g.print("\n");
    }

    /** A handler for an interrupt that counts at an address and ends it at the local APIC. */
    void handler(int vector, int counter) {
        String over = g.name();
        String label = g.name();
        a.jmp(over);
        a.label(label);
        a.push(EAX);
        a.inc(absolute(counter).bytes(4));
        a.mov(absolute(APIC + 0xb0).bytes(4), 0);
        a.pop(EAX);
        a.iret(4);
        a.label(over);
        g.vector(vector, label, 0x8e, 0);
    }

    /** Waits until a counter has reached a value. */
    void await(int address, int value) {
        String again = g.name();
        a.label(again);
        a.pause();
        a.cmp(absolute(address).bytes(4), value);
        a.jcc(Condition.C, again);
    }
}
