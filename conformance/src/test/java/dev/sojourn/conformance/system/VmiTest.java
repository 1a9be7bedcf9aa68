package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.conformance.system.VmiKernel.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import dev.sojourn.machine.Ending;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A 32-bit kernel on the interface {@code vmi}: it finds the ROM, patches itself, and makes every call. */
class VmiTest {
    /** The kind of answer for each number: 0 none, 1 call, 2 jump, 3 nothing to be done. */
    private static final Map<String, String> ANSWERS = Map.of(
            "native", "10011111111111011111111111011111112100000000001100000000000001000300000000",
            "trap", "10011111111111111111111111011111112111111100111110000000000001111311111101");

    private VmiKernel k;
    private Guest g;
    private Assembler a;

    private void kernel(String blob, boolean pae) {
        k = new VmiKernel(blob, pae);
        g = k.g;
        a = g.a;
    }

    private void reports(String expected) {
        k.end();
        GuestRun run = g.run();
        assertEquals(expected.strip(), run.text().replace(" \n", "\n").strip(), () -> run.ending().toString());
        assertEquals(new Ending.PoweredOff(), run.ending());
    }

    private static String found(String blob) {
        return "VMI: Found Sojourn VMI, " + blob + " blob, API version 3.0, ROM version 1.0\n";
    }

    @ParameterizedTest
    @CsvSource({"native,false", "native,true", "trap,false", "trap,true"})
    void kernelFindsAndPatches(String blob, boolean pae) {
        kernel(blob, pae);
        k.activate();
        k.showAnswers();
        a.mov(EAX, absolute(0x71_0000));
        g.hex("at ", EAX);
        k.patch();
        a.mov(EAX, 1);
        a.mov(ECX, 2);
        a.mov(EDX, 3);
        k.site(30);
        k.site(31);
        g.hex("off ", EAX);
        a.mov(EAX, 0x246);
        k.site(32);
        g.hex("kept ", EAX);
        k.site(31);
        g.hex("on ", EAX);
        a.mov(EAX, 4);
        k.site(29);
        g.hex("kept ", EAX);
        g.hex("", ECX);
        g.hex("", EDX);
        a.xor(EAX, EAX);
        k.site(32);
        k.site(31);
        g.hex("off ", EAX);
        // As for a module: everything is asked for and patched again, with the same result.
        a.call("ask");
        k.patch();
        k.site(29);
        k.site(31);
        g.hex("on ", EAX);
        reports(found(blob) + "Reserving virtual address space above 0\n" + ANSWERS.get(blob)
                + "\nat c00c8000 off 0 kept 246 on 200 kept 4 2 3 off 0 on 200");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "licence|VMI: Found Sojourn VMI, trap blob, API version 3.0, ROM version 1.0;VMI: Non GPL license `BSD' found for ROM. Not used.;bare hardware",
        "major|VMI: Found mismatched rom version 2.0;bare hardware",
        "pci|VMI: ROM does not contain PCI header.;bare hardware",
        "device|VMI: ROM from unknown manufacturer;VMI: Found Sojourn VMI, trap blob, API version 3.0, ROM version 1.0;Reserving virtual address space above 0;used",
        "initialise|VMI: Found Sojourn VMI, trap blob, API version 3.0, ROM version 1.0;Reserving virtual address space above 0;VMI ROM failed to initialize!"})
    void badRomIsRefused(String defect, String expected) {
        kernel("trap+" + defect, false);
        k.activate();
        k.print("used\n");
        reports(expected.replace(';', '\n'));
    }

    @Test void withoutRomThereIsBareHardware() {
        kernel("trap", false);
        a.mov(absolute(0xc_8000).bytes(2), 0);
        k.activate();
        reports("bare hardware");
    }

    /** The calls of control registers, tables, debug registers and the like: those that every blob answers. */
    @ParameterizedTest
    @ValueSource(strings = {"native", "trap"})
    void callsOfTheProcessor(String blob) {
        kernel(blob, false);
        k.activate();
        g.print("\n");
        a.mov(EAX, 1);
        a.xor(ECX, ECX);
        k.call(0);
        g.hex("cpuid ", EDX);
        k.call(7, DATA, 0, 0);
        k.call(9, DATA + 8, 0, 0);
        a.sgdt(absolute(DATA + 16));
        a.sidt(absolute(DATA + 24));
        same("gdt", DATA, DATA + 16);
        same("idt", DATA + 8, DATA + 24);
        k.call(3, DATA, 0, 0);
        k.call(5, DATA + 8, 0, 0);
        k.call(10, 0, 0, 0);
        g.hex("tr ", EAX);
        k.call(4, Guest.LOCAL_TABLE, 0, 0);
        k.call(8, 0, 0, 0);
        g.hex("ldt ", EAX);
        k.call(11, DATA + 0x100, 2, 0x1111_2222, 0x3333_4444);
        k.call(12, DATA + 0x100, 3, 0x5555_6666, 0x7777_8888);
        k.call(13, DATA + 0x100, 4, 0x9999_aaaa, 0xbbbb_cccc);
        for (int i = 0x110; i < 0x128; i += 4) {
            g.hex("", absolute(DATA + i).bytes(4));
        }
        g.print("\n");
        k.call(19, 0, 0, 0);
        a.mov(EBX, EAX);
        a.or(EAX, 8);
        k.call(15);
        k.call(19, 0, 0, 0);
        g.hex("cr0 ", EAX);
        k.call(28, 0, 0, 0);
        k.call(19, 0, 0, 0);
        a.cmp(EAX, EBX);
        a.setcc(Condition.Z, AL);
        a.movzx(EAX, AL);
        g.hex("back ", EAX);
        k.call(16, 0x1234_5678, 0, 0);
        k.call(20, 0, 0, 0);
        g.hex("cr2 ", EAX);
        k.call(21, 0, 0, 0);
        g.hex("cr3 ", EAX);
        k.call(17);
        k.call(22, 0, 0, 0);
        g.hex("cr4 ", EAX);
        k.call(18);
        k.call(24, 3, 0x4321, 0);
        k.call(25, 3, 0, 0);
        g.hex("dr3 ", EAX);
        k.call(25, 6, 0, 0);
        g.hex("dr6 ", EAX);
        k.call(25, 9, 0, 0);
        g.hex("dr9 ", EAX);
        k.call(23, 0, 0, 0);
        k.call(27, 0, 0, 0);
        a.mov(EBX, EAX);
        k.call(27);
        a.cmp(EBX, EAX);
        a.setcc(Condition.C, AL);
        a.movzx(EAX, AL);
        g.hex("later ", EAX);
        k.call(61, 0x3000, 0, 0);
        a.pushf();
        a.pop(EAX);
        a.and(EAX, 0x3000);
        g.hex("iopl ", EAX);
        reports(found(blob) + """
                Reserving virtual address space above 0

                cpuid 178bbb7d gdt 1 idt 1 tr 70 ldt 50 11112222 33334444 55556666 77778888 9999aaaa bbbbcccc
                cr0 80010019 back 1 cr2 12345678 cr3 400000 cr4 90 dr3 4321 dr6 ffff0ff0 dr9 0 later 1 iopl 3000""");
    }

    private void same(String name, int one, int other) {
        a.mov(EAX, absolute(one));
        a.cmp(EAX, absolute(other));
        a.setcc(Condition.Z, BL);
        a.mov(AX, absolute(one + 4));
        a.cmp(AX, absolute(other + 4));
        a.setcc(Condition.Z, AL);
        a.and(AL, BL);
        a.movzx(EAX, AL);
        g.hex(name + " ", EAX);
    }

    /** A return with a selector that cannot be: the fault is the call's, the frame is intact. */
    @ParameterizedTest
    @ValueSource(strings = {"native", "trap"})
    void badReturnFaultsWhereTheRomWasCalled(String blob) {
        kernel(blob, false);
        k.activate();
        k.patch();
        a.mov(EBX, ESP);
        g.probe(() -> {
            a.push(Guest.USER_DATA);
            a.push(Guest.USER_STACK);
            a.push(0x202);
            a.push(0xfff3);
            a.push(0x1234);
            k.site(33);
        });
        g.last("error ", "error");
        a.push(2);
        a.push(Guest.CODE_32);
        a.push("returned");
        k.site(33);
        a.label("returned");
        g.print("returned");
        reports(found(blob) + "Reserving virtual address space above 0\nd/fff0+19 error fff0 returned");
    }

    /** To a program by the ROM's return, from there by SYSENTER, and back by the ROM's SYSEXIT with interrupts on. */
    @ParameterizedTest
    @ValueSource(strings = {"native", "trap"})
    void programsAreReachedAndLeft(String blob) {
        kernel(blob, false);
        // SYSENTER's four descriptors follow each other.
        g.gdt[16] = Guest.CODE_DESCRIPTOR_32;
        g.gdt[17] = Guest.DATA_DESCRIPTOR;
        g.gdt[18] = Guest.CODE_DESCRIPTOR_32 | Guest.LEVEL_3;
        g.gdt[19] = Guest.DATA_DESCRIPTOR | Guest.LEVEL_3;
        k.activate();
        k.patch();
        g.msr(0x174, 0x80);
        g.msr(0x175, Guest.STACK_0 - 0x1000);
        a.mov(ECX, 0x176);
        a.mov(EAX, "entered");
        a.xor(EDX, EDX);
        a.wrmsr();
        a.push(Guest.USER_DATA);
        a.push(Guest.USER_STACK);
        a.push(2);
        a.push(Guest.USER_CODE_32);
        a.push("program");
        k.site(33);
        a.label("program");
        a.mov(EBX, 1);
        a.sysenter();
        a.label("resumed");
        a.mov(EBX, 2);
        a.sysenter();
        a.label("entered");
        g.hex("system call ", EBX);
        a.pushf();
        a.pop(EAX);
        a.and(EAX, 0x200);
        g.hex("interrupts ", EAX);
        a.cmp(EBX, 2);
        a.jcc(Condition.Z, "done");
        a.mov(EDX, "resumed");
        a.mov(ECX, Guest.USER_STACK);
        k.site(34);
        a.label("done");
        reports(found(blob) + "Reserving virtual address space above 0\nsystem call 1 interrupts 0 system call 2 interrupts 0");
    }

    /** Entries of page tables by the calls: the table has them at once; what was translated before may wait for as long as it was allowed. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pageTablesAreChanged(boolean pae) {
        kernel("trap", pae);
        k.activate();
        int entry = TABLE + 5 * VmiKernel.entryBytes(pae);
        int page = REGION + 0x5000;
        marks();
        touch("at first ", page);
        setEntry(pae, REGION + 0x6000 | 3, entry, 0x11 | page);
        touch("set ", page);
        setEntry(pae, REGION + 0x7000 | 3, entry, 0x31 | page);
        g.hex("entry ", absolute(entry).bytes(4));
        touch("deferred ", page);
        k.call(46, page, 0, 0);
        touch("invalidated ", page);
        k.call(73, 1, 0, 0);
        a.mov(absolute(entry).bytes(4), REGION + 0x6000 | 3);
        k.call(pae ? 41 : 40, entry, 0x11 | page, 0);
        touch("lazy ", page);
        k.call(73, 0, 0, 0);
        touch("no longer ", page);
        a.mov(absolute(entry).bytes(4), REGION + 0x7000 | 3);
        k.call(pae ? 41 : 40, entry, 0x31 | page, 0);
        touch("updated ", page);
        k.call(47, 1, 0, 0);
        touch("flushed ", page);
        setEntry(pae, 0, entry, 1);
        k.call(47, 3, 0, 0);
        g.probe(() -> a.mov(EAX, absolute(page)));
        k.call(44, TABLE >>> 12, 0x41, 0, 0, 0);
        k.call(45, TABLE >>> 12, 0x41, 0);
        k.call(48, 0, LINEAR, 0x1000, 0);
        k.call(14, Guest.DATA, Guest.TASK_STACK, 0);
        reports(found("trap") + "Reserving virtual address space above 0\nat first 5 set 6 entry " + Integer.toHexString(REGION + 0x7003)
                + " deferred 6 invalidated 7 lazy 7 no longer 6 updated 6 flushed 7 e/0+0");
    }

    /** Each page of the region says its number. */
    private void marks() {
        for (int i = 5; i < 8; i++) {
            a.mov(absolute(REGION + 0x1000 * i).bytes(4), i);
        }
    }

    private void touch(String text, int page) {
        a.mov(EAX, absolute(page));
        g.hex(text, EAX);
    }

    private void setEntry(boolean pae, int value, int entry, int flags) {
        if (pae) {
            k.call(39, value, 0, entry, flags);
        } else {
            k.call(38, value, entry, flags);
        }
    }

    /** More deferred changes than are kept one by one. */
    @Test void manyDeferredChangesAreAllDone() {
        kernel("trap", false);
        k.activate();
        for (int i = 0; i < 100; i++) {
            a.mov(EAX, absolute(REGION + 0x1000 * i));
            setEntry(false, REGION + 0x5_0000 | 3, TABLE + 4 * i, 0x31 | REGION + 0x1000 * i);
        }
        a.mov(absolute(REGION + 0xf_f000).bytes(4), 0);
        setEntry(false, REGION + 0x5_0000 | 3, TABLE + 4 * 255, 0x31 | REGION + 0xf_f000);
        k.call(73, 0, 0, 0);
        a.mov(absolute(REGION + 0xf_f000).bytes(4), 0x77);
        a.xor(EBX, EBX);
        for (int i = 0; i < 100; i++) {
            a.add(EBX, absolute(REGION + 0x1000 * i).bytes(4));
        }
        g.hex("sum ", EBX);
        reports(found("trap") + "Reserving virtual address space above 0\nsum " + Integer.toHexString(100 * 0x77));
    }

    /** Counters and alarms: wired to IRQ 0 and to the timer entry of the local APIC, once and periodic, cancelled, masked. */
    @Test void alarmsComeWhereTheyAreWired() {
        kernel("trap", false);
        k.handler(APIC_TIMER_VECTOR, DATA);
        k.activate();
        k.call(66, 0, 0, 0);
        g.hex("hertz ", EAX);
        g.hex("", EDX);
        k.call(67, 2, 0, 0);
        g.hex("stolen ", EAX);
        k.call(67, 9, 0, 0);
        g.hex("none ", EAX);
        k.call(64, 0x30, 0, 0);
        g.hex("version ", EAX);
        k.call(63, 0xfee0_00f0, 0x1ff, 0);
        k.call(63, 0x320, APIC_TIMER_VECTOR, 0);
        a.sti();
        alarm(0x1_0000, 200_000, 0);
        k.await(DATA, 1);
        alarm(0x1_0100, 0, 50_000);
        k.await(DATA, 5);
        k.call(69, 0x1_0100, 0, 0);
        g.hex("cancelled ", EAX);
        k.call(69, 0x1_0100, 0, 0);
        g.hex("", EAX);
        alarm(0x1_0001, 100_000, 0);
        k.await(DATA, 6);
        k.call(63, 0x320, 0x1_0000 | APIC_TIMER_VECTOR, 0);
        alarm(0x1_0000, 0, 0);
        wait(200_000);
        g.hex("masked ", absolute(DATA).bytes(4));
        k.call(63, 0x320, APIC_TIMER_VECTOR, 0);
        alarm(0x1_0000, 100_000, 0);
        k.call(35, 0, 0, 0);
        g.hex("woken ", absolute(DATA).bytes(4));
        k.call(70, 0, 0, 0);
        g.hex("date ", EAX);
        g.hex("", EDX);
        k.call(71, 0, 0, 0);
        g.hex("updated ", EAX);
        reports(found("trap") + "Reserving virtual address space above 0\nhertz 3b9aca00 0 stolen 0 none 0 version 50014"
                + " cancelled 1 0 masked 6 woken 7 date 0 0 updated 0");
    }

    @Test void alarmOfTheTimerLineIsAnEdge() {
        kernel("trap", false);
        picHandler();
        k.activate();
        a.mov(AL, 0x3a);
        a.out(0x43, AL);
        for (int[] write : new int[][] {{0x20, 0x11}, {0x21, IRQ0_VECTOR}, {0x21, 4}, {0x21, 1}, {0x21, 0xfe}, {0xa1, 0xff}}) {
            a.mov(AL, write[1]);
            a.out(write[0], AL);
        }
        a.sti();
        alarm(0, 100_000, 0);
        k.await(DATA, 1);
        alarm(0x100, 0, 50_000);
        k.await(DATA, 4);
        g.print("came");
        reports(found("trap") + "Reserving virtual address space above 0\ncame");
    }

    private void picHandler() {
        String over = g.name();
        String label = g.name();
        a.jmp(over);
        a.label(label);
        a.push(EAX);
        a.inc(absolute(DATA).bytes(4));
        a.mov(AL, 0x20);
        a.out(0x20, AL);
        a.pop(EAX);
        a.iret(4);
        a.label(over);
        g.vector(IRQ0_VECTOR, label, 0x8e, 0);
    }

    /** An alarm at so many cycles from now; with 0 it is due. */
    private void alarm(int flags, int cycles, int period) {
        k.call(67, flags & 1, 0, 0);
        a.add(EAX, cycles);
        a.adc(EDX, 0);
        a.push(0);
        a.push(period);
        a.mov(ECX, EDX);
        a.mov(EDX, EAX);
        a.mov(EAX, flags);
        k.call(68);
        a.add(ESP, 8);
    }

    private void wait(int loops) {
        String again = g.name();
        a.mov(ECX, loops);
        a.label(again);
        a.loop(again);
    }

    /** All processors, by the state the kernel gives; each calls the ROM, has its code patched again, and makes alarms of its own. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void processorsStartInTheStateTheyAreGiven(int cpus) {
        kernel("trap", false);
        g.cpus(cpus);
        k.handler(APIC_TIMER_VECTOR, DATA);
        k.activate();
        k.patch();
        for (int cpu = 1; cpu < cpus; cpu++) {
            icr(cpu, 0x4500);
            // Without a state it does not start.
            icr(cpu, 0x4601);
            wait(20_000);
            g.hex("before ", absolute(DATA + 4).bytes(4));
            a.mov(absolute(DATA + 8).bytes(4), cpu);
            state(cpu);
            k.call(62, STATE, cpu, 0);
            a.mov(absolute(STATE + 24).bytes(4), 0);
            icr(cpu, 0x4601);
            icr(cpu, 0x4601);
            k.await(DATA + 4, cpu);
        }
        k.await(DATA, cpus - 1);
        g.print("all");
        a.jmp("finished");
        a.label("secondary");
        secondary();
        a.label("finished");
        StringBuilder expected = new StringBuilder();
        for (int cpu = 1; cpu < cpus; cpu++) {
            expected.append("before ").append(cpu - 1).append(' ');
            expected.append("cpu ").append(cpu).append(" with ").append(Integer.toHexString(0x1234_0000 + cpu)).append(' ');
        }
        reports(found("trap") + "Reserving virtual address space above 0\n" + expected + "all");
    }

    private static final int STATE = DATA + 0x201;

    private void icr(int cpu, int command) {
        k.call(63, 0x310, cpu << 24, 0);
        k.call(63, 0x300, command, 0);
    }

    /** The block, not aligned, as on a kernel's stack. */
    private void state(int cpu) {
        for (int i = 0; i < 23; i++) {
            a.mov(absolute(STATE + 4 * i).bytes(4), 0);
        }
        a.mov(absolute(STATE).bytes(4), 0x8005_0023);
        a.mov(EAX, CR3);
        a.mov(absolute(STATE + 8), EAX);
        a.mov(absolute(STATE + 12).bytes(4), 0x90);
        a.mov(EAX, "secondary");
        a.mov(absolute(STATE + 24), EAX);
        a.mov(absolute(STATE + 40).bytes(4), 0x1234_0000 + cpu);
        a.mov(absolute(STATE + 48).bytes(4), 0x60_0000 + 0x1000 * cpu);
        a.mov(absolute(STATE + 64).bytes(4), Guest.DATA << 16 | Guest.CODE_32);
        a.mov(absolute(STATE + 68).bytes(4), Guest.DATA << 16 | Guest.DATA);
        a.mov(absolute(STATE + 72).bytes(4), Guest.DATA);
        a.sgdt(absolute(DATA + 0x300));
        a.mov(AX, absolute(DATA + 0x300));
        a.mov(absolute(STATE + 78), AX);
        a.mov(EAX, absolute(DATA + 0x302));
        a.mov(absolute(STATE + 80), EAX);
        a.sidt(absolute(DATA + 0x300));
        a.mov(EAX, absolute(DATA + 0x302));
        a.mov(absolute(STATE + 84), EAX);
        a.mov(AX, absolute(DATA + 0x300));
        a.mov(absolute(STATE + 88), AX);
    }

    private void secondary() {
        k.call(64, 0x20, 0, 0);
        a.shr(EAX, 24);
        g.hex("cpu ", EAX);
        // What was in ECX of the state is lost to the call: it is still in the block.
        g.hex("with ", absolute(STATE + 40).bytes(4));
        k.call(48, 0, LINEAR, 0x1000, 0);
        k.patch();
        k.call(63, 0xf0, 0x1ff, 0);
        k.call(63, 0x320, APIC_TIMER_VECTOR, 0);
        alarm(0x1_0000, 50_000, 0);
        a.inc(absolute(DATA + 4).bytes(4));
        String again = g.name();
        a.label(again);
        k.call(35, 0, 0, 0);
        a.jmp(again);
    }

    @ParameterizedTest
    @CsvSource({"36,Reset", "37,PoweredOff"})
    void callsEndTheMachine(int number, String ending) {
        kernel("trap", false);
        k.activate();
        g.print("ends");
        k.call(number, 1, 0, 0);
        g.print("goes on");
        k.end();
        GuestRun run = g.run();
        assertEquals(found("trap") + "Reserving virtual address space above 0\nends", run.text());
        assertEquals(ending, run.ending().getClass().getSimpleName());
    }
}
