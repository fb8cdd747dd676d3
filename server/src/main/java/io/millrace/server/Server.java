package io.millrace.server;

import io.millrace.api.Commit;
import io.millrace.api.Source;
import io.millrace.connectors.http.HttpConfig;
import io.millrace.connectors.http.HttpConnector;
import io.millrace.connectors.http.LogSplits;
import io.millrace.engine.live.LiveListener;
import io.millrace.engine.live.LiveOptions;
import io.millrace.engine.live.PipelineFolder;
import io.millrace.engine.live.PipelineStatus;
import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.pipeline.PipelineFile;
import io.millrace.engine.pipeline.PipelineLoader;
import io.millrace.engine.run.Job;
import io.millrace.engine.run.ThreadEnd;
import io.millrace.engine.yaml.Problem;
import io.millrace.formats.Ndjson;
import io.millrace.log.Log;
import io.millrace.server.auth.Auth;
import io.millrace.server.auth.AuthException;
import io.millrace.server.auth.NewSecret;
import io.millrace.server.auth.ServingRules;
import io.millrace.server.gateway.Gateway;
import io.millrace.server.gateway.Intake;
import io.millrace.server.gateway.Routes;
import io.millrace.server.http.Route;
import io.millrace.server.ops.Balance;
import io.millrace.server.ops.ExportSettings;
import io.millrace.server.ops.LogWatch;
import io.millrace.server.ops.Meters;
import io.millrace.server.ops.Notice;
import io.millrace.server.ops.Observed;
import io.millrace.server.ops.Operations;
import io.millrace.server.ops.Telemetry;
import io.millrace.server.ops.otel.OtlpExport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One process that takes events, keeps pipelines running and answers: what {@code millrace up} starts. Thread-safe.
 */
public final class Server implements AutoCloseable {

    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration LOOK_AT_FOLDER = Duration.ofMillis(500);
    private static final DateTimeFormatter RUN_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final ServerOptions options;
    private final ServerListener listener;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Auth auth;
    private final Log log;
    private final Streams streams;
    private final Reads reads;
    private final PipelineFolder pipelines;
    private final Optional<NewSecret> demo;
    private final Caretaker caretaker;
    private final Auditor auditor;
    private final Telemetry telemetry;
    private final Operations operations;

    private final PathClaims claims = new PathClaims();

    /** Told already. Used by one thread at a time, the one that looks at the files. */
    private Set<String> refusedPaths = Set.of();

    /** What is to be answered. Guarded by this. */
    private Routes routes = Routes.NONE;

    /** Null until the first routes are known: whoever comes earlier must not be told that there is nothing. Guarded by this. */
    private @Nullable Gateway gateway;

    private Server(
            ServerOptions options,
            ServerListener listener,
            InstantSource clock,
            Auth auth,
            Log log,
            Optional<NewSecret> demo,
            Telemetry telemetry,
            LogWatch watch)
            throws IOException {
        this.options = options;
        this.listener = listener;
        this.clock = clock;
        this.auth = auth;
        this.log = log;
        this.demo = demo;
        this.streams = new Streams(log);
        this.reads = new Reads(options.home(), options.environment(), log);
        this.pipelines = new PipelineFolder(
                options.pipelines(), new PipelineLoader(Connectors.installed()), live(), new Routing());
        this.caretaker = new Caretaker(
                log,
                options.retention(),
                streams,
                new Needs(log.folder(), log.slot().orElseThrow(), clock, listener::notice),
                this::needs,
                listener::notice);
        this.auditor =
                new Auditor(options.home(), options.environment(), pipelines::pipelines, clock, listener::notice);
        this.telemetry = telemetry;
        this.operations = new Operations(
                telemetry,
                log,
                watch,
                auth,
                new Seen(),
                clock,
                InetAddress.getByName(options.http().address()).isLoopbackAddress(),
                ExportSettings.of(options.environment())
                        .map(settings -> new OtlpExport(settings, telemetry, partition -> LogSplits.id(log, partition)))
                        .orElse(null));
        this.routes = new Routes(List.of(), operations.routes());
    }

    /**
     * Starts everything. When this returns, the server listens and every pipeline that could be started is.
     *
     * @throws ServerException where it may not listen there, or something that it needs is missing
     * @throws IOException where the home folder, the folder of pipelines or the address can't be used
     */
    public static Server start(ServerOptions options, ServerListener listener)
            throws ServerException, IOException, InterruptedException {
        return start(options, listener, InstantSource.system());
    }

    /** @param clock tells the time of day, for what is stamped and for tokens; it may be set at any time */
    static Server start(ServerOptions options, ServerListener listener, InstantSource clock)
            throws ServerException, IOException, InterruptedException {
        Files.createDirectories(options.home());
        Auth auth;
        try {
            auth = Auth.open(options.home(), options.auth(), clock, new SecureRandom());
        } catch (AuthException e) {
            throw new ServerException(String.valueOf(e.getMessage()), e);
        }
        Log log = null;
        Server server = null;
        boolean started = false;
        try {
            Optional<NewSecret> demo = admitted(options, auth, listener);
            Telemetry telemetry = new Telemetry(new Meters(options.http().tls() != null), listener::notice);
            LogWatch watch = new LogWatch(telemetry, HttpConnector.folder(options.home()));
            log = Log.openForWriting(HttpConnector.folder(options.home()), options.log(), clock, watch);
            server = new Server(options, listener, clock, auth, log, demo, telemetry, watch);
            server.pipelines.start();
            server.listen();
            server.caretaker.start();
            server.auditor.start();
            server.operations.start();
            started = true;
            return server;
        } catch (AuthException e) {
            throw new ServerException(String.valueOf(e.getMessage()), e);
        } finally {
            if (!started) {
                close(server, log, auth);
            }
        }
    }

    private synchronized void listen() throws IOException {
        gateway = Gateway.start(options.http(), auth, routes, telemetry);
    }

    private synchronized void answer(Routes next) {
        routes = next;
        if (gateway != null) {
            gateway.routes(next);
        }
    }

    private static void close(@Nullable Server server, @Nullable Log log, Auth auth) throws IOException {
        if (server != null) {
            server.close();
        } else {
            try (auth) {
                if (log != null) {
                    log.close();
                }
            }
        }
    }

    /** Whether it may listen there at all; the secret of the demo client where that was made. */
    private static Optional<NewSecret> admitted(ServerOptions options, Auth auth, ServerListener listener)
            throws ServerException, AuthException, IOException, InterruptedException {
        boolean configured = true;
        boolean demoEnabled = false;
        if (auth.issuer().isPresent()) {
            configured = auth.issuer().get().clients().configured();
            demoEnabled = auth.issuer().get().clients().demoEnabled();
        }
        ServingRules rules = new ServingRules(
                InetAddress.getByName(options.http().address()),
                configured,
                demoEnabled,
                options.http().tls() != null,
                options.insecure());
        return switch (rules.check()) {
            case ServingRules.Answer.Refused(String message) -> throw new ServerException(message);
            case ServingRules.Answer.Allowed(boolean wantsDemo, List<String> warnings) -> {
                warnings.forEach(warning -> listener.notice(Notice.warning("server.exposed", warning)));
                yield wantsDemo && auth.issuer().isPresent()
                        ? auth.issuer().get().clients().addDemo()
                        : Optional.empty();
            }
        };
    }

    private LiveOptions live() {
        Supplier<String> runIds = () -> {
            byte[] tail = new byte[3];
            random.nextBytes(tail);
            return RUN_TIME.format(clock.instant()) + "-" + HexFormat.of().formatHex(tail);
        };
        return new LiveOptions(
                options.home(),
                options.set(),
                options.environment(),
                this::source,
                new Job.Following(runIds.get(), LEASE, LOOK),
                runIds,
                LOOK_AT_FOLDER,
                clock,
                random);
    }

    private Source source(Pipeline pipeline) throws IOException {
        return pipeline.file().from().config() instanceof HttpConfig config
                ? HttpConnector.follow(
                        config,
                        log,
                        remark -> listener.notice(
                                Notice.warning("pipeline.remark", "pipeline " + pipeline.name() + " " + remark)
                                        .of(pipeline.name())))
                : pipeline.openSource(options.home());
    }

    /** Where it listens. */
    public URI address() {
        String scheme = options.http().tls() == null ? "http" : "https";
        return URI.create(scheme + "://" + options.http().address() + ":" + port());
    }

    private synchronized int port() {
        return gateway == null ? options.http().port() : gateway.port();
    }

    /** The secret of the demo client, where it was made just now: it can't be shown again. */
    public Optional<NewSecret> demo() {
        return demo;
    }

    /** How each pipeline does. */
    public List<PipelineStatus> pipelines() {
        return pipelines.statuses();
    }

    /** Files that can't be used as they are now. */
    public Map<Path, List<Problem>> refused() {
        return pipelines.refused();
    }

    private final class Routing implements LiveListener {
        @Override
        public void changed(List<Pipeline> now) {
            try {
                answer(routes(now));
            } catch (IOException | IllegalArgumentException e) {
                listener.notice(Notice.error(
                        "server.paths", "The paths of the pipelines could not be set up: " + e.getMessage()));
            }
        }

        @Override
        public void refused(Path file, List<Problem> problems, boolean kept) {
            listener.refused(file, problems, kept);
        }

        @Override
        public void started(Pipeline pipeline) {
            if (pipeline.file().from().config() instanceof HttpConfig config) {
                caretaker.expect(Needs.Need.of(pipeline, config.stream(), Map.of(), options.environment()));
            }
            listener.started(pipeline);
        }

        @Override
        public void stopped(String pipeline) {
            listener.stopped(pipeline);
        }

        @Override
        public void failed(String pipeline, String reason) {
            listener.failed(pipeline, reason);
        }

        @Override
        public void halted(String pipeline, String reason) {
            listener.halted(pipeline, reason);
        }

        @Override
        public void committed(String pipeline, Commit commit, long rows, Duration took) {
            operations.committed(pipeline, commit, rows, took);
        }

        @Override
        public void altered(String pipeline, String what) {
            listener.altered(pipeline, what);
        }

        @Override
        public void destinationAway(String pipeline, String reason) {
            listener.destinationAway(pipeline, reason);
        }

        @Override
        public void destinationBack(String pipeline) {
            listener.destinationBack(pipeline);
        }
    }

    private Routes routes(List<Pipeline> now) throws IOException {
        List<Intake> intakes = new ArrayList<>();
        for (Streams.Inlet inlet : streams.inlets(now)) {
            HttpConfig config = inlet.config();
            String key = config.key();
            intakes.add(new Intake(
                    config.path(),
                    inlet.writer(),
                    key == null ? List.of() : List.of(key.split("\\.", -1)),
                    demands(inlet.pipelines()),
                    EventSchemas.schema(inlet.pipelines()),
                    EventSchemas.example(inlet.pipelines()),
                    () -> progress(config)));
        }
        Set<String> refused = new TreeSet<>();
        BiConsumer<String, String> told = (pipeline, reason) ->
                refused.add("The pipeline \"" + pipeline + "\" goes on without a path: " + reason);
        List<Route> served = claims.settle(
                reads.routes(now, told), intakes.stream().map(Intake::path).toList(), told);
        refused.stream()
                .filter(reason -> !refusedPaths.contains(reason))
                .forEach(reason -> listener.notice(Notice.warning("path.refused", reason)));
        refusedPaths = Set.copyOf(refused);
        List<Route> others = new ArrayList<>(served);
        others.addAll(operations.routes());
        return new Routes(intakes, others);
    }

    /** What is refused at once: what the pipelines that read a stream and want it so demand. */
    private static List<Intake.Demand> demands(List<Pipeline> pipelines) {
        return pipelines.stream()
                .filter(pipeline -> pipeline.file().contract().onViolation() == PipelineFile.OnViolation.REJECT)
                .map(pipeline ->
                        new Intake.Demand(() -> new Ndjson().decoder(pipeline.input(), new byte[0]), pipeline.schema()))
                .toList();
    }

    private List<Intake.Progress> progress(HttpConfig config) {
        List<Intake.Progress> progress = new ArrayList<>();
        for (Reader reader : reading()) {
            if (reader.config().path().equals(config.path())) {
                PipelineStatus status = reader.status();
                progress.add(new Intake.Progress(
                        status.pipeline(),
                        switch (status.state()) {
                            case FAILED, HALTED -> status.reason();
                            case RUNNING, WAITING -> null;
                        },
                        streams.committed(status, config.stream())));
            }
        }
        return progress;
    }

    /** What operations see. */
    private final class Seen implements Observed {
        @Override
        public List<PipelineStatus> statuses() {
            return pipelines.statuses();
        }

        @Override
        public Map<Path, List<Problem>> refused() {
            return pipelines.refused();
        }

        @Override
        public Optional<String> unreadable() {
            return pipelines.unreadable();
        }

        @Override
        public Map<String, Balance> balances() {
            return auditor.balances();
        }

        @Override
        public Map<String, String> streams() {
            Map<String, String> streams = new HashMap<>();
            reading().forEach(reader -> streams.put(reader.pipeline().name(), reader.config().stream()));
            return streams;
        }
    }

    /** A pipeline that reads the log, and what of it. */
    private record Reader(Pipeline pipeline, HttpConfig config, PipelineStatus status) {}

    private List<Reader> reading() {
        Map<String, PipelineStatus> statuses = new HashMap<>();
        pipelines.statuses().forEach(status -> statuses.put(status.pipeline(), status));
        List<Reader> reading = new ArrayList<>();
        for (Pipeline pipeline : pipelines.pipelines()) {
            PipelineStatus status = statuses.get(pipeline.name());
            if (status != null && pipeline.file().from().config() instanceof HttpConfig config) {
                reading.add(new Reader(pipeline, config, status));
            }
        }
        return reading;
    }

    /** What pipelines here need of the log. */
    private List<Needs.Need> needs() {
        List<Needs.Need> needs = new ArrayList<>();
        for (Reader reader : reading()) {
            String stream = reader.config().stream();
            needs.add(Needs.Need.of(
                    reader.pipeline(), stream, streams.committed(reader.status(), stream), options.environment()));
        }
        pipelines.refused().keySet().forEach(file -> needs.add(Needs.Need.unknown(file)));
        return needs;
    }

    /** Drops what the log need not keep, without waiting for the next time. */
    void lookAfterLog() {
        caretaker.look();
    }

    /** Checks all books, without waiting for the next time. */
    void checkBooks() throws InterruptedException {
        auditor.look(true);
    }

    /**
     * Stops within ten seconds: no request is taken any more, those under way end, and pipelines commit what they have
     * read.
     */
    @Override
    public void close() throws IOException {
        try (auth;
                log;
                reads;
                operations) {
            caretaker.close();
            Thread gate = stopListening();
            Thread audits = Thread.ofPlatform().name("auditor-stop").start(auditor::close);
            pipelines.close();
            ThreadEnd.await(gate);
            ThreadEnd.await(audits);
        }
    }

    /** While pipelines stop too, for each may take its time. */
    private synchronized Thread stopListening() {
        Gateway listening = gateway;
        return Thread.ofPlatform().name("gateway-stop").start(() -> {
            if (listening != null) {
                listening.close();
            }
        });
    }
}
