package dev.sojourn.translator;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Text that a test makes and a file keeps, for people to review. */
final class KeptText {
    /** The property that has the files written instead of compared. */
    static final String RENEW = "sojourn.renew";

    private static final String HOW_TO_RENEW = "run mvn -pl conformance -am test -Dtest='EmittedTextTest,TranslatedFormsTest'"
            + " -Dsurefire.failIfNoSpecifiedTests=false -D" + RENEW + "=true, and review the difference.";

    private KeptText() {}

    /** Fails unless the file holds the text; with the property set writes it. */
    static void check(Path file, String made) throws IOException {
        if (Boolean.getBoolean(RENEW)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, made);
            return;
        }
        if (!Files.exists(file)) {
            fail("There is no " + file + "; to make it: " + HOW_TO_RENEW);
        }
        String kept = Files.readString(file);
        if (!kept.equals(made)) {
            fail(difference(file, kept, made) + "\nIf that is meant: " + HOW_TO_RENEW);
        }
    }

    /** The first line that differs, and the heading it stands under. */
    private static String difference(Path file, String kept, String made) {
        List<String> old = kept.lines().toList();
        List<String> now = made.lines().toList();
        String heading = "";
        int n = 0;
        while (n < old.size() && n < now.size() && old.get(n).equals(now.get(n))) {
            heading = now.get(n).startsWith("==") ? now.get(n) : heading;
            n++;
        }
        return "%s, line %d %s\nkept: %s\nmade: %s".formatted(file, n + 1, heading, line(old, n), line(now, n));
    }

    private static String line(List<String> lines, int n) { return n < lines.size() ? lines.get(n) : "(its end)"; }
}
