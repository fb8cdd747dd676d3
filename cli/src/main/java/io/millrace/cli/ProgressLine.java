package io.millrace.cli;

import java.util.function.Supplier;

/**
 * How far a piece of work has come: on a terminal one line that is written over, elsewhere a plain line now and then,
 * ever less often, so that the log of a long run stays short. Used by one thread.
 */
final class ProgressLine implements AutoCloseable {

    private static final long REDRAW_NANOS = 100_000_000L;
    private static final long FIRST_LINE_NANOS = 2_000_000_000L;
    private static final long LONGEST_SILENCE_NANOS = 30_000_000_000L;
    private static final String ERASE_LINE = "\r\u001b[K";

    private final Terminal terminal;
    private long silenceNanos;
    private long lastShown = System.nanoTime();
    private boolean lineOpen;

    ProgressLine(Terminal terminal) {
        this.terminal = terminal;
        this.silenceNanos = terminal.interactive() ? REDRAW_NANOS : FIRST_LINE_NANOS;
    }

    /** Shows the line if it is time to; call it as often as you like. */
    void show(Supplier<String> line) {
        long now = System.nanoTime();
        if (now - lastShown < silenceNanos) {
            return;
        }
        lastShown = now;
        if (terminal.interactive()) {
            String text = line.get();
            // A line that wraps can't be written over.
            String fitting = text.substring(0, Math.min(text.length(), terminal.columns() - 1));
            terminal.err().print(ERASE_LINE + fitting);
            terminal.err().flush();
            lineOpen = true;
        } else {
            terminal.err().println(line.get());
            silenceNanos = Math.min(silenceNanos * 3 / 2, LONGEST_SILENCE_NANOS);
        }
    }

    /** Prints a line that stays. */
    void say(String line) {
        erase();
        terminal.err().println(line);
    }

    private void erase() {
        if (lineOpen) {
            terminal.err().print(ERASE_LINE);
            lineOpen = false;
        }
    }

    /** Takes the line away: what comes after says it better. */
    @Override
    public void close() {
        erase();
        terminal.err().flush();
    }
}
