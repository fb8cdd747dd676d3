package io.millrace.cli;

import io.millrace.cli.output.Figures;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How fast a count has grown lately: of something that goes on for days, the average says nothing. Not thread-safe. */
final class RecentRate {

    private static final long WINDOW_NANOS = 10_000_000_000L;
    /** Of less time nothing can be told. */
    private static final long SETTLED_NANOS = 1_000_000_000L;

    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long nanos, long count) {}

    /** Takes the count at a moment; tells the rate of the last ten seconds, {@code , 500/s}, once that can be told. */
    String after(long nanos, long count) {
        samples.addLast(new Sample(nanos, count));
        while (samples.size() > 2 && nanos - samples.getFirst().nanos() > WINDOW_NANOS) {
            samples.removeFirst();
        }
        Sample first = samples.getFirst();
        long passed = nanos - first.nanos();
        return passed < SETTLED_NANOS ? "" : ", " + Figures.rate(count - first.count(), Duration.ofNanos(passed));
    }
}
