package io.millrace.connectors.postgres;

import static io.millrace.connectors.postgres.Rows.batch;
import static io.millrace.connectors.postgres.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Commit;
import io.millrace.api.Offset;
import io.millrace.api.Sink;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Counting;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import io.millrace.connectors.postgres.Audit.TableCount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The books against the table that they are about. */
final class AuditTest {

    private static final TestServer.Database DATABASE = TestServer.Database.create();

    private static final List<Col> KEYED =
            List.of(new Col("k", Type.VARCHAR, false, Merge.KEY), new Col("n", Type.BIGINT, false, Merge.ADD));

    private static final TableShape COUNTED =
            new TableShape(KEYED, List.of(), Mode.MERGE, null, new Counting.Column(1));

    private static final TableShape SUMMED = new TableShape(KEYED, List.of(), Mode.MERGE, null);

    private static final TableShape EVERY = new TableShape(
            List.of(new Col("n", Type.BIGINT, true, Merge.VALUE)),
            List.of(),
            Mode.APPEND,
            null,
            new Counting.Rows(false));

    private static final TableShape LATEST = new TableShape(
            List.of(new Col("k", Type.VARCHAR, false, Merge.KEY), new Col("n", Type.BIGINT, false, Merge.VALUE)),
            List.of(),
            Mode.UPSERT,
            null,
            new Counting.Rows(true));

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
        return Objects.requireNonNull(destination);
    }

    private static Audit audit(String pipeline) throws Exception {
        Audit all = Audit.of(there(), pipeline);
        List<String> parts = new ArrayList<>();
        for (Audit.Part part : Audit.Part.values()) {
            parts.addAll(Audit.faults(there(), pipeline, part, Duration.ofSeconds(60))
                    .orElseThrow());
        }
        assertThat(parts).isEqualTo(all.faults());
        return all;
    }

    private static TableCount.Compared compared(Audit audit) {
        return (TableCount.Compared) Objects.requireNonNull(audit.table());
    }

    /** Counts how often each key comes, from one offset to the next. */
    private static void count(Sink sink, int from, String... keys) throws Exception {
        Sink.Staging staging = sink.stage(COUNTED);
        for (String key : keys) {
            staging.add(batch(COUNTED, row(key, 1)));
        }
        sink.commit(new Commit(
                "run",
                List.of(staging),
                List.of(new Commit.Move(
                        "s",
                        from == 0 ? null : new Offset(Integer.toString(from)),
                        new Offset(Integer.toString(from + 1)),
                        new Commit.Counts(keys.length, keys.length, 0, 0),
                        List.of()))));
    }

    private static Sink sink(String pipeline, String table, TableShape shape) throws Exception {
        Sink sink = Pipeline.open(DATABASE.url(), pipeline, table);
        sink.prepare(shape);
        return sink;
    }

    @Test
    void nothingIsComparedWhereNothingIs() throws Exception {
        TestServer.Database fresh = TestServer.Database.create();
        try (PostgresDestination empty = PostgresDestination.open(fresh.environment(), TestServer.HOME)) {
            assertThat(Audit.of(empty, "p")).isEqualTo(new Audit(Ledger.NOTHING, List.of(), 0, null, List.of()));
        } finally {
            fresh.drop();
        }
    }

    @Test
    void theCountsOfATotalAddUpToTheRecordsLoaded() throws Exception {
        try (Sink sink = sink("counted", "counted", COUNTED)) {
            count(sink, 0, "a", "b", "a");
            count(sink, 1, "c");
            assertThat(audit("counted").faults()).isEmpty();
            assertThat(compared(audit("counted")))
                    .isEqualTo(new TableCount.Compared("public.counted", "n", false, List.of("counted"), 0, 4, 4));

            DATABASE.execute("DELETE FROM counted WHERE k = 'a'");
            assertThat(audit("counted").faults())
                    .singleElement()
                    .asString()
                    .contains("public.counted", "sum of its column n is 2, and 4 records were loaded", "2 too few")
                    .contains("SELECT sum(\"n\") FROM \"public\".\"counted\"");
        }
    }

    @Test
    void rowsThatAreOnlyAddedAreCounted() throws Exception {
        try (Pipeline pipeline = Pipeline.into(DATABASE, "every", EVERY)) {
            pipeline.commit(batch(EVERY, row(1), row(2)));
            assertThat(audit("every").faults()).isEmpty();
            DATABASE.execute("INSERT INTO every VALUES (7)");
            assertThat(audit("every").faults())
                    .singleElement()
                    .asString()
                    .contains("number of its rows is 3", "1 too many");
        }
    }

    @Test
    void rowsThatReplaceOthersAreAtMostTheRecordsLoaded() throws Exception {
        try (Pipeline pipeline = Pipeline.into(DATABASE, "latest", LATEST)) {
            pipeline.commit(batch(LATEST, row("a", 1)));
            pipeline.commit(batch(LATEST, row("a", 2)));
            assertThat(audit("latest").faults()).isEmpty();
            DATABASE.execute("INSERT INTO latest VALUES ('x', 1), ('y', 1)");
            assertThat(audit("latest").faults()).singleElement().asString().contains("1 too many");
        }
    }

    @Test
    void whatATableCountedBeforeIsNotCountedAgain() throws Exception {
        DATABASE.execute("CREATE TABLE inherited (k text PRIMARY KEY, n bigint NOT NULL)");
        DATABASE.execute("INSERT INTO inherited VALUES ('a', 40), ('z', 2)");
        for (int i = 0; i < 2; i++) {
            try (Sink sink = sink("heir", "inherited", COUNTED)) {
                count(sink, i, "a", "b");
            }
        }
        assertThat(audit("heir").faults()).isEmpty();
        assertThat(compared(audit("heir")).before()).isEqualTo(42);
        assertThat(compared(audit("heir")).loaded()).isEqualTo(4);
    }

    @Test
    void severalPipelinesThatFillATableAreCheckedTogether() throws Exception {
        try (Sink one = sink("one", "shared", COUNTED)) {
            count(one, 0, "a");
            try (Sink two = sink("two", "shared", COUNTED)) {
                count(two, 0, "a", "b");
                count(one, 1, "b");
            }
        }
        assertThat(audit("one").faults()).isEmpty();
        assertThat(compared(audit("two")).pipelines()).containsExactly("one", "two");
        assertThat(compared(audit("two")).loaded()).isEqualTo(4);

        try (Sink three = sink("three", "shared", SUMMED)) {
            count(three, 0, "a");
        }
        assertThat(Objects.requireNonNull(audit("one").table()))
                .isInstanceOfSatisfying(
                        TableCount.NotCompared.class,
                        not -> assertThat(not.why()).contains("one, three, two", "differently"));
        assertThat(audit("one").faults()).isEmpty();
    }

    @Test
    void aPipelineThatGoesOnToAnotherTableAndBackIsCheckedAgainstWhatItLoadedThere() throws Exception {
        try (Sink sink = sink("mover", "first_place", COUNTED)) {
            count(sink, 0, "a");
        }
        try (Sink sink = sink("mover", "second_place", COUNTED)) {
            count(sink, 1, "a", "b");
            assertThat(compared(audit("mover")).table()).isEqualTo("public.second_place");
            assertThat(compared(audit("mover")).loaded()).isEqualTo(2);
        }
        try (Sink sink = sink("mover", "first_place", COUNTED)) {
            count(sink, 2, "c");
            assertThat(compared(audit("mover")).loaded()).isEqualTo(2);
        }
        assertThat(audit("mover").faults()).isEmpty();
    }

    @Test
    void aPipelineThatCountsAnotherWayFromNowOnIsCheckedFromThere() throws Exception {
        try (Sink sink = sink("changed", "changed", SUMMED)) {
            count(sink, 0, "a");
            assertThat(Objects.requireNonNull(audit("changed").table())).isInstanceOf(TableCount.NotCompared.class);
        }
        try (Sink sink = sink("changed", "changed", COUNTED)) {
            count(sink, 1, "a", "b");
        }
        assertThat(compared(audit("changed")))
                .isEqualTo(new TableCount.Compared("public.changed", "n", false, List.of("changed"), 1, 2, 3));
        assertThat(audit("changed").faults()).isEmpty();
    }

    @Test
    void aTableThatWasDroppedIsMissedAndBeginsAnew() throws Exception {
        try (Sink sink = sink("dropped", "dropped", COUNTED)) {
            count(sink, 0, "a");
        }
        DATABASE.execute("DROP TABLE dropped");
        assertThat(audit("dropped").faults()).singleElement().asString().contains("is not there");
        try (Sink sink = sink("dropped", "dropped", COUNTED)) {
            count(sink, 1, "a", "b");
        }
        assertThat(audit("dropped").faults()).isEmpty();
        assertThat(compared(audit("dropped")).loaded()).isEqualTo(2);
    }

    @Test
    void whatATableHasNowCanBeTakenAsRight() throws Exception {
        try (Sink sink = sink("accepted", "accepted", COUNTED)) {
            count(sink, 0, "a", "b", "b");
        }
        DATABASE.execute("DELETE FROM accepted WHERE k = 'b'");
        assertThat(audit("accepted").faults()).hasSize(1);

        DATABASE.execute("DELETE FROM millrace.pipeline WHERE pipeline = 'accepted'");
        assertThat(audit("accepted").faults()).isEmpty();
        assertThat(audit("accepted").table()).isNull();
        try (Sink sink = sink("accepted", "accepted", COUNTED)) {
            count(sink, 1, "c");
        }
        assertThat(audit("accepted").faults()).isEmpty();
        assertThat(compared(audit("accepted")))
                .isEqualTo(new TableCount.Compared("public.accepted", "n", false, List.of("accepted"), 1, 1, 2));
    }

    /** As an older Millrace left it. */
    @Test
    void booksThatDoNotSayWhichTableTheyAreAboutAreCheckedWithoutIt() throws Exception {
        TestServer.Database older = TestServer.Database.create();
        try (Sink sink = Pipeline.open(older.url(), "p", "t");
                PostgresDestination at = PostgresDestination.open(older.environment(), TestServer.HOME)) {
            sink.prepare(COUNTED);
            count(sink, 0, "a");
            older.execute("DROP TABLE millrace.pipeline");
            Audit audit = Audit.of(at, "p");
            assertThat(audit.table()).isNull();
            assertThat(audit.ledger().counts().loaded()).isEqualTo(1);
            assertThat(audit.faults()).isEmpty();
        } finally {
            older.drop();
        }
    }

    @Test
    void whatIsInTheQuarantineWithoutACommitIsAFault() throws Exception {
        try (Pipeline pipeline = Pipeline.into(DATABASE, "kept", EVERY)) {
            pipeline.commit(batch(EVERY, row(1)));
        }
        DATABASE.execute("INSERT INTO millrace.quarantine (pipeline, split, position, stage, code, message, raw, run)"
                + " VALUES ('kept', 's', '1', 'decode', 'x', 'x', '', 'r')");
        assertThat(audit("kept").faults())
                .containsExactly(
                        "its commits put 0 records into the quarantine, which holds 1: 1 record came there by no"
                                + " commit; look at millrace.quarantine");
    }
}
