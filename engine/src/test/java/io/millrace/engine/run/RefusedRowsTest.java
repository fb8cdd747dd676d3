package io.millrace.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Commit;
import io.millrace.api.Commit.Counts;
import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import io.millrace.engine.run.RunSummary.Outcome;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Plan;
import io.millrace.sql.plan.Plan.Output;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a destination refuses goes to the quarantine, and nothing else does. */
class RefusedRowsTest {

    private static final int PER_SPLIT = 1_000;

    /** SELECT user, n FROM input. */
    static final Plan EVERY = new Plan(
            NumberSource.FIELDS,
            List.of(),
            null,
            List.of(
                    new Output("user", new Expr.Input(0, Type.VARCHAR), null, Type.VARCHAR, true),
                    new Output("n", new Expr.Input(1, Type.BIGINT), null, Type.BIGINT, true)),
            List.of(),
            false);

    static final TableShape EVERY_SHAPE = new TableShape(
            List.of(new Col("user", Type.VARCHAR, true, Merge.VALUE), new Col("n", Type.BIGINT, true, Merge.VALUE)),
            List.of(),
            Mode.APPEND,
            null);

    private final MemorySink.Server server = new MemorySink.Server();
    private int refusals;
    private Counts heard = Counts.NONE;
    private long heardRows;

    @ParameterizedTest
    @CsvSource({"5000, 0", "5000, 1", "5000, 4998", "2, 0", "2, 1", "1, 0", "37, 5"})
    void exactlyTheRefusedRecordsArePutAside(int every, int at) throws Exception {
        NumberSource source = new NumberSource(5, PER_SPLIT, 64);
        LongPredicate refused = n -> n % every == at;
        refuseNumbers(refused);

        Run run = run(EVERY, EVERY_SHAPE, source, Duration.ofSeconds(10), "run");
        RunSummary summary = run.execute();

        long bad = source.numbers().filter(NumberSource::bad).count();
        long taken = assertEvery(source, refused);
        assertThat(summary.outcome()).isEqualTo(Outcome.DONE);
        assertThat(summary.counts()).isEqualTo(new Counts(5_000, taken, 0, 5_000 - taken));
        assertThat(summary.reasons().getOrDefault("refused", 0L)).isEqualTo(5_000 - taken - bad);
        assertThat(summary.bytes()).isEqualTo(5_000);
        assertThat(run.progress().rejected()).isEqualTo(5_000 - taken);
        assertThat(heard).isEqualTo(summary.counts());
        assertThat(heardRows).isEqualTo(taken);
        assertThat(run.standing().counts()).isEqualTo(summary.counts());
    }

    @Test
    void whereNothingIsRefusedNothingIsDoneTwice() throws Exception {
        NumberSource source = new NumberSource(5, PER_SPLIT, 64);
        run(EVERY, EVERY_SHAPE, source, Duration.ofSeconds(10), "run").execute();
        assertThat(refusals).isZero();
    }

    @Test
    void whatIsAddedUpGoesOnWithoutTheRecordsOfARefusedKey() throws Exception {
        NumberSource source = new NumberSource(5, PER_SPLIT, 64);
        server.refusing = (column, value) -> column.equals("user") && "user3".equals(value);

        RunSummary summary = run(RunTest.TOTALS, RunTest.SHAPE, source, Duration.ofSeconds(10), "run")
                .execute();

        assertTotals(source, "user3");
        assertThat(summary.counts().quarantined())
                .isEqualTo(quarantined().size())
                .isEqualTo(source.numbers()
                        .filter(n -> NumberSource.bad(n)
                                || (n != 13 && NumberSource.user(n).equals("user3")))
                        .count());
    }

    @Test
    void afterALoneBadRecordCommitsAreLargeAgain() throws Exception {
        NumberSource source = new NumberSource(1, 400_000, 1_000);
        refuseNumbers(n -> n == 30_001);
        RunSummary summary =
                run(EVERY, EVERY_SHAPE, source, Duration.ofSeconds(100), "run").execute();
        assertThat(refusals).isEqualTo(1);
        assertThat(summary.commits()).isLessThan(100);
        assertEvery(source, n -> n == 30_001);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theTableAndTheCountsAreExactWhicheverCommitsAreCutOff(long seed) throws Exception {
        Random random = new Random(seed);
        server.faults = (commit, applied) -> {
            if (random.nextInt(3) == 0) {
                throw MemorySink.away();
            }
        };
        LongPredicate refused = n -> n % 10 == 3;
        refuseNumbers(refused);
        NumberSource source = new NumberSource(5, PER_SPLIT, 64);

        RunSummary summary =
                run(EVERY, EVERY_SHAPE, source, Duration.ZERO, "run").execute();

        long taken = assertEvery(source, refused);
        assertThat(summary.counts()).isEqualTo(new Counts(5_000, taken, 0, 5_000 - taken));
        assertThat(summary.reasons()).containsEntry("refused", 500L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void aRunThatIsKilledAmongRefusedRecordsIsTakenUp(int commits) throws Exception {
        LongPredicate refused = n -> n % 3 == 1;
        refuseNumbers(refused);
        NumberSource source = new NumberSource(5, PER_SPLIT, 64);
        for (boolean applied : new boolean[] {false, true}) {
            int until = server.commits + commits;
            server.faults = (commit, after) -> {
                if (commit >= until && after == applied) {
                    throw new SinkException("killed");
                }
            };
            try {
                run(EVERY, EVERY_SHAPE, source, Duration.ZERO, "killed" + applied)
                        .execute();
            } catch (SinkException e) {
                assertThat(e).hasMessage("killed");
            }
        }
        server.faults = MemorySink.NONE;
        run(EVERY, EVERY_SHAPE, source, Duration.ZERO, "last").execute();
        assertEvery(source, refused);
    }

    @Test
    void aRunThatIsFencedAmongRefusedRecordsStartsOver() throws Exception {
        LongPredicate refused = n -> n % 3 == 1;
        refuseNumbers(refused);
        NumberSource source = new NumberSource(5, PER_SPLIT, 64);
        server.faults = (commit, applied) -> {
            if (commit == 3 && !applied) {
                server.faults = MemorySink.NONE;
                try {
                    run(EVERY, EVERY_SHAPE, source, Duration.ZERO, "other").execute();
                } catch (IOException e) {
                    throw new SinkException("the other instance failed", e);
                }
            }
        };
        run(EVERY, EVERY_SHAPE, source, Duration.ZERO, "run").execute();
        assertEvery(source, refused);
    }

    private void refuseNumbers(LongPredicate refused) {
        server.refusing = (column, value) ->
                column.equals("n") && value instanceof BigDecimal n && refused.test(n.longValueExact());
    }

    /** Checks table, quarantine and ledger; returns how many numbers the table holds. */
    private long assertEvery(NumberSource source, LongPredicate refused) {
        List<Long> expected = new ArrayList<>();
        Map<String, String> aside = new TreeMap<>();
        source.numbers().forEach(n -> {
            if (NumberSource.bad(n) || refused.test(n)) {
                aside.put(source.split(n) + "@" + n, NumberSource.bad(n) ? "bad" : "refused");
            } else {
                expected.add(n);
            }
        });
        List<Long> found = new ArrayList<>();
        for (@Nullable
        Object[] row : Objects.requireNonNull(server.tables.get("t")).rows().values()) {
            found.add(((BigDecimal) Objects.requireNonNull(row[1])).longValueExact());
        }
        found.sort(null);
        assertThat(found).isEqualTo(expected);
        assertThat(quarantined()).isEqualTo(aside);
        Counts ledger = Objects.requireNonNull(server.ledger.get("p"));
        assertThat(ledger).isEqualTo(new Counts(expected.size() + aside.size(), expected.size(), 0, aside.size()));
        return expected.size();
    }

    private void assertTotals(NumberSource source, String without) {
        Map<String, BigDecimal> expected = new TreeMap<>();
        source.numbers()
                .filter(n ->
                        !NumberSource.bad(n) && n != 13 && !NumberSource.user(n).equals(without))
                .forEach(n -> expected.merge(NumberSource.user(n), BigDecimal.valueOf(n), BigDecimal::add));
        Map<String, @Nullable Object> found = new TreeMap<>();
        for (@Nullable
        Object[] row : Objects.requireNonNull(server.tables.get("t")).rows().values()) {
            found.put(String.valueOf(row[0]), row[1]);
        }
        assertThat(found).isEqualTo(expected);
    }

    private Map<String, String> quarantined() {
        return new TreeMap<>(server.quarantine.getOrDefault("p", Map.of()));
    }

    private Run run(Plan plan, TableShape shape, NumberSource source, Duration every, String id) {
        RunListener listener = new RunListener() {
            @Override
            public void refused(SinkException reason) {
                refusals++;
            }

            @Override
            public void committed(Commit commit, long rows, Duration took) {
                heardRows += rows;
                commit.moves().forEach(move -> heard = heard.plus(move.counts()));
            }
        };
        Job job = new Job(
                "p",
                plan,
                shape,
                null,
                null,
                source,
                new MemorySink(server, "p", "t"),
                2,
                new Job.CommitPolicy(every, 4L << 20),
                null,
                null);
        return new Run(job, id, listener, InstantSource.system(), new Random(0));
    }
}
