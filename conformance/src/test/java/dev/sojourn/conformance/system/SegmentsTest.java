package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.conformance.system.Guest.*;

import dev.sojourn.assembler.Assembler;
import org.junit.jupiter.api.Test;

/** Segments of protected mode: local tables, segments of 16 bits, gates of 16 bits (SDM volume 3, chapters 3 and 5). */
class SegmentsTest {
    private static final int SMALL_STACK = FREE;
    private static final int BASED = FREE + 8;
    private static final int TASK_GATE = FREE + 0x10;

    private final Guest g = flat32();
    private final Assembler a = g.a;

    /** 3.5.1: selectors with TI set name the local table; its code and data work, and LLDT 0 takes it away. */
    @Test void localTable() {
        g.ldt[1] = CODE_DESCRIPTOR_32;
        g.ldt[2] = DATA_DESCRIPTOR | (long) PAGES << 16 & 0xff_ffff_0000L;
        a.mov(absolute(PAGES + 0x10).bytes(4), 0x1234);
        a.mov(EAX, LOCAL_TABLE);
        a.lldt(EAX);
        a.mov(EAX, 0x14);
        a.mov(ES, EAX);
        a.mov(EAX, absolute(0x10).in(ES));
        g.hex("", EAX);
        a.farJump(0xc, "local", 4);
        a.label("local");
        a.mov(EAX, CS);
        g.hex("", EAX);
        a.farJump(CODE_32, "global", 4);
        a.label("global");
        a.xor(EAX, EAX);
        a.lldt(EAX);
        a.mov(EAX, absolute(0x10).in(ES));
        g.hex("", EAX);
        g.probe(() -> a.farJump(0xc, "local", 4));
        a.sldt(EAX);
        g.hex("", EAX);
        g.reports("1234 c 1234 d/c+0 0");
    }

    /** 3.4.5: a load sets the accessed bit; the hidden part stays when the table changes. */
    @Test void hiddenPartAndAccessedBit() {
        g.gdt[BASED >> 3] = 0x0040_9200_0000_0fffL | (long) PAGES << 16 & 0xff_ffff_0000L;
        a.mov(absolute(PAGES).bytes(4), 0x77);
        a.mov(EAX, BASED);
        a.mov(ES, EAX);
        g.hex("", at("gdt", BASED + 4).bytes(4));
        a.mov(at("gdt", BASED + 4).bytes(4), 0);
        a.mov(EAX, absolute(0).in(ES));
        g.hex("", EAX);
        a.mov(EAX, BASED);
        g.probe(() -> a.mov(ES, EAX));
        g.reports("409340 77 d/88+0");
    }

    /** 3.4.5, B flag: a stack segment of 16 bits uses SP and leaves the upper half of ESP. */
    @Test void stackOf16Bits() {
        g.gdt[SMALL_STACK >> 3] = 0x0000_9300_0000_ffffL;
        a.mov(EAX, SMALL_STACK);
        a.mov(SS, EAX);
        a.mov(ESP, 0x5555_0000);
        a.mov(EBX, 0x1234_5678);
        a.push(EBX);
        a.mov(ECX, ESP);
        a.pop(EDX);
        a.mov(ESI, ESP);
        a.mov(EAX, DATA);
        a.mov(SS, EAX);
        a.mov(ESP, STACK_0);
        g.hex("", ECX);
        g.hex("", absolute(0xfffc).bytes(4));
        g.hex("", EDX);
        g.hex("", ESI);
        g.reports("5555fffc 12345678 12345678 55550000");
    }

    /** 6.11: a gate of 16 bits pushes words and enters at an offset of 16 bits. */
    @Test void interruptGateOf16Bits() {
        g.late(() -> g.idt[0x30] = gate(CODE_16, 0x6000, 0x86, 0));
        a.mov(absolute(0x6000).bytes(1), 0x89);
        a.mov(absolute(0x6001).bytes(1), 0xe3);
        a.mov(absolute(0x6002).bytes(1), 0x66);
        a.mov(absolute(0x6003).bytes(1), 0xea);
        a.mov(EAX, "back");
        a.mov(absolute(0x6004), EAX);
        a.mov(absolute(0x6008).bytes(2), CODE_32);
        a.mov(EBX, 0);
        a.stc();
        a.interrupt(0x30);
        a.label("back");
        g.hex("", EBX);
        g.hex("sp=", ESP);
        a.mov(EAX, at(ESP, 2));
        g.hex("", EAX);
        g.reports("fffa sp=3dfffa 30008");
    }

    /** This processor has no hardware task switch: what would be one is #GP (see FarControl). */
    @Test void taskGatesAreRefused() {
        g.gdt[TASK_GATE >> 3] = gate(TASK_32, 0, 0x85, 0);
        g.probe(() -> a.farJump(TASK_GATE, "entry", 4));
        g.probe(() -> a.farJump(TASK_32, "entry", 4));
        g.reports("d/90+0 d/70+0");
    }
}
