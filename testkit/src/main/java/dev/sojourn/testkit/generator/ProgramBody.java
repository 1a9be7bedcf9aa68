package dev.sojourn.testkit.generator;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import dev.sojourn.assembler.Memory;
import dev.sojourn.isa.Decoder;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Mode;
import dev.sojourn.testkit.oracle.Case;
import dev.sojourn.testkit.oracle.Layout;
import java.util.ArrayList;
import java.util.List;

/** The straight code of random programs: integer instructions in all their forms, mostly on memory that is there. */
final class ProgramBody {
    private static final int RSP = 4;

    private final Assembler a;
    private final Chance chance;
    private final boolean bits32;
    private final boolean ports;
    private final Generator others;
    private final boolean changesMuch;
    /** How many loops have ended: the counter of the next one's end. */
    int loops;
    private final List<String> changeable = new ArrayList<>();

    ProgramBody(Assembler a, Chance chance, boolean bits32, boolean ports, Generator others) {
        this.a = a;
        this.chance = chance;
        this.bits32 = bits32;
        this.ports = ports;
        this.others = others;
        changesMuch = chance.oneIn(4);
    }

    /** Stores a label's address: MOV of 32 bits. */
    void storeAddress(long where, String label) {
        a.db(0xc7);
        absolute(0, where);
        a.dd(label);
    }

    void instruction() {
        if (changesMuch && chance.oneIn(4)) {
            self();
            return;
        }
        switch (chance.below(30)) {
            case 0, 1, 2, 3, 4 -> form(chance.below(8) << 3 | chance.below(4), anySize());
            case 5, 6 -> immediate();
            case 7, 8, 9 -> form(0x88 + chance.below(4), anySize());
            case 10 -> form(0x0fb6 + chance.pick(0, 1, 8, 9), chance.pick(2, 4, 8));
            case 11 -> memoryForm(0x8d, chance.pick(2, 4, 8), chance.below(registers()));
            case 12, 13 -> shift();
            case 14 -> group();
            case 15 -> multiply();
            case 16 -> form((chance.oneIn(2) ? 0x0f40 : 0x0f90) + chance.below(16), chance.pick(2, 4, 8));
            case 17 -> stack();
            case 18 -> bits();
            case 19 -> exchange();
            case 20 -> string();
            case 21 -> flags();
            case 22, 23 -> self();
            case 24 -> machine();
            default -> other();
        }
    }

    private int registers() { return bits32 ? 8 : 16; }

    private int anySize() { return chance.pick(1, 2, 4, 4, 8, 8); }

    private int register() {
        int register = chance.below(registers());
        return register == RSP ? 5 : register;
    }

    /** An instruction of a register and a register or memory; the lowest bit of a one-byte opcode is its width. */
    private void form(int opcode, int bytes) {
        int sized = opcode < 0x100 ? opcode & ~1 | (bytes == 1 ? 0 : 1) : opcode;
        if (chance.oneIn(2)) {
            encode(sized, bytes, register(), register());
        } else {
            memoryForm(sized, bytes, register());
        }
    }

    private void immediate() {
        int bytes = anySize();
        int kind = chance.below(3);
        int opcode = kind == 0 ? 0x80 : kind == 1 ? 0x83 : bytes == 1 ? 0xc6 : 0xc7;
        if (kind == 0 && bytes != 1) {
            opcode = 0x81;
        }
        int extension = kind == 2 ? 0 : chance.below(8);
        extended(opcode, bytes, extension);
        value(opcode == 0x83 || bytes == 1 ? 1 : Math.min(bytes, 4));
    }

    private void shift() {
        int bytes = anySize();
        int opcode = chance.pick(0xc0, 0xd0, 0xd2) | (bytes == 1 ? 0 : 1);
        extended(opcode, bytes, chance.below(8));
        if (opcode < 0xd0) {
            a.db(chance.below(70));
        }
    }

    /** TEST, NOT, NEG, MUL, IMUL, DIV, IDIV; INC, DEC. */
    private void group() {
        int bytes = anySize();
        if (chance.oneIn(3)) {
            extended(bytes == 1 ? 0xfe : 0xff, bytes, chance.below(2));
            return;
        }
        int extension = chance.oneIn(3) ? chance.pick(6, 7) : chance.pick(0, 2, 3, 4, 5);
        extended(bytes == 1 ? 0xf6 : 0xf7, bytes, extension);
        if (extension == 0) {
            value(Math.min(bytes, 4));
        }
    }

    private void multiply() {
        int bytes = chance.pick(2, 4, 8);
        switch (chance.below(3)) {
            case 0 -> form(0x0faf, bytes);
            case 1 -> {
                encode(0x69, bytes, register(), register());
                value(size(bytes) == 2 ? 2 : 4);
            }
            default -> {
                encode(0x6b, bytes, register(), register());
                value(1);
            }
        }
    }

    private void stack() {
        int register = register();
        switch (chance.below(5)) {
            case 0 -> a.db(0x6a, chance.below(256));
            case 1 -> plain(0x50, register);
            case 2 -> plain(0x58, register);
            case 3 -> {
                plain(0x50, register());
                plain(0x58, register);
            }
            default -> {
                a.db(0x68);
                value(4);
            }
        }
    }

    private void bits() {
        switch (chance.below(4)) {
            case 0 -> form(0x0fa3 + 8 * chance.below(4), chance.pick(2, 4, 8));
            case 1 -> form(0x0fbc + chance.below(2), chance.pick(2, 4, 8));
            case 2 -> plain(0x0fc8, register());
            default -> {
                form(chance.pick(0x0fa4, 0x0fac), chance.pick(2, 4, 8));
                a.db(chance.below(70));
            }
        }
    }

    private void exchange() {
        int bytes = anySize();
        int wide = bytes == 1 ? 0 : 1;
        form(chance.pick(0x86, 0x0fc0, 0x0fb0) | wide, bytes);
    }

    private void string() {
        if (chance.percent(80)) {
            a.cld();
        }
        load(7, address(64));
        load(6, address(64));
        load(1, chance.oneIn(8) ? 5000 : chance.below(40));
        if (chance.percent(70)) {
            a.db(chance.pick(0xf2, 0xf3));
        }
        if (!bits32 && chance.oneIn(3)) {
            a.db(0x48);
        }
        a.db(chance.pick(0xa4, 0xa5, 0xa6, 0xa7, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf));
    }

    private void flags() {
        switch (chance.below(4)) {
            case 0 -> a.db(chance.pick(0xf5, 0xf8, 0xf9, 0xfc, 0xfd, 0x9e, 0x9f, 0x98, 0x99));
            case 1 -> a.db(0x9c, 0x58);
            case 2 -> {
                // Arithmetic flags only, or now and then whatever is there: single steps and alignment checks too.
                a.db(0x68);
                a.dd(chance.oneIn(10) ? chance.pick(0x4_0202, 0x302, 0x4202, 0x602) : chance.below(0x1000) & 0x8d5 | 0x202);
                a.db(0x9d);
            }
            default -> a.db(chance.pick(0xc9, 0xd7, 0x90, 0xfa, 0xfb));
        }
    }

    /** Code whose immediate others change, and the change. */
    private void self() {
        if (changeable.isEmpty() || chance.oneIn(2)) {
            String label = "change" + changeable.size();
            changeable.add(label);
            int register = register() & 7;
            a.label(label);
            a.db(0xb8 | register);
            value(4);
            return;
        }
        String label = chance.oneIn(2) ? changeable.getLast() : changeable.get(chance.below(changeable.size()));
        // Seldom, so that the code is hot by then: by a branch, or by a store that hits data at all other times.
        int loop = chance.oneIn(4) ? chance.below(8) : loops;
        Memory counter = Memory.absolute((int) Program.COUNTERS + 8 * loop).bytes(4);
        switch (chance.below(5)) {
            case 0 -> change(label);
            case 1, 2 -> {
                String over = "kept" + a.here();
                a.cmp(counter, chance.between(0, 9));
                a.jcc(Condition.NZ, over);
                change(label);
                a.label(over);
            }
            default -> {
                load(7, Layout.FIRST + chance.below(64));
                a.db(0xbe);
                a.dd(label);
                a.cmp(counter, chance.between(0, 9));
                encode(0x0f44, 4, 7, 6);
                encodeMemory(0x30, 1, chance.below(4), 7, chance.between(1, 4));
            }
        }
    }

    private void change(String label) {
        a.xor(Memory.at(label, chance.between(1, 4)).bytes(1), chance.between(1, 127));
    }

    /** Time, ports, devices, and what faults. */
    private void machine() {
        switch (chance.below(7)) {
            case 0, 1 -> a.db(0x0f, 0x31);
            case 2, 3 -> {
                load(5, Program.DEVICE + 8 * chance.below(512));
                int bytes = anySize();
                encodeMemory(chance.pick(0x88, 0x8a, 0x00, 0x02) | (bytes == 1 ? 0 : 1), bytes, register(), 5, 0);
            }
            case 4 -> a.db(ports ? chance.pick(0xec, 0xed, 0xee, 0xef) : 0xf4);
            case 5 -> a.db(chance.pick(0xcc, 0xf4, 0xf3), 0x90);
            default -> a.db(0x0f, chance.pick(0x0b, 0xa2, 0x05, 0x30));
        }
    }

    /** An instruction of any row, with the registers of its address as the row's case has them. */
    private void other() {
        Case c = others.of(chance);
        Mode mode = bits32 ? Mode.BITS_32 : Mode.BITS_64;
        if (c.bits32() != bits32) {
            return;
        }
        Instruction i = Decoder.decode(c.code(), 0, c.code().length, mode);
        boolean straight = i != null && (i.modrm < 0xc0 || (i.rm & 15) != RSP) && i.reg != RSP;
        if (straight && !i.endsBlock() && i.length <= c.code().length) {
            for (int r : new int[] {i.base, i.index}) {
                if (r != Instruction.NO_REGISTER && r != RSP) {
                    load(r, c.before().general()[r]);
                }
            }
            for (int n = 0; n < i.length; n++) {
                a.db(c.code()[n] & 0xff);
            }
        }
    }

    private void extended(int opcode, int bytes, int extension) {
        if (chance.oneIn(2)) {
            encode(opcode, bytes, extension, register());
        } else {
            memoryForm(opcode, bytes, extension);
        }
    }

    private void memoryForm(int opcode, int bytes, int reg) {
        int wanted = size(bytes);
        long address = address(wanted);
        int base = register();
        switch (chance.below(8)) {
            case 0, 1, 2 -> {
                prefixes(opcode, wanted, reg, 0, 0);
                absolute(reg, address);
            }
            case 3 -> {
                int index = register();
                load(base, address - chance.below(0x40));
                // AND keeps the index small.
                encode(0x83, 4, 4, index);
                a.db(0x38);
                prefixes(opcode, wanted, reg, index, base);
                a.db(0x84 | (reg & 7) << 3, chance.below(4) << 6 | (index & 7) << 3 | base & 7);
                a.dd(chance.below(16));
            }
            default -> {
                int displacement = chance.oneIn(2) ? 0 : chance.between(-128, 127);
                if (!chance.oneIn(40)) {
                    load(base, address - displacement);
                }
                encodeMemory(opcode, bytes, reg, base, displacement);
            }
        }
    }

    private void encodeMemory(int opcode, int bytes, int reg, int base, int displacement) {
        prefixes(opcode, size(bytes), reg, 0, base);
        a.db(0x40 | (reg & 7) << 3 | base & 7);
        if ((base & 7) == RSP) {
            a.db(0x24);
        }
        a.db(displacement & 0xff);
    }

    private void absolute(int reg, long address) {
        if (bits32) {
            a.db(5 | (reg & 7) << 3);
        } else {
            a.db(4 | (reg & 7) << 3, 0x25);
        }
        a.dd((int) address);
    }

    private void encode(int opcode, int bytes, int reg, int rm) {
        prefixes(opcode, size(bytes), reg, 0, rm);
        a.db(0xc0 | (reg & 7) << 3 | rm & 7);
    }

    private int size(int bytes) { return bits32 && bytes == 8 ? 4 : bytes; }

    private void prefixes(int opcode, int bytes, int reg, int index, int rm) {
        if (bytes == 2) {
            a.db(0x66);
        }
        int rex = (bytes == 8 ? 8 : 0) | reg >> 3 << 2 | index >> 3 << 1 | rm >> 3;
        if (rex != 0 || !bits32 && chance.oneIn(8)) {
            a.db(0x40 | rex);
        }
        opcode(opcode);
    }

    private void opcode(int opcode) {
        if (opcode >= 0x100) {
            a.db(opcode >> 8);
        }
        a.db(opcode & 0xff);
    }

    private void plain(int opcode, int register) {
        if (register > 7) {
            a.db(0x41);
        }
        opcode(opcode | register & 7);
    }

    private void load(int register, long value) {
        boolean wide = !bits32 && value >>> 32 != 0;
        if (wide || register > 7) {
            a.db(0x40 | (wide ? 8 : 0) | register >> 3);
        }
        a.db(0xb8 | register & 7);
        a.dd((int) value);
        if (wide) {
            a.dd((int) (value >>> 32));
        }
    }

    private void value(int bytes) {
        int value = (int) Values.integer(chance);
        for (int i = 0; i < bytes; i++) {
            a.db(value >> 8 * i & 0xff);
        }
    }

    /** Mostly of data that is there, at times at an edge, on the stack, in code, or nowhere. */
    private long address(int bytes) {
        return switch (chance.below(24)) {
            case 0 -> Layout.SECOND - chance.below(bytes + 1);
            case 1 -> Layout.LAST_END - chance.below(2 * bytes + 1);
            case 2 -> Layout.READ_ONLY + chance.below(4000);
            case 3 -> chance.oneIn(3) ? chance.bits() & 0xffff_ffffL : Layout.READ_ONLY - chance.below(bytes + 1);
            case 4 -> Program.STACK_TOP - chance.below(128);
            case 5 -> chance.oneIn(6) ? Layout.CODE + chance.below(0x400) : Layout.FIRST;
            default -> (chance.oneIn(2) ? Layout.FIRST : Layout.LAST) + chance.below(2000);
        };
    }
}
