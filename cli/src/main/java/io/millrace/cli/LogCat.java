package io.millrace.cli;

import io.millrace.cli.output.Figures;
import io.millrace.log.Damage;
import io.millrace.log.Log;
import io.millrace.log.PartitionName;
import io.millrace.log.PartitionReader;
import io.millrace.log.Reading;
import io.millrace.log.SegmentInfo;
import io.millrace.log.Start;
import io.millrace.log.Stretch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Prints records from readers of a log, until there are no more, nobody reads them, or it is told to stop. */
final class LogCat {

    private static final int READ_BYTES = 1 << 20;
    private static final long POLL_MILLIS = 20;
    private static final long NEW_PARTITIONS_NANOS = 1_000_000_000L;

    private final Log log;
    private final Terminal terminal;
    private final boolean withSource;
    private final CountDownLatch stop;
    private boolean damaged;

    /** @param stop counted down to end it */
    LogCat(Log log, Terminal terminal, boolean withSource, CountDownLatch stop) {
        this.log = log;
        this.terminal = terminal;
        this.withSource = withSource;
        this.stop = stop;
    }

    /** Whether something could not be printed because it is damaged. */
    boolean damaged() {
        return damaged;
    }

    /** Prints what there is now, one partition after the other. */
    void print(List<PartitionName> partitions, Start start) throws IOException, InterruptedException, UserException {
        for (PartitionName partition : partitions) {
            // A server that writes as fast as this reads would keep it going for ever.
            long end = log.describe(partition).segments().stream()
                    .mapToLong(LogCat::end)
                    .max()
                    .orElse(0);
            try (PartitionReader reader = log.reader(partition, start)) {
                long at = 0;
                while (at >= 0 && at < end) {
                    if (stop.getCount() == 0 || !terminal.stillRead()) {
                        return;
                    }
                    at = next(reader);
                }
            }
        }
        terminal.stillRead();
    }

    private static long end(SegmentInfo segment) {
        return segment.start() + segment.bytes();
    }

    /**
     * Prints what there is and what arrives, of all partitions as it comes.
     *
     * @param stream of which partitions that are new later are followed, too; null where none are
     */
    void follow(List<PartitionName> partitions, Start start, @Nullable String stream)
            throws IOException, InterruptedException, UserException {
        Map<PartitionName, PartitionReader> readers = new LinkedHashMap<>();
        try {
            for (PartitionName partition : partitions) {
                readers.put(partition, log.reader(partition, start));
            }
            long looked = System.nanoTime();
            while (terminal.stillRead()) {
                boolean idle = true;
                for (PartitionReader reader : readers.values()) {
                    idle &= next(reader) < 0;
                }
                if (idle) {
                    stop.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
                }
                if (stop.getCount() == 0) {
                    return;
                }
                if (stream != null && System.nanoTime() - looked > NEW_PARTITIONS_NANOS) {
                    looked = System.nanoTime();
                    for (PartitionName partition : log.partitions(stream)) {
                        if (!readers.containsKey(partition)) {
                            readers.put(partition, log.reader(partition, new Start.Earliest()));
                        }
                    }
                }
            }
        } finally {
            for (PartitionReader reader : readers.values()) {
                reader.close();
            }
        }
    }

    /** Prints what is read next, and answers the offset behind it; -1 where there is nothing. */
    private long next(PartitionReader reader) throws IOException, InterruptedException {
        return switch (reader.next(READ_BYTES, Duration.ZERO)) {
            case Stretch stretch -> {
                if (withSource) {
                    withSource(reader.partition(), stretch);
                } else {
                    terminal.out().write(stretch.bytes(), stretch.from(), stretch.to() - stretch.from());
                }
                yield stretch.end();
            }
            case Reading.Damaged(Damage damage, byte[] _) -> {
                damaged = true;
                terminal.flush();
                terminal.err()
                        .println("millrace: " + reader.partition() + ": damaged at offset " + damage.offset() + ", "
                                + Figures.count(damage.length(), "byte") + " left out: " + damage.reason());
                yield damage.offset() + damage.length();
            }
            case Reading.Gone(long offset, long first) -> {
                terminal.flush();
                terminal.err()
                        .println("millrace: " + reader.partition() + ": what lay from offset " + offset + " to " + first
                                + " is no longer kept");
                yield first;
            }
            case Reading.Idle() -> -1;
            case Reading.Closed() -> throw new IllegalStateException("Nobody else has the reader");
        };
    }

    private void withSource(PartitionName partition, Stretch stretch) throws IOException {
        byte[] bytes = stretch.bytes();
        int from = stretch.from();
        for (int chunk = 0; chunk < stretch.chunks(); chunk++) {
            String received = Instant.EPOCH
                    .plus(stretch.receivedMicros(chunk), ChronoUnit.MICROS)
                    .toString();
            String client = stretch.client(chunk);
            while (from < stretch.chunkEnd(chunk)) {
                int to = from;
                while (bytes[to] != '\n') {
                    to++;
                }
                to++;
                long offset = stretch.offset() + (from - stretch.from());
                String source = LogCommands.number(partition) + '\t' + offset + '\t' + received + '\t' + client + '\t';
                terminal.out().writeBytes(source.getBytes(StandardCharsets.UTF_8));
                terminal.out().write(bytes, from, to - from);
                from = to;
            }
        }
    }
}
