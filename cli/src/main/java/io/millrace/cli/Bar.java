package io.millrace.cli;

import io.millrace.cli.output.Figures;
import java.time.Duration;

/** How far, how fast, how long: the parts of a line that tells about work on bytes. */
final class Bar {

    private static final int CELLS = 20;
    /** Of a rate measured over less time nothing can be told about what is left. */
    private static final double SETTLED_SECONDS = 1;

    private Bar() {}

    /** {@code [=====               ] 50.0 MB of 200.0 MB}; no bar where the total is not known, which is -1 or 0. */
    static String of(long bytes, long totalBytes) {
        if (totalBytes <= 0) {
            return Figures.bytes(bytes);
        }
        int cells = (int) (Math.min(1, (double) bytes / totalBytes) * CELLS);
        return "[" + "=".repeat(cells) + " ".repeat(CELLS - cells) + "] " + Figures.bytes(bytes) + " of "
                + Figures.bytes(totalBytes);
    }

    /** {@code , 500,000/s}; nothing where it is too early to tell. */
    static String rate(long count, Duration elapsed) {
        return settled(elapsed) ? ", " + Figures.rate(count, elapsed) : "";
    }

    /** {@code , 6.00 s left}; nothing where that can't be told. */
    static String left(long bytes, long totalBytes, Duration elapsed) {
        if (!settled(elapsed) || bytes <= 0 || totalBytes <= bytes) {
            return "";
        }
        double seconds = elapsed.toNanos() / 1e9 / bytes * (totalBytes - bytes);
        return ", " + Figures.duration(Duration.ofSeconds(Math.round(seconds))) + " left";
    }

    private static boolean settled(Duration elapsed) {
        return elapsed.toNanos() / 1e9 >= SETTLED_SECONDS;
    }
}
