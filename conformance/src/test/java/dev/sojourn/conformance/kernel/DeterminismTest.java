package dev.sojourn.conformance.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.machine.EngineKind;
import dev.sojourn.sandbox.Result;
import dev.sojourn.sandbox.SandboxError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The stock kernel's run repeats to the instruction, whichever engine runs it. */
class DeterminismTest {
    private static final String SCRIPT = """
            i=0; while [ $i -lt 10 ]; do echo $i | taskset 2 cat | taskset 1 cat; i=$((i + 1)); done | tail -n 1
            seq 3000 | sort -n | md5sum & cat | gzip | md5sum & wait
            od -An -N16 -tx1 /dev/urandom; date; cat /proc/uptime
            """;

    @Test void enginesAgreeAtEveryMillionInstructions() throws SandboxError {
        Hashes interpreted = new Hashes();
        DefaultGuest.Run first = run(interpreted, EngineKind.INTERPRETER, 7);
        Hashes translated = new Hashes();
        DefaultGuest.Run second = run(translated, EngineKind.TRANSLATOR, 7);
        assertEquals(new Result.Exited(0), first.result(), first::kernelLog);
        assertTrue(interpreted.lines.size() > 1000, () -> interpreted.lines.size() + " states");
        assertEquals(interpreted.lines, translated.lines);
        assertEquals(first.text(), second.text());
        assertEquals(first.kernelLog(), second.kernelLog());
        assertTrue(first.text().contains("UTC 2026"), first::text);
    }

    @Tag("long")
    @Test void anotherSeedIsAnotherRun() throws SandboxError {
        Hashes here = new Hashes();
        Hashes there = new Hashes();
        assertNotEquals(run(here, EngineKind.INTERPRETER, 1).text(), run(there, EngineKind.INTERPRETER, 2).text());
        assertNotEquals(here.lines, there.lines);
    }

    @Tag("long")
    @Test void allThatIsCompiledIsWhatTheInterpreterDoes() throws SandboxError {
        Hashes verified = new Hashes();
        DefaultGuest.Run run = run(verified, EngineKind.VERIFY, 7);
        assertEquals(new Result.Exited(0), run.result(), run::kernelLog);
    }

    private static DefaultGuest.Run run(Hashes hashes, EngineKind engine, long seed) throws SandboxError {
        return new DefaultGuest().cpus(2).engine(engine).input("input\n".repeat(20_000).getBytes()).deterministic(seed, hashes::add)
                .script(SCRIPT);
    }

    private static final class Hashes {
        private final List<String> lines = new ArrayList<>();

        void add(long instructions, long nanos, long digest) { lines.add(instructions + " " + nanos + " " + Long.toHexString(digest)); }
    }
}
