package io.millrace.connectors.http;

import io.millrace.api.Offset;
import io.millrace.api.Projection;
import io.millrace.api.RecordIndex;
import io.millrace.api.Source;
import io.millrace.api.SourceException;
import io.millrace.api.Split;
import io.millrace.api.SplitReader;
import io.millrace.formats.Ndjson;
import io.millrace.log.Log;
import io.millrace.log.PartitionName;
import io.millrace.log.SegmentInfo;
import io.millrace.log.Start;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The partitions of one stream of a log, of all processes that write it. */
final class LogSource implements Source {

    /**
     * How long a partition of another process that lives is left to it, which follows it without delay, and for how long
     * it is offered then. That comes round again and again: the other may have been paused, and got it back by this.
     */
    private static final long COURTESY_NANOS = Duration.ofSeconds(3).toNanos();

    private static final long TURN_NANOS = Duration.ofSeconds(9).toNanos();

    private final Log log;
    private final HttpConfig config;
    private final boolean live;
    /** Not a clock, which could be set back, and nothing would be taken over for as long. */
    private final LongSupplier nanoTime;

    private final Consumer<String> told;

    /** What was told, by partition. */
    private final Map<PartitionName, String> remarks = new ConcurrentSkipListMap<>();

    /** When partitions were first seen with their process. Used by the thread that asks for splits. */
    private final Map<PartitionName, Long> seen = new HashMap<>();

    LogSource(Log log, HttpConfig config, boolean live, LongSupplier nanoTime, Consumer<String> told) {
        this.log = log;
        this.config = config;
        this.live = live;
        this.nanoTime = nanoTime;
        this.told = told;
    }

    @Override
    public boolean live() {
        return live;
    }

    @Override
    public List<Split> splits(Map<String, Offset> progress) throws IOException {
        List<Split> splits = new ArrayList<>();
        for (PartitionName partition : log.partitions(config.stream())) {
            if (!live || own(partition) || isOurTurn(partition)) {
                splits.add(new Split(LogSplits.id(log, partition), -1));
            }
        }
        return splits;
    }

    /** Whether a partition of another slot may be read here. Where no process has that slot, there is none to wait for. */
    private boolean isOurTurn(PartitionName partition) throws IOException {
        if (!log.mayGrow(partition)) {
            seen.remove(partition);
            return true;
        }
        long now = nanoTime.getAsLong();
        long since = now - seen.computeIfAbsent(partition, p -> now);
        return since % (COURTESY_NANOS + TURN_NANOS) >= COURTESY_NANOS;
    }

    private boolean own(PartitionName partition) {
        return log.slot().isPresent() && log.slot().getAsInt() == partition.slot();
    }

    /** Those of all processes. */
    @Override
    public List<Split> whole(Map<String, Offset> progress) throws IOException {
        return log.partitions(config.stream()).stream()
                .map(partition -> new Split(LogSplits.id(log, partition), -1))
                .toList();
    }

    @Override
    public SplitReader reopen(Split split, Projection projection) throws IOException {
        return reader(LogSplits.partition(log, split.id()), new Start.Earliest(), projection);
    }

    @Override
    public boolean isBefore(String position, Offset offset) {
        return Long.parseLong(position) < LogSplits.position(offset);
    }

    @Override
    public RecordIndex index() {
        return new LogRecordIndex(log, config);
    }

    @Override
    public SplitReader open(Split split, @Nullable Offset from, Projection projection) throws IOException {
        PartitionName partition = LogSplits.partition(log, split.id());
        Start start = from != null
                ? new Start.At(LogSplits.position(from))
                : HttpConnector.start(config)
                        .orElseThrow(
                                () -> new SourceException("start: \"" + config.start() + "\" is no place to begin"));
        if (from == null && start instanceof Start.Earliest) {
            beginning(partition);
        }
        return reader(partition, start, projection);
    }

    private SplitReader reader(PartitionName partition, Start start, Projection projection) throws IOException {
        return new LogSplitReader(
                log.reader(partition, start), new Ndjson().decoder(projection, new byte[0]), config.path());
    }

    /** Who begins at the beginning is told where that no longer is. */
    private void beginning(PartitionName partition) throws IOException {
        List<SegmentInfo> segments = log.describe(partition).segments();
        long first = segments.isEmpty() ? 0 : segments.getFirst().start();
        if (first > 0) {
            String remark = "begins at byte " + first + " of " + partition + ": what came before is gone from the log,"
                    + " by its retention";
            if (!remark.equals(remarks.put(partition, remark))) {
                told.accept(remark);
            }
        }
    }

    @Override
    public List<String> remarks() {
        return List.copyOf(remarks.values());
    }

    @Override
    public void close() {}
}
