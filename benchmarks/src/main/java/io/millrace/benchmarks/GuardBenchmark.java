package io.millrace.benchmarks;

import io.millrace.connectors.postgres.embedded.EmbeddedPostgres;
import io.millrace.testkit.Launcher;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a contract and the removal of repeats cost a run: the same events with neither, with a contract, with
 * {@code dedupe}, by processes that take turns. {@code GuardBenchmark [EVENTS] [REMEMBERED] [ROUNDS] [VARIANT ...]}.
 *
 * <p>Every event of the file has a key that is new. Before the first round the run that dedupes loads as many others as it
 * is to remember; what a round adds is taken out of the memory again.
 */
public final class GuardBenchmark {

    private static final int USERS = 100_000;

    private static final String COLUMNS =
            "columns: { userId: VARCHAR NOT NULL, name: VARCHAR NOT NULL, value: BIGINT NOT NULL, id: VARCHAR NOT NULL }";

    /** What is compared, and what differs in its pipeline file. The first is the measure. */
    private static final Map<String, String> VARIANTS = new LinkedHashMap<>();

    static {
        VARIANTS.put("plain", COLUMNS);
        VARIANTS.put("contract", "contract: { schema: event.schema.json }");
        VARIANTS.put("contract_strict", "contract: { schema: event.schema.json, additional: quarantine }");
        VARIANTS.put("dedupe", COLUMNS + "\ndedupe: { key: [id], within: 7d }");
    }

    private static final String SCHEMA = """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "type": "object",
              "properties": {
                "userId": { "type": "string", "minLength": 1, "maxLength": 200 },
                "name": { "enum": ["add_revenue", "subtract_revenue"] },
                "value": { "type": "integer", "minimum": 0 },
                "id": { "type": "string", "minLength": 1 }
              },
              "required": ["userId", "name", "value", "id"]
            }
            """;

    private final Path folder;
    private final Launcher launcher;
    private final Connection database;

    private GuardBenchmark(Path folder, Launcher launcher, Connection database) {
        this.folder = folder;
        this.launcher = launcher;
        this.database = database;
    }

    public static void main(String[] arguments) throws Exception {
        int events = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2_000_000;
        int remembered = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000_000;
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
        VARIANTS.keySet()
                .retainAll(
                        arguments.length > 3
                                ? List.of(arguments).subList(3, arguments.length)
                                : List.copyOf(VARIANTS.keySet()));
        Path folder = Files.createTempDirectory(Path.of(System.getProperty("millrace.work")), "guard");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("postgres"))) {
            String url = "postgresql://%s:%s@127.0.0.1:%d/postgres"
                    .formatted(postgres.user(), postgres.password(), postgres.port());
            Launcher launcher = Launcher.ofThisTree(folder).with("MILLRACE_DATABASE_URL", url);
            // Builds what is not built yet.
            launcher.run("version");
            try (Connection database =
                    DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password())) {
                new GuardBenchmark(folder, launcher, database).measure(events, remembered, rounds);
            }
        } finally {
            ScratchFolder.remove(folder);
        }
    }

    private void measure(int events, int remembered, int rounds) throws Exception {
        Files.writeString(folder.resolve("event.schema.json"), SCHEMA);
        for (Map.Entry<String, String> variant : VARIANTS.entrySet()) {
            Files.writeString(folder.resolve(variant.getKey() + ".yaml"), """
                    pipeline: %s
                    from: { files: { path: "${file:none.jsonl}" } }
                    %s
                    transform: |
                      SELECT userId AS user_id,
                             SUM(CASE name WHEN 'add_revenue' THEN value ELSE -value END) AS revenue,
                             COUNT(*) AS events
                      FROM input
                      GROUP BY userId
                    into: { postgres: { table: %s, key: [user_id] } }
                    """.formatted(
                            variant.getKey(), variant.getValue(), variant.getKey()));
        }
        Path before = folder.resolve("before.jsonl");
        write(before, remembered, "old");
        for (String variant : VARIANTS.keySet()) {
            run(variant, before);
        }
        Files.delete(before);
        long last = lastBlock();

        Map<String, List<Double>> seconds = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            Path file = folder.resolve("round" + round + ".jsonl");
            write(file, events, "round" + round);
            for (String variant : VARIANTS.keySet()) {
                double took = run(variant, file);
                forgetAfter(last);
                // The first round warms the caches up.
                if (round > 0) {
                    seconds.computeIfAbsent(variant, v -> new ArrayList<>()).add(took);
                }
            }
            Files.delete(file);
        }
        print(events, remembered, rounds, seconds);
    }

    /** The number of the last block of keys; 0 where there is none. */
    private long lastBlock() throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet row = statement.executeQuery("SELECT coalesce(max(number), 0) FROM millrace.remembered")) {
            row.next();
            return row.getLong(1);
        }
    }

    private void forgetAfter(long block) throws SQLException {
        try (Statement statement = database.createStatement()) {
            if (statement.executeUpdate("DELETE FROM millrace.remembered WHERE number > " + block) > 0) {
                statement.execute("VACUUM millrace.remembered");
            }
        }
    }

    private static void print(int events, int remembered, int rounds, Map<String, List<Double>> seconds) {
        System.out.printf(
                "%,d events a run, %,d keys remembered before, the median of %d rounds%n%n",
                events, remembered, rounds);
        System.out.println("| | seconds | least to most | events/s | time |");
        System.out.println("|---|---|---|---|---|");
        double measure = median(seconds.values().iterator().next());
        seconds.forEach((variant, runs) -> System.out.printf(
                "| %s | %.2f | %.2f to %.2f | %,.0f | × %.2f |%n",
                variant,
                median(runs),
                runs.stream().min(Double::compare).orElseThrow(),
                runs.stream().max(Double::compare).orElseThrow(),
                events / median(runs),
                median(runs) / measure));
    }

    private static double median(List<Double> runs) {
        return runs.stream().sorted().skip(runs.size() / 2).findFirst().orElseThrow();
    }

    private double run(String variant, Path file) throws Exception {
        long start = System.nanoTime();
        Launcher.Result result = launcher.run(
                "run", folder.resolve(variant + ".yaml").toString(), "--set", "file=" + file.getFileName());
        double seconds = (System.nanoTime() - start) / 1e9;
        if (result.exitCode() != 0) {
            throw new IllegalStateException(variant + ": " + result);
        }
        return seconds;
    }

    private static void write(Path file, int events, String prefix) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < events; i++) {
                long user = i * 7919L % USERS;
                out.write("{\"userId\":\"user" + user + "\",\"name\":\"" + (i % 3 == 0 ? "subtract" : "add")
                        + "_revenue\",\"value\":" + i % 1000 + ",\"id\":\"" + prefix + "-" + i + "\"}\n");
            }
        }
    }
}
