package io.millrace.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Commits one after the other, in a time of the test's own. */
class PaceTest {

    private static final double BASE_MILLIS = 2.5;

    private final Pace pace = new Pace(Duration.ofSeconds(5));
    private double waiting;
    private double commitMillis;

    /** One gap and one commit; returns how long both took, in milliseconds. */
    private double round(double rowsAMilli, double microsARow, double keys) {
        double since = commitMillis;
        double gap = 0;
        while (nanos(gap) < pace.gap((long) Math.min(waiting, keys), nanos(since + gap))) {
            gap += 0.1;
            waiting += 0.1 * rowsAMilli;
        }
        double rows = Math.min(waiting, keys);
        commitMillis = BASE_MILLIS + rows * microsARow / 1000;
        pace.took((long) rows, nanos(commitMillis));
        waiting = commitMillis * rowsAMilli;
        return gap + commitMillis;
    }

    private static long nanos(double millis) {
        return (long) (millis * TimeUnit.MILLISECONDS.toNanos(1));
    }

    @Test
    void aLoadThatTheDestinationCanFollowIsFreshAgainAfterASlowCommit() {
        for (int i = 0; i < 100; i++) {
            round(20, 4, 1e9);
        }
        assertThat(round(20, 4, 1e9)).as("milliseconds between two commits").isLessThan(15);

        commitMillis = 2_000;
        waiting = commitMillis * 20;
        double behind = 0;
        int rounds = 0;
        while (round(20, 4, 1e9) > 15) {
            behind += commitMillis;
            assertThat(++rounds).as("commits until it is fresh again").isLessThan(20);
        }
        assertThat(behind).as("milliseconds spent in commits until then").isLessThan(2_000);
    }

    @Test
    void aFirstCommitThatTakesLongDoesNotMakeRowsSeemDear() {
        pace.took(100, nanos(1_500));
        commitMillis = 1_500;
        waiting = commitMillis * 20;
        int rounds = 0;
        while (round(20, 4, 1e9) > 15) {
            assertThat(++rounds).as("commits until it is fresh").isLessThan(40);
        }
    }

    @Test
    void aLoadThatItCanNotFollowIsGatheredIntoLargeCommits() {
        double millis = 0;
        for (int i = 0; i < 20; i++) {
            millis = round(2_000, 5, 100_000);
        }
        assertThat(commitMillis / millis)
                .as("the part of the time that commits take")
                .isLessThan(0.4);
        assertThat(millis).as("milliseconds between two commits").isGreaterThan(500);
    }

    @Test
    void fewKeysAreCommittedAtOnceHoweverMuchComes() {
        double millis = 0;
        for (int i = 0; i < 20; i++) {
            millis = round(2_000, 5, 10);
        }
        assertThat(millis).isLessThan(10);
    }
}
