package io.millrace.server.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.server.TestDatabase;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What goes to a collector, as the environment asks for it. */
@Timeout(90)
class OtlpTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    private RunningServer server(Map<String, String> environment) throws Exception {
        return new RunningServer(new RunningServer.Setting(
                folder.resolve("home"), folder.resolve("pipelines"), DATABASE, environment, "127.0.0.1"));
    }

    private static Map<String, String> to(Collector collector) {
        Map<String, String> environment = new HashMap<>();
        environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address());
        environment.put("OTEL_SERVICE_NAME", "shop");
        environment.put("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test");
        environment.put("OTEL_BSP_SCHEDULE_DELAY", "50");
        environment.put("OTEL_METRIC_EXPORT_INTERVAL", "100");
        return environment;
    }

    private static void awaitStart(RunningServer server) {
        await().until(() ->
                server.notices.stream().anyMatch(notice -> notice.event().equals("telemetry.started")));
    }

    @Test
    void aTraceGoesFromTheRequestThroughTheLogToTheCommit() throws Exception {
        try (Collector collector = new Collector();
                RunningServer server = server(to(collector))) {
            awaitStart(server);
            String traceparent = "00-" + TRACE + "-" + CALLER + "-01";
            assertThat(server.post("{\"userId\":\"u1\",\"value\":2}\n".repeat(4), "traceparent", traceparent)
                            .statusCode())
                    .isEqualTo(202);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !collector.spans(TRACE, "load revenue").isEmpty()
                            && collector.spans().stream()
                                    .anyMatch(span -> span.getName().equals("commit revenue")));

            Span request = one(collector.spans(TRACE, "POST /events"));
            assertThat(Collector.hex(request.getParentSpanId().toByteArray())).isEqualTo(CALLER);
            assertThat(request.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
            assertThat(text(request, "http.route")).isEqualTo("/events");
            assertThat(number(request, "http.response.status_code")).isEqualTo(202);
            Span append = one(collector.spans(TRACE, "append events"));
            assertThat(append.getParentSpanId()).isEqualTo(request.getSpanId());
            assertThat(number(append, "millrace.records")).isEqualTo(4);
            assertThat(append.getStartTimeUnixNano()).isGreaterThanOrEqualTo(request.getStartTimeUnixNano());
            Span load = one(collector.spans(TRACE, "load revenue"));
            assertThat(load.getParentSpanId()).isEqualTo(request.getSpanId());
            assertThat(load.getEndTimeUnixNano()).isGreaterThan(append.getStartTimeUnixNano());

            Span commit = collector.spans().stream()
                    .filter(span -> span.getName().equals("commit revenue"))
                    .findFirst()
                    .orElseThrow();
            assertThat(commit.getParentSpanId().isEmpty()).isTrue();
            assertThat(commit.getTraceId()).isNotEqualTo(request.getTraceId());
            assertThat(commit.getLinksList()).extracting(Span.Link::getSpanId).containsExactly(request.getSpanId());
            // A commit may be faster than the request it loads; then the trace has it, and no link.
            assertThat(load.getLinksList()).extracting(Span.Link::getSpanId).containsExactly(commit.getSpanId());
            assertThat(collector
                            .traces
                            .getFirst()
                            .getResourceSpans(0)
                            .getResource()
                            .getAttributesList())
                    .anyMatch(attribute -> attribute.getKey().equals("service.name")
                            && attribute.getValue().getStringValue().equals("shop"))
                    .anyMatch(attribute -> attribute.getKey().equals("deployment.environment.name"));
        }
    }

    @Test
    void spansKnowNoPersonAndTellWhatFailed() throws Exception {
        try (Collector collector = new Collector();
                RunningServer server = server(to(collector))) {
            awaitStart(server);
            server.get("/userRevenue/somebody?limit=somebody");
            server.get("/nowhere/somebody");
            await().until(() -> collector.spans().stream()
                            .filter(span -> span.getName().startsWith("GET"))
                            .count()
                    == 2);
            assertThat(collector.spans().toString()).doesNotContain("somebody");
            assertThat(collector.spans()).extracting(Span::getName).contains("GET /userRevenue/{user_id}", "GET");
            assertThat(collector.spans())
                    .filteredOn(span -> span.getName().startsWith("GET"))
                    .allMatch(span -> span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_UNSET);
        }
    }

    @Test
    void aRequestThatItsCallerDoesNotSampleHasNoSpan() throws Exception {
        try (Collector collector = new Collector();
                RunningServer server = server(to(collector))) {
            awaitStart(server);
            server.post("{\"userId\":\"u1\",\"value\":2}\n", "traceparent", "00-" + TRACE + "-" + CALLER + "-00");
            server.post("{\"userId\":\"u1\",\"value\":2}\n", "traceparent", "00-" + TRACE + "-" + CALLER + "-01");
            await().until(() -> !collector.spans(TRACE, "load revenue").isEmpty());
            assertThat(collector.spans(TRACE, "POST /events")).hasSize(1);
        }
    }

    @Test
    void metricsAreSentWithTheSameNumbersAsPrometheusReads() throws Exception {
        try (Collector collector = new Collector()) {
            Map<String, String> environment = to(collector);
            environment.put("OTEL_TRACES_EXPORTER", "none");
            try (RunningServer server = server(environment)) {
                awaitStart(server);
                for (int i = 0; i < 7; i++) {
                    server.post(
                            "{\"userId\":\"u1\",\"value\":2}\n", "traceparent", "00-" + TRACE + "-" + CALLER + "-01");
                }
                await().until(() -> collector
                        .metric("millrace.pipeline.records")
                        .map(metric ->
                                metric.getSum().getDataPointsList().stream().anyMatch(point -> point.getAsInt() == 7))
                        .orElse(false));
            }
            // What was left is sent when the server stops.
            var requests = collector.metric("http.server.request.duration").orElseThrow();
            assertThat(requests.getUnit()).isEqualTo("s");
            HistogramDataPoint posts = requests.getHistogram().getDataPointsList().stream()
                    .filter(point -> point.getAttributesList().stream()
                            .anyMatch(attribute ->
                                    attribute.getValue().getStringValue().equals("/events")))
                    .findFirst()
                    .orElseThrow();
            assertThat(posts.getCount()).isEqualTo(7);
            assertThat(posts.getBucketCountsList()).hasSize(posts.getExplicitBoundsCount() + 1);
            assertThat(posts.getSum()).isPositive();
            var events =
                    collector.metric("millrace.intake.events").orElseThrow().getSum();
            assertThat(events.getIsMonotonic()).isTrue();
            assertThat(events.getAggregationTemporality())
                    .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
            assertThat(collector.metric("jvm.memory.used")).isPresent();
            assertThat(collector.traces).isEmpty();
        }
    }

    @Test
    void nothingIsSetUpUnlessAskedFor() {
        assertThat(ExportSettings.of(Map.of())).isEmpty();
        assertThat(ExportSettings.of(Map.of("OTEL_SERVICE_NAME", "shop"))).isEmpty();
        assertThat(ExportSettings.of(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://x", "OTEL_SDK_DISABLED", "true")))
                .isEmpty();
        assertThat(ExportSettings.of(Map.of("OTEL_METRICS_EXPORTER", "prometheus")))
                .isEmpty();
        assertThat(ExportSettings.of(Map.of("OTEL_TRACES_EXPORTER", "otlp")))
                .get()
                .satisfies(settings -> assertThat(settings)
                        .containsEntry("otel.traces.exporter", "otlp")
                        .containsEntry("otel.metrics.exporter", "none")
                        .containsEntry("otel.exporter.otlp.protocol", "http/protobuf")
                        .containsEntry("otel.service.name", "millrace"));
    }

    @Test
    void aCollectorThatIsAwayOrASettingThatIsWrongStopsNothing() throws Exception {
        Map<String, String> environment = Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1", "OTEL_EXPORTER_OTLP_PROTOCOL", "carrier-pigeon");
        try (RunningServer server = server(environment)) {
            await().until(() ->
                    server.notices.stream().anyMatch(notice -> notice.event().equals("telemetry.failed")));
            assertThat(server.post("{\"userId\":\"u1\",\"value\":2}\n").statusCode())
                    .isEqualTo(202);
        }
    }

    private static Span one(List<Span> spans) {
        assertThat(spans).hasSize(1);
        return spans.getFirst();
    }

    private static String text(Span span, String name) {
        return span.getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals(name))
                .findFirst()
                .orElseThrow()
                .getValue()
                .getStringValue();
    }

    private static long number(Span span, String name) {
        return span.getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals(name))
                .findFirst()
                .orElseThrow()
                .getValue()
                .getIntValue();
    }
}
