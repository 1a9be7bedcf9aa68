package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.conformance.system.Guest.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Real-address mode (SDM volume 3, chapter 20), and the ways into and out of it (9.9). */
class RealModeTest {
    private static final int LOW = 0x8000;
    /** The far pointer back to protected mode. */
    private static final int POINTER = 0x7e00;

    /** Runs 16-bit code at 0:8000 in real mode, with DS, ES and SS 0, and comes back to 32-bit protected mode. */
    private static Guest real(Consumer<Assembler> code) {
        Guest g = flat32();
        Assembler a = g.a;
        Assembler b = new Assembler(LOW);
        b.bits(16);
        enter(b);
        code.accept(b);
        leave(b);
        routines(b);
        byte[] bytes = b.assemble();
        a.equ("low", LOW);
        a.equ("lowIdt", b.address("idt"));
        a.jmp("go");
        a.label("code");
        a.db(bytes);
        a.label("go");
        a.mov(ESI, "code");
        a.mov(EDI, LOW);
        a.mov(ECX, bytes.length);
        a.rep();
        a.movs(1);
        a.mov(EAX, "protected");
        a.mov(absolute(POINTER), EAX);
        a.mov(absolute(POINTER + 4).bytes(2), CODE_32);
        a.lidt(at("lowIdt"));
        a.farJump(CODE_16, "low", 4);
        a.label("protected");
        a.mov(EAX, DATA);
        a.mov(DS, EAX);
        a.mov(ES, EAX);
        a.mov(SS, EAX);
        a.mov(ESP, STACK_0);
        a.lidt(at("idtr"));
        return g;
    }

    private static void enter(Assembler b) {
        b.mov(AX, DATA_16);
        b.mov(DS, EAX);
        b.mov(ES, EAX);
        b.mov(SS, EAX);
        b.mov(EAX, CR0);
        b.and(AL, 0xfe);
        b.mov(CR0, RAX);
        b.farJump(0, "real", 2);
        b.label("real");
        b.xor(AX, AX);
        b.mov(DS, EAX);
        b.mov(ES, EAX);
        b.mov(SS, EAX);
        b.mov(SP, 0x7000);
    }

    private static void leave(Assembler b) {
        b.mov(EAX, CR0);
        b.or(AL, 1);
        b.mov(CR0, RAX);
        b.db(0x66, 0xff, 0x2e);
        b.dw(POINTER);
    }

    /** "hex" prints AX as four digits and a space; "idt" is the interrupt table's description. */
    private static void routines(Assembler b) {
        b.label("hex");
        b.pusha();
        b.mov(BX, AX);
        b.mov(CX, 4);
        b.mov(DX, 0x3f8);
        b.label("digit");
        b.rol(BX, 4);
        b.mov(AL, BL);
        b.and(AL, 15);
        b.cmp(AL, 10);
        b.jcc(Condition.C, "decimal");
        b.add(AL, 39);
        b.label("decimal");
        b.add(AL, '0');
        b.out(AL);
        b.loop("digit");
        b.mov(AL, ' ');
        b.out(AL);
        b.popa();
        b.ret();
        b.label("idt");
        b.dw(0x3ff);
        b.dd(0);
    }

    private static void show(Assembler b, dev.sojourn.assembler.Operand value) {
        b.push(EAX);
        b.mov(AX, value);
        b.call("hex");
        b.pop(EAX);
    }

    /** Leads a vector to a label of the code. */
    private static void vector(Assembler b, int vector, String label) {
        b.mov(AX, label);
        b.mov(absolute(4 * vector), AX);
        b.mov(absolute(4 * vector + 2).bytes(2), 0);
    }

    /** 20.1.4: INT pushes FLAGS, CS, IP and clears IF and TF; IRET takes them back. */
    @Test void interruptsGoThroughTheVectorTable() {
        real(b -> {
            b.jmp("begin");
            b.label("handler");
            b.mov(BP, SP);
            show(b, at(BP, 4));
            show(b, at(BP, 2));
            b.pushf();
            b.pop(AX);
            b.and(AX, 0x300);
            b.call("hex");
            b.iret(2);
            b.label("begin");
            vector(b, 0x30, "handler");
            b.push(0x203);
            b.popf();
            b.interrupt(0x30);
            b.pushf();
            b.pop(AX);
            b.cli();
            b.call("hex");
            b.mov(AX, SP);
            b.call("hex");
        }).reports("0203 0000 0000 0203 7000");
    }

    /** 20.1.1: addresses are selector times 16 plus offset, beyond 1 MiB too; 16-bit offsets wrap. */
    @Test void addressesAreSelectorTimes16PlusOffset() {
        real(b -> {
            b.mov(AX, 0xffff);
            b.mov(ES, EAX);
            b.mov(BX, 0x7010);
            b.mov(at(BX).bytes(2).in(ES), 0x1234);
            b.mov(AX, 0x7000);
            b.mov(DS, EAX);
            b.mov(BX, 0xfff0);
            b.mov(SI, 0x20);
            b.mov(at(BX, SI, 1, 0).bytes(2), 0x5678);
            show(b, absolute(0x10));
            b.push(DS);
            b.push(ES);
            b.pop(DS);
            show(b, absolute(0x7010));
            b.pop(DS);
            b.mov(BP, 0x10);
            b.mov(at(BP).bytes(2), 0x9abc);
            b.xor(AX, AX);
            b.mov(DS, EAX);
            show(b, absolute(0x10));
        }).reports("5678 1234 9abc");
    }

    /** 20.3: an access over the end of a segment is #GP, in the stack segment #SS, without an error code. */
    @Test void accessesOverTheSegmentEndFault() {
        real(b -> {
            b.jmp("begin");
            b.label("general");
            b.mov(BX, 0xd);
            b.mov(BP, SP);
            b.mov(at(BP).bytes(2), 0);
            b.add(at(BP).bytes(2), DI);
            b.iret(2);
            b.label("stack");
            b.mov(BX, 0xc);
            b.mov(BP, SP);
            b.mov(at(BP).bytes(2), 0);
            b.add(at(BP).bytes(2), DI);
            b.iret(2);
            b.label("begin");
            vector(b, 13, "general");
            vector(b, 12, "stack");
            b.xor(BX, BX);
            b.mov(DI, "first");
            b.mov(AX, absolute(0xffff));
            b.label("first");
            show(b, BX);
            b.xor(BX, BX);
            b.mov(DI, "second");
            b.mov(BP, 0xffff);
            b.mov(AX, at(BP));
            b.label("second");
            show(b, BX);
            b.xor(BX, BX);
            b.mov(DI, "third");
            b.mov(EAX, 0x10000);
            b.mov(AL, at(EAX));
            b.label("third");
            show(b, BX);
            b.xor(BX, BX);
            b.mov(DI, "fourth");
            b.mov(AL, absolute(0xffff));
            b.label("fourth");
            show(b, BX);
            b.mov(AX, SP);
            b.call("hex");
        }).reports("000d 000c 000d 0000 7000");
    }

    /** Faults save the instruction; the divide error of 16-bit code; instructions that need protected mode are #UD. */
    @Test void exceptionsSaveTheInstruction() {
        real(b -> {
            b.jmp("begin");
            b.label("handler");
            b.mov(BP, SP);
            b.mov(DX, at(BP));
            b.mov(at(BP), DI);
            b.iret(2);
            b.label("begin");
            vector(b, 0, "handler");
            vector(b, 6, "handler");
            Runnable[] codes = {() -> b.div(CL), () -> b.str(AX), () -> b.lldt(AX), () -> b.verr(AX),
                () -> b.lar(AX, AX), () -> b.db(0x63, 0xc0), b::syscall};
            for (int i = 0; i < codes.length; i++) {
                b.xor(CX, CX);
                b.mov(DI, "after" + i);
                b.mov(SI, "at" + i);
                b.label("at" + i);
                codes[i].run();
                b.label("after" + i);
                b.sub(DX, SI);
                show(b, DX);
            }
        }).reports("0000 ".repeat(7));
    }

    /** 20.1.3 and 9.9.2: segments keep the limit they had in protected mode. */
    @Test void limitsStayFromProtectedMode() {
        real(b -> {
            b.mov(EAX, CR0);
            b.or(AL, 1);
            b.mov(CR0, RAX);
            b.mov(BX, DATA);
            b.mov(FS, EBX);
            b.and(AL, 0xfe);
            b.mov(CR0, RAX);
            b.xor(BX, BX);
            b.mov(FS, EBX);
            b.mov(EBX, 0x10_0000);
            show(b, at(EBX).in(FS));
        }).reports("457f");
    }

    /** LOOP, string and stack instructions go by the address and operand size of 16-bit code, prefixes widen them. */
    @Test void sizesAreOf16BitsUnlessPrefixed() {
        real(b -> {
            b.mov(ECX, 0x1_0002);
            b.label("again");
            b.loop("again");
            show(b, CX);
            b.shr(ECX, 16);
            show(b, CX);
            b.mov(EAX, 0x1234_5678);
            b.push(EAX);
            b.pop(BX);
            show(b, BX);
            b.pop(BX);
            show(b, BX);
            b.mov(EDI, 0xabcd_7c00);
            b.mov(EAX, 0x55aa_33cc);
            b.stos(4);
            show(b, DI);
            show(b, absolute(0x7c02));
            b.shr(EDI, 16);
            show(b, DI);
        }).reports("0000 0001 5678 1234 7c04 55aa abcd");
    }
}
