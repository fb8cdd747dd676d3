package io.millrace.server.ops;

import io.millrace.log.LogEvent;
import io.millrace.log.LogFullException;
import io.millrace.log.LogListener;
import io.millrace.log.PartitionName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Hears what the log has to say, counts what it writes, and knows whether it can be written. A server that says that it
 * is not ready may get no more requests to find out otherwise; it therefore tries by itself, with a small file of its own.
 * Thread-safe.
 */
public final class LogWatch implements LogListener {

    /** With less than this free, the next requests will not be stored. */
    private static final int PROBE_BYTES = 64 << 10;

    private static final long PROBE_NANOS = 500_000_000L;

    private final Telemetry telemetry;
    private final Path folder;

    /** Partitions whose last group could not be written. */
    private final Map<PartitionName, Boolean> failing = new ConcurrentHashMap<>();

    /** Guarded by this. */
    private Optional<String> lastProbe = Optional.empty();

    /** Guarded by this. */
    private long probedAt = System.nanoTime() - PROBE_NANOS;

    /** @param folder the log's */
    public LogWatch(Telemetry telemetry, Path folder) {
        this.telemetry = telemetry;
        this.folder = folder;
    }

    @Override
    public void stored(PartitionName partition, int bytes, long nanos) {
        telemetry.meters().forces(partition.stream()).add(nanos);
        if (!failing.isEmpty() && failing.remove(partition) != null) {
            telemetry.tell(Notice.info("log.written", "The log of " + partition + " can be written again."));
        }
    }

    @Override
    public void on(LogEvent event) {
        switch (event) {
            case LogEvent.TornTail torn ->
                telemetry.tell(Notice.warning(
                        "log.torn_tail",
                        "The log of " + torn.partition() + " ended in " + torn.bytes() + " bytes that were never"
                                + " acknowledged, as a crash leaves them (" + torn.reason() + "). They were cut off at "
                                + torn.offset() + " and are kept in " + torn.keptIn() + "."));
            case LogEvent.WriteFailed failed -> {
                // Once, not for each group: a full disk fails thousands of them.
                if (failing.put(failed.partition(), true) == null) {
                    telemetry.tell(Notice.error(
                            failed.cause() instanceof LogFullException ? "log.full" : "log.failed",
                            "The log of " + failed.partition() + " can't be written; requests are answered with 503"
                                    + " until it can: " + failed.cause().getMessage()));
                }
            }
            case LogEvent.KeysForgotten forgotten ->
                telemetry.tell(Notice.warning(
                        "log.keys_forgotten",
                        "More idempotency keys of " + forgotten.stream() + " came than are remembered; "
                                + forgotten.total() + " were forgotten early. See log.idempotency_keys."));
            case LogEvent.CloseFailed failed ->
                telemetry.tell(Notice.warning(
                        "log.close_failed",
                        "The log of " + failed.partition() + " could not be closed as it should be; the next start"
                                + " looks after it: " + failed.cause().getMessage()));
        }
    }

    /** Why nothing can be appended now; empty where it can. Looks at the disk at most twice a second. */
    synchronized Optional<String> problem() {
        long now = System.nanoTime();
        if (now - probedAt >= PROBE_NANOS) {
            lastProbe = probe();
            probedAt = now;
            if (lastProbe.isEmpty()) {
                // What failed is tried again by the next request.
                failing.clear();
            }
        }
        return lastProbe;
    }

    private Optional<String> probe() {
        try {
            if (failing.isEmpty() && Files.getFileStore(folder).getUsableSpace() >= PROBE_BYTES) {
                return Optional.empty();
            }
            Path file = folder.resolve(".probe-" + ProcessHandle.current().pid());
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.allocate(PROBE_BYTES);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            } finally {
                Files.deleteIfExists(file);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("Nothing can be written to the disk of the log: it is full, or it has failed.");
        }
    }
}
