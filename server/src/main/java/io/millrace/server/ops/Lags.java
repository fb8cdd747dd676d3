package io.millrace.server.ops;

import io.millrace.api.Offset;
import io.millrace.connectors.http.LogSplits;
import io.millrace.engine.live.PipelineStatus;
import io.millrace.log.Backlog;
import io.millrace.log.Log;
import io.millrace.log.PartitionName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How far pipelines are behind the log. Reads of the log's index what is new since it was last asked. Thread-safe. */
final class Lags {

    private final Log log;
    private final InstantSource clock;
    private final Map<Key, Backlog> backlogs = new ConcurrentHashMap<>();

    private record Key(String pipeline, PartitionName partition) {}

    Lags(Log log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    /**
     * What a pipeline has still to load.
     *
     * @param time how long the oldest record has waited; zero where none waits
     */
    record Lag(long bytes, long records, Duration time) {}

    /** @throws IOException where the log can't be read */
    Lag of(PipelineStatus status, String stream) throws IOException {
        long bytes = 0;
        long records = 0;
        @Nullable Instant oldest = null;
        Map<String, Offset> offsets = status.standing().offsets();
        for (PartitionName partition : log.partitions(stream)) {
            Offset committed = offsets.get(LogSplits.id(log, partition));
            Backlog.Size waits = backlogs.computeIfAbsent(
                            new Key(status.pipeline(), partition), key -> log.backlog(key.partition()))
                    .after(committed == null ? 0 : LogSplits.position(committed));
            bytes += waits.bytes();
            records += waits.records();
            if (waits.oldest() != null && (oldest == null || waits.oldest().isBefore(oldest))) {
                oldest = waits.oldest();
            }
        }
        Duration time = oldest == null ? Duration.ZERO : Duration.between(oldest, clock.instant());
        return new Lag(bytes, records, time.isNegative() ? Duration.ZERO : time);
    }
}
