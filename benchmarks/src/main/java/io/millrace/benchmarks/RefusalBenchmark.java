package io.millrace.benchmarks;

import io.millrace.api.Sink;
import io.millrace.api.SinkConnector;
import io.millrace.api.Source;
import io.millrace.connectors.postgres.embedded.EmbeddedPostgres;
import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.pipeline.Loaded;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.pipeline.PipelineLoader;
import io.millrace.engine.run.Job;
import io.millrace.engine.run.Run;
import io.millrace.engine.run.RunListener;
import io.millrace.engine.run.RunSummary;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What it costs to find the records that a table refuses: none of them, one, each second, all; of rows that are appended and
 * of totals by key. A program of its own, since it is the time of whole runs that counts:
 *
 * <pre>java -cp CLASSPATH io.millrace.benchmarks.RefusalBenchmark FOLDER [RECORDS] [append|totals] [none|one|half|all]</pre>
 */
public final class RefusalBenchmark {

    private static final int USERS = 100_000;

    private static final Map<String, String> QUERIES = Map.of(
            "append", "SELECT user AS user_id, value FROM input",
            "totals", "SELECT user AS user_id, SUM(value) AS total, COUNT(*) AS events FROM input GROUP BY user");

    /** What a table does not take. */
    private static final Map<String, String> REFUSED =
            Map.of("none", "none", "one", "bad", "half", "bad|odd.*", "all", ".*");

    private RefusalBenchmark() {}

    /** @param args the folder for the server and the file; how many records; which kind, which mixture, or all */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createDirectories(Path.of(args[0]).toAbsolutePath());
        int records = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
        List<String> kinds = args.length > 2 ? List.of(args[2]) : List.of("append", "totals");
        List<String> mixtures = args.length > 3 ? List.of(args[3]) : List.of("none", "none", "one", "half", "all");
        Path file = folder.resolve("events-" + records + ".jsonl");
        write(file, records);
        Files.writeString(folder.resolve("empty.jsonl"), "");
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder.resolve("home"))) {
            for (String kind : kinds) {
                for (String mixture : mixtures) {
                    String name = kind + "_" + mixture;
                    try (Connection connection =
                                    DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
                            Statement statement = connection.createStatement()) {
                        forget(statement, name);
                        run(folder, kind, name, "empty.jsonl");
                        statement.execute(
                                "ALTER TABLE " + name + " ADD CHECK (user_id !~ '^(" + REFUSED.get(mixture) + ")$')");
                        statement.execute("CHECKPOINT");
                        RunSummary summary =
                                run(folder, kind, name, file.getFileName().toString());
                        double seconds = summary.elapsed().toNanos() / 1e9;
                        System.out.printf(
                                "%s %-4s  %6.2f s  %,9.0f records/s  %,d loaded  %,d refused  %,d commits%n",
                                kind,
                                mixture,
                                seconds,
                                records / seconds,
                                summary.counts().loaded(),
                                summary.counts().quarantined(),
                                summary.commits());
                        forget(statement, name);
                    }
                }
            }
        }
    }

    private static void forget(Statement statement, String name) throws SQLException {
        statement.execute("DROP TABLE IF EXISTS " + name);
        statement.execute("DO $$ BEGIN IF to_regclass('millrace.progress') IS NOT NULL THEN"
                + " DELETE FROM millrace.progress WHERE pipeline = '" + name + "';"
                + " DELETE FROM millrace.quarantine WHERE pipeline = '" + name + "';"
                + " END IF; END $$");
    }

    private static RunSummary run(Path folder, String kind, String name, String file) throws Exception {
        Path written = folder.resolve(name + ".yaml");
        Files.writeString(written, """
                pipeline: %s
                from: { files: { path: %s } }
                columns: { user: VARCHAR NOT NULL, value: BIGINT NOT NULL }
                transform: %s
                into: { postgres: { table: %s%s } }
                """.formatted(
                        name, file, QUERIES.get(kind), name, kind.equals("totals") ? ", key: [user_id]" : ""));
        if (!(new PipelineLoader(Connectors.installed()).load(written, Map.of(), Map.of())
                instanceof Loaded.Ok(Pipeline pipeline))) {
            throw new IllegalStateException("the pipeline is not valid");
        }
        Path home = folder.resolve("home");
        try (Source source = pipeline.openSource(home);
                Sink sink = pipeline.file().into().open(new SinkConnector.Context(name, home, Map.of()))) {
            Job job = new Job(
                    name,
                    pipeline.plan(),
                    pipeline.shape(),
                    null,
                    null,
                    source,
                    sink,
                    pipeline.lanes(),
                    new Job.CommitPolicy(
                            pipeline.commit().every(),
                            pipeline.commit().memory().bytes()),
                    null,
                    null);
            return new Run(job, name + System.nanoTime(), RunListener.NONE, InstantSource.system(), new Random())
                    .execute();
        }
    }

    /** Users by turns, half of them odd; a single event of a user "bad" in the middle. */
    private static void write(Path file, int records) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < records; i++) {
                int user = (int) (i * 7919L % USERS);
                String name = i == records / 2 ? "bad" : (i % 2 == 0 ? "even" : "odd") + user;
                out.write("{\"user\":\"" + name + "\",\"value\":" + i + ",\"more\":\"something that is not read\"}\n");
            }
        }
    }
}
