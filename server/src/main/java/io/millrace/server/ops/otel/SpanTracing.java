package io.millrace.server.ops.otel;

import io.millrace.api.Commit;
import io.millrace.api.Offset;
import io.millrace.log.PartitionName;
import io.millrace.server.http.Request;
import io.millrace.server.ops.Meters;
import io.millrace.server.ops.RequestTrace;
import io.millrace.server.ops.Tracing;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Spans of requests, appends and commits:
 *
 * <pre>
 *   POST /liveEvent ----------|                        from the client's span, where it sent one
 *     append liveEvent --|
 *                        load user-revenue -----|      until the commit that made the records visible
 *                                 ^ linked ^
 *                        commit user-revenue ---|      a trace of its own: it loads many requests
 * </pre>
 *
 * <p>Spans have routes, streams, pipelines and numbers, never the path that was asked for. Thread-safe.
 */
final class SpanTracing implements Tracing {

    private static final TextMapGetter<Request> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Request request) {
            // Asked for by no propagator that the specification names.
            return List.of();
        }

        @Override
        public @Nullable String get(@Nullable Request request, String name) {
            return request == null ? null : request.header(name);
        }
    };

    private final Tracer tracer;
    private final TextMapPropagator propagator;
    private final Function<PartitionName, String> splits;
    private final Followed followed = new Followed();

    SpanTracing(OpenTelemetry telemetry, Function<PartitionName, String> splits) {
        this.tracer = telemetry.getTracer("io.millrace");
        this.propagator = telemetry.getPropagators().getTextMapPropagator();
        this.splits = splits;
    }

    @Override
    public @Nullable RequestTrace begin(Request request, @Nullable String route) {
        Context parent = propagator.extract(Context.root(), request, HEADERS);
        String method = Meters.known(request.method());
        String name = method.equals(Meters.OTHER) ? "HTTP" : method;
        SpanBuilder builder = tracer.spanBuilder(route == null ? name : name + " " + route)
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("http.request.method", method);
        if (route != null) {
            builder.setAttribute("http.route", route);
        }
        Span span = builder.startSpan();
        return span.getSpanContext().isSampled() ? new FollowedRequest(span, parent.with(span)) : null;
    }

    /** A request that is followed. */
    private final class FollowedRequest implements RequestTrace {
        private final Span span;
        private final Context context;

        FollowedRequest(Span span, Context context) {
            this.span = span;
            this.context = context;
        }

        @Override
        public String traceId() {
            return span.getSpanContext().getTraceId();
        }

        @Override
        public Append append(String stream, int records) {
            return new FollowedAppend(
                    tracer.spanBuilder("append " + stream)
                            .setParent(context)
                            .setAttribute("millrace.stream", stream)
                            .setAttribute("millrace.records", records)
                            .startSpan(),
                    context,
                    span.getSpanContext());
        }

        @Override
        public void end(int status) {
            if (status > 0) {
                span.setAttribute("http.response.status_code", status);
            }
            if (status == 0 || status >= 500) {
                span.setAttribute("error.type", status == 0 ? "connection_broken" : Integer.toString(status));
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        }
    }

    private final class FollowedAppend implements RequestTrace.Append {
        private final Span span;
        private final Context request;
        private final SpanContext requestSpan;
        private boolean well;

        FollowedAppend(Span span, Context request, SpanContext requestSpan) {
            this.span = span;
            this.request = request;
            this.requestSpan = requestSpan;
        }

        @Override
        public void stored(PartitionName partition, long end) {
            well = true;
            span.setAttribute("millrace.partition", partition.slot() + "-" + partition.partition());
            span.setAttribute("millrace.position", end);
            Followed.Append append = new Followed.Append(request, requestSpan, Instant.now());
            for (Followed.Load load : followed.appended(splits.apply(partition), end, append)) {
                load(append, load.pipeline(), load.at(), SpanContext.getInvalid());
            }
        }

        @Override
        public void repeated() {
            well = true;
            span.setAttribute("millrace.repeated", true);
        }

        @Override
        public void close() {
            if (!well) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        }
    }

    @Override
    public void committed(String pipeline, Commit commit, long rows, Duration took) {
        Instant end = Instant.now();
        List<Followed.Append> taken = new ArrayList<>();
        for (Commit.Move move : commit.moves()) {
            long to = position(move.to());
            if (to >= 0) {
                long from = move.from() == null ? 0 : position(move.from());
                taken.addAll(followed.loaded(move.split(), new Followed.Load(pipeline, from, to, end)));
            }
        }
        if (taken.isEmpty()) {
            return;
        }
        SpanBuilder builder = tracer.spanBuilder("commit " + pipeline)
                .setNoParent()
                .setStartTimestamp(end.minus(took))
                .setAttribute("millrace.pipeline", pipeline)
                .setAttribute("millrace.rows", rows);
        taken.forEach(append -> builder.addLink(append.span()));
        Span span = builder.startSpan();
        for (Followed.Append append : taken) {
            load(append, pipeline, end, span.getSpanContext());
        }
        span.end(end);
    }

    private void load(Followed.Append append, String pipeline, Instant end, SpanContext commit) {
        SpanBuilder builder = tracer.spanBuilder("load " + pipeline)
                .setParent(append.request())
                .setStartTimestamp(append.at().isAfter(end) ? end : append.at())
                .setAttribute("millrace.pipeline", pipeline);
        if (commit.isSampled()) {
            builder.addLink(commit);
        }
        builder.startSpan().end(end);
    }

    /** Where a split of the log stands; -1 for offsets of something else. */
    private static long position(Offset offset) {
        String text = offset.text();
        if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Long.parseLong(text);
    }
}
