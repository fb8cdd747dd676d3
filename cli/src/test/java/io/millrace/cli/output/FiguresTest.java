package io.millrace.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FiguresTest {

    @Test
    void countsHaveTheirThousandsSetApart() {
        assertThat(Figures.count(2_000_000)).isEqualTo("2,000,000");
        assertThat(Figures.count(1, "record")).isEqualTo("1 record");
        assertThat(Figures.count(0, "record")).isEqualTo("0 records");
    }

    @Test
    void bytesAreInTheUnitThatFits() {
        assertThat(Figures.bytes(999)).isEqualTo("999 B");
        assertThat(Figures.bytes(1000)).isEqualTo("1.0 kB");
        assertThat(Figures.bytes(999_949)).isEqualTo("999.9 kB");
        assertThat(Figures.bytes(999_950)).isEqualTo("1.0 MB");
        assertThat(Figures.bytes(Long.MAX_VALUE)).isEqualTo("9223.4 PB");
    }

    @Test
    void durationsAreAsExactAsTheyAreShort() {
        assertThat(Figures.duration(Duration.ofMillis(424))).isEqualTo("0.42 s");
        assertThat(Figures.duration(Duration.ofMillis(9_996))).isEqualTo("10.0 s");
        assertThat(Figures.duration(Duration.ofMillis(59_960))).isEqualTo("1 min 00 s");
        assertThat(Figures.duration(Duration.ofSeconds(185))).isEqualTo("3 min 05 s");
        assertThat(Figures.duration(Duration.ofMinutes(127))).isEqualTo("2 h 07 min");
    }

    @Test
    void ratesHaveThreeDigits() {
        assertThat(Figures.rate(2_000_000, Duration.ofMillis(1_613))).isEqualTo("1,240,000/s");
        assertThat(Figures.rate(48, Duration.ofSeconds(1))).isEqualTo("48/s");
        assertThat(Figures.rate(0, Duration.ZERO)).isEqualTo("0/s");
    }
}
