package dev.sojourn.conformance;

import dev.sojourn.cpu.interpreter.CompiledRegion;
import dev.sojourn.cpu.interpreter.RegionCompiler;
import dev.sojourn.cpu.interpreter.RegionPlan;
import dev.sojourn.testkit.oracle.Case;
import dev.sojourn.testkit.oracle.Outcome;
import dev.sojourn.testkit.oracle.ProcessorUnderTest;
import dev.sojourn.translator.Translator;
import java.util.ArrayDeque;
import java.util.Queue;

/** The translator as the subject of comparisons: each case runs a first time to be translated, then as what came of it. */
public final class TranslatedProcessor implements ProcessorUnderTest {
    private final AtOnce compiler = new AtOnce();
    private final InterpretedProcessor processor = new InterpretedProcessor(compiler, 1);

    /** Nothing to set up. */
    public TranslatedProcessor() {}

    @Override public Outcome run(Case c) {
        processor.run(c);
        return processor.rerun(c);
    }

    /** Regions made so far. */
    public int regions() { return compiler.count; }

    private static final class AtOnce implements RegionCompiler {
        private final Queue<CompiledRegion> done = new ArrayDeque<>();
        private int count;

        @Override public void compile(RegionPlan plan) {
            done.add(Translator.translate(plan));
            count++;
        }

        @Override public CompiledRegion poll() { return done.poll(); }
    }
}
