package io.millrace.server.ops;

import java.util.List;
import java.util.Map;

/**
 * A metric as it stands, for whoever writes it down: as text for Prometheus or by OTLP.
 *
 * @param name with dots, as OpenTelemetry has it
 * @param unit in the code of UCUM, such as {@code s} and {@code By}; a noun in braces for things that are counted
 * @param description a sentence
 * @param kind what may happen to it
 * @param points one for each set of labels
 */
public record Metric(String name, String unit, String description, Kind kind, List<Point> points) {

    public Metric {
        points = List.copyOf(points);
    }

    /** What may happen to a metric. */
    public enum Kind {
        /** It only grows, until the process ends. */
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    /**
     * One value.
     *
     * @param labels by name with dots; never from what belongs to a person
     */
    public record Point(Map<String, String> labels, Value value) {}

    /** A value. */
    public sealed interface Value {

        record Whole(long value) implements Value {}

        record Fraction(double value) implements Value {}

        /**
         * Values by their range.
         *
         * @param bounds upper ends of all ranges but the last
         * @param counts one more than bounds
         * @param sum of all values
         */
        record Distribution(double[] bounds, long[] counts, double sum) implements Value {}
    }

    static Point point(Map<String, String> labels, long value) {
        return new Point(labels, new Value.Whole(value));
    }

    static Point point(Map<String, String> labels, double value) {
        return new Point(labels, new Value.Fraction(value));
    }
}
