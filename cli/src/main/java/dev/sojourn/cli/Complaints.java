package dev.sojourn.cli;

import java.util.List;

/** What this program says for itself, on standard error. */
final class Complaints {
    private Complaints() {}

    static void say(String sentence) { line("sojourn: " + sentence); }

    static void line(String text) { System.err.println(text); }

    /** A sentence, with the guest's own last words below it. */
    static void say(String sentence, List<String> lastLines) {
        if (lastLines.isEmpty()) {
            say(sentence);
        } else {
            say(sentence + " Its last lines:");
            lastLines.forEach(text -> line("  | " + text));
        }
    }
}
