package io.millrace.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReportTest {

    private static final Contents TABLE = new Contents(100, 2000, 98, "-7");
    private static final Contents SUMS = Contents.ofSums("2000 98\n");

    @Test
    void ratiosAreOfMediansAgainstTheFirstThatEnded() {
        Score broken = score("millrace");
        broken.fail("exit code 1");
        Score first = score("duckdb", run(1.0, 0), run(9.0, 0), run(2.0, 0));
        Score second = score("flink", run(8.0, 0), run(8.0, 0), run(7.0, 0));

        assertThat(markdown(broken, first, second))
                .contains("| millrace | | | | | | | | | | failed, see below |")
                .contains("| wall × duckdb |")
                .contains("| duckdb | 2.00 | 1.00 to 9.00 | 1.00 |")
                .contains("| flink | 8.00 | 7.00 to 8.00 | 4.00 |");
    }

    @Test
    void runsBesideOtherWorkAreLeftOutWhereEnoughOthersRemain() {
        Score score = score("duckdb", run(1.0, 0), run(60.0, 0.8), run(1.0, 0.01), run(1.5, 0), run(70.0, 0.5));

        assertThat(markdown(score)).contains("| duckdb | 1.00 | 1.00 to 1.50 |").contains("| 3 of 5 |");
    }

    @Test
    void allRunsCountAndTheRowIsMarkedWhereTooFewRemain() {
        Score score = score("duckdb", run(1.0, 0), run(6.0, 0.8), run(7.0, 0.8));

        assertThat(markdown(score)).contains("| duckdb | 6.00 | 1.00 to 7.00 |").contains("| 3 of 3 ! |");
    }

    @Test
    void aTableThatDiffersIsNamed() {
        Score right = score("duckdb", run(1, 0));
        right.contents(TABLE);
        Score loop = score("loop", run(1, 0));
        loop.contents(SUMS);
        Score wrong = score("flink", run(1, 0));
        wrong.contents(new Contents(100, 2000, 98, "-8"));

        assertThat(markdown(right, loop)).contains("agrees with all").doesNotContain("DIFFERS");
        assertThat(markdown(right, loop, wrong)).contains("DIFFERS from 1");
        assertThat(report(right, loop).allAgree()).isTrue();
        assertThat(report(right, loop, wrong).allAgree()).isFalse();
    }

    private static Usage run(double wallSeconds, double othersLoad) {
        return new Usage(wallSeconds, 1, 1, 1_000_000, othersLoad);
    }

    private static Score score(String id, Usage... runs) {
        Score score = new Score(new Contestant(id, id, List.of(), -1, Map.of(), true));
        for (Usage run : runs) {
            score.add(run);
        }
        return score;
    }

    private static Report report(Score... scores) {
        return new Report("few events", List.of("a machine"), 3, List.of(scores));
    }

    private static String markdown(Score... scores) {
        return report(scores).markdown(Instant.EPOCH);
    }
}
