package dev.sojourn.conformance;

import dev.sojourn.testkit.oracle.Case;
import dev.sojourn.testkit.oracle.Outcome;
import dev.sojourn.testkit.oracle.ProcessorUnderTest;

/** The translator as the subject of comparisons: each case runs a first time to be translated, then as what came of it. */
public final class TranslatedProcessor implements ProcessorUnderTest {
    private final ImmediateCompiler compiler = new ImmediateCompiler();
    private final InterpretedProcessor processor = new InterpretedProcessor(compiler, 1);

    /** Nothing to set up. */
    public TranslatedProcessor() {}

    @Override public Outcome run(Case c) {
        processor.run(c);
        return processor.rerun(c);
    }

    /** Regions made so far. */
    public int regions() { return compiler.count(); }
}
