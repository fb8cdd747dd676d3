package io.millrace.server.ops;

import io.millrace.server.http.Answer;
import io.millrace.server.ops.Metric.Point;
import io.millrace.server.ops.Metric.Value;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Metrics as Prometheus reads them: dots become underscores, the unit ends the name. Loaded when somebody asks for the first
 * time.
 */
final class PrometheusText {

    private static final ExpositionFormats FORMATS = ExpositionFormats.init();

    private PrometheusText() {}

    /** @param accept what the caller asks for; it may be OpenMetrics */
    static Answer answer(List<Metric> metrics, @Nullable String accept) throws IOException {
        boolean open = accept != null && accept.contains("application/openmetrics-text");
        ExpositionFormatWriter writer =
                open ? FORMATS.getOpenMetricsTextFormatWriter() : FORMATS.getPrometheusTextFormatWriter();
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        for (Metric metric : metrics) {
            if (!metric.points().isEmpty()) {
                all.metricSnapshot(snapshot(metric));
            }
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        writer.write(text, all.build());
        return new Answer(
                200, Map.of("Content-Type", writer.getContentType(), "Cache-Control", "no-store"), text.toByteArray());
    }

    private static MetricSnapshot snapshot(Metric metric) {
        Unit unit = unit(metric.unit());
        String name = PrometheusNaming.sanitizeMetricName(metric.name().replace('.', '_'));
        if (unit != null && !name.endsWith("_" + unit)) {
            name = name + "_" + unit;
        }
        MetricMetadata metadata = new MetricMetadata(name, metric.description(), unit);
        List<Point> points = metric.points();
        return switch (metric.kind()) {
            case COUNTER ->
                new CounterSnapshot(
                        metadata,
                        points.stream()
                                .map(point -> new CounterDataPointSnapshot(number(point), labels(point), null, 0))
                                .toList());
            case GAUGE ->
                new GaugeSnapshot(
                        metadata,
                        points.stream()
                                .map(point -> new GaugeDataPointSnapshot(number(point), labels(point), null))
                                .toList());
            case HISTOGRAM ->
                new HistogramSnapshot(
                        metadata, points.stream().map(PrometheusText::histogram).toList());
        };
    }

    private static @Nullable Unit unit(String unit) {
        return switch (unit) {
            case "s" -> Unit.SECONDS;
            case "By" -> Unit.BYTES;
            default -> null;
        };
    }

    private static double number(Point point) {
        return switch (point.value()) {
            case Value.Whole(long value) -> value;
            case Value.Fraction(double value) -> value;
            case Value.Distribution distribution -> throw new IllegalArgumentException("A distribution is no number");
        };
    }

    private static HistogramDataPointSnapshot histogram(Point point) {
        if (!(point.value() instanceof Value.Distribution(double[] bounds, long[] counts, double sum))) {
            throw new IllegalArgumentException("A number is no distribution");
        }
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < counts.length; i++) {
            buckets.bucket(i < bounds.length ? bounds[i] : Double.POSITIVE_INFINITY, counts[i]);
        }
        return new HistogramDataPointSnapshot(buckets.build(), sum, labels(point), Exemplars.EMPTY, 0);
    }

    private static Labels labels(Point point) {
        Labels.Builder labels = Labels.builder();
        new TreeMap<>(point.labels()).forEach((name, value) -> labels.label(name.replace('.', '_'), value));
        return labels.build();
    }
}
