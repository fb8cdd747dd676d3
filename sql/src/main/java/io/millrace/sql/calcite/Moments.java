package io.millrace.sql.calcite;

import io.millrace.api.Type;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the dates and times that a query says: {@code 2026-01-31}, {@code 2026-01-31 12:30:00.5+01}. */
final class Moments {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long SECONDS_PER_DAY = 86_400;

    private static final Pattern FORM =
            Pattern.compile("\\s*(\\d{4,6})-(\\d{1,2})-(\\d{1,2})(?:[ Tt]\\s*(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})"
                    + "(?:\\.(\\d{1,6}))?)?)?\\s*(Z|z|UTC|[-+]\\d{1,2}(?::?\\d{2})?)?\\s*");

    private Moments() {}

    /**
     * The value of a text as a literal of a type: days for DATE, else microseconds; a zone counts only for TIMESTAMP WITH
     * TIME ZONE, which is UTC without one. Null where it is none.
     */
    static @Nullable Long parse(String text, Type type) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        try {
            long days = LocalDate.of(number(parts, 1), number(parts, 2), number(parts, 3))
                    .toEpochDay();
            if (type.equals(Type.DATE)) {
                return days;
            }
            int hour = number(parts, 4);
            int minute = number(parts, 5);
            int second = number(parts, 6);
            if (hour > 23 || minute > 59 || second > 59) {
                return null;
            }
            long seconds = days * SECONDS_PER_DAY + hour * 3600L + minute * 60L + second;
            if (type.equals(Type.TIMESTAMP_TZ)) {
                seconds -= zone(parts.group(8));
            }
            String fraction = parts.group(7) == null ? "" : parts.group(7);
            return seconds * MICROS_PER_SECOND + Long.parseLong((fraction + "000000").substring(0, 6));
        } catch (DateTimeException e) {
            // A day that the month does not have; the message to follow names the text.
            return null;
        }
    }

    private static int number(Matcher parts, int group) {
        String digits = parts.group(group);
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static long zone(@Nullable String zone) {
        if (zone == null || Character.isLetter(zone.charAt(0))) {
            return 0;
        }
        String digits = zone.substring(1).replace(":", "");
        int split = digits.length() <= 2 ? digits.length() : digits.length() - 2;
        long minutes = Long.parseLong(digits.substring(0, split)) * 60
                + (split < digits.length() ? Long.parseLong(digits.substring(split)) : 0);
        return (zone.charAt(0) == '-' ? -60 : 60) * minutes;
    }
}
