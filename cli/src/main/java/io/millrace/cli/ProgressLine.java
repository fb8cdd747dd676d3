package io.millrace.cli;

import io.millrace.engine.live.Repeating;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How far a piece of work has come: on a terminal one line that is written over, elsewhere a plain line now and then,
 * ever less often, so that the log of a long run stays short. Thread-safe.
 */
final class ProgressLine implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(100);
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final long FIRST_LINE_NANOS = 2_000_000_000L;
    private static final long LONGEST_SILENCE_NANOS = 30_000_000_000L;
    private static final String ERASE_LINE = "\r\u001b[K";

    private final Terminal terminal;
    private final LongSupplier nanoTime;
    private long silenceNanos;
    private long lastShown;
    private boolean lineOpen;

    ProgressLine(Terminal terminal) {
        this(terminal, System::nanoTime);
    }

    /** @param nanoTime a clock as {@link System#nanoTime} is one */
    ProgressLine(Terminal terminal, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.lastShown = nanoTime.getAsLong();
        this.silenceNanos = terminal.interactive() ? REDRAW_NANOS : FIRST_LINE_NANOS;
    }

    /** Does something ten times a second, to show how far it has come, until that is closed. */
    static Repeating ticking(Runnable action) {
        return new Repeating("progress", TICK, action::run).start();
    }

    /** Shows the line if it is time to; call it as often as you like. */
    synchronized void show(Supplier<String> line) {
        long now = nanoTime.getAsLong();
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
    synchronized void say(String line) {
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
    public synchronized void close() {
        erase();
        terminal.err().flush();
    }
}
