package io.millrace.connectors.http;

import io.millrace.api.Offset;
import io.millrace.api.RecordIndex;
import io.millrace.log.Log;
import io.millrace.log.LogOptions;
import io.millrace.log.PartitionName;
import io.millrace.log.PartitionReader;
import io.millrace.log.Reading;
import io.millrace.log.Start;
import io.millrace.log.Stretch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How many records the log has, as its index tells.
 *
 * @param log is closed with it
 * @param config of the pipeline that reads them; null where the names of its splits have to tell what it reads, and
 *     nothing tells where it began
 */
public record LogRecordIndex(Log log, @Nullable HttpConfig config) implements RecordIndex, AutoCloseable {

    /** That of the log in a home folder; empty where there is none. */
    public static Optional<LogRecordIndex> of(Path home) throws IOException {
        Path folder = HttpConnector.folder(home);
        return Log.isLog(folder)
                ? Optional.of(new LogRecordIndex(
                        Log.openForReading(folder, LogOptions.DEFAULTS, InstantSource.system()), null))
                : Optional.empty();
    }

    private static final int STRETCH_BYTES = 1 << 20;

    @Override
    public boolean knows(String split) throws IOException {
        try {
            PartitionName partition = LogSplits.partition(log, split);
            return (config == null || partition.stream().equals(config.stream()))
                    && log.partitions(partition.stream()).contains(partition);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Where the latest record was when a pipeline began is written down nowhere. */
    @Override
    public boolean reaches(String split, @Nullable Offset from) throws IOException {
        long first = log.first(LogSplits.partition(log, split));
        return from != null
                ? LogSplits.position(from) >= first
                : first == 0 && config != null && HttpConnector.start(config).orElse(null) instanceof Start.Earliest;
    }

    @Override
    public OptionalLong records(String split, @Nullable Offset from, Offset to) throws IOException {
        return log.records(LogSplits.partition(log, split), position(from), LogSplits.position(to));
    }

    private static long position(@Nullable Offset from) {
        return from == null ? 0 : LogSplits.position(from);
    }

    @Override
    public boolean sound(String split, @Nullable Offset from, Offset to) throws IOException, InterruptedException {
        try (PartitionReader reader = log.reader(LogSplits.partition(log, split), new Start.At(position(from)))) {
            while (true) {
                Reading reading = reader.next(STRETCH_BYTES, Duration.ZERO);
                if (!(reading instanceof Stretch stretch)) {
                    return false;
                }
                if (stretch.end() >= LogSplits.position(to)) {
                    return true;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
