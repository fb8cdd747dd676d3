package io.millrace.cli;

import io.millrace.cli.output.Figures;
import io.millrace.cli.send.Progress;
import io.millrace.cli.send.SendListener;
import io.millrace.cli.send.Sending;
import io.millrace.engine.live.Repeating;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Tells the person who waits how far the sending has come, until it is closed. Thread-safe. */
final class SendProgress implements SendListener, AutoCloseable {

    /** A gateway that stays away, or comes and goes, is spoken of no more often than this. */
    private static final long REMINDER_NANOS = 30_000_000_000L;

    private final ProgressLine line;
    private final boolean interactive;
    private final RecentRate recent = new RecentRate();
    private final long start = System.nanoTime();
    private @Nullable Repeating ticker;
    /** What the last line told; used by the thread that ticks. */
    private @Nullable Progress shown;
    /** When the gateway was last said to be away; guarded by this. */
    private @Nullable Long saidAway;
    /** Whether the gateway was said to be away, and not to be back; guarded by this. */
    private boolean away;

    SendProgress(Terminal terminal) {
        line = new ProgressLine(terminal);
        interactive = terminal.interactive();
    }

    void follow(Sending sending) {
        ticker = ProgressLine.ticking(() -> tick(sending.progress(), System.nanoTime()));
    }

    /** Called by one thread. */
    private void tick(Progress now, long nanos) {
        String rate = recent.after(nanos, now.events());
        // A log of a file that is followed for days is not filled with lines that say the same.
        if (interactive || !now.equals(shown)) {
            line.show(() -> {
                shown = now;
                return describe(now, rate, Duration.ofNanos(nanos - start));
            });
        }
    }

    /**
     * One line for a moment.
     *
     * @param rate how fast it goes, with a comma before it; may be empty
     */
    static String describe(Progress now, String rate, Duration elapsed) {
        return Bar.of(now.bytes(), now.totalBytes())
                + ", " + Figures.count(now.events(), "event")
                + rate
                + (now.kept() > 0 ? ", " + Figures.count(now.kept()) + " kept aside" : "")
                + (now.retries() > 0 ? ", " + Figures.count(now.retries()) + " retried" : "")
                + Bar.left(now.bytes(), now.totalBytes(), elapsed);
    }

    /** The user wants it to end. */
    void stopping() {
        line.say("millrace: stopping after the requests under way; once more to leave at once");
    }

    @Override
    public synchronized void retrying(String reason, Duration wait) {
        long now = System.nanoTime();
        if (saidAway == null || now - saidAway >= REMINDER_NANOS) {
            saidAway = now;
            away = true;
            line.say("millrace: " + reason + ". Trying again.");
        }
    }

    @Override
    public synchronized void back() {
        if (away) {
            away = false;
            line.say("millrace: requests come through again");
        }
    }

    @Override
    public void note(String message) {
        line.say("millrace: " + message);
    }

    @Override
    public void close() {
        if (ticker != null) {
            ticker.close();
        }
        line.close();
    }
}
