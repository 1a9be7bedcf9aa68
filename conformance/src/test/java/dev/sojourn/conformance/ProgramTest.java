package dev.sojourn.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.testkit.generator.Program;
import dev.sojourn.testkit.generator.ProgramGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The translator does what the interpreter does in programs of many blocks, at the same instruction. */
class ProgramTest {
    private static final int PROGRAMS = 1000;
    private static final long SEED = Long.getLong("sojourn.programs.seed", 1);

    @Test
    void randomProgramsAreTheSameOnBothEngines() {
        ProgramGenerator generator = new ProgramGenerator();
        ProgramTrial trial = new ProgramTrial(false);
        for (int n = 0; n < PROGRAMS; n++) {
            assertSame(trial, generator.of(SEED + n));
        }
        assertTrue(trial.regions() > PROGRAMS, "Only " + trial.regions() + " regions were made.");
    }

    @Test
    void keptProgramsAreTheSameOnBothEngines() throws IOException {
        try (InputStream in = Objects.requireNonNull(ProgramTest.class.getResourceAsStream("programs.txt"))) {
            List<Program> kept = Program.read(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
            assertFalse(kept.isEmpty());
            ProgramTrial trial = new ProgramTrial(true);
            kept.forEach(program -> assertSame(trial, program));
        }
    }

    @Test
    void programComesBackFromItsText() {
        Program program = new ProgramGenerator().of(7);
        String text = program.text("a remark\nof two lines");
        assertEquals(text, Program.read(text).getFirst().text("a remark\nof two lines"));
    }

    private static void assertSame(ProgramTrial trial, Program program) {
        assertEquals(Optional.empty(), trial.run(program).map(program::text));
    }
}
