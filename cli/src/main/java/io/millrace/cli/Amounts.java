package io.millrace.cli;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Times and sizes on the command line, written as in a pipeline file. */
final class Amounts {

    /** Longer ones can't be counted in nanoseconds. */
    private static final long MOST_MILLIS = Duration.ofDays(36_500).toMillis();

    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,18}) ?([a-zA-Z]{1,3})");
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Map<String, Long> BYTES =
            Map.of("B", 1L, "kB", 1000L, "KB", 1000L, "MB", 1000_000L, "KiB", 1L << 10, "MiB", 1L << 20);

    private Amounts() {}

    static Duration duration(String text) {
        OptionalLong millis = amount(text, MILLIS);
        if (millis.isEmpty() || millis.getAsLong() > MOST_MILLIS) {
            throw new TypeConversionException("'" + text + "' is no duration such as 500ms, 10s, 5m, 2h or 7d");
        }
        return Duration.ofMillis(millis.getAsLong());
    }

    /** A size that an array can have, in bytes. */
    static int bytes(String text) {
        OptionalLong bytes = amount(text, BYTES);
        if (bytes.isEmpty() || bytes.getAsLong() > Integer.MAX_VALUE - 8) {
            throw new TypeConversionException("'" + text + "' is no size such as 512KiB or 4MB, below 2 GB");
        }
        return (int) bytes.getAsLong();
    }

    private static OptionalLong amount(String text, Map<String, Long> units) {
        Matcher matcher = AMOUNT.matcher(text);
        Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        if (unit == null) {
            return OptionalLong.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        return Math.multiplyHigh(number, unit) != 0 || number * unit < 0
                ? OptionalLong.empty()
                : OptionalLong.of(number * unit);
    }
}
