package dev.sojourn.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and durations as people write them. */
final class Quantities {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})(?:([KMGT])(?:i?B)?|B)?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(\\.[0-9]{1,3})?(ms|s|m|h|d)?");

    /** A year; whoever wants more wants no limit. */
    private static final Duration DURATION_MAX = Duration.ofDays(366);

    private Quantities() {}

    /** Bytes, from such as {@code 256M}, {@code 1G}, {@code 512MiB}; a unit is a power of 1024. */
    static long bytes(String option, String text) throws UsageError {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new UsageError(option + " needs a size such as 256M or 1G, not '" + text + "'.");
        }
        int shift = size.group(2) == null ? 0
                : 10 * (1 + "KMGT".indexOf(Character.toUpperCase(size.group(2).charAt(0))));
        long number = Long.parseLong(size.group(1));
        if (number > Long.MAX_VALUE >> shift) {
            throw new UsageError(option + " is larger than any size: '" + text + "'.");
        }
        return number << shift;
    }

    /** A time, from such as {@code 60s}, {@code 1.5m}, {@code 500ms}; without a unit, seconds. */
    static Duration duration(String option, String text) throws UsageError {
        Matcher duration = DURATION.matcher(text);
        if (!duration.matches()) {
            throw new UsageError(option + " needs a time such as 60s, 5m or 500ms, not '" + text + "'.");
        }
        String fraction = duration.group(2) == null ? "" : duration.group(2).substring(1);
        long thousandths = Long.parseLong(duration.group(1) + (fraction + "000").substring(0, 3));
        long unitMillis = switch (duration.group(3) == null ? "s" : duration.group(3)) {
            case "ms" -> 1;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            default -> 1_000;
        };
        Duration time = Duration.ofMillis(thousandths).multipliedBy(unitMillis).dividedBy(1_000);
        if (time.isZero()) throw new UsageError(option + " needs a time longer than nothing.");
        if (time.compareTo(DURATION_MAX) > 0) throw new UsageError(option + " may be at most 366 days.");
        return time;
    }

    /** Bytes for people, in the largest unit that keeps them whole. */
    static String sizeText(long bytes) {
        int unit = 0;
        long number = bytes;
        while (unit < 4 && number != 0 && number % 1024 == 0) {
            number /= 1024;
            unit++;
        }
        return unit == 0 ? number + " bytes" : number + "BKMGT".substring(unit, unit + 1);
    }
}
