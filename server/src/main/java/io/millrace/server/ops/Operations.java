package io.millrace.server.ops;

import io.millrace.api.Commit;
import io.millrace.log.Log;
import io.millrace.server.auth.Auth;
import io.millrace.server.auth.Scope;
import io.millrace.server.http.Route;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server tells about itself over HTTP, and by OTLP where the environment asks for that. Thread-safe.
 */
public final class Operations implements AutoCloseable {

    private static final Duration SAMPLE = Duration.ofSeconds(1);

    private final Telemetry telemetry;
    private final Observed pipelines;
    private final Reading reading;
    private final Thread sampler;
    private final @Nullable Export export;
    private final List<Route> routes;

    /** Sends what there is to tell to somebody else, until it is closed. */
    public interface Export extends AutoCloseable {

        /** All metrics as they are now. */
        interface Source {
            List<Metric> metrics() throws IOException;
        }

        /** Starts in the background; requests may come meanwhile. */
        void start(Source source);

        /** Sends what is left, for a few seconds at most. */
        @Override
        void close();
    }

    /**
     * @param watch hears the log
     * @param loopback whether only this machine reaches the server, so that metrics need no token
     * @param export null where nobody has asked for it
     */
    public Operations(
            Telemetry telemetry,
            Log log,
            LogWatch watch,
            Auth auth,
            Observed pipelines,
            InstantSource clock,
            boolean loopback,
            @Nullable Export export) {
        this.telemetry = telemetry;
        this.pipelines = pipelines;
        this.export = export;
        Lags lags = new Lags(log, clock);
        reading = new Reading(telemetry.meters(), log, lags, pipelines, clock);
        sampler = Thread.ofVirtual().name("ops-sampler").unstarted(this::sample);
        List<Route> all = new ArrayList<>(new Health(watch, auth, pipelines).routes());
        all.add(new PipelineReport(telemetry.meters(), lags, pipelines).route());
        all.add(new Route(
                "GET",
                "/metrics",
                loopback ? null : Scope.OPS_RUN,
                OpsOperations.metrics(),
                request -> PrometheusText.answer(reading.metrics(), request.header("Accept"))));
        routes = List.copyOf(all);
    }

    /** Starts to look after rates, and the export where there is one. Does not wait for either. */
    public void start() {
        sampler.start();
        if (export != null) {
            export.start(reading::metrics);
        }
    }

    /** What it answers. */
    public List<Route> routes() {
        return routes;
    }

    /** A pipeline has committed. */
    public void committed(String pipeline, Commit commit, long rows, Duration took) {
        telemetry.meters().pipeline(pipeline).committed(commit, rows, took);
        Tracing tracing = telemetry.tracing();
        if (tracing != null) {
            tracing.committed(pipeline, commit, rows, took);
        }
    }

    private void sample() {
        try {
            while (true) {
                long now = System.nanoTime();
                pipelines
                        .statuses()
                        .forEach(status ->
                                telemetry.meters().pipeline(status.pipeline()).sample(now));
                Thread.sleep(SAMPLE);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    @Override
    public void close() {
        sampler.interrupt();
        telemetry.tracing(null);
        if (export != null) {
            export.close();
        }
    }
}
