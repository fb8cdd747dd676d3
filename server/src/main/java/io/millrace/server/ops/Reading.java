package io.millrace.server.ops;

import io.millrace.engine.live.PipelineStatus;
import io.millrace.log.Log;
import io.millrace.log.PartitionName;
import io.millrace.server.ops.Metric.Kind;
import io.millrace.server.ops.Metric.Point;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Reads everything that is counted. Thread-safe. */
final class Reading {

    private final Meters meters;
    private final Log log;
    private final Lags lags;
    private final Observed pipelines;
    private final InstantSource clock;

    Reading(Meters meters, Log log, Lags lags, Observed pipelines, InstantSource clock) {
        this.meters = meters;
        this.log = log;
        this.lags = lags;
        this.pipelines = pipelines;
        this.clock = clock;
    }

    /** All metrics as they are now. */
    List<Metric> metrics() throws IOException {
        List<Metric> metrics = new ArrayList<>();
        List<Point> requests = new ArrayList<>();
        meters.routes().forEach(route -> requests.addAll(route.points()));
        metrics.add(new Metric(
                "http.server.request.duration",
                "s",
                "How long requests take from their head to the end of their answer.",
                Kind.HISTOGRAM,
                requests));
        intake(metrics);
        log(metrics);
        pipelines(metrics);
        metrics.addAll(Jvm.metrics());
        return metrics;
    }

    private void intake(List<Metric> metrics) {
        List<Point> events = new ArrayList<>();
        List<Point> bytes = new ArrayList<>();
        meters.intakes().forEach((stream, meter) -> {
            events.add(event(stream, "accepted", meter.accepted()));
            events.add(event(stream, "repeated", meter.repeated()));
            events.add(event(stream, "refused", meter.refused()));
            bytes.add(Metric.point(Map.of("millrace.stream", stream), meter.bytes()));
        });
        metrics.add(new Metric(
                "millrace.intake.events",
                "{event}",
                "Events that came over HTTP: accepted are on disk, repeated were on disk already, refused violate the"
                        + " contract.",
                Kind.COUNTER,
                events));
        metrics.add(new Metric("millrace.intake.size", "By", "Bytes of accepted events.", Kind.COUNTER, bytes));
    }

    private static Point event(String stream, String outcome, long count) {
        return Metric.point(Map.of("millrace.stream", stream, "millrace.outcome", outcome), count);
    }

    private void log(List<Metric> metrics) throws IOException {
        List<Point> forces = new ArrayList<>();
        meters.forces()
                .forEach((stream, times) -> forces.add(new Point(Map.of("millrace.stream", stream), times.read())));
        List<Point> sizes = new ArrayList<>();
        for (String stream : log.streams()) {
            long bytes = 0;
            for (PartitionName partition : log.partitions(stream)) {
                bytes += log.bytes(partition);
            }
            sizes.add(Metric.point(Map.of("millrace.stream", stream), bytes));
        }
        metrics.add(new Metric(
                "millrace.log.force.duration",
                "s",
                "How long it takes to write a group of appends and force it to disk.",
                Kind.HISTOGRAM,
                forces));
        metrics.add(new Metric("millrace.log.size", "By", "Bytes of the log's files.", Kind.GAUGE, sizes));
    }

    private void pipelines(List<Metric> metrics) throws IOException {
        List<PipelineStatus> statuses = pipelines.statuses();
        Map<String, String> streams = pipelines.streams();
        List<Point> records = new ArrayList<>();
        List<Point> durations = new ArrayList<>();
        List<Point> rows = new ArrayList<>();
        List<Point> states = new ArrayList<>();
        Map<String, Balance> balances = pipelines.balances();
        List<Point> faults = new ArrayList<>();
        List<Point> ages = new ArrayList<>();
        List<Lags.Lag> lags = new ArrayList<>();
        List<Map<String, String>> lagging = new ArrayList<>();
        for (PipelineStatus status : statuses) {
            Map<String, String> name = Map.of("millrace.pipeline", status.pipeline());
            PipelineMeter meter = meters.pipeline(status.pipeline());
            PipelineMeter.Totals totals = meter.totals();
            records.add(record(status, "received", totals.counts().received()));
            records.add(record(status, "loaded", totals.counts().loaded()));
            records.add(record(status, "filtered", totals.counts().filtered()));
            records.add(record(status, "quarantined", totals.counts().quarantined()));
            durations.add(new Point(name, meter.commitNanos.read()));
            rows.add(new Point(name, meter.commitRows.read()));
            for (PipelineStatus.State state : PipelineStatus.State.values()) {
                states.add(Metric.point(
                        Map.of(
                                "millrace.pipeline",
                                status.pipeline(),
                                "millrace.state",
                                state.name().toLowerCase(Locale.ROOT)),
                        status.state() == state ? 1 : 0));
            }
            Balance balance = balances.get(status.pipeline());
            if (balance != null) {
                faults.add(Metric.point(name, balance.faults().size()));
                ages.add(Metric.point(
                        name,
                        Math.max(
                                0,
                                Duration.between(balance.checked(), clock.instant())
                                                .toNanos()
                                        / 1e9)));
            }
            String stream = streams.get(status.pipeline());
            if (stream != null) {
                lagging.add(name);
                lags.add(this.lags.of(status, stream));
            }
        }
        metrics.add(new Metric(
                "millrace.pipeline.records",
                "{record}",
                "Records of which it is committed what became of them; received is the sum of the others.",
                Kind.COUNTER,
                records));
        metrics.add(new Metric(
                "millrace.pipeline.commit.duration", "s", "How long commits take.", Kind.HISTOGRAM, durations));
        metrics.add(new Metric(
                "millrace.pipeline.commit.rows",
                "{row}",
                "How many rows a commit brings to the destination.",
                Kind.HISTOGRAM,
                rows));
        metrics.add(new Metric(
                "millrace.pipeline.state",
                "{pipeline}",
                "1 for the state that a pipeline is in, 0 for the others.",
                Kind.GAUGE,
                states));
        metrics.add(new Metric(
                "millrace.pipeline.ledger.faults",
                "{fault}",
                "How many things in the books of a pipeline do not balance; 0 where all does.",
                Kind.GAUGE,
                faults));
        metrics.add(new Metric(
                "millrace.pipeline.ledger.age",
                "s",
                "How long ago the ledger of a pipeline was checked.",
                Kind.GAUGE,
                ages));
        metrics.add(lag(
                "millrace.pipeline.lag.records",
                "{record}",
                "Records of the log that are not loaded yet.",
                lagging,
                lags,
                Lags.Lag::records));
        metrics.add(lag(
                "millrace.pipeline.lag.size",
                "By",
                "Bytes of the log that are not loaded yet.",
                lagging,
                lags,
                Lags.Lag::bytes));
        List<Point> times = new ArrayList<>();
        for (int i = 0; i < lags.size(); i++) {
            times.add(Metric.point(lagging.get(i), lags.get(i).time().toNanos() / 1e9));
        }
        metrics.add(new Metric(
                "millrace.pipeline.lag.time",
                "s",
                "How long the oldest record has waited that is not loaded yet.",
                Kind.GAUGE,
                times));
    }

    private static Point record(PipelineStatus status, String outcome, long count) {
        return Metric.point(Map.of("millrace.pipeline", status.pipeline(), "millrace.outcome", outcome), count);
    }

    private static Metric lag(
            String name,
            String unit,
            String description,
            List<Map<String, String>> labels,
            List<Lags.Lag> lags,
            ToLongFunction<Lags.Lag> of) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < lags.size(); i++) {
            points.add(Metric.point(labels.get(i), of.applyAsLong(lags.get(i))));
        }
        return new Metric(name, unit, description, Kind.GAUGE, points);
    }
}
