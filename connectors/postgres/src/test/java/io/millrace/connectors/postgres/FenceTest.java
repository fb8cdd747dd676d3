package io.millrace.connectors.postgres;

import static io.millrace.connectors.postgres.Rows.batch;
import static io.millrace.connectors.postgres.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Commit;
import io.millrace.api.FencedException;
import io.millrace.api.Offset;
import io.millrace.api.Sink;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class FenceTest {

    private static final TestServer.Database DATABASE = TestServer.Database.create();

    private static final TableShape COUNTS = new TableShape(
            List.of(new Col("k", Type.VARCHAR, false, Merge.KEY), new Col("n", Type.BIGINT, false, Merge.ADD)),
            List.of(),
            Mode.MERGE,
            null);

    @AfterAll
    static void drop() {
        DATABASE.drop();
    }

    private static Commit one(Sink sink, @Nullable String from, String to) {
        return commit(sink, "s", from, to, List.of("a"));
    }

    private static Commit commit(Sink sink, String split, @Nullable String from, String to, List<String> keys) {
        Sink.Staging staging = sink.stage(COUNTS);
        staging.add(batch(COUNTS, keys.stream().map(key -> row(key, 1)).toList()));
        return new Commit(
                "run",
                List.of(staging),
                List.of(new Commit.Move(
                        split,
                        from == null ? null : new Offset(from),
                        new Offset(to),
                        new Commit.Counts(keys.size(), keys.size(), 0, 0),
                        List.of())));
    }

    @Test
    void commitOfAStaleLaneChangesNothing() throws Exception {
        try (Pipeline pipeline = Pipeline.into(DATABASE, "stale", COUNTS)) {
            Sink sink = pipeline.sink();
            sink.commit(one(sink, null, "1"));

            for (String from : new @Nullable String[] {null, "0", "2"}) {
                assertThatThrownBy(() -> sink.commit(one(sink, from, "9")))
                        .isInstanceOf(FencedException.class)
                        .hasMessageContaining("Split s of pipeline stale is at 1");
            }
            Sink.Staging both = sink.stage(COUNTS);
            assertThatThrownBy(() -> sink.commit(new Commit(
                            "run",
                            List.of(both),
                            List.of(
                                    new Commit.Move("new", null, new Offset("5"), Commit.Counts.NONE, List.of()),
                                    new Commit.Move(
                                            "s", new Offset("7"), new Offset("8"), Commit.Counts.NONE, List.of())))))
                    .isInstanceOf(FencedException.class);

            assertThat(sink.progress()).isEqualTo(Map.of("s", new Offset("1")));
            assertThat(DATABASE.rows("SELECT * FROM stale")).containsExactly("a|1");
            assertThat(DATABASE.rows("SELECT count(*) FROM millrace.ledger WHERE pipeline = 'stale'"))
                    .containsExactly("1");
            sink.commit(one(sink, "1", "2"));
            assertThat(DATABASE.rows("SELECT * FROM stale")).containsExactly("a|2");
        }
    }

    @Test
    void progressWaitsForACommitThatIsStillUnderWayElsewhere() throws Exception {
        try (Pipeline pipeline = Pipeline.into(DATABASE, "in_doubt", COUNTS);
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
                Connection other = DATABASE.connect();
                Statement statement = other.createStatement()) {
            // The backend of a process that was killed after it had sent its last statement.
            other.setAutoCommit(false);
            new Books("in_doubt", new RememberedKeys("in_doubt"))
                    .begin(
                            other,
                            "run",
                            new Commit.Account(
                                    List.of(new Commit.Move("s", null, new Offset("1"), Commit.Counts.NONE, List.of())),
                                    List.of()));

            Future<Map<String, Offset>> progress =
                    executor.submit(() -> pipeline.sink().progress());
            Awaitility.await()
                    .until(() -> DATABASE.rows(
                                            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                                                    + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")
                                    .size()
                            == 1);
            statement.execute("COMMIT");

            assertThat(progress.get()).isEqualTo(Map.of("s", new Offset("1")));
        }
    }

    @Test
    void twoInstancesThatFightOverTheSameSplitsLoadEachRecordOnce() throws Exception {
        int steps = 60;
        Callable<Integer> instance = () -> {
            int fenced = 0;
            try (Sink sink = Pipeline.open(DATABASE.url(), "fought", "fought")) {
                sink.prepare(COUNTS);
                List<String> splits = List.of("s1", "s2", "s3");
                while (true) {
                    Map<String, Offset> progress = sink.progress();
                    List<Commit.Move> moves = new ArrayList<>();
                    Sink.Staging staging = sink.stage(COUNTS);
                    for (String split : splits) {
                        Offset from = progress.get(split);
                        int at = from == null ? 0 : Integer.parseInt(from.text());
                        if (at < steps) {
                            staging.add(batch(COUNTS, row("k" + at % 7, 1), row("all", 1)));
                            moves.add(new Commit.Move(
                                    split,
                                    from,
                                    new Offset(Integer.toString(at + 1)),
                                    new Commit.Counts(2, 2, 0, 0),
                                    List.of()));
                        }
                    }
                    if (moves.isEmpty()) {
                        return fenced;
                    }
                    try {
                        sink.commit(new Commit("run", List.of(staging), moves));
                    } catch (FencedException e) {
                        fenced++;
                    }
                }
            }
        };
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> instances = List.of(executor.submit(instance), executor.submit(instance));
            for (Future<Integer> future : instances) {
                future.get();
            }
        }
        assertThat(DATABASE.rows(
                        "SELECT sum(n) FILTER (WHERE k = 'all'), sum(n) FILTER (WHERE k <> 'all') FROM fought"))
                .containsExactly(3 * steps + "|" + 3 * steps);
        assertThat(DATABASE.rows("SELECT sum(received) FROM millrace.ledger WHERE pipeline = 'fought'"))
                .containsExactly(Integer.toString(2 * 3 * steps));
    }

    @Test
    void lanesThatMergeTheSameKeysAtOnceDoNotWaitForEachOtherInACircle() throws Exception {
        int lanes = 4;
        int commits = 15;
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            keys.add("k" + i);
        }
        try (Pipeline pipeline = Pipeline.into(DATABASE, "circle", COUNTS);
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Sink sink = pipeline.sink();
            List<Future<?>> running = new ArrayList<>();
            for (int lane = 0; lane < lanes; lane++) {
                String split = "lane" + lane;
                running.add(executor.submit(() -> {
                    List<String> mine = new ArrayList<>(keys);
                    java.util.Collections.shuffle(mine, new java.util.Random(split.hashCode()));
                    for (int i = 0; i < commits; i++) {
                        sink.commit(commit(
                                sink, split, i == 0 ? null : Integer.toString(i), Integer.toString(i + 1), mine));
                    }
                    return null;
                }));
            }
            for (Future<?> lane : running) {
                lane.get();
            }
        }
        assertThat(DATABASE.rows("SELECT count(*), min(n), max(n) FROM circle"))
                .containsExactly(keys.size() + "|" + lanes * commits + "|" + lanes * commits);
    }

    @Test
    void instancesThatStartAtOnceOnAnEmptyDatabasePrepareItTogether() throws Exception {
        TestServer.Database fresh = TestServer.Database.create();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> starting = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                starting.add(executor.submit(() -> {
                    try (Sink sink = Pipeline.open(fresh.url(), "together", "other.together")) {
                        sink.prepare(COUNTS);
                    }
                    return null;
                }));
            }
            for (Future<?> start : starting) {
                start.get();
            }
            assertThat(fresh.rows("SELECT count(*) FROM other.together")).containsExactly("0");
            assertThat(
                            fresh.rows(
                                    "SELECT version FROM millrace.flyway_schema_history WHERE version IS NOT NULL ORDER BY installed_rank"))
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, Migrations.NEWEST)
                            .mapToObj(Integer::toString)
                            .toList());
        } finally {
            fresh.drop();
        }
    }
}
