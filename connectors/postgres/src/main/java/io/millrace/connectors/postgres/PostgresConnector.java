package io.millrace.connectors.postgres;

import io.millrace.api.Reason;
import io.millrace.api.Rejection;
import io.millrace.api.Sink;
import io.millrace.api.SinkConnector;
import io.millrace.api.SinkException;
import io.millrace.api.SourceConnector.Problem;
import io.millrace.api.TableShape;
import io.millrace.connectors.postgres.embedded.EmbeddedPostgres;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** {@code into: postgres}. */
public final class PostgresConnector implements SinkConnector<PostgresConfig> {

    /** Schemas that are not for tables of pipelines. */
    private static final Set<String> RESERVED = Set.of(Migrations.SCHEMA, "pg_catalog", "information_schema");

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public Class<PostgresConfig> config() {
        return PostgresConfig.class;
    }

    @Override
    public List<Problem> lint(PostgresConfig config) {
        List<Problem> problems = new ArrayList<>();
        TableName table = TableName.parse(config.table());
        if (!Identifiers.fits(table.schema()) || !Identifiers.fits(table.table())) {
            problems.add(new Problem(
                    "table",
                    "\"" + config.table() + "\" is not the name of a table: expected `name` or `schema.name`, each of 1"
                            + " to " + Identifiers.MAX_BYTES + " bytes"));
        } else if (table.table().indexOf('.') >= 0) {
            problems.add(new Problem(
                    "table", "\"" + config.table() + "\" has more than one dot: expected `name` or `schema.name`"));
        } else if (RESERVED.contains(table.schema())) {
            problems.add(new Problem(
                    "table", "the schema \"" + table.schema() + "\" is not for tables of pipelines: choose another"));
        }
        Set<String> seen = new HashSet<>();
        for (String column : config.key()) {
            if (!Identifiers.fits(column)) {
                problems.add(new Problem(
                        "key",
                        "\"" + column + "\" is not the name of a column: expected 1 to " + Identifiers.MAX_BYTES
                                + " bytes"));
            } else if (!seen.add(column)) {
                problems.add(new Problem("key", "\"" + column + "\" is there twice"));
            }
        }
        String version = config.version();
        if (version != null && config.key().isEmpty()) {
            problems.add(new Problem(
                    "version", "`version` chooses between rows with the same key, and there is no `key`: add one"));
        } else if (version != null && seen.contains(version)) {
            problems.add(new Problem(
                    "version",
                    "\"" + version + "\" is part of the key, so it is the same in all rows that it would choose"
                            + " between: name another column"));
        }
        String url = config.url();
        if (url != null) {
            try {
                DatabaseUrl.parse(url);
            } catch (SinkException e) {
                problems.add(new Problem("url", String.valueOf(e.getMessage())));
            }
        }
        return problems;
    }

    @Override
    public boolean remembersKeys() {
        return true;
    }

    @Override
    public boolean evolves() {
        return true;
    }

    @Override
    public List<Problem> check(
            PostgresConfig config, TableShape shape, boolean evolving, Context context, Consumer<String> foreseen)
            throws InterruptedException {
        String url = config.url();
        try {
            Optional<PostgresDestination> destination =
                    PostgresDestination.existing(url, context.environment(), context.home());
            if (destination.isEmpty()) {
                return EmbeddedPostgres.obstacle(context.home())
                        .map(obstacle -> List.of(new Problem("", obstacle)))
                        .orElse(List.of());
            }
            try (PostgresDestination there = destination.get()) {
                return new DestinationCheck(
                                there,
                                new TargetTable(TableName.parse(config.table()), shape, config.evolve()),
                                evolving,
                                foreseen)
                        .problems().stream()
                                // Where the file gives no URL there is no such key to point at.
                                .map(problem -> url == null && problem.key().equals("url")
                                        ? new Problem("", problem.message())
                                        : problem)
                                .toList();
            }
        } catch (SinkException e) {
            return List.of(new Problem(url == null ? "" : "url", String.valueOf(e.getMessage())));
        }
    }

    @Override
    public Target target(PostgresConfig config) {
        return new Target(config.table(), config.key(), config.version(), config.evolve());
    }

    @Override
    public List<Reason> reasons() {
        return Stream.concat(
                        Stream.of(Refusal.values())
                                .map(refusal -> new Reason(refusal.code(), Rejection.Stage.LOAD, refusal.meaning())),
                        Stream.of(LoadFault.values())
                                .map(fault -> new Reason(fault.code(), Rejection.Stage.LOAD, fault.meaning())))
                .toList();
    }

    @Override
    public Sink open(PostgresConfig config, Context context) throws SinkException, InterruptedException {
        PostgresDestination destination = PostgresDestination.open(config.url(), context.environment(), context.home());
        return new PostgresSink(destination, context.pipeline(), TableName.parse(config.table()), config.evolve());
    }

    /**
     * What is kept about a pipeline, without its table: a sink that takes commits that bring no rows.
     *
     * @param destination is closed with the sink
     */
    public static Sink books(PostgresDestination destination, String pipeline) {
        return new PostgresSink(destination, pipeline, TableName.parse(pipeline), Set.of());
    }

    /**
     * The sink of a pipeline at a destination that is open already.
     *
     * @param destination is closed with the sink
     */
    public static Sink over(PostgresDestination destination, String pipeline, PostgresConfig config) {
        return new PostgresSink(destination, pipeline, TableName.parse(config.table()), config.evolve());
    }
}
