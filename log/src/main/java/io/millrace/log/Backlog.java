package io.millrace.log;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts what one reader of a partition has not read yet, again and again as it goes on. Only the index is read, and of it
 * only what is new since the last time.
 *
 * <pre>
 *   index   | read already | waits .... .... .... | not counted yet
 *                          ^ low                  ^ high
 * </pre>
 *
 * <p>Thread-safe.
 */
public final class Backlog {

    private final Path folder;

    // Guarded by this.
    private @Nullable Place low;
    private @Nullable Place high;
    private long position;
    private long bytes;
    private long records;
    private @Nullable Instant oldest;

    /** How much of the first chunk that waits is read already. */
    private long within;

    Backlog(Path folder) {
        this.folder = folder;
    }

    /**
     * What waits.
     *
     * @param bytes of records
     * @param records those of a chunk of which a part was read count in full
     * @param oldest when the first of them was received; null where nothing waits
     */
    public record Size(long bytes, long records, @Nullable Instant oldest) {}

    /** An entry of a segment's index. */
    private record Place(long segment, long entry) {}

    /**
     * Looks.
     *
     * @param read the offset up to which all is read
     * @throws IOException where the files can't be read
     */
    public synchronized Size after(long read) throws IOException {
        long[] starts = Segments.starts(folder);
        if (starts.length == 0) {
            return new Size(0, 0, null);
        }
        if (low == null
                || high == null
                || read < position
                || Arrays.binarySearch(starts, low.segment()) < 0
                || Arrays.binarySearch(starts, high.segment()) < 0) {
            low = placeOf(starts, read);
            high = low;
            bytes = 0;
            records = 0;
        }
        try {
            high = count(starts, high);
            position = read;
            low = pass(starts, low, high, read);
        } catch (NoSuchFileException e) {
            // Retention was faster; the next look begins anew.
            low = null;
            high = null;
        }
        return new Size(Math.max(0, bytes - within), Math.max(0, records), oldest);
    }

    private Place placeOf(long[] starts, long read) throws IOException {
        int at = Math.max(0, Segments.floor(starts, read));
        try (IndexFile index = new IndexFile(Segments.index(folder, starts[at]))) {
            return new Place(starts[at], index.firstEndingAfter(read, index.count()));
        }
    }

    /** Adds what is there from a place to the end; returns the end. */
    private Place count(long[] starts, Place from) throws IOException {
        Place at = from;
        for (int i = Arrays.binarySearch(starts, from.segment()); i < starts.length; i++) {
            long number = starts[i] == from.segment() ? from.entry() : 0;
            try (IndexFile index = new IndexFile(Segments.index(folder, starts[i]))) {
                long count = index.count();
                while (number < count) {
                    long sound = index.nextSound(number, count);
                    IndexEntry entry = sound < count ? index.entry(sound) : null;
                    if (entry == null) {
                        // Perhaps half written; looked at again next time.
                        break;
                    }
                    bytes += entry.length();
                    records += entry.records();
                    number = sound + 1;
                }
            }
            at = new Place(starts[i], number);
        }
        return at;
    }

    /** Takes away what is read between two places; returns the first that is not. */
    private Place pass(long[] starts, Place from, Place end, long read) throws IOException {
        within = 0;
        oldest = null;
        for (int i = Arrays.binarySearch(starts, from.segment()); i < starts.length; i++) {
            long number = starts[i] == from.segment() ? from.entry() : 0;
            try (IndexFile index = new IndexFile(Segments.index(folder, starts[i]))) {
                long limit = starts[i] == end.segment() ? end.entry() : index.count();
                for (; number < limit; number++) {
                    IndexEntry entry = index.entry(number);
                    if (entry != null && entry.end() > read) {
                        within = Math.max(0, read - entry.offset());
                        oldest = SegmentInfo.instant(entry.receivedMicros());
                        return new Place(starts[i], number);
                    }
                    if (entry != null) {
                        bytes -= entry.length();
                        records -= entry.records();
                    }
                }
            }
            if (starts[i] == end.segment()) {
                break;
            }
        }
        return end;
    }
}
