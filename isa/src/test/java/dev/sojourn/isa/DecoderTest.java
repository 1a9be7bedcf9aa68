package dev.sojourn.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DecoderTest {
    private static Instruction decode(Mode mode, String hex) {
        byte[] code = HexFormat.of().parseHex(hex);
        return Decoder.decode(code, 0, code.length, mode);
    }

    @ParameterizedTest
    @CsvSource({
        "BITS_64, 4801d8,               ADD,     3, 8",
        "BITS_64, 6601d8,               ADD,     3, 2",
        "BITS_32, 01d8,                 ADD,     2, 4",
        "BITS_16, 01d8,                 ADD,     2, 2",
        "BITS_64, 48b88877665544332211, MOV,     10, 8",
        "BITS_64, 488b842410000000,     MOV,     8, 8",
        "BITS_64, e800000000,           CALL,    5, 8",
        "BITS_64, 66e800000000,         CALL,    6, 8",
        "BITS_32, 66e80000,             CALL,    4, 2",
        "BITS_64, 50,                   PUSH,    1, 8",
        "BITS_64, 6650,                 PUSH,    2, 2",
        "BITS_64, 48ab,                 STOS,    2, 8",
        "BITS_64, 0f05,                 SYSCALL, 2, 4",
        "BITS_32, 0f05,                 INVALID, 2, 4",
        "BITS_64, 06,                   INVALID, 1, 4",
        "BITS_64, f0480fb10f,           CMPXCHG, 5, 8",
        "BITS_64, f0480fb1cf,           INVALID, 5, 8",
        "BITS_64, f03bc1,               INVALID, 3, 4",
        "BITS_64, 0f01f8,               SWAPGS,  3, 4",
        "BITS_64, 0f20d8,               MOV_FROM_CONTROL, 3, 4",
        "BITS_64, 0f2018,               MOV_FROM_CONTROL, 3, 4",
    })
    void bytesAreRead(Mode mode, String hex, Op op, int length, int operandBytes) {
        Instruction i = decode(mode, hex);
        assertEquals(op, i.op);
        assertEquals(length, i.length);
        assertEquals(operandBytes, i.operandBytes);
    }

    @Test
    void addressesAreTakenApart() {
        Instruction i = decode(Mode.BITS_64, "498b44cd10");
        assertEquals(13, i.base);
        assertEquals(1, i.index);
        assertEquals(3, i.scale);
        assertEquals(0x10, i.displacement);
        assertEquals(Instruction.SS, decode(Mode.BITS_64, "488b4500").segment);
        assertEquals(Instruction.GS, decode(Mode.BITS_64, "65488b042500000000").segment);
        assertTrue(decode(Mode.BITS_64, "488b0510000000").ripRelative);
        assertEquals(-2, decode(Mode.BITS_16, "8b40fe").displacement);
    }

    @Test
    void aRexPrefixCountsOnlyRightBeforeTheOpcode() { assertEquals(4, decode(Mode.BITS_64, "486501d8").operandBytes); }

    @Test
    void codeThatEndsTooSoonAsksForMore() {
        assertNull(decode(Mode.BITS_64, "48b888776655"));
        assertNull(decode(Mode.BITS_64, "66666666"));
    }

    @Test
    void moreThanFifteenBytesAreNoInstruction() {
        assertEquals(Op.TOO_LONG, decode(Mode.BITS_64, "66".repeat(20)).op);
        assertEquals(Op.ADD, decode(Mode.BITS_64, "66".repeat(13) + "01d8" + "90").op);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void anyBytesDecodeToSomethingOfAllowedLength(Mode mode) {
        SplittableRandom random = new SplittableRandom(mode.ordinal());
        byte[] code = new byte[16];
        for (int n = 0; n < 500_000; n++) {
            random.nextBytes(code);
            Instruction i = Decoder.decode(code, 0, code.length, mode);
            assertNotNull(i);
            assertTrue(i.length >= 1 && i.length <= Decoder.LENGTH_MAX, () -> HexFormat.of().formatHex(code));
            if (i.op != Op.TOO_LONG) {
                Instruction exact = Decoder.decode(Arrays.copyOf(code, i.length), 0, i.length, mode);
                assertEquals(i.length, exact.length);
                assertEquals(i.op, exact.op);
            }
        }
    }
}
