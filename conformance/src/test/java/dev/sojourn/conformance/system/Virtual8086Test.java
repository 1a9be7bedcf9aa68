package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.conformance.system.Guest.*;

import dev.sojourn.assembler.Assembler;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Virtual-8086 mode (SDM volume 3, 20.2). */
class Virtual8086Test {
    private static final int VM = 0x2_0000;
    private static final int IOPL_3 = 0x3000;

    private final Guest g = flat32();
    private final Assembler a = g.a;
    private int place = 0x8000;

    /** Runs 16-bit code in virtual-8086 mode, its segments at 0; the code ends by itself. */
    private void run(int flags, Consumer<Assembler> code) {
        Assembler b = new Assembler(place);
        b.bits(16);
        code.accept(b);
        b.interrupt(RETURN_VECTOR);
        byte[] bytes = b.assemble();
        String over = g.name();
        String label = g.name();
        a.jmp(over);
        a.label(label);
        a.db(bytes);
        a.label(over);
        a.mov(ESI, label);
        a.mov(EDI, place);
        a.mov(ECX, bytes.length);
        a.rep();
        a.movs(1);
        for (int selector : new int[] {0x44, 0x33, 0x22, 0x11, 0, 0x7000, VM | flags | 2, 0, place}) {
            a.push(selector);
        }
        place += 0x100;
        a.iret(4);
    }

    private void probe(int flags, Consumer<Assembler> code) { g.probe(() -> g.away(() -> run(flags, code))); }

    /** 20.3: an interrupt leaves to level 0 with all segments saved and nulled; IRET goes back. */
    @Test void interruptsSaveTheSegments() {
        a.jmp("go");
        a.label("handler");
        a.mov(EBX, at(ESP, 4));
        a.mov(ECX, at(ESP, 8));
        a.mov(EDX, at(ESP, 12));
        a.mov(ESI, at(ESP, 20));
        a.mov(EDI, at(ESP, 32));
        a.mov(EBP, ESP);
        a.mov(EAX, DS);
        a.iret(4);
        a.label("go");
        g.vector(0x30, "handler", 0xee, 0);
        g.away(() -> run(IOPL_3, b -> {
            b.mov(AX, 0x1234);
            b.mov(DS, EAX);
            b.interrupt(0x30);
            b.shl(EAX, 16);
            b.mov(AX, DS);
        }));
        g.hex("cs=", EBX);
        g.hex("flags=", ECX);
        g.hex("esp=", EDX);
        g.hex("es=", ESI);
        g.hex("gs=", EDI);
        g.hex("frame=", EBP);
        g.hex("ds=", EAX);
        g.reports("cs=0 flags=23002 esp=7000 es=11 gs=44 frame=3cffdc ds=1234");
    }

    /** 20.2.7 and 20.3: with IOPL below 3 what concerns interrupts is #GP(0); INT3 is not; ports go by the bit map. */
    @Test void sensitiveInstructionsGoByIoLevel() {
        g.task[0x68 + 0x10] = 1;
        g.late(() -> g.gdt[TASK_32 >> 3] = system(9, a.address("task"), 0x68 + 0x20));
        g.vector(RETURN_VECTOR, "return32", 0xee, 0);
        for (int flags : new int[] {IOPL_3, 0}) {
            probe(flags, Assembler::cli);
            probe(flags, Assembler::sti);
            probe(flags, Assembler::pushf);
            probe(flags, b -> {
                b.push(0x202);
                b.popf();
            });
            probe(flags, b -> b.interrupt(0x31));
            probe(flags, Assembler::int3);
            probe(flags, b -> b.interrupt(3));
            probe(flags, b -> b.in(AL, 0x81));
            probe(flags, b -> b.in(AL, 0x80));
            probe(flags, Assembler::hlt);
            probe(flags, b -> b.mov(EAX, CR0));
            probe(flags, b -> b.lldt(AX));
        }
        g.reports("ok ok ok ok d/18a+far 3/0+far 3/0+far ok d/0+far d/0+far d/0+far 6/0+far "
                + "d/0+far d/0+far d/0+far d/0+far d/0+far 3/0+far d/0+far d/0+far d/0+far d/0+far d/0+far 6/0+far");
    }

    /** 20.2.1: addresses as in real mode, limits of 64 KiB. */
    @Test void addressesAreThoseOfRealMode() {
        a.mov(absolute(0x1_0010).bytes(4), 0x5678);
        g.away(() -> run(IOPL_3, b -> {
            b.mov(AX, 0x1000);
            b.mov(DS, EAX);
            b.mov(AX, absolute(0x10));
            b.mov(BX, AX);
        }));
        a.movzx(EBX, BX);
        g.hex("", EBX);
        probe(IOPL_3, b -> b.mov(AX, absolute(0xffff)));
        probe(IOPL_3, b -> {
            b.mov(BP, 0xffff);
            b.mov(AX, at(BP));
        });
        g.reports("5678 d/0+far c/0+far");
    }
}
