package dev.sojourn.conformance;

import dev.sojourn.testkit.generator.Generator;
import dev.sojourn.testkit.oracle.Case;
import dev.sojourn.testkit.oracle.NativeProcessor;
import dev.sojourn.testkit.oracle.Outcome;
import dev.sojourn.testkit.oracle.TruthFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Records a truth file on this computer's processor: arguments are the file, the number of cases and the seed.
 *
 * <p>To be run again whenever the generator changes what it makes of a seed.
 */
public final class RecordTruth {
    private RecordTruth() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println("Usage: RecordTruth <file> <cases> <seed>");
            System.exit(2);
        }
        Generator generator = new Generator(Long.decode(arguments[2]));
        List<Case> cases = generator.next(Integer.parseInt(arguments[1]));
        List<TruthFile.Entry> entries = new ArrayList<>();
        try (NativeProcessor processor = new NativeProcessor()) {
            List<Outcome> outcomes = processor.run(cases);
            for (int i = 0; i < cases.size(); i++) {
                if (outcomes.get(i).isComparable()) {
                    entries.add(new TruthFile.Entry(cases.get(i), outcomes.get(i)));
                }
            }
        }
        try (OutputStream out = Files.newOutputStream(Path.of(arguments[0]))) {
            TruthFile.write(out, entries);
        }
        System.out.println(entries.size() + " cases recorded");
    }
}
