package io.millrace.connectors.http;

import io.millrace.api.Offset;
import io.millrace.api.Projection;
import io.millrace.api.Source;
import io.millrace.api.SourceException;
import io.millrace.api.Split;
import io.millrace.api.SplitReader;
import io.millrace.formats.Ndjson;
import io.millrace.log.Log;
import io.millrace.log.PartitionName;
import io.millrace.log.Start;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The partitions of one stream of a log, of all processes that write it. */
final class LogSource implements Source {

    /**
     * How long a partition of another process must have been there before it is offered: its own process, which follows
     * it without delay, comes first.
     */
    private static final Duration COURTESY = Duration.ofSeconds(3);

    private final Log log;
    private final HttpConfig config;
    private final boolean live;
    private final InstantSource clock;

    /** When partitions were first seen. Used by the thread that asks for splits. */
    private final Map<PartitionName, Instant> seen = new HashMap<>();

    LogSource(Log log, HttpConfig config, boolean live, InstantSource clock) {
        this.log = log;
        this.config = config;
        this.live = live;
        this.clock = clock;
    }

    @Override
    public boolean live() {
        return live;
    }

    @Override
    public List<Split> splits(Map<String, Offset> progress) throws IOException {
        List<Split> splits = new ArrayList<>();
        for (PartitionName partition : log.partitions(config.stream())) {
            Instant first = seen.computeIfAbsent(partition, p -> clock.instant());
            if (!live
                    || own(partition)
                    || Duration.between(first, clock.instant()).compareTo(COURTESY) >= 0) {
                splits.add(new Split(LogSplits.id(log, partition), -1));
            }
        }
        return splits;
    }

    private boolean own(PartitionName partition) {
        return log.slot().isPresent() && log.slot().getAsInt() == partition.slot();
    }

    @Override
    public SplitReader open(Split split, @Nullable Offset from, Projection projection) throws IOException {
        PartitionName partition = LogSplits.partition(log, split.id());
        Start start = from != null
                ? new Start.At(LogSplits.position(from))
                : HttpConnector.start(config)
                        .orElseThrow(
                                () -> new SourceException("start: \"" + config.start() + "\" is no place to begin"));
        return new LogSplitReader(
                log.reader(partition, start), new Ndjson().decoder(projection, new byte[0]), config.path());
    }

    @Override
    public List<String> remarks() {
        return List.of();
    }

    @Override
    public void close() {}
}
