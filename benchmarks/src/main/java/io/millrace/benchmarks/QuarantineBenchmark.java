package io.millrace.benchmarks;

import io.millrace.api.Quarantine;
import io.millrace.api.Quarantine.Filter;
import io.millrace.api.Quarantine.Order;
import io.millrace.api.Sink;
import io.millrace.api.SinkConnector;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.Type;
import io.millrace.connectors.postgres.Ledger;
import io.millrace.connectors.postgres.PostgresConfig;
import io.millrace.connectors.postgres.PostgresConnector;
import io.millrace.connectors.postgres.PostgresDestination;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How long it takes to look into a quarantine of millions: {@code QuarantineBenchmark [RECORDS]}. The records are put
 * there by the server itself; what is measured is what {@code millrace quarantine} asks.
 */
public final class QuarantineBenchmark {

    private static final int PAGE = 21;
    private static final int ROUNDS = 11;
    private static final String PIPELINE = "millions";

    private QuarantineBenchmark() {}

    /** What is asked. */
    private interface Question {
        long ask() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        long records = args.length > 0 ? Long.parseLong(args[0]) : 10_000_000;
        Path home = Files.createTempDirectory("millrace-quarantine");
        try {
            measure(home, records);
        } finally {
            ScratchFolder.remove(home);
        }
    }

    private static void measure(Path home, long records) throws Exception {
        try (PostgresDestination destination = PostgresDestination.open(Map.of(), home);
                Sink table = new PostgresConnector()
                        .open(
                                new PostgresConfig("millions", List.of(), null, Set.of(), null),
                                new SinkConnector.Context(PIPELINE, home, Map.of()));
                Sink books = PostgresConnector.books(PostgresDestination.attach(Map.of(), home), PIPELINE)) {
            table.prepare(new TableShape(
                    List.of(new TableShape.Col("id", Type.BIGINT, false, Merge.VALUE)),
                    List.of(),
                    TableShape.Mode.APPEND,
                    null));
            long start = System.nanoTime();
            fill(destination, records);
            System.out.printf("%,d records put there in %.1f s%n", records, (System.nanoTime() - start) / 1e9);

            Quarantine quarantine = books.quarantine();
            measure("first page, newest first", () -> page(quarantine, Filter.ALL, Order.NEWEST_FIRST, null));
            measure("first page, oldest first", () -> page(quarantine, Filter.ALL, Order.OLDEST_FIRST, null));
            measure("a page in the middle", () -> page(quarantine, Filter.ALL, Order.NEWEST_FIRST, records / 2));
            measure(
                    "first page of a reason that 1 in 1,000 has",
                    () -> page(quarantine, new Filter("wrong_type", null, null), Order.NEWEST_FIRST, null));
            measure(
                    "first page of a field that 1 in 1,000 has",
                    () -> page(quarantine, new Filter(null, "value", null), Order.NEWEST_FIRST, null));
            measure(
                    "first page of the last hour",
                    () -> page(
                            quarantine,
                            new Filter(null, null, Instant.now().minusSeconds(3_600)),
                            Order.NEWEST_FIRST,
                            null));
            measure(
                    "one record by its place",
                    () -> quarantine
                            .find("s", Long.toString(records / 2))
                            .orElseThrow()
                            .number());
            measure("how many there are", () -> Ledger.quarantined(destination).size());
        }
    }

    private static long page(Quarantine quarantine, Filter filter, Order order, @Nullable Long after) throws Exception {
        return quarantine.page(filter, order, after, PAGE).size();
    }

    private static void fill(PostgresDestination destination, long records) throws Exception {
        try (Connection connection = destination.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    INSERT INTO millrace.quarantine (pipeline, split, position, stage, code, field, message, raw, run)
                    SELECT '%s', 's', n::text, 'decode',
                           CASE WHEN n %% 1000 = 0 THEN 'wrong_type' ELSE 'malformed_json' END,
                           CASE WHEN n %% 1000 = 0 THEN 'value' END,
                           'byte 12: expected a value, found a letter',
                           convert_to('{"userId":"user' || n %% 100000 || '","value":x' || n || '}', 'UTF8'), 'run'
                    FROM generate_series(1, %d) n
                    """.formatted(PIPELINE, records));
            statement.execute("""
                    INSERT INTO millrace.ledger (pipeline, split, commit_number, run, to_offset, received, loaded, filtered,
                                                 quarantined)
                    VALUES ('%s', 's', 1, 'run', 'end', %d, 0, 0, %d)
                    """.formatted(PIPELINE, records, records));
            statement.execute("ANALYZE millrace.quarantine");
        }
    }

    private static void measure(String what, Question question) throws Exception {
        double[] millis = new double[ROUNDS];
        double first = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            question.ask();
            millis[round] = (System.nanoTime() - start) / 1e6;
            first = round == 0 ? millis[0] : first;
        }
        Arrays.sort(millis);
        System.out.printf(
                "%-45s %9.2f ms (first %.2f, worst %.2f)%n", what, millis[ROUNDS / 2], first, millis[ROUNDS - 1]);
    }
}
