package io.millrace.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.api.Offset;
import io.millrace.api.SinkException;
import io.millrace.engine.run.RunSummary.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveRunTest {

    private static final Duration LEASE = Duration.ofMillis(600);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final MemorySink.Server server = new MemorySink.Server();
    private final GrowingSource source = new GrowingSource();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    /** A run under way. */
    private record Going(Run run, Future<RunSummary> end) {
        RunSummary stop() throws Exception {
            run.stop();
            return end.get();
        }
    }

    private Going start(String holder) {
        Job job = new Job(
                "p",
                RunTest.TOTALS,
                RunTest.SHAPE,
                null,
                null,
                source,
                new MemorySink(server, "p", "t"),
                2,
                new Job.CommitPolicy(Duration.ofSeconds(5), 1L << 20),
                null,
                new Job.Following(holder, LEASE, LOOK));
        Run run = new Run(job, holder, new RunListener() {}, InstantSource.system(), new Random(0));
        return new Going(run, threads.submit(run::execute));
    }

    @Test
    void whatArrivesIsCommittedWithoutWaitingForMore() throws Exception {
        source.append(0, 1);
        Going run = start("a");
        awaitTable();
        for (int i = 0; i < 20; i++) {
            source.append(0, 3);
            awaitTable();
        }
        assertThat(server.commits).isGreaterThan(10);
        assertThat(run.stop().outcome()).isEqualTo(Outcome.STOPPED);
        assertBooks();
    }

    @Test
    void splitsThatAppearAreFollowedToo() throws Exception {
        Going run = start("a");
        for (int split = 0; split < 5; split++) {
            source.append(split, 250);
            awaitTable();
        }
        source.append(2, 10);
        awaitTable();
        run.stop();
        assertBooks();
    }

    @Test
    void whatWasReadIsCommittedBeforeARunStops() throws Exception {
        source.append(0, 100_000);
        Going run = start("a");
        await().until(() -> run.run().progress().received() > 20_000);
        RunSummary summary = run.stop();
        assertThat(summary.counts().received()).isEqualTo(run.run().progress().received());
        assertThat(run.run().standing().offsets())
                .containsEntry("split-0", new Offset("" + summary.counts().received()));
        Going next = start("a");
        awaitTable();
        next.stop();
        assertBooks();
    }

    @Test
    void aSplitThatCanNotBeReadIsSaidAndTriedAgain() throws Exception {
        source.append(0, 10);
        source.append(1, 10);
        source.setBroken(1, true);
        Going run = start("a");
        await().until(() -> !run.run().standing().failures().isEmpty());
        assertThat(run.run().standing().failures()).containsExactly("split-1: broken");
        await().until(() -> count() == 10);
        source.setBroken(1, false);
        awaitTable();
        await().until(() -> run.run().standing().failures().isEmpty());
        run.stop();
        assertBooks();
    }

    @Test
    void whatOneProcessHasAnotherLeavesAloneUntilItStops() throws Exception {
        source.append(0, 10);
        Going first = start("a");
        awaitTable();
        Going second = start("b");
        source.append(0, 10);
        awaitTable();
        assertThat(second.run().progress().received()).isZero();
        first.stop();
        source.append(0, 10);
        awaitTable();
        assertThat(second.run().standing().counts().received()).isEqualTo(10);
        second.stop();
        assertBooks();
    }

    @Test
    void aSplitThatIsNotOfferedAnyMoreIsCommittedAndLeftToOthersAtOnce() throws Exception {
        source.append(0, 1_000);
        source.append(1, 10);
        Going first = start("a");
        awaitTable();
        source.append(0, 100_000);
        source.setWithheld(0, true);
        await().until(() -> leaseOf("split-0").until() - System.nanoTime() <= 0);
        assertThat(leaseOf("split-1").until()).isGreaterThan(System.nanoTime());
        source.setWithheld(0, false);
        awaitTable();
        assertThat(leaseOf("split-0").holder()).isEqualTo("a");
        first.stop();
        assertBooks();
    }

    @Test
    void newSplitsAreTakenWhileOthersAreUnderFullLoad() throws Exception {
        server.faults = (commit, applied) -> server.wait(10);
        source.append(0, 900_000);
        Going run = start("a");
        await().until(() -> run.run().standing().commits() > 2);
        source.append(1, 10);
        await().until(() -> run.run().standing().offsets().containsKey("split-1"));
        assertThat(run.run().standing().offsets().get("split-0")).isNotEqualTo(new Offset("900000"));
        run.stop();
    }

    @Test
    void howFarOthersAreIsKnown() throws Exception {
        source.append(0, 10);
        Going first = start("a");
        awaitTable();
        Going second = start("b");
        source.append(0, 32);
        awaitTable();
        await().until(() ->
                new Offset("42").equals(second.run().standing().offsets().get("split-0")));
        second.stop();
        first.stop();
        assertBooks();
    }

    private MemorySink.Lease leaseOf(String split) {
        synchronized (server) {
            return Objects.requireNonNull(server.leases.get(split));
        }
    }

    @Test
    void whatAProcessIsSilentAboutIsTakenOverAndItIsFencedWhenItWakes() throws Exception {
        source.append(0, 10);
        Going paused = start("a");
        awaitTable();
        // Its commits hang like those of a process that is stopped, while leases run out.
        java.util.concurrent.CountDownLatch wake = new java.util.concurrent.CountDownLatch(1);
        Thread[] hanging = new Thread[1];
        server.faults = (commit, applied) -> {
            if (hanging[0] == null && !applied) {
                hanging[0] = Thread.currentThread();
                server.faults = MemorySink.NONE;
                while (wake.getCount() > 0) {
                    // Lets others at the server meanwhile.
                    server.wait(5);
                }
            }
        };
        source.append(0, 10);
        await().until(() -> hanging[0] != null);
        Going second = start("b");
        awaitTable();
        // The commit is in the table a moment before its process has counted it.
        await().until(() -> second.run().standing().counts().received() == 10);
        wake.countDown();
        source.append(0, 10);
        awaitTable();
        assertThat(paused.stop().counts().received()).isEqualTo(10);
        second.stop();
        assertBooks();
    }

    @Test
    void aDestinationThatGoesAwayIsWaitedFor() throws Exception {
        int[] tries = {0};
        server.faults = (commit, applied) -> {
            if (++tries[0] % 3 != 0) {
                throw MemorySink.away();
            }
        };
        Going run = start("a");
        for (int i = 0; i < 5; i++) {
            source.append(0, 100);
            awaitTable();
        }
        run.stop();
        assertBooks();
    }

    @Test
    void aLaneThatBreaksIsThrown() throws Exception {
        server.faults = (commit, applied) -> {
            throw new SinkException("no");
        };
        source.append(0, 1);
        Going run = start("a");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(run.end()::get))
                .hasRootCauseMessage("no");
    }

    @Test
    void recordsThatTheDestinationRefusesArePutAsideWhileTheOthersGoOn() throws Exception {
        server.refusing = (column, value) -> column.equals("user") && "user3".equals(value);
        Going run = start("a");
        for (int i = 0; i < 20; i++) {
            source.append(i % 3, i == 19 ? 50_000 : 7);
            awaitReceived(run);
        }
        run.stop();
        Map<String, BigDecimal[]> expected = expected();
        expected.remove("user3");
        assertThat(table()).usingRecursiveComparison().isEqualTo(expected);
        assertBooks();
    }

    private void awaitReceived(Going run) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> run.run().standing().counts().received()
                        == source.numbers().count());
    }

    private long count() {
        return table().values().stream().mapToLong(row -> row[1].longValue()).sum();
    }

    private void awaitTable() {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(2))
                .untilAsserted(() -> {
                    Map<String, BigDecimal[]> expected = expected();
                    Map<String, BigDecimal[]> table = table();
                    assertThat(table.keySet()).isEqualTo(expected.keySet());
                    table.forEach((user, row) -> assertThat(row).as(user).isEqualTo(expected.get(user)));
                });
    }

    private void assertBooks() {
        synchronized (server) {
            long received = source.numbers().count();
            assertThat(Objects.requireNonNull(server.ledger.get("p")).received())
                    .isEqualTo(received);
        }
    }

    private Map<String, BigDecimal[]> table() {
        synchronized (server) {
            Map<String, BigDecimal[]> table = new HashMap<>();
            MemorySink.Table there = server.tables.get("t");
            if (there != null) {
                for (@Nullable Object[] row : there.rows().values()) {
                    table.put(String.valueOf(row[0]), new BigDecimal[] {
                        (BigDecimal) Objects.requireNonNull(row[1]), (BigDecimal) Objects.requireNonNull(row[2])
                    });
                }
            }
            return table;
        }
    }

    private Map<String, BigDecimal[]> expected() {
        Map<String, BigDecimal[]> expected = new HashMap<>();
        source.numbers()
                .filter(n -> !NumberSource.bad(n) && n != 13)
                .forEach(n -> expected.merge(
                        NumberSource.user(n), new BigDecimal[] {BigDecimal.valueOf(n), BigDecimal.ONE}, (a, b) ->
                                new BigDecimal[] {a[0].add(b[0]), a[1].add(b[1])}));
        return expected;
    }
}
