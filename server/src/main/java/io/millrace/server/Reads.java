package io.millrace.server;

import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import io.millrace.api.Type;
import io.millrace.connectors.http.HttpConfig;
import io.millrace.connectors.postgres.PostgresConfig;
import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.pipeline.PipelineFile.Serve;
import io.millrace.log.Log;
import io.millrace.server.auth.Scope;
import io.millrace.server.http.PathTemplate;
import io.millrace.server.http.ProblemException;
import io.millrace.server.http.Route;
import io.millrace.server.http.Schema;
import io.millrace.server.openapi.TypeSchemas;
import io.millrace.server.read.Serving;
import io.millrace.server.read.StreamEvents;
import io.millrace.server.read.Tables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The paths on which pipelines serve what they have made. A database is connected to when it is first asked for something:
 * the server starts, and takes events, while it is away. Thread-safe.
 */
final class Reads implements AutoCloseable {

    private static final int CONNECTIONS = 4;

    private final Path home;
    private final Map<String, String> environment;
    private final Log log;

    /** By the URL that the pipeline file gives; empty for the usual database. Guarded by this. */
    private final Map<String, Opened> opened = new HashMap<>();

    private record Opened(PostgresDestination destination, Tables tables) {}

    Reads(Path home, Map<String, String> environment, Log log) {
        this.home = home;
        this.environment = environment;
        this.log = log;
    }

    /** @param refused is told of each path that can't be served: the pipeline and why */
    List<PathClaims.Claim> routes(List<Pipeline> pipelines, BiConsumer<String, String> refused) {
        List<PathClaims.Claim> routes = new ArrayList<>();
        for (Pipeline pipeline : pipelines) {
            for (Serve serve : pipeline.file().serve()) {
                try {
                    routes.add(new PathClaims.Claim(pipeline.name(), route(pipeline, serve)));
                } catch (IllegalArgumentException e) {
                    refused.accept(pipeline.name(), String.valueOf(e.getMessage()));
                }
            }
        }
        return routes;
    }

    private Route route(Pipeline pipeline, Serve serve) {
        String events = serve.events();
        if (events != null && pipeline.file().from().config() instanceof HttpConfig config) {
            return new StreamEvents(serve.path(), log, config.stream(), List.of(events.split("\\.", -1))).route();
        }
        Serving serving = serving(pipeline, serve);
        String url = pipeline.file().into().config() instanceof PostgresConfig config && config.url() != null
                ? config.url()
                : "";
        return new Route(
                "GET",
                serving.path(),
                Scope.DATA_READ,
                serving.operation(),
                request -> tables(url).handler(serving).handle(request));
    }

    private static Serving serving(Pipeline pipeline, Serve serve) {
        PathTemplate path = PathTemplate.parse(serve.path());
        TableShape shape = pipeline.shape();
        List<String> columns = serve.columns();
        String table = serve.table();
        if (table != null) {
            // Of a table that is not ours it is known only what the path says.
            return new Serving(path, table, columns == null ? path.parameters() : columns, path.parameters(), Map.of());
        }
        List<String> key = new ArrayList<>();
        for (int column : shape.key()) {
            key.add(shape.columns().get(column).name());
        }
        return new Serving(path, pipeline.table(), columns == null ? visible(shape) : columns, key, known(shape));
    }

    private static Map<String, Serving.Column> known(TableShape shape) {
        Map<String, Serving.Column> known = new HashMap<>();
        for (TableShape.Col column : shape.columns()) {
            known.put(
                    column.name(), column(column.type(), column.nullable() && column.merge() != TableShape.Merge.KEY));
        }
        shape.averages().forEach(average -> known.put(average.name(), column(average.type(), true)));
        return known;
    }

    private static Serving.Column column(Type type, boolean nullable) {
        Schema schema = TypeSchemas.row(type);
        return new Serving.Column(
                nullable ? schema.orNull() : schema, TypeSchemas.asked(type), TypeSchemas.example(type));
    }

    /** All columns, but of an average the average and not what it is kept as. */
    private static List<String> visible(TableShape shape) {
        Set<Integer> parts = new HashSet<>();
        shape.averages().forEach(average -> {
            parts.add(average.sum());
            parts.add(average.count());
        });
        List<String> names = new ArrayList<>();
        for (int i = 0; i < shape.columns().size(); i++) {
            if (!parts.contains(i)) {
                names.add(shape.columns().get(i).name());
            }
        }
        shape.averages().forEach(average -> names.add(average.name()));
        return names;
    }

    private synchronized Tables tables(String url) throws ProblemException, InterruptedException {
        Opened there = opened.get(url);
        if (there == null) {
            Map<String, String> settings = new HashMap<>(environment);
            if (!url.isEmpty()) {
                settings.put(PostgresDestination.URL_VARIABLE, url);
            }
            try {
                PostgresDestination destination = PostgresDestination.open(settings, home);
                there = new Opened(destination, Tables.open(destination, CONNECTIONS));
            } catch (SinkException e) {
                throw new ProblemException(Tables.away(), e);
            }
            opened.put(url, there);
        }
        return there.tables();
    }

    @Override
    public synchronized void close() {
        for (Opened each : opened.values()) {
            each.tables().close();
            each.destination().close();
        }
        opened.clear();
    }
}
