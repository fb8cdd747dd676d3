package io.millrace.server.ops.otel;

import io.millrace.log.PartitionName;
import io.millrace.server.ops.Faults;
import io.millrace.server.ops.Notice;
import io.millrace.server.ops.Operations;
import io.millrace.server.ops.Telemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends metrics and traces as the environment says. The SDK is set up by a thread of its own: it takes a while, and the
 * server does not wait for it. Thread-safe.
 */
public final class OtlpExport implements Operations.Export {

    private static final long FLUSH_SECONDS = 3;

    private final Map<String, String> settings;
    private final Telemetry telemetry;
    private final Function<PartitionName, String> splits;

    /** Guarded by this. */
    private @Nullable OpenTelemetrySdk sdk;

    /** Guarded by this. */
    private boolean closed;

    /**
     * @param settings of OpenTelemetry's SDK
     * @param splits how commits name a partition of the log
     */
    public OtlpExport(Map<String, String> settings, Telemetry telemetry, Function<PartitionName, String> splits) {
        this.settings = Map.copyOf(settings);
        this.telemetry = telemetry;
        this.splits = splits;
    }

    @Override
    public void start(Source source) {
        Thread.ofPlatform().name("telemetry-start").daemon().start(() -> open(source));
    }

    private synchronized void open(Source source) {
        if (closed) {
            return;
        }
        try {
            OpenTelemetrySdk opened = AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesCustomizer(known -> settings)
                    .addMeterProviderCustomizer(
                            (meters, config) -> meters.registerMetricProducer(new Metrics(source, telemetry)))
                    .disableShutdownHook()
                    .build()
                    .getOpenTelemetrySdk();
            sdk = opened;
            if (!"none".equals(settings.get("otel.traces.exporter"))) {
                telemetry.tracing(new SpanTracing(opened, splits));
            }
            telemetry.tell(Notice.info(
                    "telemetry.started",
                    "OpenTelemetry: traces go to " + settings.get("otel.traces.exporter") + ", metrics to "
                            + settings.get("otel.metrics.exporter") + "."));
        } catch (RuntimeException e) {
            // Told here, as the words are about settings and say what to change; the server works without.
            String why = e.getMessage() == null ? Faults.told(e) : e.getMessage();
            telemetry.tell(
                    Notice.error("telemetry.failed", "OpenTelemetry could not be set up; nothing is sent: " + why));
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (sdk != null) {
            telemetry.tracing(null);
            sdk.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS);
        }
    }
}
