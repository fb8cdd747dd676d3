package io.millrace.server.ops.otel;

import io.millrace.server.ops.Faults;
import io.millrace.server.ops.Metric;
import io.millrace.server.ops.Metric.Point;
import io.millrace.server.ops.Metric.Value;
import io.millrace.server.ops.Notice;
import io.millrace.server.ops.Operations;
import io.millrace.server.ops.Telemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/** What is counted, as OpenTelemetry's SDK takes it: cumulative, since the server was started. */
final class Metrics implements MetricProducer {

    private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("io.millrace");

    private final Operations.Export.Source source;
    private final Telemetry telemetry;
    private final long startNanos = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());

    Metrics(Operations.Export.Source source, Telemetry telemetry) {
        this.source = source;
        this.telemetry = telemetry;
    }

    @Override
    public Collection<MetricData> produce(Resource resource) {
        long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
        List<MetricData> told = new ArrayList<>();
        try {
            for (Metric metric : source.metrics()) {
                if (!metric.points().isEmpty()) {
                    told.add(told(metric, resource, now));
                }
            }
        } catch (IOException e) {
            telemetry.tell(Notice.warning("telemetry.unread", "The metrics could not be read: " + Faults.told(e)));
        }
        return told;
    }

    private record Told(
            Resource getResource,
            InstrumentationScopeInfo getInstrumentationScopeInfo,
            String getName,
            String getDescription,
            String getUnit,
            MetricDataType getType,
            Data<?> getData)
            implements MetricData {}

    private MetricData told(Metric metric, Resource resource, long now) {
        MetricDataType type;
        Data<?> data;
        boolean sum = metric.kind() == Metric.Kind.COUNTER;
        if (metric.kind() == Metric.Kind.HISTOGRAM) {
            type = MetricDataType.HISTOGRAM;
            data = HistogramData.create(
                    AggregationTemporality.CUMULATIVE,
                    metric.points().stream().map(point -> histogram(point, now)).toList());
        } else if (metric.points().getFirst().value() instanceof Value.Whole) {
            List<LongPointData> points =
                    metric.points().stream().map(point -> whole(point, now)).toList();
            type = sum ? MetricDataType.LONG_SUM : MetricDataType.LONG_GAUGE;
            data = sum
                    ? SumData.createLongSumData(true, AggregationTemporality.CUMULATIVE, points)
                    : GaugeData.createLongGaugeData(points);
        } else {
            List<DoublePointData> points =
                    metric.points().stream().map(point -> fraction(point, now)).toList();
            type = sum ? MetricDataType.DOUBLE_SUM : MetricDataType.DOUBLE_GAUGE;
            data = sum
                    ? SumData.createDoubleSumData(true, AggregationTemporality.CUMULATIVE, points)
                    : GaugeData.createDoubleGaugeData(points);
        }
        return new Told(resource, SCOPE, metric.name(), metric.description(), metric.unit(), type, data);
    }

    private LongPointData whole(Point point, long now) {
        if (point.value() instanceof Value.Whole(long value)) {
            return LongPointData.create(startNanos, now, attributes(point), value);
        }
        throw new IllegalArgumentException("All points of a metric are of one kind");
    }

    private DoublePointData fraction(Point point, long now) {
        if (point.value() instanceof Value.Fraction(double value)) {
            return DoublePointData.create(startNanos, now, attributes(point), value, List.of());
        }
        throw new IllegalArgumentException("All points of a metric are of one kind");
    }

    private HistogramPointData histogram(Point point, long now) {
        if (point.value() instanceof Value.Distribution(double[] bounds, long[] counts, double sum)) {
            return HistogramPointData.create(
                    startNanos,
                    now,
                    attributes(point),
                    sum,
                    false,
                    0,
                    false,
                    0,
                    DoubleStream.of(bounds).boxed().toList(),
                    LongStream.of(counts).boxed().toList());
        }
        throw new IllegalArgumentException("All points of a metric are of one kind");
    }

    private static Attributes attributes(Point point) {
        AttributesBuilder attributes = Attributes.builder();
        point.labels().forEach((name, value) -> {
            if (name.equals("http.response.status_code")) {
                attributes.put(name, Long.parseLong(value));
            } else {
                attributes.put(name, value);
            }
        });
        return attributes.build();
    }
}
