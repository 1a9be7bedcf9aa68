package dev.sojourn.conformance.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;

/** What a kernel says when something is wrong with the machine it runs on. */
final class KernelLog {
    private static final Pattern ALARMING = Pattern.compile("WARNING|BUG:|\\bOops\\b|[Uu]nexpected|\\btraps?:|invalid opcode"
            + "|general protection|Call Trace|unable to handle|soft lockup|rcu.*stall|hung task|nobody cared|[Ss]purious"
            + "|clocksource: .*unstable|Firmware Bug|Hardware Error|firmware bug|failed to|lost");

    private KernelLog() {}

    /** Holds a whole boot's messages against the list. */
    static void assertClean(String messages) {
        assertTrue(messages.contains("Linux version "), () -> "Not a whole boot:\n" + messages);
        List<String> alarming = messages.lines().filter(line -> ALARMING.matcher(line).find()).toList();
        assertEquals(List.of(), alarming);
    }
}
