package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.send.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SendProgressTest {

    @Test
    void aLineTellsHowFarAndHowFastAndHowLong() {
        assertThat(SendProgress.describe(
                        new Progress(50_000_000, 200_000_000, 1_000_000, 2, 3, 4),
                        ", 500,000/s",
                        Duration.ofSeconds(2)))
                .isEqualTo("[=====               ] 50.0 MB of 200.0 MB, 1,000,000 events, 500,000/s, 3 kept aside,"
                        + " 4 retried, 6.00 s left");
    }

    @Test
    void anInputOfUnknownSizeHasNoBar() {
        assertThat(SendProgress.describe(new Progress(500, -1, 10, 0, 0, 0), ", 2/s", Duration.ofSeconds(5)))
                .isEqualTo("500 B, 10 events, 2/s");
    }

    @Test
    void theRateIsThatOfTheLastSeconds() {
        RecentRate rate = new RecentRate();
        long second = 1_000_000_000L;

        assertThat(rate.after(0, 0)).isEmpty();
        assertThat(rate.after(second / 2, 100)).isEmpty();
        assertThat(rate.after(second, 300)).isEqualTo(", 300/s");
        assertThat(rate.after(10 * second, 300)).isEqualTo(", 30/s");
        assertThat(rate.after(11 * second, 300)).isEqualTo(", 0/s");
        assertThat(rate.after(60 * second, 300)).isEqualTo(", 0/s");
        assertThat(rate.after(61 * second, 400)).isEqualTo(", 100/s");
    }

    @Test
    void aGatewayThatComesAndGoesIsSpokenOfOnce() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        try (SendProgress progress = new SendProgress(new Terminal(stream, stream, false, false, 80))) {
            for (int i = 0; i < 5; i++) {
                progress.retrying("the gateway answers 503", Duration.ofMillis(100));
                progress.retrying("the gateway answers 503", Duration.ofMillis(200));
                progress.back();
            }
        }

        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "millrace: the gateway answers 503. Trying again.", "millrace: requests come through again");
    }
}
