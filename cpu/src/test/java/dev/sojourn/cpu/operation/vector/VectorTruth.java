package dev.sojourn.cpu.operation.vector;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Replays what a processor answered (see truth.c, which has the layout) and tells the first difference of each kind.
 */
final class VectorTruth {
    private static final int FAULT = 0x8000_0000;
    private static final long MIX = 0x9e3779b97f4a7c15L;

    private final VectorTable table = new VectorTable();
    private final int kept;
    private final int cases;

    VectorTruth(int kept, int cases) {
        this.kept = kept;
        this.cases = cases;
    }

    /** The differences, one for each instruction that has any, and the instructions that have no answers. */
    List<String> differences(DataInputStream answers) throws IOException {
        List<String> found = new ArrayList<>();
        List<String> missing = new ArrayList<>(table.rows.keySet());
        for (String name = name(answers); !name.isEmpty(); name = name(answers)) {
            missing.remove(name);
            String difference = replay(name, answers);
            if (difference != null) found.add(name + ": " + difference);
        }
        for (String name : missing) found.add(name + ": no answers");
        return found;
    }

    private String replay(String name, DataInputStream answers) throws IOException {
        VectorTable.Row row = table.rows.get(name);
        if (row == null) throw new IOException("No operation for " + name);
        VectorCase c = new VectorCase(name);
        String first = null;
        long digest = 0;
        int wrong = 0;
        for (int n = 0; n < cases; n++) {
            c.generate(row.kind());
            int before = c.mxcsr.value();
            row.action().accept(c);
            boolean faults = c.mxcsr.raised() != 0 && c.mxcsr.settle();
            long r0 = faults ? 0 : c.r0;
            long r1 = faults ? 0 : c.r1;
            int status = c.mxcsr.value() | (faults ? FAULT : c.flags << 16);
            digest = mix(mix(mix(digest, r0), r1), Integer.toUnsignedLong(status));
            if (n >= kept) continue;
            long true0 = Long.reverseBytes(answers.readLong());
            long true1 = Long.reverseBytes(answers.readLong());
            int trueStatus = Integer.reverseBytes(answers.readInt());
            if (r0 == true0 && r1 == true1 && status == trueStatus) continue;
            wrong++;
            if (first == null) {
                first = """
                        case %d a=%016x:%016x b=%016x:%016x c=%016x:%016x imm=%02x mxcsr=%04x
                          is  %016x:%016x %08x
                          not %016x:%016x %08x""".formatted(n, c.aHigh, c.aLow, c.bHigh, c.bLow, c.cHigh, c.cLow,
                        c.immediate, before, true1, true0, trueStatus, r1, r0, status);
            }
        }
        boolean same = digest == Long.reverseBytes(answers.readLong());
        return first != null ? wrong + " wrong, first " + first : same ? null : "a case past the kept ones differs";
    }

    private static long mix(long digest, long word) {
        long mixed = (digest ^ word) * MIX;
        return mixed ^ mixed >>> 29;
    }

    private static String name(DataInputStream answers) throws IOException {
        StringBuilder name = new StringBuilder();
        for (int c = answers.read(); c > '\n'; c = answers.read()) name.append((char) c);
        return name.toString();
    }

    /** Reads the answers of {@code truth <cases>} from standard input. */
    static void main(String[] arguments) throws IOException {
        int cases = Integer.parseInt(arguments[0]);
        try (DataInputStream answers = new DataInputStream(new BufferedInputStream(System.in, 1 << 20))) {
            List<String> differences = new VectorTruth(cases, cases).differences(answers);
            differences.forEach(IO::println);
            IO.println(differences.size() + " instructions differ");
        }
    }
}
