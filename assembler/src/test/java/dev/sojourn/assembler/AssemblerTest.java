package dev.sojourn.assembler;

import static dev.sojourn.assembler.Condition.NZ;
import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class AssemblerTest {
    @Test void registersAndImmediatesIn64BitCode() {
        encodes(64, "48 c7 c0 05 00 00 00", a -> a.mov(RAX, 5));
        encodes(64, "bb ff ff ff ff", a -> a.mov(RBX, 0xffff_ffffL));
        encodes(64, "49 b9 f0 de bc 9a 78 56 34 12", a -> a.mov(R9, 0x1234_5678_9abc_def0L));
        encodes(64, "40 b6 03", a -> a.mov(SIL, 3));
        encodes(64, "b4 03", a -> a.mov(AH, 3));
        encodes(64, "66 41 b8 03 00", a -> a.mov(R8W, 3));
        encodes(64, "48 83 c0 05", a -> a.add(RAX, 5));
        encodes(64, "49 0f cf", a -> a.bswap(R15));
        encodes(64, "00 d8", a -> a.add(AL, BL));
        encodes(64, "44 0f 20 c0", a -> a.mov(RAX, CR8));
        encodes(64, "8e d8", a -> a.mov(DS, EAX));
    }

    @Test void memoryOperandsIn64BitCode() {
        encodes(64, "89 4d 00", a -> a.mov(at(RBP), ECX));
        encodes(64, "4d 8b 6d 00", a -> a.mov(R13, at(R13)));
        encodes(64, "44 8a a4 ac 00 01 00 00", a -> a.mov(R12B, at(RSP, RBP, 4, 0x100)));
        encodes(64, "41 88 34 24", a -> a.mov(at(R12), SIL));
        encodes(64, "8b 04 25 00 00 00 20", a -> a.mov(EAX, absolute(0x2000_0000)));
        encodes(64, "8b 04 cd 00 00 00 00", a -> a.mov(EAX, at(null, RCX, 8, 0)));
        encodes(64, "65 67 8b 41 04", a -> a.mov(EAX, at(ECX, 4).in(GS)));
        encodes(64, "48 0f c7 0e", a -> a.cmpxchg16b(at(RSI)));
        encodes(64, "f3 4d 0f b8 08", a -> a.popcnt(R9, at(R8)));
        encodes(64, "f3 44 0f 7f 08", a -> a.movdqu(at(RAX), XMM9));
    }

    @Test void labelsAreRelativeToRipAndCountTheImmediate() {
        encodes(64, "90 66 c7 05 f6 ff ff ff 34 12", a -> {
            a.label("here");
            a.nop();
            a.mov(at("here").bytes(2), 0x1234);
        });
    }

    @Test void branchesReachLabelsBehindAndAhead() {
        encodes(64, "90 0f 85 f9 ff ff ff eb 00", a -> {
            a.label("loop");
            a.nop();
            a.jcc(NZ, "loop");
            a.jmpShort("end");
            a.label("end");
        });
    }

    @Test void sizesFollowTheSegmentIn16And32BitCode() {
        encodes(16, "b8 10 00", a -> a.mov(AX, 0x10));
        encodes(16, "66 b8 78 56 34 12", a -> a.mov(EAX, 0x1234_5678));
        encodes(16, "89 40 05", a -> a.mov(at(BX, SI, 1, 5), AX));
        encodes(16, "8a 46 00", a -> a.mov(AL, at(BP)));
        encodes(16, "67 89 44 4b 05", a -> a.mov(at(EBX, ECX, 2, 5), AX));
        encodes(16, "66 0f 01 16 34 12", a -> a.lgdtWide(absolute(0x1234)));
        encodes(32, "67 66 89 40 05", a -> a.mov(at(BX, SI, 1, 5), AX));
        encodes(32, "8b 05 34 12 00 00", a -> a.mov(EAX, absolute(0x1234)));
        encodes(32, "ea 00 10 00 00 08 00", a -> {
            a.label("start");
            a.farJump(8, "start", 4);
        });
    }

    @Test void dataIsLittleEndianAndAligned() {
        encodes(64, "01 00 00 00 02 00 00 00 00 10 00 00 00 00 00 00 68 69 00", a -> {
            a.label("start");
            a.db(1);
            a.align(4);
            a.dd(2);
            a.dq("start");
            a.asciz("hi");
        });
    }

    @Test void whatCannotBeEncodedIsRefused() {
        Assembler a = new Assembler(0);
        assertThrows(IllegalArgumentException.class, () -> a.mov(at(R8), AH));
        assertThrows(IllegalArgumentException.class, () -> at(RAX, RSP, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> a.inc(at(RAX)));
        a.jmp("nowhere");
        assertThrows(IllegalArgumentException.class, a::assemble);
    }

    private static void encodes(int bits, String expected, Consumer<Assembler> program) {
        Assembler a = new Assembler(0x1000);
        a.bits(bits);
        program.accept(a);
        assertEquals(expected, HexFormat.ofDelimiter(" ").formatHex(a.assemble()));
    }
}
