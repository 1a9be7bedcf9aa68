package dev.sojourn.conformance;

import dev.sojourn.testkit.generator.Program;
import dev.sojourn.testkit.generator.ProgramGenerator;
import java.util.Optional;

/**
 * Runs random programs on both engines: {@code ProgramRun PROGRAMS [SEED [verify]]}. Prints the first that differ, as findings.
 */
public final class ProgramRun {
    private static final int PRINTED_MAX = 5;

    private ProgramRun() {}

    public static void main(String[] arguments) {
        long programs = arguments.length > 0 ? Long.parseLong(arguments[0]) : 10_000;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        ProgramGenerator generator = new ProgramGenerator();
        ProgramTrial trial = new ProgramTrial(arguments.length > 2 && arguments[2].equals("verify"));
        int different = 0;
        for (long n = 0; n < programs; n++) {
            Program program = generator.of(seed + n);
            Optional<String> differences = trial.run(program);
            if (differences.isPresent() && different++ < PRINTED_MAX) {
                System.out.print(program.text(differences.get()));
            }
        }
        System.out.printf("seed %d: %d programs, %d instructions, %d regions, %d programs differ%n", seed, programs,
                trial.instructions(), trial.regions(), different);
        System.exit(different == 0 ? 0 : 1);
    }
}
