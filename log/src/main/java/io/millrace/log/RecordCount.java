package io.millrace.log;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Counts the records between two offsets of a partition by its index; of the data, parts of two chunks at most are read. */
final class RecordCount {

    private static final int BLOCK_BYTES = 64 << 10;

    private final Path folder;
    private final long from;
    private final long to;
    private final byte[] block = new byte[BLOCK_BYTES];

    /** The offset up to which all is counted. */
    private long reached;

    private long records;

    private RecordCount(Path folder, long from, long to) {
        this.folder = folder;
        this.from = from;
        this.to = to;
        this.reached = from;
    }

    /** Empty where a part is gone, not there yet, or not told by sound entries. */
    static OptionalLong between(Path folder, long from, long to) throws IOException {
        RecordCount count = new RecordCount(folder, from, to);
        return from <= to && count.complete() ? OptionalLong.of(count.records) : OptionalLong.empty();
    }

    private boolean complete() throws IOException {
        long[] starts = Segments.starts(folder);
        int at = Segments.floor(starts, from);
        if (at < 0) {
            return reached == to;
        }
        for (; at < starts.length && reached < to; at++) {
            try (OpenSegment segment = new OpenSegment(folder, starts[at], true)) {
                if (!add(segment)) {
                    return false;
                }
            } catch (NoSuchFileException e) {
                // Dropped by retention since it was listed.
                return false;
            }
        }
        return reached == to;
    }

    /** Whether all of a segment that is asked for could be counted. */
    private boolean add(OpenSegment segment) throws IOException {
        long count = segment.index.count();
        for (long i = segment.index.firstEndingAfter(from, count); i < count && reached < to; i++) {
            IndexEntry entry = segment.index.entry(i);
            if (entry == null || !follows(entry) || !segment.holds(entry)) {
                return false;
            }
            boolean whole = entry.offset() >= from && entry.end() <= to;
            records +=
                    whole ? entry.records() : lines(segment, Math.max(from, entry.offset()), Math.min(to, entry.end()));
            reached = Math.min(to, entry.end());
        }
        return true;
    }

    /** Whether an entry tells of what comes next, with nothing between. */
    private boolean follows(IndexEntry entry) {
        return entry.follows() <= reached && (reached == from || entry.offset() >= reached);
    }

    /** A batch of a reader may end inside a chunk. */
    private long lines(OpenSegment segment, long start, long end) throws IOException {
        long lines = 0;
        long at = start;
        while (at < end) {
            int read = segment.read(at, block, 0, (int) Math.min(BLOCK_BYTES, end - at));
            if (read == 0) {
                break;
            }
            for (int i = 0; i < read; i++) {
                if (block[i] == '\n') {
                    lines++;
                }
            }
            at += read;
        }
        return lines;
    }
}
