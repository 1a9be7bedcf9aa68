package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.conformance.system.Guest.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.conformance.NoMachine;
import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.interpreter.Interpreter;
import dev.sojourn.memory.GuestMemory;
import org.junit.jupiter.api.Test;

/** Code that changes while it runs (SDM volume 3, 11.6 and 8.1.3). */
class CodeTest {
    /** MOV AL, value; RET. */
    private static int returning(int value) { return 0xb0 | value << 8 | 0xc3 << 16; }

    @Test void storeAheadInTheSameBlockCounts() {
        Guest g = long64();
        Assembler a = g.a;
        a.xor(EAX, EAX);
        a.mov(at("patched", 1).bytes(1), 0x22);
        a.label("patched");
        a.mov(AL, 0x11);
        g.hex("", RAX);
        g.reports("22");
    }

    @Test void storesToOtherBlocksCountThroughAnyAlias() {
        Guest g = long64();
        Assembler a = g.a;
        a.xor(EAX, EAX);
        a.mov(EBX, PAGES);
        a.mov(at(RBX).bytes(4), returning(0x11));
        call(g);
        a.mov(at(RBX, 1).bytes(1), 0x22);
        call(g);
        g.store(at("pt", 8), PAGES | 7);
        a.mov(absolute(PAGES + 0x1001).bytes(1), 0x33);
        call(g);
        a.mov(EDI, PAGES + 0x1001);
        a.mov(AL, 0x44);
        a.mov(ECX, 1);
        a.rep();
        a.stos(1);
        call(g);
        a.mov(ECX, 0x11);
        a.lock();
        a.xadd(at(RBX, 1), CL);
        call(g);
        g.reports("11 22 33 44 55");
    }

    private static void call(Guest g) {
        g.a.xor(EAX, EAX);
        g.a.call(RBX);
        g.hex("", RAX);
    }

    @Test void storeBehindAPageEndChangesTheInstructionThatCrossesIt() {
        Guest g = long64();
        Assembler a = g.a;
        a.mov(EBX, PAGES + 0xffe);
        a.mov(at(RBX).bytes(4), 0x3412_b866);
        a.mov(at(RBX, 4).bytes(1), 0xc3);
        call(g);
        a.mov(absolute(PAGES + 0x1000).bytes(1), 0x56);
        call(g);
        g.store(at("pt", 8), PAGES + 0x2000 | 7);
        a.mov(absolute(PAGES + 0x2000).bytes(4), 0xc3_789a);
        call(g);
        a.invlpg(absolute(PAGES + 0x1000));
        call(g);
        g.reports("3412 3456 3456 789a");
    }

    @Test void anotherPageAtTheSameAddressIsOtherCode() {
        Guest g = long64();
        Assembler a = g.a;
        a.mov(EBX, PAGES);
        a.mov(at(RBX).bytes(4), returning(1));
        a.mov(absolute(PAGES + 0x1000).bytes(4), returning(2));
        call(g);
        g.store(at("pt"), PAGES + 0x1000 | 7);
        a.invlpg(at(RBX));
        call(g);
        g.store(at("pt"), PAGES | 7);
        a.mov(RAX, CR3);
        a.mov(CR3, RAX);
        call(g);
        g.reports("1 2 1");
    }

    /** A store that faults half way has not changed the code. */
    @Test void instructionChangesItselfOnlyForTheNextTime() {
        Guest g = long64();
        Assembler a = g.a;
        a.mov(ECX, 2);
        a.label("again");
        a.mov(EAX, 0x11);
        a.mov(at("again", 1).bytes(1), 0x22);
        g.hex("", RAX);
        a.dec(ECX);
        a.jcc(dev.sojourn.assembler.Condition.NZ, "again");
        g.reports("11 22");
    }

    /** A device's write into memory, in the middle of a run. */
    @Test void deviceWritesChangeCode() {
        try (GuestMemory memory = new GuestMemory(1 << 20)) {
            Assembler a = new Assembler(0);
            a.bits(16);
            a.mov(AL, 0x11);
            a.out(0x80, AL);
            a.mov(AL, 0x11);
            a.hlt();
            Cpu cpu = new Cpu(0, new NoMachine() {
                @Override public void portOut(int port, int bytes, int value) {
                    memory.write(0x1_0005, new byte[] {0x22});
                }
            }, memory);
            memory.write(0x1_0000, a.assemble());
            Interpreter interpreter = new Interpreter(memory, cpu);
            for (int pass = 0; pass < 2; pass++) {
                cpu.startup(0x10);
                interpreter.run(cpu, 100);
                assertEquals(0x22, cpu.r[Cpu.RAX]);
            }
        }
    }
}
