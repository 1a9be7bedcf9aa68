package dev.sojourn.bench;

import static dev.sojourn.assembler.Condition.*;
import static dev.sojourn.assembler.Register.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A bare-metal guest with nothing but integer work: a table-driven checksum, a shell sort and a linked list, a given
 * number of times. Then it resets the machine.
 *
 * <p>It is an ELF file with a PVH entry, so that any hypervisor starts the same bytes. All rounds execute the same
 * number of instructions.
 */
final class WarmLoop {
    private static final int BASE = 0x10_0000;
    private static final int TABLES = 0x20_0000;
    private static final int CHECK_TABLE = 0x30_0000;
    private static final int ARRAY = 0x30_1000;
    private static final int NODES = 0x30_8000;
    private static final int STACK = 0x40_0000;

    private static final int BUFFER_BYTES = 16 << 10;
    private static final int ARRAY_COUNT = 4096;
    private static final int NODE_COUNT = 1024;

    private static final int EFER = 0xc000_0080;
    private static final int RESET_PORT = 0xcf9;

    private final Assembler a = new Assembler(BASE);

    private WarmLoop() {}

    /** The ELF file. */
    static byte[] image(long rounds) {
        WarmLoop loop = new WarmLoop();
        loop.enter();
        loop.body(rounds);
        loop.checkTable();
        loop.checksum();
        loop.sort();
        loop.list();
        return elf(loop.a.assemble());
    }

    /** From 32-bit code without paging to 64-bit code, the first 32 MiB mapped as they are. */
    private void enter() {
        a.bits(32);
        a.cli();
        a.mov(Memory.absolute(TABLES).bytes(4), TABLES + 0x1003);
        a.mov(Memory.absolute(TABLES + 0x1000).bytes(4), TABLES + 0x2003);
        for (int i = 0; i < 16; i++) a.mov(Memory.absolute(TABLES + 0x2000 + 8 * i).bytes(4), i << 21 | 0x83);
        a.mov(EAX, 0x20);
        a.mov(CR4, EAX);
        a.mov(EAX, TABLES);
        a.mov(CR3, EAX);
        a.mov(ECX, EFER);
        a.mov(EAX, 0x100);
        a.mov(EDX, 0);
        a.wrmsr();
        a.mov(EAX, 0x8000_0011);
        a.mov(CR0, EAX);
        a.lgdt(Memory.at("gdtr"));
        a.db(0xea);
        a.dd("long");
        a.dw(8);
        a.align(8);
        a.label("gdt");
        a.dq(0, 0x00af_9b00_0000_ffffL, 0x00cf_9300_0000_ffffL);
        a.label("gdtr");
        a.dw(23);
        a.dd("gdt");
        a.bits(64);
        a.label("long");
        a.mov(EAX, 16);
        a.mov(SS, EAX);
        a.mov(DS, EAX);
        a.mov(ES, EAX);
        a.mov(ESP, STACK);
    }

    private void body(long rounds) {
        a.call("checkTable");
        a.mov(RBX, rounds);
        a.label("round");
        a.test(RBX, RBX);
        a.jcc(Z, "end");
        a.call("checksum");
        a.call("sort");
        a.call("list");
        a.dec(RBX);
        a.jmp("round");
        a.label("end");
        a.mov(EDX, RESET_PORT);
        a.mov(EAX, 6);
        a.out(AL);
        a.label("stop");
        a.hlt();
        a.jmp("stop");
    }

    /** The 256 remainders of a CRC-32. */
    private void checkTable() {
        a.label("checkTable");
        a.mov(ECX, 0);
        a.label("entry");
        a.mov(EAX, ECX);
        a.mov(EDX, 8);
        a.label("bit");
        a.shr(EAX, 1);
        a.jcc(NC, "next");
        a.xor(EAX, 0xedb8_8320);
        a.label("next");
        a.dec(EDX);
        a.jcc(NZ, "bit");
        a.mov(Memory.at(null, RCX, 4, CHECK_TABLE), EAX);
        a.inc(ECX);
        a.cmp(ECX, 256);
        a.jcc(NZ, "entry");
        a.ret();
    }

    /** Of the array as the last round left it. */
    private void checksum() {
        a.label("checksum");
        a.mov(EAX, -1);
        a.mov(ECX, 0);
        a.label("byte");
        a.movzx(EDX, Memory.at(null, RCX, 1, ARRAY).bytes(1));
        a.movzx(ESI, AL);
        a.xor(EDX, ESI);
        a.shr(EAX, 8);
        a.xor(EAX, Memory.at(null, RDX, 4, CHECK_TABLE).bytes(4));
        a.inc(RCX);
        a.cmp(RCX, BUFFER_BYTES);
        a.jcc(NZ, "byte");
        a.ret();
    }

    /** A shell sort of the same random numbers every time. */
    private void sort() {
        a.label("sort");
        a.mov(EAX, 12345);
        a.mov(ECX, 0);
        a.label("fill");
        a.imul(EAX, EAX, 1664525);
        a.add(EAX, 1013904223);
        a.mov(Memory.at(null, RCX, 4, ARRAY), EAX);
        a.inc(ECX);
        a.cmp(ECX, ARRAY_COUNT);
        a.jcc(NZ, "fill");
        a.mov(R8D, ARRAY_COUNT / 2);
        a.label("gap");
        a.mov(RCX, R8);
        a.label("insert");
        a.mov(EAX, Memory.at(null, RCX, 4, ARRAY));
        a.mov(RDX, RCX);
        a.label("compare");
        a.cmp(RDX, R8);
        a.jcc(C, "place");
        a.mov(RSI, RDX);
        a.sub(RSI, R8);
        a.mov(EDI, Memory.at(null, RSI, 4, ARRAY));
        a.cmp(EDI, EAX);
        a.jcc(BE, "place");
        a.mov(Memory.at(null, RDX, 4, ARRAY), EDI);
        a.mov(RDX, RSI);
        a.jmp("compare");
        a.label("place");
        a.mov(Memory.at(null, RDX, 4, ARRAY), EAX);
        a.inc(RCX);
        a.cmp(RCX, ARRAY_COUNT);
        a.jcc(C, "insert");
        a.shr(R8D, 1);
        a.jcc(NZ, "gap");
        a.ret();
    }

    /** Links nodes in a scattered order and walks them, adding or folding by the lowest bit. */
    private void list() {
        a.label("list");
        a.mov(ECX, 0);
        a.label("link");
        a.lea(RAX, Memory.at(RCX, 389));
        a.and(EAX, NODE_COUNT - 1);
        a.shl(RAX, 4);
        a.add(RAX, NODES);
        a.mov(RDX, RCX);
        a.shl(RDX, 4);
        a.mov(Memory.at(RDX, NODES), RAX);
        a.imul(EAX, ECX, 0x5bd1_e995);
        a.mov(Memory.at(RDX, NODES + 8), EAX);
        a.inc(ECX);
        a.cmp(ECX, NODE_COUNT);
        a.jcc(NZ, "link");
        a.mov(ESI, NODES);
        a.mov(EAX, 0);
        a.label("walk");
        a.mov(EDX, Memory.at(RSI, 8));
        a.test(EDX, 0x1000);
        a.jcc(Z, "fold");
        a.add(EAX, EDX);
        a.jmp("onward");
        a.label("fold");
        a.xor(EAX, EDX);
        a.label("onward");
        a.mov(RSI, Memory.at(RSI));
        a.dec(ECX);
        a.jcc(NZ, "walk");
        a.ret();
    }

    /** ELF header, a segment to load and the note that names the 32-bit entry (Xen, "PVH"). */
    private static byte[] elf(byte[] code) {
        int header = 64 + 2 * 56;
        int note = header;
        int start = 4096;
        ByteBuffer file = ByteBuffer.allocate(Math.max(start + code.length, 16 << 10)).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
        file.putShort((short) 2).putShort((short) 62).putInt(1).putLong(BASE).putLong(64).putLong(0).putInt(0);
        file.putShort((short) 64).putShort((short) 56).putShort((short) 2).putShort((short) 64).putInt(0);
        file.putInt(1).putInt(7).putLong(start).putLong(BASE).putLong(BASE);
        file.putLong(code.length).putLong(STACK - BASE).putLong(4096);
        file.putInt(4).putInt(4).putLong(note).putLong(0).putLong(0).putLong(24).putLong(24).putLong(4);
        file.putInt(4).putInt(8).putInt(18).put(new byte[] {'X', 'e', 'n', 0}).putLong(BASE);
        file.position(start).put(code);
        return file.array();
    }
}
