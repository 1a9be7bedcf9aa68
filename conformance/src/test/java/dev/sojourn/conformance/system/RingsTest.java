package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.conformance.system.Guest.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import org.junit.jupiter.api.Test;

/** Privilege levels and the ways between them (SDM volume 3, chapter 5). */
class RingsTest {
    private static final int GATE = FREE;
    private static final int CONFORMING = FREE + 0x10;
    private static final int LEVEL_1 = FREE + 0x20;

    /** 6.12.1: an interrupt from level 3 takes its stack from the task state and saves the old one. */
    @Test void interruptsFromLevel3SwitchStacks() {
        Guest g = long64();
        Assembler a = g.a;
        a.jmp("go");
        a.label("handler");
        a.mov(RBX, RSP);
        a.mov(RCX, SS);
        a.mov(RDX, at(RSP, 32));
        a.mov(RSI, at(RSP, 24));
        a.mov(RDI, at(RSP, 8));
        a.iretq();
        a.label("go");
        g.vector(0x30, "handler", 0xee, 0);
        g.user(() -> {
            a.interrupt(0x30);
            a.mov(R8, CS);
            a.mov(R9, RSP);
        });
        g.hex("rsp=", RBX);
        g.hex("ss=", RCX);
        g.hex("saved=", RDX);
        g.hex("", RSI);
        g.hex("", RDI);
        g.hex("back=", R8);
        g.hex("", R9);
        g.reports("rsp=3cffd8 ss=0 saved=2b 3a0000 33 back=33 3a0000");
    }

    /** 5.9: privileged instructions are #GP(0) outside level 0. */
    @Test void privilegedInstructionsAreRefusedAtLevel3() {
        Guest g = long64();
        Assembler a = g.a;
        for (Runnable code : new Runnable[] {a::hlt, a::cli, a::sti, a::clts, a::rdmsr, a::wrmsr, a::invd, a::wbinvd,
            () -> a.mov(RAX, CR0), () -> a.mov(CR3, RAX), () -> a.mov(RAX, DR7), () -> a.lgdt(at("gdtr")),
            () -> a.lidt(at("idtr")), () -> a.ltr(AX), () -> a.lldt(AX), () -> a.lmsw(AX), () -> a.invlpg(at(RAX)),
            a::swapgs, () -> a.sysret(8), () -> a.sysexit(8), () -> a.in(AL, 0x80), a::rdpmc}) {
            g.probe(() -> g.user(code));
        }
        g.reports("d/0+2c ".repeat(22));
    }

    /** Volume 1, 17.5.2: ports by IOPL or by the permission bit map; an access of several bytes needs all bits. */
    @Test void portsAreAllowedByLevelOrBitMap() {
        Guest g = long64();
        Assembler a = g.a;
        g.late(() -> g.gdt[TASK_64 >> 3] = system(9, a.address("task"), 0x68 + 0x20));
        java.util.Arrays.fill(g.task, 0x68, 0x68 + 0x21, (byte) 0xff);
        g.task[0x68 + 0x10] = (byte) 0x3d;
        g.task[0x68 + 0x1f] = 0;
        for (int port : new int[] {0x80, 0x81, 0x86, 0x87}) {
            g.probe(() -> g.user(() -> a.in(AL, port)));
        }
        g.probe(() -> g.user(() -> a.in(AX, 0x86)));
        g.probe(() -> g.user(() -> a.in(AX, 0x81)));
        g.probe(() -> g.user(() -> a.in(AL, 0xf8)));
        g.probe(() -> g.user(() -> {
            a.mov(EDX, 0x100);
            a.in(AL);
        }));
        g.probe(() -> g.user(() -> {
            a.mov(EDX, 0x108);
            a.in(AL);
        }));
        g.probe(() -> g.user(() -> a.in(AL, 0x80), USER_CODE_64, 64, 0x3002));
        g.reports("d/0+2c ok ok ok ok d/0+2c ok d/0+31 d/0+31 ok");
    }

    /** 5.8.3.1 and 5.8.5.1: a 64-bit call gate to an inner level pushes SS, RSP, CS, RIP; RETF goes back. */
    @Test void callGatesOf64Bits() {
        Guest g = long64();
        Assembler a = g.a;
        a.jmp("go");
        a.label("target");
        a.mov(RBX, RSP);
        a.mov(RCX, CS);
        a.mov(RSI, SS);
        a.mov(RDX, at(RSP, 8));
        a.mov(RDI, at(RSP, 24));
        a.retf(8);
        a.label("pointer");
        a.dd(0);
        a.dw(GATE | 3);
        a.label("go");
        g.late(() -> g.gdt[GATE >> 3] = gate(CODE_64, a.address("target"), 0xec, 0));
        g.user(() -> {
            a.farCall(at("pointer"), 4);
            a.mov(R8, CS);
            a.mov(R9, RSP);
        });
        g.hex("rsp=", RBX);
        g.hex("", RCX);
        g.hex("", RSI);
        g.hex("saved=", RDX);
        g.hex("", RDI);
        g.hex("back=", R8);
        g.hex("", R9);
        a.farCall(at("pointer"), 4);
        g.hex("same level ", RCX);
        a.and(at("gdt", GATE + 4).bytes(4), ~0x6000);
        g.probe(() -> g.user(() -> a.farCall(at("pointer"), 4)));
        a.or(at("gdt", GATE + 4).bytes(4), 0x6000);
        a.and(at("gdt", GATE + 4).bytes(4), ~0x8000);
        g.probe(() -> g.user(() -> a.farCall(at("pointer"), 4)));
        g.reports("rsp=3cffe0 10 0 saved=33 2b back=33 3a0000 same level 10 d/80+2c b/80+2c");
    }

    /** 5.8.5: a 32-bit call gate copies parameters and switches stacks; RETF drops them on both. */
    @Test void callGatesOf32BitsCopyParameters() {
        Guest g = flat32();
        Assembler a = g.a;
        a.jmp("go");
        a.label("target");
        a.mov(EBX, ESP);
        a.mov(ECX, at(ESP, 8));
        a.mov(EDX, at(ESP, 12));
        a.mov(ESI, at(ESP, 16));
        a.mov(EDI, at(ESP, 20));
        a.db(0xca);
        a.dw(8);
        a.label("go");
        g.late(() -> g.gdt[GATE >> 3] = gate(CODE_32, a.address("target"), 0xec, 2));
        g.user(() -> {
            a.push(0x111);
            a.push(0x222);
            a.farCall(GATE | 3, "entry", 4);
            a.mov(EBP, ESP);
        });
        g.hex("esp=", EBX);
        g.hex("", ECX);
        g.hex("", EDX);
        g.hex("old=", ESI);
        g.hex("", EDI);
        g.hex("back=", EBP);
        g.reports("esp=3cffe8 222 111 old=39fff8 2b back=3a0000");
    }

    /** 5.8.1: conforming code runs at the caller's level. */
    @Test void conformingCodeKeepsTheLevel() {
        Guest g = flat32();
        Assembler a = g.a;
        g.gdt[CONFORMING >> 3] = CODE_DESCRIPTOR_32 | 4L << 40;
        g.gdt[LEVEL_1 >> 3] = CODE_DESCRIPTOR_32 | 1L << 45;
        a.jmp("go");
        a.label("target");
        a.mov(EBX, CS);
        a.retf(4);
        a.label("go");
        g.user(() -> a.farCall(CONFORMING, "target", 4));
        g.hex("", EBX);
        a.farCall(CONFORMING, "target", 4);
        g.hex("", EBX);
        g.probe(() -> g.user(() -> a.farCall(CODE_32, "target", 4)));
        g.probe(() -> a.farCall(LEVEL_1, "target", 4));
        g.probe(() -> a.farCall(USER_CODE_32, "target", 4));
        g.probe(() -> a.farCall(0, "target", 4));
        g.probe(() -> a.farCall(DATA, "target", 4));
        g.reports("93 90 d/8+2a d/a0+0 d/20+0 d/0+0 d/18+0");
    }

    /** Volume 2, SYSCALL and SYSRET: RCX, R11, the flag mask, and selectors from STAR. */
    @Test void syscallAndSysret() {
        Guest g = long64();
        Assembler a = g.a;
        a.jmp("go");
        a.label("system");
        a.mov(RBX, CS);
        a.mov(RSI, SS);
        a.mov(RDI, R11);
        a.mov(R8, RSP);
        a.pushf();
        a.pop(R9);
        a.sysret(8);
        a.label("go");
        g.msr(0xc000_0081, 0x20L << 48 | 0x10L << 32);
        a.mov(ECX, 0xc000_0082L);
        a.mov(EAX, "system");
        a.xor(EDX, EDX);
        a.wrmsr();
        g.msr(0xc000_0084, 0x401);
        g.user(() -> {
            a.std();
            a.stc();
            a.syscall();
            a.mov(R12, CS);
            a.mov(R13, SS);
            a.pushf();
            a.pop(R14);
            a.cld();
        });
        g.hex("", RBX);
        g.hex("", RSI);
        g.hex("r11=", RDI);
        g.hex("rsp=", R8);
        g.hex("flags=", R9);
        g.hex("back=", R12);
        g.hex("", R13);
        g.hex("", R14);
        g.msr(0xc000_0080, 0x900);
        g.probe(a::syscall);
        g.probe(() -> a.sysret(8));
        g.reports("10 18 r11=403 rsp=3a0000 flags=2 back=33 2b 403 6/0+0 6/0+0");
    }

    /** Volume 2, SYSENTER and SYSEXIT, to 64- and 32-bit code. */
    @Test void sysenterAndSysexit() {
        Guest g = long64();
        Assembler a = g.a;
        a.jmp("go");
        a.label("system");
        a.mov(RBX, CS);
        a.mov(RSI, SS);
        a.mov(RDI, RSP);
        a.lea(RDX, at("after"));
        a.mov(ECX, USER_STACK - 8);
        a.sysexit(8);
        a.label("go");
        g.probe(a::sysenter);
        g.msr(0x174, 0x10);
        g.msr(0x175, IST_2);
        a.mov(ECX, 0x176);
        a.mov(EAX, "system");
        a.wrmsr();
        g.user(() -> {
            a.sysenter();
            a.label("after");
            a.mov(R12, CS);
            a.mov(R13, SS);
            a.mov(R14, RSP);
        });
        g.hex("", RBX);
        g.hex("", RSI);
        g.hex("", RDI);
        g.hex("back=", R12);
        g.hex("", R13);
        g.hex("", R14);
        a.mov(RDX, 0x8000_0000_0000L);
        g.probe(() -> a.sysexit(8));
        g.reports("d/0+0 10 18 3b0000 back=33 3b 39fff8 d/0+0");
    }

    /** Volume 2, LAR, LSL, VERR, VERW, ARPL: what a level may see. */
    @Test void selectorsAreLookedAtByLevel() {
        Guest g = flat32();
        Assembler a = g.a;
        g.gdt[CONFORMING >> 3] = CODE_DESCRIPTOR_32 | 4L << 40;
        g.gdt[LEVEL_1 >> 3] = 0x0040_9100_0000_0fffL;
        for (int selector : new int[] {DATA, USER_DATA, CONFORMING, TASK_32, LEVEL_1, 0, 0x7f8}) {
            look(g, selector);
        }
        g.print("user ");
        g.user(() -> {
            a.mov(ECX, DATA);
            a.xor(EBX, EBX);
            a.lar(EBX, ECX);
            a.setcc(Condition.Z, BH);
            a.mov(ECX, CONFORMING);
            a.lar(EDX, ECX);
            a.mov(ECX, USER_CODE_32);
            a.verw(CX);
            a.setcc(Condition.Z, AL);
        });
        g.hex("", EBX);
        g.hex("", EDX);
        a.and(EAX, 1);
        g.hex("", EAX);
        a.mov(EAX, 0x10);
        a.mov(ECX, 3);
        a.db(0x63, 0xc8);
        a.setcc(Condition.Z, DL);
        a.and(EDX, 1);
        g.hex("arpl ", EAX);
        g.hex("", EDX);
        a.db(0x63, 0xc8);
        a.setcc(Condition.Z, DL);
        g.hex("", EDX);
        g.reports("cf9300 ffffffff 1 1 cff300 ffffffff 1 1 cf9f00 ffffffff 1 0 8b00 67 0 0 "
                + "409100 fff 1 0 0 0 0 0 0 0 0 0 user 0 cf9f00 0 arpl 13 1 0");
    }

    private static void look(Guest g, int selector) {
        Assembler a = g.a;
        a.mov(ECX, selector);
        a.xor(EBX, EBX);
        a.lar(EBX, ECX);
        g.hex("", EBX);
        a.xor(EBX, EBX);
        a.lsl(EBX, ECX);
        g.hex("", EBX);
        a.xor(EBX, EBX);
        a.verr(CX);
        a.setcc(Condition.Z, BL);
        g.hex("", EBX);
        a.verw(CX);
        a.setcc(Condition.Z, BL);
        g.hex("", EBX);
    }

    /** Volume 2, IRET: returns to outer levels null what data segments the level may not use; bad frames fault. */
    @Test void returnsToOuterLevelsDropInnerSegments() {
        Guest g = flat32();
        Assembler a = g.a;
        a.mov(EAX, USER_DATA);
        a.mov(FS, EAX);
        g.user(() -> {
            a.mov(EBX, DS);
            a.mov(ECX, FS);
        });
        g.hex("", EBX);
        g.hex("", ECX);
        int[][] frames = {{CODE_32, 0}, {USER_CODE_32, DATA}, {USER_CODE_32, 0}, {0, 0}, {DATA, 0}, {0x9, 0}};
        for (int[] frame : frames) {
            g.probe(() -> {
                a.push(frame[1]);
                a.push(USER_STACK);
                a.push(2);
                a.push(frame[0]);
                a.push("off32");
                if (frame[0] == CODE_32) {
                    a.push(0x4002);
                    a.popf();
                }
                a.iret(4);
            });
        }
        g.reports("0 2b a/0+1f d/18+19 d/0+19 d/0+19 d/18+19 d/8+19");
    }

    /** 9.8.5 and 3.4.4.1: compatibility mode runs 32-bit code; its faults go to 64-bit handlers. */
    @Test void compatibilityMode() {
        Guest g = long64();
        Assembler a = g.a;
        g.user(() -> {
            a.mov(EAX, 0x7fff_ffff);
            a.db(0x40);
            a.mov(EBX, CS);
            a.mov(ECX, ESP);
        }, USER_CODE_32, 32, 2);
        g.hex("", RAX);
        g.hex("", RBX);
        g.hex("", RCX);
        g.probe(() -> g.user(a::syscall, USER_CODE_32, 32, 2));
        g.probe(() -> g.user(() -> a.db(0xce), USER_CODE_32, 32, 2));
        g.probe(() -> g.user(() -> a.db(0xd4, 0), USER_CODE_32, 32, 2));
        g.probe(() -> g.user(() -> a.farJump(USER_CODE_64, "entry", 4), USER_CODE_32, 32, 2));
        g.last("cs=", "cs");
        g.reports("80000000 23 3a0000 6/0+2c ok 0/0+2c d/0+far cs=33");
    }
}
