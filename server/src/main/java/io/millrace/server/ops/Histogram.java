package io.millrace.server.ops;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts values by the range that they lie in. To add one is two additions to adders that threads do not share, and no
 * allocation. Thread-safe.
 */
public final class Histogram {

    /** Of requests, in seconds, as the semantic conventions of OpenTelemetry advise for HTTP. */
    static final double[] REQUEST_SECONDS = {0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10};

    /** Of work on disks and databases, in seconds. */
    static final double[] WORK_SECONDS = {
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
    };

    static final double[] ROWS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000};

    private final double[] bounds;
    private final long[] limits;
    private final double unit;
    private final LongAdder[] counts;
    private final LongAdder sum = new LongAdder();

    private Histogram(double[] bounds, double unit) {
        this.bounds = bounds;
        this.unit = unit;
        limits = new long[bounds.length];
        counts = new LongAdder[bounds.length + 1];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
        for (int i = 0; i < bounds.length; i++) {
            limits[i] = Math.round(bounds[i] * unit);
        }
    }

    /** Of values that are added in nanoseconds and told in seconds. */
    static Histogram ofNanos(double[] boundsInSeconds) {
        return new Histogram(boundsInSeconds, 1e9);
    }

    /** Of values that are told as they are added. */
    static Histogram of(double[] bounds) {
        return new Histogram(bounds, 1);
    }

    /** Adds a value. */
    public void add(long value) {
        int i = 0;
        while (i < limits.length && value > limits[i]) {
            i++;
        }
        counts[i].increment();
        sum.add(value);
    }

    /** How many values there are in each range, in the unit in which they are told. */
    Metric.Value.Distribution read() {
        long[] read = new long[counts.length];
        for (int i = 0; i < read.length; i++) {
            read[i] = counts[i].sum();
        }
        return new Metric.Value.Distribution(bounds, read, sum.sum() / unit);
    }
}
