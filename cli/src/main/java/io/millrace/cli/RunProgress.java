package io.millrace.cli;

import io.millrace.api.SinkException;
import io.millrace.cli.output.Figures;
import io.millrace.engine.live.Repeating;
import io.millrace.engine.run.Run;
import io.millrace.engine.run.RunListener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells the person who waits how far a run has come, from a thread of its own, until it is closed. Thread-safe.
 */
final class RunProgress implements RunListener, AutoCloseable {

    /** A destination that stays away for the same reason is spoken of no more often than this. */
    private static final long REMINDER_NANOS = 30_000_000_000L;

    private final ProgressLine line;
    private final long start = System.nanoTime();
    private @Nullable Repeating ticker;
    /** When the destination was last said to be away. Used by the thread that runs. */
    private @Nullable Long saidAway;
    /** And why. */
    private @Nullable String saidWhy;
    /** Used by the thread that runs. */
    private boolean saidRefused;

    RunProgress(Terminal terminal) {
        line = new ProgressLine(terminal);
    }

    void follow(Run run) {
        ticker = ProgressLine.ticking(() ->
                line.show(() -> describe(run.progress(), Duration.ofNanos(System.nanoTime() - start))));
    }

    /** One line for a moment of a run. */
    static String describe(Run.Progress now, Duration elapsed) {
        return Bar.of(now.bytes(), now.totalBytes())
                + ", " + Figures.count(now.received(), "record")
                + Bar.rate(now.received(), elapsed)
                + (now.rejected() > 0 ? ", " + Figures.count(now.rejected()) + " quarantined" : "")
                + Bar.left(now.bytes(), now.totalBytes(), elapsed);
    }

    /** The user wants it to end. */
    void stopping() {
        line.say("millrace: stopping after the commit under way; once more to leave at once");
    }

    @Override
    public void altered(String what) {
        line.say("millrace: altered the table: " + what);
    }

    @Override
    public void destinationAway(SinkException reason, Duration wait) {
        long now = System.nanoTime();
        String why = String.valueOf(reason.getMessage());
        if (saidAway == null || now - saidAway >= REMINDER_NANOS || !why.equals(saidWhy)) {
            saidAway = now;
            saidWhy = why;
            line.say("millrace: " + reason.getMessage() + " Trying again until it is back.");
        }
    }

    @Override
    public void destinationBack() {
        saidAway = null;
        line.say("millrace: the destination is back");
    }

    @Override
    public void refused(SinkException reason) {
        if (!saidRefused) {
            saidRefused = true;
            line.say("millrace: " + reason.getMessage() + " Such records are looked for and put aside.");
        }
    }

    @Override
    public void fenced(SinkException reason) {
        line.say("millrace: another instance works on this pipeline too; going on from where it stands");
    }

    @Override
    public void close() {
        if (ticker != null) {
            ticker.close();
        }
        line.close();
    }
}
