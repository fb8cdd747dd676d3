package io.millrace.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A folder of streams of records. Any number of processes may read it; several may write to it at the same time, each to
 * the partitions of its own slot.
 *
 * <p>Thread-safe. Readers are closed by whoever opened them; streams that are written, by {@link #close} too.
 */
public final class Log implements AutoCloseable {
    private final Path folder;
    private final LogOptions options;
    private final UUID id;
    private final InstantSource clock;

    /** Null where the log is open for reading only. */
    private final StreamWriter.@Nullable Setting writing;

    private final @Nullable Slot slot;
    private final Map<String, StreamWriter> writers = new ConcurrentHashMap<>();

    private Log(
            Path folder,
            LogOptions options,
            UUID id,
            InstantSource clock,
            StreamWriter.@Nullable Setting writing,
            @Nullable Slot slot) {
        this.folder = folder;
        this.options = options;
        this.id = id;
        this.clock = clock;
        this.writing = writing;
        this.slot = slot;
    }

    /**
     * Opens a log for writing, and makes it where it does not exist. Takes the first slot that no living process holds.
     *
     * @param folder the log's own
     * @param clock tells when records are received
     * @param listener is told what there is to say
     */
    public static Log openForWriting(Path folder, LogOptions options, InstantSource clock, LogListener listener)
            throws IOException {
        return openForWriting(folder, options, clock, listener, FileChannel::open);
    }

    static Log openForWriting(
            Path folder, LogOptions options, InstantSource clock, LogListener listener, ChannelOpener opener)
            throws IOException {
        return openForWriting(folder, options, clock, listener, opener, System::nanoTime);
    }

    /** @param nanoTime measures how long ago something was, whatever becomes of the clock */
    static Log openForWriting(
            Path folder,
            LogOptions options,
            InstantSource clock,
            LogListener listener,
            ChannelOpener opener,
            LongSupplier nanoTime)
            throws IOException {
        Slot slot = Slot.take(folder);
        try {
            UUID id = Slot.readId(folder);
            return new Log(
                    folder,
                    options,
                    id,
                    clock,
                    new StreamWriter.Setting(folder, slot.number(), options, clock, nanoTime, listener, opener),
                    slot);
        } catch (IOException e) {
            slot.close();
            throw e;
        }
    }

    /**
     * Opens a log for reading.
     *
     * @throws LogException where there is none
     */
    public static Log openForReading(Path folder, LogOptions options, InstantSource clock) throws IOException {
        return new Log(folder, options, Slot.readId(folder), clock, null, null);
    }

    /** Tells this log from every other: offsets mean something only together with it. */
    public UUID id() {
        return id;
    }

    public Path folder() {
        return folder;
    }

    /** The slot that is written to; empty where the log is open for reading only. */
    public OptionalInt slot() {
        return slot == null ? OptionalInt.empty() : OptionalInt.of(slot.number());
    }

    /** Whether a living process, this one or another, may write to a partition. */
    public boolean mayGrow(PartitionName partition) throws IOException {
        return Slot.taken(folder, partition.slot());
    }

    /** The streams, by name. */
    public List<String> streams() throws IOException {
        return Inspection.streams(folder);
    }

    /** The partitions of a stream, of all slots, in order; none where there is no such stream. */
    public List<PartitionName> partitions(String stream) throws IOException {
        return Inspection.partitions(folder, stream);
    }

    /**
     * Opens a stream for writing, and makes it where it does not exist. First cuts off what a crash left half written.
     *
     * @param partitions how many there are to append to. May differ from the last time; what is in others stays
     * @throws IllegalStateException where the stream is open for writing already, or the log for reading only
     */
    public synchronized StreamWriter writer(String stream, int partitions) throws IOException {
        if (writing == null) {
            throw new IllegalStateException("The log in " + folder + " is open for reading only");
        }
        if (partitions <= 0) {
            throw new IllegalArgumentException(partitions + " partitions; at least one is needed");
        }
        if (writers.containsKey(stream)) {
            throw new IllegalStateException("Stream " + stream + " is open for writing already");
        }
        StreamWriter writer = StreamWriter.open(writing, stream, partitions, () -> writers.remove(stream));
        writers.put(stream, writer);
        return writer;
    }

    /**
     * Opens a partition for reading. Where this process writes it, now or later, the reader follows without delay.
     *
     * @throws LogException where there is no such partition, or the offset lies after its end. An offset that is gone is
     *     the reader's first {@link Reading.Gone}
     */
    public PartitionReader reader(PartitionName partition, Start start) throws IOException {
        return PartitionReader.open(folder, partition, start, () -> tail(partition), options.pollInterval());
    }

    private @Nullable Tail tail(PartitionName partition) {
        StreamWriter writer =
                slot != null && partition.slot() == slot.number() ? writers.get(partition.stream()) : null;
        return writer != null && partition.partition() < writer.partitions()
                ? writer.tail(partition.partition())
                : null;
    }

    /** Reads all index entries of a partition: milliseconds for each 100,000 chunks. */
    public PartitionInfo describe(PartitionName partition) throws IOException {
        return Inspection.describe(folder, partition);
    }

    /** The offset of the first record of a partition that is still there; 0 where there is none. */
    public long first(PartitionName partition) throws IOException {
        long[] starts = Segments.starts(partition.in(folder));
        return starts.length == 0 ? 0 : starts[0];
    }

    /**
     * Counts the records between two offsets by the index: milliseconds for each 100,000 chunks. Damage to the records
     * themselves is not seen.
     *
     * @param from the offset of the first byte of a record
     * @param to the end of a record
     * @return empty where that is not known: a part of it is gone or not there yet, or the index is damaged
     */
    public OptionalLong records(PartitionName partition, long from, long to) throws IOException {
        return RecordCount.between(partition.in(folder), from, to);
    }

    /** Bytes of all files of a partition, as they are now. Looks at names and lengths only. */
    public long bytes(PartitionName partition) throws IOException {
        return Inspection.bytes(folder, partition);
    }

    /** Counts what a reader of a partition has not read yet. */
    public Backlog backlog(PartitionName partition) {
        return new Backlog(partition.in(folder));
    }

    /** Reads all of a partition and checks every checksum and record count. */
    public Verification verify(PartitionName partition) throws IOException, InterruptedException {
        return verify(partition, bytes -> {});
    }

    /** @param progress told now and then how many bytes have been read */
    public Verification verify(PartitionName partition, LongConsumer progress)
            throws IOException, InterruptedException {
        return Inspection.verify(folder, partition, tail(partition), progress);
    }

    /**
     * Drops what need not be kept, in the partitions of all slots.
     *
     * @param needed the lowest offset that readers still need of each partition; where one is missing, none is needed
     * @return what was dropped, and what of it unread
     */
    public List<Retention.Dropped> retain(Retention retention, Map<PartitionName, Long> needed) throws IOException {
        List<Retention.Dropped> dropped = new ArrayList<>();
        for (String stream : streams()) {
            for (PartitionName partition : partitions(stream)) {
                long lowest = needed.getOrDefault(partition, Long.MAX_VALUE);
                Retention.Outcome outcome = retention.apply(partition, partition.in(folder), lowest, clock.instant());
                dropped.addAll(outcome.dropped());
                StreamWriter writer = writers.get(stream);
                if (outcome.lastIsOld() && writer != null && tail(partition) != null) {
                    writer.endSegment(partition.partition());
                }
            }
        }
        return dropped;
    }

    /** Closes the streams that are written, when their appends are on disk, and frees the slot. */
    @Override
    public synchronized void close() throws IOException {
        try (slot) {
            for (StreamWriter writer : List.copyOf(writers.values())) {
                writer.close();
            }
        }
    }

    /** Whether a folder holds a log. */
    public static boolean isLog(Path folder) {
        return Files.isRegularFile(folder.resolve("log.id"));
    }
}
