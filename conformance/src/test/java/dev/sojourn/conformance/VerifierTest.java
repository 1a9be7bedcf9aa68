package dev.sojourn.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.interpreter.CompiledRegion;
import dev.sojourn.cpu.interpreter.EngineDifference;
import dev.sojourn.cpu.interpreter.RegionCompiler;
import dev.sojourn.cpu.interpreter.RegionPlan;
import dev.sojourn.cpu.interpreter.Reproducer;
import dev.sojourn.testkit.generator.Program;
import dev.sojourn.testkit.generator.ProgramGenerator;
import dev.sojourn.translator.Translator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Running compiled code twice: it finds what is wrong, and only that. */
class VerifierTest {
    private static final int PROGRAMS = 400;
    private static final int INSTRUCTIONS = 20_000;
    private static final Path KEPT = Path.of("src/test/resources/dev/sojourn/conformance/reproducers");

    @Test
    void compiledProgramsHoldAgainstTheInterpreter() {
        ProgramProcessor processor = new ProgramProcessor(new ImmediateCompiler(), 6);
        processor.verify();
        for (int n = 0; n < PROGRAMS; n++) {
            run(processor, new ProgramGenerator().of(n));
        }
        assertTrue(processor.verifiedRuns() > 10 * PROGRAMS, () -> "Only " + processor.verifiedRuns() + " runs.");
    }

    @Test
    void wrongRegisterIsFoundAndSeenAgain() {
        EngineDifference difference = difference(cpu -> cpu.r[Cpu.RSI] ^= 0x100);
        assertTrue(difference.getMessage().startsWith("rsi "), difference.getMessage());
        Reproducer kept = Reproducer.parse(difference.reproducer().text());
        assertEquals(difference.reproducer().text(), kept.text());
        assertEquals(Optional.empty(), Replay.differences(kept, new ImmediateCompiler()));
        assertFalse(Replay.differences(kept, new WrongCompiler(cpu -> cpu.r[Cpu.RSI] ^= 0x100)).isEmpty());
    }

    @Test
    void strayStoreIsFound() {
        EngineDifference difference = difference(cpu -> cpu.mmu.store8(Program.STACK, 0x5a));
        assertTrue(difference.getMessage().contains("memory 40000 5a 00"), difference.getMessage());
    }

    @Test
    void wrongCountIsFound() {
        EngineDifference difference = difference(cpu -> cpu.executed++);
        assertTrue(difference.getMessage().contains("rip "), difference.getMessage());
    }

    @Test
    void keptReproducersShowNoDifference() throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(KEPT)) {
            files = found.sorted().toList();
        }
        assertFalse(files.isEmpty());
        for (Path file : files) {
            ImmediateCompiler compiler = new ImmediateCompiler();
            assertEquals(Optional.empty(), Replay.differences(Reproducer.parse(Files.readString(file)), compiler), file::toString);
            assertTrue(compiler.count() > 0, file::toString);
        }
    }

    private static EngineDifference difference(Mistake mistake) {
        ProgramProcessor processor = new ProgramProcessor(new WrongCompiler(mistake), 6);
        processor.verify();
        return assertThrows(EngineDifference.class, () -> run(processor, new ProgramGenerator().of(3)));
    }

    private static void run(ProgramProcessor processor, Program program) {
        processor.load(program);
        while (processor.cpu.executed < INSTRUCTIONS && !processor.cpu.shutdown) {
            processor.turn(program);
        }
    }

    /** What a wrong translator does behind what is right. */
    private interface Mistake {
        void make(Cpu cpu);
    }

    private static final class WrongCompiler implements RegionCompiler {
        private final Queue<CompiledRegion> done = new ArrayDeque<>();
        private final Mistake mistake;

        WrongCompiler(Mistake mistake) { this.mistake = mistake; }

        @Override public void compile(RegionPlan plan) { done.add(new Wrong(plan, mistake)); }

        @Override public CompiledRegion poll() { return done.poll(); }
    }

    private static final class Wrong extends CompiledRegion {
        private final CompiledRegion right;
        private final Mistake mistake;

        Wrong(RegionPlan plan, Mistake mistake) {
            super(plan);
            right = Translator.translate(plan);
            this.mistake = mistake;
        }

        @Override public void run(Cpu cpu) {
            right.run(cpu);
            mistake.make(cpu);
        }
    }
}
