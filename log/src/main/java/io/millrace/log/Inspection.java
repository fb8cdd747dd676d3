package io.millrace.log;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Looks at the files of a log, also while they are written: needs no lock. */
final class Inspection {
    private static final int VERIFY_BYTES = 4 << 20;

    private Inspection() {}

    /** The streams of a log, by name. */
    static List<String> streams(Path log) throws IOException {
        return folders(log).stream().filter(PartitionName::isStream).toList();
    }

    /** The partitions of a stream, of all slots, in order; none where there is no such stream. */
    static List<PartitionName> partitions(Path log, String stream) throws IOException {
        return folders(log.resolve(stream)).stream()
                .flatMap(folder -> PartitionName.ofFolder(stream, folder).stream())
                .sorted()
                .toList();
    }

    private static List<String> folders(Path of) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(of, Files::isDirectory)) {
            folders.forEach(folder -> names.add(folder.getFileName().toString()));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return List.copyOf(names);
    }

    static long bytes(Path log, PartitionName partition) throws IOException {
        Path folder = partition.in(log);
        long bytes = 0;
        for (long start : Segments.starts(folder)) {
            bytes += size(Segments.data(folder, start)) + size(Segments.index(folder, start));
        }
        return bytes;
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            // Dropped by retention since it was listed.
            return 0;
        }
    }

    static PartitionInfo describe(Path log, PartitionName partition) throws IOException {
        List<SegmentInfo> segments = new ArrayList<>();
        Path folder = partition.in(log);
        for (long start : Segments.starts(folder)) {
            try (OpenSegment segment = new OpenSegment(folder, start, true)) {
                segments.add(describe(segment));
            } catch (NoSuchFileException e) {
                // Dropped by retention since it was listed: nothing is there to be described.
            }
        }
        return new PartitionInfo(partition, segments);
    }

    private static SegmentInfo describe(OpenSegment segment) throws IOException {
        long count = segment.index.count();
        long records = 0;
        long chunks = 0;
        IndexEntry first = null;
        IndexEntry last = null;
        for (long i = 0; i < count; i++) {
            IndexEntry entry = segment.index.entry(i);
            if (entry != null) {
                records += entry.records();
                chunks++;
                first = first == null ? entry : first;
                last = entry;
            }
        }
        return new SegmentInfo(
                segment.start,
                segment.dataEnd() - segment.start,
                count * IndexEntry.BYTES,
                chunks,
                records,
                first == null ? null : SegmentInfo.instant(first.receivedMicros()),
                last == null ? null : SegmentInfo.instant(last.receivedMicros()));
    }

    /**
     * Reads all of a partition and checks every checksum and count.
     *
     * @param tail how far the partition is on disk; null where this process does not write it
     * @param progress told now and then how many bytes have been read
     */
    static Verification verify(Path log, PartitionName partition, @Nullable Tail tail, LongConsumer progress)
            throws IOException, InterruptedException {
        List<Damage> damages = new ArrayList<>();
        long chunks = 0;
        long records = 0;
        long bytes = 0;
        try (PartitionReader reader =
                PartitionReader.open(log, partition, new Start.Earliest(), () -> tail, Duration.ofMillis(1))) {
            while (true) {
                switch (reader.nextChunks(VERIFY_BYTES)) {
                    case Stretch stretch -> {
                        int from = stretch.from();
                        for (int i = 0; i < stretch.chunks(); i++) {
                            int to = stretch.chunkEnd(i);
                            int lines = lines(stretch.bytes(), from, to);
                            if (lines != stretch.chunkRecords(i)) {
                                damages.add(new Damage(
                                        partition,
                                        stretch.end() - (stretch.to() - from),
                                        to - from,
                                        stretch.chunkRecords(i),
                                        "the index says " + stretch.chunkRecords(i) + " records, there are " + lines
                                                + " lines"));
                            }
                            records += lines;
                            chunks++;
                            from = to;
                        }
                        bytes += stretch.to() - stretch.from();
                        progress.accept(bytes);
                    }
                    case Reading.Damaged damaged -> damages.add(damaged.damage());
                    case Reading.Gone gone -> {
                        // Retention overtook the reader: what is left is verified.
                    }
                    case Reading.Idle idle -> {
                        return new Verification(partition, chunks, records, bytes, damages);
                    }
                    case Reading.Closed closed -> throw new IllegalStateException("Nobody else has the reader");
                }
            }
        }
    }

    private static int lines(byte[] bytes, int from, int to) {
        int lines = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                lines++;
            }
        }
        return lines;
    }
}
