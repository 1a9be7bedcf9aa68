package dev.sojourn.conformance;

import dev.sojourn.testkit.generator.Generator;
import dev.sojourn.testkit.oracle.Case;
import dev.sojourn.testkit.oracle.TruthFile;
import java.util.List;

/** Compares the translator with the interpreter: {@code EngineRun CASES [SEED]}. */
public final class EngineRun {
    private EngineRun() {}

    public static void main(String[] arguments) {
        long cases = arguments.length > 0 ? Long.parseLong(arguments[0]) : 100_000;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        TranslatedProcessor translated = new TranslatedProcessor();
        OracleTrial trial = compare(translated, cases, seed);
        System.out.println("seed " + seed + ", " + translated.regions() + " regions");
        System.out.println(trial.report());
        System.exit(trial.mismatched() == 0 ? 0 : 1);
    }

    /** Puts cases to both engines, of 64-bit code and of 32-bit code. */
    static OracleTrial compare(TranslatedProcessor translated, long cases, long seed) {
        InterpretedProcessor interpreter = new InterpretedProcessor();
        OracleTrial trial = new OracleTrial(translated);
        Generator generator = new Generator(seed);
        for (long made = 0; made < cases; made++) {
            Case c = generator.next();
            trial.run(List.of(new TruthFile.Entry(c, interpreter.run(c))));
        }
        return trial;
    }
}
