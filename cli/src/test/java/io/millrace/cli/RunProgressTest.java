package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.run.Run.Progress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunProgressTest {

    @Test
    void aLineTellsHowFarAndHowFastAndHowLong() {
        assertThat(RunProgress.describe(
                        new Progress(1_000_000, 3, 50_000_000, 200_000_000, 900_000), Duration.ofSeconds(2)))
                .isEqualTo("[=====               ] 50.0 MB of 200.0 MB, 1,000,000 records, 500,000/s, 3 quarantined,"
                        + " 6.00 s left");
    }

    @Test
    void nothingIsGuessedFromTheFirstMoment() {
        assertThat(RunProgress.describe(new Progress(10, 0, 500, 1000, 0), Duration.ofMillis(10)))
                .isEqualTo("[==========          ] 500 B of 1.0 kB, 10 records");
    }

    @Test
    void aSourceOfUnknownSizeHasNoBar() {
        assertThat(RunProgress.describe(new Progress(10, 0, 500, -1, 0), Duration.ofSeconds(5)))
                .isEqualTo("500 B, 10 records, 2/s");
    }

    @Test
    void aFileThatGrewWhileItWasReadIsNotMoreThanDone() {
        assertThat(RunProgress.describe(new Progress(10, 0, 1500, 1000, 0), Duration.ofSeconds(5)))
                .startsWith("[====================] 1.5 kB of 1.0 kB");
    }
}
