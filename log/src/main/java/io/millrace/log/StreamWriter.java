package io.millrace.log;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Appends to the partitions of one stream that belong to this process.
 *
 * <p>Thread-safe, and made for thousands of threads, virtual ones too, that each append and wait. An append returns when
 * its bytes and their index entries are on disk. Appends to one partition are stored in the order in which they came.
 *
 * <p>Interrupts: a thread that is interrupted while it waits for space, or for the outcome of an earlier append under its
 * key, gets an {@link InterruptedException}, and nothing was stored. Once its bytes are under way to the disk they can't
 * be called back: the thread waits for the outcome, returns it, and is still interrupted afterwards.
 */
public final class StreamWriter implements AutoCloseable {
    private final String stream;
    private final List<PartitionWriter> partitions;
    private final ClientNames clients;
    private final Idempotency idempotency;
    private final Runnable onClose;

    private StreamWriter(
            String stream,
            List<PartitionWriter> partitions,
            ClientNames clients,
            Idempotency idempotency,
            Runnable onClose) {
        this.stream = stream;
        this.partitions = List.copyOf(partitions);
        this.clients = clients;
        this.idempotency = idempotency;
        this.onClose = onClose;
    }

    /** What a writer of a stream is made with. */
    record Setting(
            Path log,
            int slot,
            LogOptions options,
            InstantSource clock,
            LongSupplier nanoTime,
            LogListener listener,
            ChannelOpener opener) {}

    static StreamWriter open(Setting setting, String stream, int count, Runnable onClose) throws IOException {
        Path folder = setting.log().resolve(stream);
        Segments.createFolder(folder);
        List<PartitionWriter> writers = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                writers.add(PartitionWriter.open(setting, new PartitionName(stream, setting.slot(), i)));
            }
            Idempotency idempotency =
                    new Idempotency(stream, count, setting.options(), setting.listener(), setting.nanoTime());
            KeyHistory.load(
                    setting.log(),
                    Inspection.partitions(setting.log(), stream),
                    setting.options().idempotencyWindow().toNanos() / 1000,
                    micros(setting.clock()),
                    idempotency);
            ClientNames clients = ClientNames.open(folder, setting.slot(), setting.opener());
            return new StreamWriter(stream, writers, clients, idempotency, onClose);
        } catch (IOException e) {
            writers.forEach(PartitionWriter::close);
            throw e;
        }
    }

    private static long micros(InstantSource clock) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }

    /**
     * The records of an append that go to one partition.
     *
     * @param partition its number
     * @param lines the records
     */
    public record Part(int partition, Lines lines) {}

    public String stream() {
        return stream;
    }

    /** How many partitions there are to append to, numbered from 0. */
    public int partitions() {
        return partitions.size();
    }

    /** The name of the partition of this number. */
    public PartitionName name(int partition) {
        return partitions.get(partition).name();
    }

    /** How many bytes one append may hold at most. */
    public int maxAppendBytes() {
        return partitions.getFirst().maxAppendBytes();
    }

    /** How many idempotency keys are remembered. */
    public int rememberedKeys() {
        return idempotency.remembered();
    }

    /** How many idempotency keys were forgotten before their time, since the stream was opened. */
    public long forgottenKeys() {
        return idempotency.forgottenEarly();
    }

    /** As {@link #append(int, String, String, Lines, Duration)}, and waits for space as long as it takes. */
    public AppendResult append(int partition, String client, @Nullable String key, Lines lines)
            throws LogException, InterruptedException {
        return append(partition, client, key, lines, Deadline.NONE);
    }

    /**
     * Appends records and returns when they are on disk.
     *
     * @param partition its number. What comes again under the same key is known in any partition
     * @param client who sends them: 1 to 1024 bytes of UTF-8 without control characters
     * @param key with the client it names the append; null where it may be stored twice when it comes twice
     * @param lines the records; the arrays may be changed when this returns
     * @param timeout how long to wait for space; then it is {@link AppendResult.Busy}. Waiting for the disk comes on top
     * @throws LogFullException where the disk is full; nothing was stored
     * @throws LogException where the disk failed, or the stream is closed; nothing was stored
     * @throws IllegalArgumentException where these are no complete lines, or more bytes than may wait
     */
    public AppendResult append(int partition, String client, @Nullable String key, Lines lines, Duration timeout)
            throws LogException, InterruptedException {
        return append(partition, client, key, lines, Deadline.in(timeout));
    }

    private AppendResult append(int partition, String client, @Nullable String key, Lines lines, Deadline deadline)
            throws LogException, InterruptedException {
        if (key != null) {
            return appendOnce(List.of(new Part(partition, lines)), client, key, deadline)
                    .getFirst();
        }
        PartitionWriter writer = partitions.get(partition);
        lines.check();
        PartitionWriter.Ticket ticket = writer.submit(lines, clients.number(client), deadline);
        return ticket == null ? new AppendResult.Busy() : new AppendResult.Stored(writer.name(), ticket.await());
    }

    /**
     * Appends records to several partitions at once and returns when all are on disk. Either there is space for all, or
     * none is stored. There is no such promise for failures of the disk: parts may be stored when it throws. Sent again
     * under the same key they are recognised, and the rest is stored.
     *
     * @param parts at most one for each partition
     * @param timeout how long to wait for space; null for as long as it takes
     * @return what became of each part; where one is in conflict, no other was stored, and those that are not known yet
     *     are told as in conflict with the first that is
     */
    public List<AppendResult> append(List<Part> parts, String client, @Nullable String key, @Nullable Duration timeout)
            throws LogException, InterruptedException {
        if (parts.stream().mapToInt(Part::partition).distinct().count() < parts.size()) {
            throw new IllegalArgumentException("Two of " + parts.size() + " parts go to the same partition");
        }
        Deadline deadline = Deadline.in(timeout);
        if (key != null) {
            return appendOnce(parts, client, key, deadline);
        }
        for (Part part : parts) {
            part.lines().check();
        }
        return Parcel.send(partitions, parts, clients.number(client), 0, 0, deadline)
                .results();
    }

    private List<AppendResult> appendOnce(List<Part> parts, String client, String key, Deadline deadline)
            throws LogException, InterruptedException {
        int[] crcs = new int[parts.size()];
        for (int i = 0; i < crcs.length; i++) {
            java.util.Objects.checkIndex(parts.get(i).partition(), partitions.size());
            parts.get(i).lines().check();
            crcs[i] = parts.get(i).lines().crc();
        }
        int number = clients.number(client);
        Idempotency.Key hash = Idempotency.Key.of(client, key);
        List<Idempotency.Claim> claims = idempotency.claim(hash, parts, crcs, deadline);
        if (claims == null) {
            return Collections.nCopies(parts.size(), new AppendResult.Busy());
        }
        for (Idempotency.Claim claim : claims) {
            if (claim.known() instanceof AppendResult.Conflict conflict) {
                return claims.stream()
                        .map(c -> c.known() == null ? conflict : c.known())
                        .toList();
            }
        }
        return storeClaimed(parts, claims, crcs, number, hash, deadline);
    }

    private List<AppendResult> storeClaimed(
            List<Part> parts,
            List<Idempotency.Claim> claims,
            int[] crcs,
            int client,
            Idempotency.Key hash,
            Deadline deadline)
            throws LogException, InterruptedException {
        List<Part> claimed = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            if (claims.get(i).known() == null) {
                claimed.add(parts.get(i));
            }
        }
        Parcel sent = null;
        try {
            sent = Parcel.send(partitions, claimed, client, hash.high(), hash.low(), deadline);
        } finally {
            settle(parts, claims, crcs, sent);
        }
        Iterator<AppendResult> stored = sent.results().iterator();
        List<AppendResult> results = new ArrayList<>(parts.size());
        for (Idempotency.Claim claim : claims) {
            results.add(claim.known() == null ? stored.next() : claim.known());
        }
        return results;
    }

    /** Says of every claimed part whether it is stored. */
    private void settle(List<Part> parts, List<Idempotency.Claim> claims, int[] crcs, @Nullable Parcel sent) {
        int at = 0;
        for (int i = 0; i < parts.size(); i++) {
            Idempotency.Claim claim = claims.get(i);
            if (claim.known() != null) {
                continue;
            }
            if (sent != null && sent.outcome(at) instanceof AppendResult.Stored stored) {
                int bytes = (int) parts.get(i).lines().bytes();
                idempotency.stored(claim.key(), stored.partition(), stored.offset(), bytes, crcs[i]);
            } else {
                idempotency.release(claim.key());
            }
            at++;
        }
    }

    /** How far a partition is on disk, and who waits for more. */
    Tail tail(int partition) {
        return partitions.get(partition).tail();
    }

    /** Ends the segment of a partition soon, so that retention can drop it. */
    void endSegment(int partition) {
        partitions.get(partition).endSegment();
    }

    /** Takes no more appends and returns when those under way are on disk, interrupted or not. */
    @Override
    public void close() throws IOException {
        partitions.forEach(PartitionWriter::close);
        onClose.run();
        for (PartitionWriter writer : partitions) {
            // Readers that wait for this process look at the files from now on.
            writer.tail().publish(writer.tail().end());
        }
        clients.close();
    }
}
