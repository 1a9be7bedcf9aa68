package dev.sojourn.cli;

import static dev.sojourn.assembler.Register.AL;
import static dev.sojourn.assembler.Register.DX;
import static dev.sojourn.assembler.Register.ECX;
import static dev.sojourn.assembler.Register.RAX;
import static dev.sojourn.assembler.Register.RBX;
import static dev.sojourn.assembler.Register.RCX;
import static dev.sojourn.assembler.Register.RDX;
import static dev.sojourn.assembler.Register.RSI;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import dev.sojourn.assembler.ElfFile;
import dev.sojourn.assembler.Memory;

/**
 * A kernel that counts. It keeps each number in one of a thousand pages, where it must find the one from a thousand before, and
 * says every so-manieth by the serial line: eight hexadecimal digits and a line's end. Where it finds another it says X, and no more.
 */
final class CountingKernel {
    private static final long LOADED_AT = 0x100_0000;
    private static final int PAGES_AT = 0x180_0000;
    private static final int PAGES = 1024;
    private static final int SAYS_EVERY = 4096;
    private static final int PAUSE = 100;
    private static final int SERIAL = 0x3f8;
    private static final int BIT_OF_HEXADECIMAL_LETTER = 10;

    private CountingKernel() {}

    static byte[] image() {
        Assembler a = new Assembler(ElfFile.codeAddress(LOADED_AT));
        a.xor(RBX, RBX);
        a.label("next");
        a.inc(RBX);
        a.mov(RCX, RBX);
        a.and(RCX, PAGES - 1);
        a.shl(RCX, 12);
        a.add(RCX, PAGES_AT);
        a.mov(RAX, RBX);
        a.sub(RAX, PAGES);
        a.jcc(Condition.G, "before");
        a.xor(RAX, RAX);
        a.label("before");
        a.cmp(Memory.at(RCX), RAX);
        a.jcc(Condition.NZ, "wrong");
        a.mov(Memory.at(RCX), RBX);
        a.mov(RAX, PAUSE);
        a.label("pause");
        a.dec(RAX);
        a.jcc(Condition.NZ, "pause");
        a.test(RBX, SAYS_EVERY - 1);
        a.jcc(Condition.NZ, "next");
        say(a);
        a.jmp("next");
        a.label("wrong");
        a.mov(DX, SERIAL);
        a.mov(AL, 'X');
        a.out(AL);
        a.label("stand");
        a.jmp("stand");
        return ElfFile.executable(LOADED_AT, a.assemble(), ElfFile.codeAddress(LOADED_AT), 0);
    }

    private static void say(Assembler a) {
        a.mov(DX, SERIAL);
        a.mov(RSI, 8);
        a.mov(RCX, RBX);
        a.shr(RCX, Integer.numberOfTrailingZeros(SAYS_EVERY));
        a.label("digit");
        a.rol(ECX, 4);
        a.mov(RAX, RCX);
        a.and(RAX, 15);
        a.cmp(RAX, BIT_OF_HEXADECIMAL_LETTER);
        a.jcc(Condition.L, "figure");
        a.add(RAX, 'a' - BIT_OF_HEXADECIMAL_LETTER - '0');
        a.label("figure");
        a.add(RAX, '0');
        a.out(AL);
        a.dec(RSI);
        a.jcc(Condition.NZ, "digit");
        a.mov(AL, '\n');
        a.out(AL);
    }
}
