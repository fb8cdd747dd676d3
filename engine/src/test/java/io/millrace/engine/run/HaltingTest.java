package io.millrace.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Commit.Counts;
import io.millrace.api.RejectionLimit;
import io.millrace.engine.run.RunSummary.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A pipeline gone wrong is stopped, with what was read committed. */
class HaltingTest {

    /** One number in a hundred can't be decoded. */
    private static final int BATCH = 100;

    private final MemorySink.Server server = new MemorySink.Server();

    @Test
    void tooManyRejectedRecordsEndTheRunAndWhatWasReadIsCommitted() throws Exception {
        NumberSource source = new NumberSource(1, 100_000, BATCH);
        RunSummary summary = run(source, "0.9", 5_000).execute();

        assertThat(summary.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(summary.halt())
                .contains("p was stopped", "rejected > 0.9 % of 5000", "50 of the last 5,000", "1.0 %", "for bad.");
        assertThat(summary.counts().received()).isBetween(5_000L, 99_999L);
        assertThat(summary.counts().quarantined())
                .isEqualTo(summary.counts().received() / 100)
                .isEqualTo(Objects.requireNonNull(server.quarantine.get("p")).size());
        assertThat(server.ledger.get("p")).isEqualTo(summary.counts());
    }

    @Test
    void aRunThatIsTakenUpBeginsToCountAnew() throws Exception {
        NumberSource source = new NumberSource(1, 12_000, BATCH);
        RunSummary last = run(source, "0.9", 5_000).execute();
        for (int runs = 0; runs < 3 && last.halt() != null; runs++) {
            last = run(source, "0.9", 5_000).execute();
        }
        assertThat(last.outcome()).isEqualTo(Outcome.DONE);
        assertThat(server.ledger.get("p")).isEqualTo(new Counts(12_000, 11_879, 1, 120));
    }

    @Test
    void asManyAsAreAllowedDoNot() throws Exception {
        RunSummary summary = run(new NumberSource(2, 50_000, BATCH), "1", 5_000).execute();
        assertThat(summary.outcome()).isEqualTo(Outcome.DONE);
        assertThat(summary.halt()).isNull();
        assertThat(summary.counts().received()).isEqualTo(100_000);
    }

    @Test
    void fewRecordsAreNotJudged() throws Exception {
        RunSummary summary = run(new NumberSource(1, 900, BATCH), "0.5", 1_000).execute();
        assertThat(summary.outcome()).isEqualTo(Outcome.DONE);
    }

    @Test
    void whatTheDestinationRefusesCountsToo() throws Exception {
        server.refusing = (column, value) -> column.equals("user") && "user3".equals(value);
        NumberSource source = new NumberSource(1, 100_000, BATCH);
        RunSummary summary = run(source, "5", 5_000).execute();

        assertThat(summary.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(summary.halt()).contains("for refused.");
        assertThat(summary.counts().received()).isLessThan(100_000);
        assertThat(server.ledger.get("p")).isEqualTo(summary.counts());
    }

    @Test
    void rejectionsOfBothKindsAreCommittedBeforeItEnds() throws Exception {
        server.refusing = (column, value) -> column.equals("user") && "user3".equals(value);
        NumberSource source = new NumberSource(1, 100_000, BATCH);
        RunSummary summary = run(source, "0.9", 5_000).execute();

        assertThat(summary.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(summary.counts().received()).isBetween(5_000L, 99_999L);
        assertThat(summary.reasons()).containsKeys("bad", "refused");
    }

    @Test
    void theWindowMovesOn() {
        RecentRecords recent = new RecentRecords(new RejectionLimit(BigDecimal.TEN, 100));
        assertThat(recent.add(60, 10)).isFalse();
        assertThat(recent.add(40, 0)).isFalse();
        assertThat(recent.add(60, 1)).isFalse();
        assertThat(recent.all()).isEqualTo(new RecentRecords.Some(100, 1));
        assertThat(recent.add(0, 10)).isTrue();
        assertThat(recent.add(40, 0)).isTrue();
        assertThat(recent.add(60, 0)).isFalse();
    }

    private Run run(NumberSource source, String percent, int records) {
        Job job = new Job(
                "p",
                RunTest.TOTALS,
                RunTest.SHAPE,
                null,
                null,
                source,
                new MemorySink(server, "p", "t"),
                2,
                new Job.CommitPolicy(Duration.ofSeconds(10), 4L << 20),
                new RejectionLimit(new BigDecimal(percent), records),
                null);
        return new Run(job, "run", RunListener.NONE, InstantSource.system(), new Random(0));
    }
}
