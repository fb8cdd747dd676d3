package io.millrace.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Commit.Counts;
import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import io.millrace.engine.run.RunSummary.Outcome;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import io.millrace.sql.plan.Plan;
import io.millrace.sql.plan.Plan.Aggregate;
import io.millrace.sql.plan.Plan.Output;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunTest {

    private static final Expr USER = new Expr.Input(0, Type.VARCHAR);
    private static final Expr N = new Expr.Input(1, Type.BIGINT);

    /** SELECT user, SUM(n) AS total, COUNT(*) AS events FROM input WHERE n <> 13 GROUP BY user. */
    static final Plan TOTALS = new Plan(
            NumberSource.FIELDS,
            List.of(),
            new Expr.Call(Function.NE, List.of(N, new Expr.Literal(Type.BIGINT, 13L)), Type.BOOLEAN),
            List.of(
                    new Output("user", USER, null, Type.VARCHAR, false),
                    new Output("total", N, Aggregate.SUM, Type.decimal(38, 0), true),
                    new Output("events", new Expr.Literal(Type.BIGINT, 1L), Aggregate.COUNT_ROWS, Type.BIGINT, false)),
            List.of(),
            true);

    static final TableShape SHAPE = new TableShape(
            List.of(
                    new Col("user", Type.VARCHAR, false, Merge.KEY),
                    new Col("total", Type.decimal(38, 0), true, Merge.ADD),
                    new Col("events", Type.BIGINT, false, Merge.ADD)),
            List.of(),
            Mode.MERGE,
            null);

    private final MemorySink.Server server = new MemorySink.Server();
    private final List<String> heard = new ArrayList<>();

    @Test
    void aRunLoadsEverythingOnceAndSaysWhatBecameOfIt() throws Exception {
        NumberSource source = new NumberSource(5, 1_000, 64);

        RunSummary summary = run(source, 2, Duration.ofSeconds(10));

        assertThat(summary.outcome()).isEqualTo(Outcome.DONE);
        assertThat(summary.counts()).isEqualTo(new Counts(5_000, 4_949, 1, 50));
        assertThat(summary.reasons()).containsExactly(Map.entry("bad", 50L));
        assertThat(table()).isEqualTo(expected(source));
        assertThat(server.ledger.get("p")).isEqualTo(summary.counts());
        assertThat(server.quarantine.get("p")).hasSize(50);
    }

    @Test
    void aSecondRunFindsNothingToDo() throws Exception {
        NumberSource source = new NumberSource(3, 500, 64);
        run(source, 2, Duration.ofSeconds(10));

        RunSummary again = run(source, 2, Duration.ofSeconds(10));

        assertThat(again.counts()).isEqualTo(Counts.NONE);
        assertThat(again.commits()).isZero();
        assertThat(table()).isEqualTo(expected(source));
    }

    @Test
    void lanesThatReadTheSameKeysShareACommit() throws Exception {
        RunSummary summary = run(new NumberSource(8, 1_000, 64), 4, Duration.ofSeconds(10));

        assertThat(summary.commits()).isLessThanOrEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theTableIsExactWhicheverCommitsAreCutOff(long seed) throws Exception {
        Random random = new Random(seed);
        server.faults = (commit, applied) -> {
            if (random.nextInt(4) == 0) {
                throw MemorySink.away();
            }
        };
        NumberSource source = new NumberSource(6, 600, 16);

        RunSummary summary = run(source, 3, Duration.ZERO);

        assertThat(summary.outcome()).isEqualTo(Outcome.DONE);
        assertThat(summary.counts().received()).isEqualTo(3_600);
        assertThat(table()).isEqualTo(expected(source));
        assertThat(heard).contains("away", "back");
    }

    @Test
    void aRunThatIsFencedOffStartsOverFromWhatIsThere() throws Exception {
        NumberSource source = new NumberSource(4, 500, 16);
        server.faults = (commit, applied) -> {
            if (commit == 2 && !applied) {
                server.faults = MemorySink.NONE;
                // Another instance reads everything while this one is about to commit.
                try {
                    new Run(
                                    job(source, 1, Duration.ofSeconds(10)),
                                    "other",
                                    RunListener.NONE,
                                    InstantSource.system(),
                                    new Random(0))
                            .execute();
                } catch (java.io.IOException e) {
                    throw new SinkException("the other instance failed", e);
                }
            }
        };

        RunSummary summary = run(source, 2, Duration.ZERO);

        assertThat(heard).contains("fenced");
        assertThat(summary.outcome()).isEqualTo(Outcome.DONE);
        assertThat(table()).isEqualTo(expected(source));
        assertThat(Objects.requireNonNull(server.ledger.get("p")).received()).isEqualTo(2_000);
    }

    @Test
    void twoInstancesAtOnceLoadEverythingOnce() throws Exception {
        NumberSource source = new NumberSource(10, 400, 16);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread other = Thread.ofPlatform().start(() -> {
            try {
                run(source, 2, Duration.ZERO);
            } catch (Exception | Error e) {
                failure.set(e);
            }
        });
        run(source, 2, Duration.ZERO);
        other.join();

        assertThat(failure.get()).isNull();
        assertThat(table()).isEqualTo(expected(source));
    }

    @Test
    void aRunThatIsStoppedCommitsWhatItHasReadAndCanBeTakenUp() throws Exception {
        NumberSource source = new NumberSource(4, 1_000, 16);
        Run run = newRun(source, 2, Duration.ofSeconds(10));
        source.reading = n -> {
            if (n >= 500) {
                run.stop();
            }
        };

        RunSummary stopped = run.execute();

        assertThat(stopped.outcome()).isEqualTo(Outcome.STOPPED);
        assertThat(stopped.counts().received()).isBetween(1L, 3_999L);
        source.reading = n -> {};
        run(source, 2, Duration.ofSeconds(10));
        assertThat(table()).isEqualTo(expected(source));
    }

    @Test
    void aRunThatIsStoppedWhileTheDestinationIsAwayEnds() throws Exception {
        NumberSource source = new NumberSource(2, 100, 16);
        AtomicReference<@Nullable Run> run = new AtomicReference<>();
        server.faults = (commit, applied) -> {
            Objects.requireNonNull(run.get()).stop();
            throw MemorySink.away();
        };
        run.set(newRun(source, 1, Duration.ZERO));

        RunSummary summary = Objects.requireNonNull(run.get()).execute();

        assertThat(summary.outcome()).isEqualTo(Outcome.STOPPED);
        assertThat(summary.counts()).isEqualTo(Counts.NONE);
    }

    @Test
    void aSplitThatCantBeReadDoesNotCostTheOthers() throws Exception {
        NumberSource source = new NumberSource(4, 1_000, 100);
        source.brokenSplit = 1;

        RunSummary summary = run(source, 2, Duration.ofSeconds(10));

        assertThat(summary.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(summary.failures()).singleElement().asString().contains("split-1", "torn in the middle");
        assertThat(summary.counts().received()).isEqualTo(3_500);
        source.brokenSplit = -1;
        run(source, 2, Duration.ofSeconds(10));
        assertThat(table()).isEqualTo(expected(source));
    }

    @Test
    void aDestinationThatRefusesForGoodEndsTheRun() {
        server.faults = (commit, applied) -> {
            throw new SinkException("no such table");
        };

        assertThatThrownBy(() -> run(new NumberSource(4, 1_000, 100), 2, Duration.ZERO))
                .isInstanceOf(SinkException.class)
                .hasMessage("no such table");
    }

    @Test
    void aBugInALaneIsNotSwallowed() {
        NumberSource source = new NumberSource(4, 1_000, 100);
        source.reading = n -> {
            if (n > 1_200) {
                throw new IllegalArgumentException("a bug");
            }
        };

        assertThatThrownBy(() -> run(source, 2, Duration.ofSeconds(10))).hasRootCauseMessage("a bug");
    }

    private RunSummary run(NumberSource source, int lanes, Duration every) throws Exception {
        return newRun(source, lanes, every).execute();
    }

    private Run newRun(NumberSource source, int lanes, Duration every) {
        RunListener listener = new RunListener() {
            @Override
            public void destinationAway(SinkException reason, Duration wait) {
                heard.add("away");
            }

            @Override
            public void destinationBack() {
                heard.add("back");
            }

            @Override
            public void fenced(SinkException reason) {
                heard.add("fenced");
            }
        };
        return new Run(job(source, lanes, every), "run", listener, InstantSource.system(), new Random(0));
    }

    private Job job(NumberSource source, int lanes, Duration every) {
        return new Job(
                "p",
                TOTALS,
                SHAPE,
                null,
                null,
                source,
                new MemorySink(server, "p", "t"),
                lanes,
                new Job.CommitPolicy(every, 1L << 20),
                null,
                null);
    }

    private Map<String, List<BigDecimal>> table() {
        Map<String, List<BigDecimal>> table = new TreeMap<>();
        for (@Nullable
        Object[] row : Objects.requireNonNull(server.tables.get("t")).rows().values()) {
            table.put(String.valueOf(row[0]), List.of((BigDecimal) Objects.requireNonNull(row[1]), (BigDecimal)
                    Objects.requireNonNull(row[2])));
        }
        return table;
    }

    private static Map<String, List<BigDecimal>> expected(NumberSource source) {
        Map<String, List<BigDecimal>> expected = new TreeMap<>();
        source.numbers()
                .filter(n -> !NumberSource.bad(n) && n != 13)
                .forEach(n -> expected.merge(
                        NumberSource.user(n),
                        List.of(BigDecimal.valueOf(n), BigDecimal.ONE),
                        (a, b) -> List.of(a.get(0).add(b.get(0)), a.get(1).add(b.get(1)))));
        return expected;
    }
}
