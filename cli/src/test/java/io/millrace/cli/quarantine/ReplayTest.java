package io.millrace.cli.quarantine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Commit;
import io.millrace.api.Commit.Counts;
import io.millrace.api.Commit.Move;
import io.millrace.api.Offset;
import io.millrace.api.Quarantine;
import io.millrace.api.Rejection;
import io.millrace.api.RowsRefusedException;
import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import io.millrace.api.SinkUnavailableException;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.Type;
import io.millrace.connectors.memory.MemoryDatabase;
import io.millrace.engine.run.Condition;
import io.millrace.engine.run.Discard;
import io.millrace.engine.run.Edit;
import io.millrace.engine.run.Job;
import io.millrace.engine.run.Replay;
import io.millrace.engine.run.Rereads;
import io.millrace.engine.run.RunListener;
import io.millrace.formats.KeptReader;
import io.millrace.sql.Compiled;
import io.millrace.sql.SqlCompiler;
import io.millrace.sql.plan.Plan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Records leave the quarantine once, with what becomes of them, whatever happens in between. */
class ReplayTest {

    private static final String PIPELINE = "p";
    private static final String TABLE = "t";
    private static final Rereads JSON = (split, kept, projection) -> new KeptReader(kept, projection);

    private static final Plan TOTALS =
            plan("SELECT k, SUM(CAST(n AS BIGINT)) AS total FROM input WHERE n <> '13' GROUP BY k");
    private static final TableShape TOTALS_SHAPE = new TableShape(
            List.of(
                    new TableShape.Col("k", Type.VARCHAR, false, Merge.KEY),
                    new TableShape.Col("total", new Type.Decimal(38, 0), true, Merge.ADD)),
            List.of(),
            TableShape.Mode.MERGE,
            null);

    private final MemoryDatabase database = new MemoryDatabase();

    private static Plan plan(String sql) {
        return switch (SqlCompiler.compile(sql, List.of())) {
            case Compiled.Ok ok -> ok.plan();
            case Compiled.Refused(var problems) -> throw new AssertionError(problems.toString());
        };
    }

    private Sink sink() {
        return database.open(PIPELINE, TABLE);
    }

    /** Puts records into the quarantine, dealt to two splits. */
    private void quarantine(List<String> records) throws Exception {
        for (int split = 0; split < 2; split++) {
            List<Rejection> rejected = new ArrayList<>();
            for (int i = split; i < records.size(); i += 2) {
                rejected.add(new Rejection(
                        Rejection.Stage.DECODE,
                        "malformed_json",
                        null,
                        "once upon a time",
                        Integer.toString(i),
                        records.get(i).getBytes(StandardCharsets.UTF_8)));
            }
            try (Sink sink = sink()) {
                sink.prepare(TOTALS_SHAPE);
                sink.commit(new Commit(
                        "run",
                        List.of(),
                        List.of(new Move(
                                "s" + split,
                                null,
                                new Offset("end"),
                                new Counts(rejected.size(), 0, 0, rejected.size()),
                                rejected))));
            }
        }
    }

    private static List<String> records(int count) {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add("{\"k\":\"k" + i % 7 + "\",\"n\":" + (i % 50) + "}");
        }
        return records;
    }

    private static Replay replay(Sink sink, @Nullable Condition where, @Nullable Edit edit, boolean dry) {
        return new Replay(
                new Job(
                        PIPELINE,
                        TOTALS,
                        TOTALS_SHAPE,
                        null,
                        null,
                        Replay.NO_SOURCE,
                        sink,
                        1,
                        new Job.CommitPolicy(Duration.ZERO, 1 << 20),
                        null,
                        null),
                JSON,
                new Replay.Choice(Quarantine.Filter.ALL, where, edit),
                "replay",
                dry,
                new Replay.Watcher() {},
                InstantSource.system(),
                new Random(1));
    }

    private List<List<@Nullable String>> rows() {
        return database.table(TABLE).orElseThrow().rows();
    }

    private Counts ledger() {
        return database.ledger(PIPELINE).stream()
                .map(MemoryDatabase.Entry::counts)
                .reduce(Counts.NONE, Counts::plus);
    }

    /** What the table must hold when all of the records are loaded. */
    private static List<List<String>> expected(int count) {
        long[] totals = new long[7];
        for (int i = 0; i < count; i++) {
            totals[i % 7] += i % 50 == 13 ? 0 : i % 50;
        }
        List<List<String>> rows = new ArrayList<>();
        for (int k = 0; k < 7; k++) {
            rows.add(List.of("k" + k, Long.toString(totals[k])));
        }
        return rows;
    }

    @Test
    void whatIsMendedIsLoadedOrFilteredAndWhatIsNotStaysWithItsNewReason() throws Exception {
        List<String> records = new ArrayList<>(records(100));
        records.add("{\"k\":\"x\",\"n\":\"many\"}");
        records.add("not json");
        quarantine(records);

        Replay.Summary summary = replay(sink(), null, null, false).execute();

        assertThat(summary.counts()).isEqualTo(new Counts(0, 98, 2, 0, -100, 0));
        assertThat(summary.failed()).isEqualTo(2);
        assertThat(rows()).containsExactlyInAnyOrderElementsOf(expected(100));
        assertThat(database.quarantine(PIPELINE))
                .extracting(entry -> entry.rejection().code())
                .containsExactlyInAnyOrder("invalid_cast", "malformed_json");
        assertThat(ledger()).isEqualTo(new Counts(102, 98, 2, 2));
    }

    @Test
    void aDryRunChangesNothing() throws Exception {
        quarantine(records(100));

        Replay.Summary summary = replay(sink(), null, null, true).execute();

        assertThat(summary.counts().loaded()).isEqualTo(98);
        assertThat(rows()).isEmpty();
        assertThat(ledger()).isEqualTo(new Counts(100, 0, 0, 100));
    }

    /** A sink whose commits meet something. */
    private record Meeting(Sink sink, Commits commits) implements Sink {
        interface Commits {
            Commit.Account commit(Sink sink, Commit commit) throws SinkException, InterruptedException;
        }

        @Override
        public List<String> prepare(TableShape shape) throws SinkException, InterruptedException {
            return sink.prepare(shape);
        }

        @Override
        public Map<String, Offset> progress() throws SinkException, InterruptedException {
            return sink.progress();
        }

        @Override
        public Staging stage(TableShape shape) {
            return sink.stage(shape);
        }

        @Override
        public Commit.Account commit(Commit commit) throws SinkException, InterruptedException {
            return commits.commit(sink, commit);
        }

        @Override
        public Quarantine quarantine() {
            return sink.quarantine();
        }

        @Override
        public void close() {
            sink.close();
        }
    }

    @Test
    void aReplayThatDiesIsRepeatedAndNothingDoubles() throws Exception {
        quarantine(records(9_000));
        for (int deadly = 1; deadly <= 3; deadly++) {
            int[] left = {deadly};
            boolean after = deadly % 2 == 0;
            Sink dying = new Meeting(sink(), (sink, commit) -> {
                boolean dies = --left[0] == 0;
                Commit.Account made = !dies || after ? sink.commit(commit) : commit.account();
                if (dies) {
                    throw new IllegalStateException("killed");
                }
                return made;
            });
            Replay replay = replay(dying, null, null, false);
            assertThatThrownBy(replay::execute).hasMessage("killed");
        }
        replay(sink(), null, null, false).execute();

        assertThat(database.quarantine(PIPELINE)).isEmpty();
        assertThat(rows()).containsExactlyInAnyOrderElementsOf(expected(9_000));
        assertThat(ledger()).isEqualTo(new Counts(9_000, 8_820, 180, 0));
    }

    @Test
    void aCommitOfWhichNobodyKnowsWhetherItTookPlaceIsSettled() throws Exception {
        quarantine(records(9_000));
        int[] commits = {0};
        Sink flaky = new Meeting(sink(), (sink, commit) -> {
            int number = commits[0]++;
            if (number == 1) {
                sink.commit(commit);
            }
            if (number == 1 || number == 2) {
                throw new SinkUnavailableException("the server is away");
            }
            return sink.commit(commit);
        });

        Replay.Summary summary = replay(flaky, null, null, false).execute();

        assertThat(summary.counts()).isEqualTo(new Counts(0, 8_820, 180, 0, -9_000, 0));
        assertThat(rows()).containsExactlyInAnyOrderElementsOf(expected(9_000));
        assertThat(database.quarantine(PIPELINE)).isEmpty();
    }

    @Test
    void twoReplaysAtOnceLoadEachRecordOnce() throws Exception {
        quarantine(records(20_000));
        List<Callable<Replay.Summary>> both = List.of(
                () -> replay(sink(), null, null, false).execute(),
                () -> replay(sink(), null, null, false).execute());
        long loaded = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (Future<Replay.Summary> done : threads.invokeAll(both)) {
                loaded += done.get().counts().loaded();
            }
        }

        assertThat(loaded).isEqualTo(19_600);
        assertThat(rows()).containsExactlyInAnyOrderElementsOf(expected(20_000));
        assertThat(database.quarantine(PIPELINE)).isEmpty();
    }

    @Test
    void aRecordThatTheDestinationRefusesStaysAndItsNeighboursAreLoaded() throws Exception {
        quarantine(records(100));
        Set<String> sifted = new HashSet<>();
        Sink refusing = new Meeting(sink(), (sink, commit) -> {
            Commit.Sifting sifting = commit.sifting();
            if (sifting == null) {
                throw new RowsRefusedException("a row is refused", new IllegalStateException("refused"));
            }
            sifted.add(sifting.records() + " records, " + sifting.firstRow(sifting.records()) + " rows");
            // Of the first record nothing is loaded.
            Sink.Staging others = sink.stage(TOTALS_SHAPE);
            return sink.commit(new Commit(
                    commit.run(),
                    List.of(others),
                    sifting.without(List.of(new Commit.Refused(0, "check_violation", "total", "refused")))));
        });

        Replay.Summary summary = replay(refusing, null, null, false).execute();

        assertThat(sifted).containsExactly("98 records, 98 rows");
        assertThat(summary.counts()).isEqualTo(new Counts(0, 97, 2, 0, -99, 0));
        assertThat(summary.failed()).isEqualTo(1);
        assertThat(database.quarantine(PIPELINE)).singleElement().satisfies(entry -> {
            assertThat(entry.rejection().code()).isEqualTo("check_violation");
            assertThat(entry.rejection().stage()).isEqualTo(Rejection.Stage.LOAD);
        });
        assertThat(ledger()).isEqualTo(new Counts(100, 97, 2, 1));
    }

    @Test
    void anEditThatDoesNotFitLeavesTheRecordWhereItIs() throws Exception {
        quarantine(List.of("{\"k\":\"a\",\"n\":\"5 EUR\"}", "{\"k\":\"b\",\"n\":\"six\"}", "[1]"));
        Edit edit = new SqlEdit("n = CAST(REPLACE(n, ' EUR', '') AS INTEGER), k = UPPER(k)", JSON);

        Replay.Summary summary = replay(sink(), null, edit, false).execute();

        assertThat(rows()).containsExactly(List.of("A", "5"));
        assertThat(summary.stayed()).isEqualTo(2);
        assertThat(database.quarantine(PIPELINE))
                .extracting(entry -> new String(entry.rejection().raw(), StandardCharsets.UTF_8))
                .containsExactlyInAnyOrder("{\"k\":\"b\",\"n\":\"six\"}", "[1]");
    }

    @Test
    void whatFailsAfterAnEditKeepsTheBytesThatArrived() throws Exception {
        String arrived = "{\"k\":\"a\",\"n\":\"x\"}";
        quarantine(List.of(arrived));
        Edit edit = PatchEdit.parse("[{\"op\":\"replace\",\"path\":\"/n\",\"value\":\"still none\"}]");

        replay(sink(), null, edit, false).execute();

        assertThat(database.quarantine(PIPELINE))
                .singleElement()
                .satisfies(entry -> assertThat(new String(entry.rejection().raw(), StandardCharsets.UTF_8))
                        .isEqualTo(arrived));
    }

    @Test
    void onlyWhatTheConditionChoosesIsReplayedOrDiscarded() throws Exception {
        quarantine(records(70));
        Condition first = new Condition(SqlText.condition("k = 'k1' OR k = 'k2'"), JSON);
        assertThat(replay(sink(), first, null, false).execute().records()).isEqualTo(20);

        Condition second = new Condition(SqlText.condition("k = 'k3'"), JSON);
        long discarded = new Discard(sink(), Quarantine.Filter.ALL, second, "discard", RunListener.NONE, new Random(1))
                .execute();

        assertThat(discarded).isEqualTo(10);
        assertThat(database.quarantine(PIPELINE)).hasSize(40);
        assertThat(ledger().dropped()).isEqualTo(10);
        assertThat(ledger().balanced()).isTrue();
        Optional<Quarantine.Entry> gone = sink().quarantine().find("s1", "3");
        assertThat(gone).isEmpty();
    }

    @Test
    void aRecordOfWhichOnlyAPartIsThereIsLeftAlone() throws Exception {
        try (Sink sink = sink()) {
            sink.prepare(TOTALS_SHAPE);
            sink.commit(new Commit(
                    "run",
                    List.of(),
                    List.of(new Move(
                            "s",
                            null,
                            new Offset("1"),
                            new Counts(1, 0, 0, 1),
                            List.of(new Rejection(
                                    Rejection.Stage.DECODE,
                                    "record_too_large",
                                    null,
                                    "too large",
                                    "0",
                                    "{\"k\":\"a\",\"n\":1}".getBytes(StandardCharsets.UTF_8)))))));
        }

        assertThat(replay(sink(), null, null, false).execute().stayed()).isEqualTo(1);
        assertThat(database.quarantine(PIPELINE)).hasSize(1);
        assertThat(rows()).isEmpty();
    }
}
