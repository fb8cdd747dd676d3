package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.ByteSize;
import io.millrace.log.LogOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LogConfigTest {

    @Test
    void everyKeyReachesTheLog() {
        LogOptions options = new LogConfig(
                        new ByteSize(1),
                        Duration.ofSeconds(2),
                        new ByteSize(3),
                        Duration.ofSeconds(4),
                        5,
                        Duration.ofDays(7),
                        null)
                .options();

        assertThat(options)
                .isEqualTo(new LogOptions(
                        1, Duration.ofSeconds(2), 3, Duration.ofSeconds(4), 5, LogOptions.DEFAULTS.pollInterval()));
    }

    @Test
    void whatTheLogCantDoIsRefusedInTheWordsOfTheFile() {
        Duration hour = Duration.ofHours(1);
        ByteSize size = new ByteSize(1);
        assertThatThrownBy(() -> new LogConfig(new ByteSize(0), hour, size, hour, 1, hour, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("segment_size");
        assertThatThrownBy(() -> new LogConfig(size, Duration.ZERO, size, hour, 1, hour, null))
                .hasMessageContaining("segment_age");
        assertThatThrownBy(() -> new LogConfig(size, hour, new ByteSize(0), hour, 1, hour, null))
                .hasMessageContaining("max_waiting");
        assertThatThrownBy(() -> new LogConfig(size, hour, new ByteSize((1L << 30) + 1), hour, 1, hour, null))
                .hasMessageContaining("1GiB");
        assertThatThrownBy(() -> new LogConfig(size, hour, size, Duration.ZERO, 1, hour, null))
                .hasMessageContaining("idempotency_window");
        assertThatThrownBy(() -> new LogConfig(size, hour, size, hour, 0, hour, null))
                .hasMessageContaining("idempotency_keys");
    }
}
