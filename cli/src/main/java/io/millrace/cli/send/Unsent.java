package io.millrace.cli.send;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what could not be sent: the records in files, why in memory. A file is made when its first record comes, readable
 * by its owner alone, since records may hold what is private. Thread-safe.
 */
final class Unsent implements AutoCloseable {

    /** A gateway that gives each refusal another code must not fill the memory. */
    private static final int MOST_REASONS = 50;

    private static final Reason OTHER = Reason.of("other reasons", false);

    private final @Nullable Path given;
    private final Map<Path, UnsentFile> files = new LinkedHashMap<>();
    private final Map<String, Listing> listings = new LinkedHashMap<>();
    private final Set<FileChannel> spools = new LinkedHashSet<>();
    private long events;

    /** @param given where to keep everything, after what is there; null for a new file for each input */
    Unsent(@Nullable Path given) {
        this.given = given;
    }

    /** Records of one input that were kept. */
    private record Listing(Path file, boolean rereadable, Map<String, Because> reasons) {}

    private static final class Because {
        private final Reason reason;
        private final LineRanges lines = new LineRanges();
        private long events;

        private Because(Reason reason) {
            this.reason = reason;
        }
    }

    /** Keeps a whole batch. */
    synchronized void keep(Batch batch, Reason reason) throws IOException {
        file(batch.origin()).write(ByteBuffer.wrap(batch.bytes()));
        for (long line : batch.lines()) {
            list(batch.origin(), line, reason);
        }
    }

    /** Keeps one record of a batch. */
    synchronized void keep(Batch batch, int index, Reason reason) throws IOException {
        int start = batch.start(index);
        file(batch.origin()).write(ByteBuffer.wrap(batch.bytes(), start, batch.ends()[index] - start));
        list(batch.origin(), batch.lines()[index], reason);
    }

    /**
     * Keeps a record that is too long to be held in memory. It is kept when the stream is closed; until then it is in a
     * file of its own, so that other records can be kept meanwhile.
     */
    synchronized OutputStream keepOverlong(Origin origin, long line, Reason reason) throws IOException {
        Path spool = Files.createTempFile("millrace-", ".unsent");
        FileChannel channel = FileChannel.open(
                spool, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        spools.add(channel);
        OutputStream into = Channels.newOutputStream(channel);
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                into.write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                into.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                try (channel) {
                    into.write('\n');
                    keepSpooled(origin, line, reason, channel);
                }
            }
        };
    }

    private synchronized void keepSpooled(Origin origin, long line, Reason reason, FileChannel record)
            throws IOException {
        spools.remove(record);
        file(origin).write(record);
        list(origin, line, reason);
    }

    /** How many records are kept. */
    synchronized long events() {
        return events;
    }

    /** What is kept, input by input. */
    synchronized List<Kept> kept() {
        List<Kept> kept = new ArrayList<>();
        listings.forEach((input, listing) -> {
            List<Kept.Because> reasons = listing.reasons().values().stream()
                    .map(because -> new Kept.Because(
                            because.reason.text(), because.events, because.lines.text(), because.reason.passing()))
                    .sorted(Comparator.comparingLong(Kept.Because::events).reversed())
                    .toList();
            long all = reasons.stream().mapToLong(Kept.Because::events).sum();
            kept.add(new Kept(input, listing.file(), listing.rereadable(), all, reasons));
        });
        return kept;
    }

    private void list(Origin origin, long line, Reason reason) throws IOException {
        Path file = file(origin).path();
        Map<String, Because> reasons = listings.computeIfAbsent(
                        origin.name(), name -> new Listing(file, origin.rereadable(), new LinkedHashMap<>()))
                .reasons();
        Reason listed = reasons.containsKey(reason.kind()) || reasons.size() < MOST_REASONS ? reason : OTHER;
        Because because = reasons.computeIfAbsent(listed.kind(), kind -> new Because(listed));
        because.lines.add(line);
        because.events++;
        events++;
    }

    private UnsentFile file(Origin origin) throws IOException {
        Path wanted = given == null ? origin.unsent() : given;
        UnsentFile file = files.get(wanted);
        if (file == null) {
            file = given == null ? UnsentFile.create(wanted) : UnsentFile.append(wanted);
            files.put(wanted, file);
        }
        return file;
    }

    /** Forces everything to disk. What was begun and is not kept yet is forgotten. */
    @Override
    public synchronized void close() throws IOException {
        List<Closeable> open = new ArrayList<>(files.values());
        open.addAll(spools);
        IOException failure = null;
        for (Closeable one : open) {
            try {
                one.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
