package dev.sojourn.cpu.operation.x87;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.interpreter.Bench;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The bytes of the recorded x87 instructions, run by the interpreter in both modes. */
class X87CodeTest {
    private static final int RSI_FORM = 6;

    @Test
    void recordedInstructionsGiveTheRecordedResultsIn64BitMode() throws IOException { replay(true); }

    @Test
    void recordedInstructionsGiveTheRecordedResultsIn32BitMode() throws IOException { replay(false); }

    @Test
    void roundingUpToTheLargestIntegerKeepsTheSign() {
        try (Bench bench = new Bench(true)) {
            bench.cpu.fpu.initialize();
            bench.cpu.fpu.tags(0);
            bench.cpu.fpu.restore(0, -1L, 0x403d);
            assertEquals(-1, bench.run("d9fc"));
            assertEquals(0x403e, bench.cpu.fpu.exponent(0));
            assertEquals(Long.MIN_VALUE, bench.cpu.fpu.significand(0));
        }
    }

    private static void replay(boolean long64) throws IOException {
        try (Bench bench = new Bench(long64)) {
            for (String line : lines()) {
                String[] halves = line.split(" > ");
                X87Case given = X87Case.parse(halves[0]);
                X87Outcome expected = X87Outcome.parse(halves[1]);
                X87Outcome actual = run(bench, given);
                assertTrue(given.approximate() && actual.near(expected) || expected.equals(actual),
                        () -> halves[0] + "\nis  " + expected + "\nnot " + actual);
            }
        }
    }

    private static X87Outcome run(Bench bench, X87Case given) {
        Cpu cpu = bench.cpu;
        X87 fpu = cpu.fpu;
        fpu.control(given.control());
        fpu.status(given.status());
        fpu.tags(given.tags());
        for (int i = 0; i < 8; i++) {
            fpu.restore(i, given.significand(i), given.exponent(i));
        }
        cpu.memory.putLong(Bench.DATA, given.low());
        cpu.memory.putShort(Bench.DATA + 8, given.high());
        cpu.r[Cpu.RSI] = Bench.DATA;
        cpu.flags.set(given.eflags());
        int modrm = given.memory() ? given.modrm() & 0x38 | RSI_FORM : given.modrm();
        assertEquals(-1, bench.run("%02x%02x".formatted(given.opcode(), modrm)), given::toString);
        return new X87Outcome(fpu.control(), fpu.status(), fpu.tags(),
                fpu.empty(0) ? 0 : fpu.exponent(0), fpu.empty(0) ? 0 : fpu.significand(0),
                fpu.empty(1) ? 0 : fpu.exponent(1), fpu.empty(1) ? 0 : fpu.significand(1),
                cpu.memory.getShort(Bench.DATA + 8), cpu.memory.getLong(Bench.DATA), cpu.flags.get());
    }

    private static List<String> lines() throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(X87TruthTest.class.getResourceAsStream("X87Truth.txt.gz")),
                StandardCharsets.US_ASCII))) {
            return reader.lines().toList();
        }
    }
}
