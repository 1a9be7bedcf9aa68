package dev.sojourn.cpu.operation.x87;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Random instructions on the computer's own unit and on ours. Processors differ where the manual leaves room, so this
 * runs only when asked for with {@code -Dsojourn.x87.cases}, the number of cases for each instruction.
 */
@EnabledIfSystemProperty(named = "sojourn.x87.cases", matches = "\\d+")
class X87ProcessorTest {
    /** Where F2XM1 and FYL2XP1 are undefined. */
    private static boolean undefined(X87Case given) {
        int biased = given.exponent0() & Float80.EXPONENT_MASK;
        return given.opcode() == 0xd9 && given.modrm() == 0xf9 && biased >= 0x3ffd && biased < 0x7fff
                && given.significand0() < 0;
    }

    @Test void everyInstructionDoesWhatTheProcessorDoes() throws Throwable {
        Assumptions.assumeTrue(X87Processor.present());
        long seed = Long.getLong("sojourn.seed", System.nanoTime());
        System.out.println("sojourn.seed=" + seed);
        X87Processor processor = new X87Processor();
        X87Cases cases = new X87Cases(seed);
        int count = Integer.getInteger("sojourn.x87.cases");
        long run = 0;
        for (int[] encoding : X87Cases.encodings()) {
            for (int i = 0; i < count; i++) {
                X87Case given = cases.next(encoding[0], encoding[1]);
                if (undefined(given)) {
                    continue;
                }
                X87Outcome expected = processor.run(given);
                X87Outcome actual = given.run();
                if (!(given.approximate() ? actual.near(expected) : actual.equals(expected))) {
                    assertEquals(expected.toString(), actual.toString(), given.toString());
                }
                run++;
            }
        }
        System.out.println(run + " instructions agree with the processor");
    }

    /** Records the truth file of {@link X87TruthTest} at the path given by {@code sojourn.x87.record}. */
    @Test
    @EnabledIfSystemProperty(named = "sojourn.x87.record", matches = ".+")
    void record() throws Throwable {
        X87Processor processor = new X87Processor();
        X87Cases cases = new X87Cases(1);
        int count = Integer.getInteger("sojourn.x87.cases");
        try (PrintWriter out = writer(Path.of(System.getProperty("sojourn.x87.record")))) {
            for (int[] encoding : X87Cases.encodings()) {
                for (int i = 0; i < count; i++) {
                    X87Case given = cases.next(encoding[0], encoding[1]);
                    if (!undefined(given)) {
                        out.println(given + " > " + processor.run(given));
                    }
                }
            }
        }
    }

    private static PrintWriter writer(Path path) throws IOException {
        return new PrintWriter(new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(path)),
                StandardCharsets.US_ASCII));
    }
}
