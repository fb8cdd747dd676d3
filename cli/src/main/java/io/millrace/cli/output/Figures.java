package io.millrace.cli.output;

import java.time.Duration;
import java.util.Locale;

/** Numbers as a person reads them. */
public final class Figures {

    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

    private Figures() {}

    /** With thousands set apart: {@code 2,000,000}. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** {@code 1 record}, {@code 2 records}. */
    public static String count(long count, String noun) {
        return count(count) + " " + noun + (count == 1 ? "" : "s");
    }

    /** In powers of 1000 with three digits or so: {@code 98.7 MB}. */
    public static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double size = bytes;
        int unit = 0;
        // 999.95 would be written as 1000.0.
        while (size >= 999.95 && unit < UNITS.length - 1) {
            size /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", size, UNITS[unit]);
    }

    /** {@code 0.42 s}, {@code 12.3 s}, {@code 3 min 05 s}, {@code 2 h 07 min}. */
    public static String duration(Duration duration) {
        double seconds = duration.toNanos() / 1e9;
        if (seconds < 9.995) {
            return String.format(Locale.ROOT, "%.2f s", seconds);
        }
        if (seconds < 59.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 3600) {
            return String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
        }
        return String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
    }

    /** How many in a second, rounded to three digits: {@code 1,240,000/s}. */
    public static String rate(long count, Duration time) {
        double perSecond = count / Math.max(time.toNanos() / 1e9, 1e-9);
        long step = 1;
        while (perSecond / step >= 1000) {
            step *= 10;
        }
        return count(Math.round(perSecond / step) * step) + "/s";
    }
}
