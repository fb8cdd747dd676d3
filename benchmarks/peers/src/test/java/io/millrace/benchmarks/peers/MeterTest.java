package io.millrace.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MeterTest {

    @Test
    void accountsForTheTimeAndMemoryOfTheProcessAndItsChildren() throws Exception {
        try (Meter meter = meter(Duration.ofMinutes(1))) {
            // Both the shell and a shell inside it count to 100,000.
            String count = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done";
            Meter.Run run = meter.run(new ProcessBuilder("sh", "-c", count + "; sh -c '" + count + "'; exit 3"));

            assertThat(run.exitCode()).isEqualTo(3);
            assertThat(run.usage().cpuSeconds())
                    .isPositive()
                    .isLessThanOrEqualTo(run.usage().wallSeconds() + 0.05);
            assertThat(run.usage().peakRssBytes()).isBetween(500_000L, 100_000_000L);
        }
    }

    @Test
    void killsWhatTakesTooLong() throws IOException {
        try (Meter meter = meter(Duration.ofMillis(50))) {
            assertThatThrownBy(() -> meter.run(new ProcessBuilder("sleep", "1000")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("still running");
        }
    }

    private static Meter meter(Duration limit) {
        return new Meter(ProcessHandle.current(), limit, Duration.ZERO);
    }
}
