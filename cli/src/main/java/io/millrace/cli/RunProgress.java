package io.millrace.cli;

import io.millrace.api.SinkException;
import io.millrace.cli.output.Figures;
import io.millrace.engine.run.Run;
import io.millrace.engine.run.RunListener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells the person who waits how far a run has come, from a thread of its own, until it is closed. Thread-safe.
 */
final class RunProgress implements RunListener, AutoCloseable {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final int BAR_CELLS = 20;
    /** Of a rate measured over less time nothing can be told about what is left. */
    private static final double SETTLED_SECONDS = 1;

    /** A destination that stays away for the same reason is spoken of no more often than this. */
    private static final long REMINDER_NANOS = 30_000_000_000L;

    private final ProgressLine line;
    private final long start = System.nanoTime();
    private @Nullable Thread watcher;
    /** When the destination was last said to be away. Used by the thread that runs. */
    private @Nullable Long saidAway;
    /** And why. */
    private @Nullable String saidWhy;

    RunProgress(Terminal terminal) {
        line = new ProgressLine(terminal);
    }

    void follow(Run run) {
        Thread thread = Thread.ofPlatform().name("progress").daemon().unstarted(() -> watch(run));
        watcher = thread;
        thread.start();
    }

    private void watch(Run run) {
        try {
            while (true) {
                Thread.sleep(LOOK_EVERY);
                line.show(() -> describe(run.progress(), Duration.ofNanos(System.nanoTime() - start)));
            }
        } catch (InterruptedException e) {
            // The run has ended.
        }
    }

    /** One line for a moment of a run. */
    static String describe(Run.Progress now, Duration elapsed) {
        StringBuilder text = new StringBuilder();
        if (now.totalBytes() > 0) {
            double done = Math.min(1, (double) now.bytes() / now.totalBytes());
            int cells = (int) (done * BAR_CELLS);
            text.append('[')
                    .append("=".repeat(cells))
                    .append(" ".repeat(BAR_CELLS - cells))
                    .append("] ")
                    .append(Figures.bytes(now.bytes()))
                    .append(" of ")
                    .append(Figures.bytes(now.totalBytes()));
        } else {
            text.append(Figures.bytes(now.bytes()));
        }
        text.append(", ").append(Figures.count(now.received(), "record"));
        double seconds = elapsed.toNanos() / 1e9;
        if (seconds >= SETTLED_SECONDS) {
            text.append(", ").append(Figures.rate(now.received(), elapsed));
        }
        if (now.rejected() > 0) {
            text.append(", ").append(Figures.count(now.rejected())).append(" quarantined");
        }
        if (seconds >= SETTLED_SECONDS && now.bytes() > 0 && now.totalBytes() > now.bytes()) {
            double left = seconds / now.bytes() * (now.totalBytes() - now.bytes());
            text.append(", ")
                    .append(Figures.duration(Duration.ofSeconds(Math.round(left))))
                    .append(" left");
        }
        return text.toString();
    }

    /** The user wants it to end. */
    void stopping() {
        line.say("millrace: stopping after the commit under way; once more to leave at once");
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
    public void fenced(SinkException reason) {
        line.say("millrace: another instance works on this pipeline too; going on from where it stands");
    }

    @Override
    public void close() {
        Thread thread = watcher;
        if (thread != null) {
            thread.interrupt();
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        line.close();
    }
}
