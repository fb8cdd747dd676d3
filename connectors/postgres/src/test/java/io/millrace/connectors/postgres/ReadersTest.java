package io.millrace.connectors.postgres;

import static io.millrace.connectors.postgres.Rows.batch;
import static io.millrace.connectors.postgres.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Commit;
import io.millrace.api.Offset;
import io.millrace.api.Rejection;
import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ReadersTest {

    private static final TestServer.Database DATABASE = TestServer.Database.create();

    private static final TableShape NUMBERS =
            new TableShape(List.of(new Col("n", Type.BIGINT, true, Merge.VALUE)), List.of(), Mode.APPEND, null);

    private static @Nullable PostgresDestination destination;

    @BeforeAll
    static void open() throws Exception {
        destination = PostgresDestination.open(DATABASE.environment(), TestServer.HOME);
    }

    @AfterAll
    static void drop() {
        there().close();
        DATABASE.drop();
    }

    private static PostgresDestination there() {
        return java.util.Objects.requireNonNull(destination);
    }

    private static Rejection rejected(String code, @Nullable String field, int position) {
        return new Rejection(
                Rejection.Stage.DECODE,
                code,
                field,
                "what was \0 found",
                Integer.toString(position),
                "{bad\0".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsNotThereYetIsEmpty() throws Exception {
        TestServer.Database fresh = TestServer.Database.create();
        try (PostgresDestination empty = PostgresDestination.open(fresh.environment(), TestServer.HOME)) {
            assertThat(Ledger.pipelines(empty)).isEmpty();
            assertThat(Ledger.check(empty, "p").splits()).isEmpty();
            assertThat(QuarantineKinds.of(empty, "p")).isEmpty();
        } finally {
            fresh.drop();
        }
    }

    @Test
    void theLedgerAddsUpAndTellsWhereItDoesNot() throws Exception {
        try (Pipeline pipeline = Pipeline.into(DATABASE, "told", NUMBERS)) {
            pipeline.commit(batch(NUMBERS, row(1), row(2)));
            pipeline.commit(batch(NUMBERS, row(3)));
        }
        Ledger.Report report = Ledger.check(there(), "told");
        assertThat(report)
                .isEqualTo(new Ledger.Report(
                        List.of(new Ledger.Total(Pipeline.SPLIT, 2, new Commit.Counts(3, 3, 0, 0), "2")),
                        new Commit.Counts(3, 3, 0, 0),
                        List.of()));
        assertThat(Ledger.pipelines(there())).contains("told");
        List<String> entries = new ArrayList<>();
        Ledger.entries(
                there(),
                "told",
                e -> entries.add(e.from() + "-" + e.to() + " " + e.counts().loaded()));
        assertThat(entries).containsExactly("null-1 2", "1-2 1");

        DATABASE.execute("UPDATE millrace.ledger SET from_offset = '0' WHERE pipeline = 'told' AND to_offset = '2'");
        DATABASE.execute("UPDATE millrace.progress SET \"offset\" = '9' WHERE pipeline = 'told'");
        assertThat(Ledger.check(there(), "told").faults())
                .containsExactly(
                        "split events.jsonl: 1 commits do not begin at the offset where the one before ended",
                        "split events.jsonl stands at offset 9, and its last commit in the ledger ended at 2");
    }

    @Test
    void oldCommitsAreToldTogetherAndTheLedgerStillAddsUp() throws Exception {
        try (Pipeline pipeline = Pipeline.into(DATABASE, "old", NUMBERS)) {
            for (int i = 1; i <= 12; i++) {
                pipeline.commit(batch(NUMBERS, row(i)));
            }
            // Two minutes of long ago, in the second of which another run has the split for a moment, and just now.
            DATABASE.execute("UPDATE millrace.ledger SET committed_at = '2026-01-01 10:00:07Z' WHERE pipeline = 'old'"
                    + " AND to_offset::int <= 4");
            DATABASE.execute("UPDATE millrace.ledger SET committed_at = '2026-01-01 10:01:09Z' WHERE pipeline = 'old'"
                    + " AND to_offset::int BETWEEN 5 AND 10");
            DATABASE.execute(
                    "UPDATE millrace.ledger SET run = 'other' WHERE pipeline = 'old' AND to_offset::int IN (7, 8)");
            Ledger.Report before = Ledger.check(there(), "old");
            assertThat(before.faults()).isEmpty();

            for (int again = 0; again < 2; again++) {
                pipeline.sink().tidy();

                List<String> entries = new ArrayList<>();
                Ledger.entries(
                        there(),
                        "old",
                        e -> entries.add(e.run() + " " + e.from() + "-" + e.to() + " " + e.commits() + " "
                                + e.counts().loaded()));
                assertThat(entries)
                        .containsExactly(
                                "run null-4 4 4",
                                "run 4-6 2 2",
                                "other 6-8 2 2",
                                "run 8-10 2 2",
                                "run 10-11 1 1",
                                "run 11-12 1 1");
                assertThat(Ledger.check(there(), "old")).isEqualTo(before);
            }
            pipeline.commit(batch(NUMBERS, row(13)));
            assertThat(Ledger.check(there(), "old").faults()).isEmpty();
        }
    }

    @Test
    void aRecordIsQuarantinedOnceHoweverOftenItIsWritten() throws Exception {
        try (Pipeline pipeline = Pipeline.into(DATABASE, "bad", NUMBERS)) {
            for (int i = 0; i < 2; i++) {
                Commit.Move move = new Commit.Move(
                        "s",
                        i == 0 ? null : new Offset("1"),
                        new Offset("1"),
                        new Commit.Counts(3, 0, 0, 3),
                        List.of(
                                rejected("malformed_json", null, 1),
                                rejected("out_of_range", "a.b", 2),
                                rejected("out_of_range", "a.b", 3),
                                rejected("another_fault_of_the_same_record", "c", 3)));
                pipeline.sink().commit(new Commit("run", List.of(), List.of(move)));
            }
        }
        assertThat(QuarantineKinds.of(there(), "bad"))
                .containsExactly(
                        new QuarantineKinds.Kind("decode", "out_of_range", "a.b", 2, "what was \uFFFD found"),
                        new QuarantineKinds.Kind("decode", "malformed_json", null, 1, "what was \uFFFD found"));
        assertThat(DATABASE.rows("SELECT DISTINCT encode(raw, 'escape') FROM millrace.quarantine"))
                .containsExactly("{bad\\000");
    }

    @Test
    void aCommitWhoseCountsDoNotBalanceIsRefused() throws Exception {
        try (Pipeline pipeline = Pipeline.into(DATABASE, "unbalanced", NUMBERS)) {
            assertThatThrownBy(() -> pipeline.sink()
                            .commit(new Commit(
                                    "run", List.of(), List.of(pipeline.move(new Commit.Counts(3, 1, 1, 0))))))
                    .isExactlyInstanceOf(SinkException.class)
                    .hasMessageContaining("ledger_balances");
            assertThat(pipeline.sink().progress()).isEmpty();
        }
    }

    @Test
    void aQueryGivesItsRowsAsText() throws Exception {
        try (Query query = Query.run(
                there(),
                "SELECT 1 AS \"One\", 0.10::numeric AS d, true AS b, NULL::text AS nothing, '{\"a\":1}'::jsonb AS j,"
                        + " DATE '2026-01-02' AS day, ARRAY[1,2] AS many FROM generate_series(1, 2500)")) {
            assertThat(query.columns().stream().map(c -> c.name() + " " + c.kind()))
                    .containsExactly(
                            "One NUMBER", "d NUMBER", "b BOOLEAN", "nothing TEXT", "j JSON", "day TEXT", "many TEXT");
            List<@Nullable String> row = query.next();
            assertThat(row).containsExactly("1", "0.10", "true", null, "{\"a\": 1}", "2026-01-02", "{1,2}");
            int rows = 1;
            while (query.next() != null) {
                rows++;
            }
            assertThat(rows).isEqualTo(2500);
        }
    }

    @Test
    void aQueryThatIsWrongIsToldWithItsPlace() {
        assertThatThrownBy(() -> Query.run(there(), "SELECT 1\nFROM nowhere"))
                .isInstanceOf(SinkException.class)
                .hasMessage("The query failed at line 2, column 6: relation \"nowhere\" does not exist");
    }

    @Test
    void aQueryDoesNotWrite() {
        assertThatThrownBy(() -> Query.run(there(), "CREATE TABLE made (n int)"))
                .isInstanceOf(SinkException.class)
                .hasMessage("A query only reads. Use psql to change something.");
    }

    @Test
    void theFirstRowsOfATableAreShownInTheOrderOfItsKey() throws Exception {
        DATABASE.execute("CREATE TABLE \"Shown\" (\"Key\" int, v text)");
        DATABASE.execute("INSERT INTO \"Shown\" VALUES (2, 'b'), (1, 'a'), (3, 'c')");
        try (Query query = Query.table(there(), "Shown", List.of("Key"), 2)) {
            assertThat(query.next()).containsExactly("1", "a");
            assertThat(query.next()).containsExactly("2", "b");
            assertThat(query.next()).isNull();
        }
    }

    @Test
    void aDestinationTellsHowToLookAtItWithoutItsPassword() {
        assertThat(there().psqlCommand())
                .startsWith("psql -h 127.0.0.1 -p ")
                .endsWith(" -U millrace " + DATABASE.name());
        assertThat(there().describe()).startsWith("PostgreSQL at 127.0.0.1:");
        assertThat(there().embedded()).isFalse();
    }
}
