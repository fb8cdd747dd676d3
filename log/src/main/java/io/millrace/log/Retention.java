package io.millrace.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * How long records are kept. Whole segments are dropped, the oldest first, never the one that is written.
 *
 * @param maxAge a segment is dropped when its last chunk is older, and every reader has passed it
 * @param maxBytes when the files of a partition have more, segments are dropped until they have not, read or not
 */
public record Retention(Duration maxAge, long maxBytes) {

    public Retention {
        if (maxAge.isNegative() || maxBytes < 0) {
            throw new IllegalArgumentException(
                    "maxAge is " + maxAge + ", maxBytes " + maxBytes + ": neither can be" + " negative");
        }
    }

    /**
     * What was dropped of a partition.
     *
     * @param partition its name
     * @param from offset of the first byte dropped
     * @param to the first offset there is now
     * @param bytes how much space that was, with the index
     * @param unreadFrom where the range begins, up to {@code to}, that was dropped though a reader still needed it; empty
     *     where all was read
     */
    public record Dropped(PartitionName partition, long from, long to, long bytes, OptionalLong unreadFrom) {}

    /** What was dropped, and whether the last segment is old enough to be ended. */
    record Outcome(List<Dropped> dropped, boolean lastIsOld) {}

    /** @param needed the lowest offset that a reader still needs; {@link Long#MAX_VALUE} where none does */
    Outcome apply(PartitionName partition, Path folder, long needed, Instant now) throws IOException {
        long[] starts = Segments.starts(folder);
        long[] sizes = new long[starts.length];
        long total = 0;
        for (int i = 0; i < starts.length; i++) {
            sizes[i] = size(Segments.data(folder, starts[i])) + size(Segments.index(folder, starts[i]));
            total += sizes[i];
        }
        Instant oldest = now.minus(maxAge);
        int drop = 0;
        long bytes = 0;
        while (drop < starts.length - 1) {
            boolean read = starts[drop + 1] <= needed;
            boolean tooMuch = total - bytes > maxBytes;
            if (!tooMuch && !(read && isOlder(folder, starts[drop], oldest))) {
                break;
            }
            bytes += sizes[drop];
            drop++;
        }
        List<Dropped> dropped = new ArrayList<>();
        if (drop > 0) {
            for (int i = 0; i < drop; i++) {
                // The data first: an index without data is known to be a leftover.
                Files.deleteIfExists(Segments.data(folder, starts[i]));
                Files.deleteIfExists(Segments.index(folder, starts[i]));
            }
            Segments.forceFolder(folder);
            long to = starts[drop];
            OptionalLong unread = needed < to ? OptionalLong.of(Math.max(needed, starts[0])) : OptionalLong.empty();
            dropped.add(new Dropped(partition, starts[0], to, bytes, unread));
        }
        boolean lastIsOld = starts.length > 0 && isOlder(folder, starts[starts.length - 1], oldest);
        return new Outcome(dropped, lastIsOld);
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** Whether the last chunk of a segment was received before a time; where nobody knows, it was not. */
    private static boolean isOlder(Path folder, long start, Instant oldest) throws IOException {
        try (IndexFile index = new IndexFile(Segments.index(folder, start))) {
            IndexEntry last = index.lastSoundBefore(index.count());
            return last != null && SegmentInfo.instant(last.receivedMicros()).isBefore(oldest);
        }
    }
}
