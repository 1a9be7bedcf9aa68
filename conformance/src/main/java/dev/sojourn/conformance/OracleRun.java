package dev.sojourn.conformance;

import dev.sojourn.testkit.generator.Generator;
import dev.sojourn.testkit.oracle.NativeProcessor;

/** Compares the interpreter with the host's processor: {@code OracleRun CASES [SEED]}. */
public final class OracleRun {
    private OracleRun() {}

    public static void main(String[] arguments) {
        long cases = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1_000_000;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        System.out.println("seed " + seed);
        OracleTrial trial = new OracleTrial(new InterpretedProcessor());
        try (NativeProcessor oracle = new NativeProcessor()) {
            trial.run(oracle, new Generator(seed), cases);
        }
        System.out.println(trial.report());
        System.exit(trial.mismatched() == 0 ? 0 : 1);
    }
}
