package dev.sojourn.cpu.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sojourn.cpu.Cpu;
import org.junit.jupiter.api.Test;

/** Moves of XMM and MMX registers: what of the destination changes. */
class VectorMovesTest {
    private static final long A_LOW = 0x1111_1111_2222_2222L;
    private static final long A_HIGH = 0x3333_3333_4444_4444L;
    private static final long B_LOW = 0x5555_5555_6666_6666L;
    private static final long B_HIGH = 0x7777_7777_8888_8888L;
    private static final long RAX = 0x9999_9999_aaaa_aaaaL;

    /** Code; then XMM0 and memory at RSI (at first the same as XMM1), high half first. */
    private static final String CASES = """
            0f1006       movups xmm0, [rsi]    7777777788888888:5555555566666666  7777777788888888:5555555566666666
            0f28c1       movaps xmm0, xmm1     7777777788888888:5555555566666666  7777777788888888:5555555566666666
            0f1106       movups [rsi], xmm0    3333333344444444:1111111122222222  3333333344444444:1111111122222222
            0f2906       movaps [rsi], xmm0    3333333344444444:1111111122222222  3333333344444444:1111111122222222
            660fe706     movntdq [rsi], xmm0   3333333344444444:1111111122222222  3333333344444444:1111111122222222
            660f382a06   movntdqa xmm0, [rsi]  7777777788888888:5555555566666666  7777777788888888:5555555566666666
            f20ff006     lddqu xmm0, [rsi]     7777777788888888:5555555566666666  7777777788888888:5555555566666666
            f30f1006     movss xmm0, [rsi]     0000000000000000:0000000066666666  7777777788888888:5555555566666666
            f30f10c1     movss xmm0, xmm1      3333333344444444:1111111166666666  7777777788888888:5555555566666666
            f30f11c8     movss xmm0, xmm1      3333333344444444:1111111166666666  7777777788888888:5555555566666666
            f30f1106     movss [rsi], xmm0     3333333344444444:1111111122222222  7777777788888888:5555555522222222
            f20f1006     movsd xmm0, [rsi]     0000000000000000:5555555566666666  7777777788888888:5555555566666666
            f20f10c1     movsd xmm0, xmm1      3333333344444444:5555555566666666  7777777788888888:5555555566666666
            f20f1106     movsd [rsi], xmm0     3333333344444444:1111111122222222  7777777788888888:1111111122222222
            f30f7ec1     movq xmm0, xmm1       0000000000000000:5555555566666666  7777777788888888:5555555566666666
            f30f7e06     movq xmm0, [rsi]      0000000000000000:5555555566666666  7777777788888888:5555555566666666
            660fd6c8     movq xmm0, xmm1       0000000000000000:5555555566666666  7777777788888888:5555555566666666
            660fd606     movq [rsi], xmm0      3333333344444444:1111111122222222  7777777788888888:1111111122222222
            0f1206       movlps xmm0, [rsi]    3333333344444444:5555555566666666  7777777788888888:5555555566666666
            0f12c1       movhlps xmm0, xmm1    3333333344444444:7777777788888888  7777777788888888:5555555566666666
            0f1306       movlps [rsi], xmm0    3333333344444444:1111111122222222  7777777788888888:1111111122222222
            660f1606     movhpd xmm0, [rsi]    5555555566666666:1111111122222222  7777777788888888:5555555566666666
            0f16c1       movlhps xmm0, xmm1    5555555566666666:1111111122222222  7777777788888888:5555555566666666
            660f1706     movhpd [rsi], xmm0    3333333344444444:1111111122222222  7777777788888888:3333333344444444
            f20f1206     movddup xmm0, [rsi]   5555555566666666:5555555566666666  7777777788888888:5555555566666666
            660f6cc1     punpcklqdq xmm0, xmm1 5555555566666666:1111111122222222  7777777788888888:5555555566666666
            660f6dc1     punpckhqdq xmm0, xmm1 7777777788888888:3333333344444444  7777777788888888:5555555566666666
            660f6ec0     movd xmm0, eax        0000000000000000:00000000aaaaaaaa  7777777788888888:5555555566666666
            66480f6ec0   movq xmm0, rax        0000000000000000:99999999aaaaaaaa  7777777788888888:5555555566666666
            660f6e06     movd xmm0, [rsi]      0000000000000000:0000000066666666  7777777788888888:5555555566666666
            660f7e06     movd [rsi], xmm0      3333333344444444:1111111122222222  7777777788888888:5555555522222222
            660f3a160601 pextrd [rsi], 1       3333333344444444:1111111122222222  7777777788888888:5555555511111111
            660f3a2106d0 insertps xmm0, [rsi]  3333333344444444:6666666622222222  7777777788888888:5555555566666666
            0f6f16       movq mm2, [rsi]       3333333344444444:1111111122222222  7777777788888888:5555555566666666
            """;

    @Test
    void movesChangeWhatTheManualSays() {
        try (Bench bench = new Bench(true)) {
            for (String line : CASES.lines().toList()) {
                String code = line.substring(0, line.indexOf(' '));
                String[] words = line.strip().split(" ");
                prepare(bench);
                assertEquals(-1, bench.run(code), line);
                Cpu cpu = bench.cpu;
                assertEquals(words[words.length - 3], "%016x:%016x".formatted(cpu.xmm[1], cpu.xmm[0]), line);
                assertEquals(words[words.length - 1], "%016x:%016x".formatted(bench.memory.getLong(Bench.DATA + 8),
                        bench.memory.getLong(Bench.DATA)), line);
            }
        }
    }

    @Test
    void movesToGeneralRegistersClearTheUpperHalf() {
        try (Bench bench = new Bench(true)) {
            prepare(bench);
            bench.run("660f7ec0");
            assertEquals(A_LOW & 0xffff_ffffL, bench.cpu.r[Cpu.RAX]);
            bench.run("66480f7ec0");
            assertEquals(A_LOW, bench.cpu.r[Cpu.RAX]);
            bench.run("660fd7c0");
            assertEquals(0, bench.cpu.r[Cpu.RAX]);
        }
    }

    @Test
    void registersBeyondTheEighthAreReached() {
        try (Bench bench = new Bench(true)) {
            prepare(bench);
            bench.xmm(15, 5, 6);
            bench.run("66450f6fc7 66440fd4c1");
            assertEquals(5 + B_LOW, bench.cpu.xmm[16]);
            assertEquals(6 + B_HIGH, bench.cpu.xmm[17]);
        }
    }

    @Test
    void maskedStoresWriteTheBytesWhoseSignIsSet() {
        try (Bench bench = new Bench(true)) {
            prepare(bench);
            bench.cpu.r[Cpu.RDI] = Bench.DATA + 1;
            bench.xmm(1, 0x80, 0x8000_0000_0000_0000L);
            bench.run("660ff7c1");
            assertEquals(0x5555_5555_6666_2266L, bench.memory.getLong(Bench.DATA));
            assertEquals(B_HIGH, bench.memory.getLong(Bench.DATA + 8));
            assertEquals(0x33, bench.memory.getByte(Bench.DATA + 16));
        }
    }

    @Test
    void mmxMovesMakeTheStackValidAndEmmsEmptiesIt() {
        try (Bench bench = new Bench(true)) {
            prepare(bench);
            bench.run("dbe3 480f6ed8 f20fd6f0 f30fd6d3");
            assertEquals(0xff, bench.cpu.fpu.abridgedTags());
            assertEquals(RAX, bench.cpu.xmm[4]);
            assertEquals(A_LOW, bench.cpu.fpu.significand(6));
            bench.run("0f77");
            assertEquals(0, bench.cpu.fpu.abridgedTags());
        }
    }

    private static void prepare(Bench bench) {
        bench.xmm(0, A_LOW, A_HIGH);
        bench.xmm(1, B_LOW, B_HIGH);
        bench.cpu.r[Cpu.RAX] = RAX;
        bench.cpu.r[Cpu.RSI] = Bench.DATA;
        bench.memory.putLong(Bench.DATA, B_LOW);
        bench.memory.putLong(Bench.DATA + 8, B_HIGH);
        bench.memory.putLong(Bench.DATA + 16, 0);
    }
}
