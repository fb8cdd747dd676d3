package io.millrace.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The way of a reader from segment to segment, while segments are added at one end and dropped at the other. */
final class SegmentTrail implements Closeable {
    /** After a failed force the next segment begins at an offset that can't be told: it is found a second later. */
    private static final int LOOKS_PER_LISTING = 50;

    private final PartitionName name;
    private final Path folder;
    private @Nullable OpenSegment current;
    private Reading.@Nullable Gone gone;
    private long listedAt = -1;
    private int looksSinceListed;

    SegmentTrail(PartitionName name, Path folder) {
        this.name = name;
        this.folder = folder;
    }

    /** The segment that is being read; null where there is none yet. */
    @Nullable
    OpenSegment current() {
        return current;
    }

    /** What was dropped before it was read, told once; null where nothing was. */
    Reading.@Nullable Gone takeGone() {
        Reading.Gone taken = gone;
        gone = null;
        return taken;
    }

    /** Opens the segment that holds a position. */
    void locate(long position) throws IOException {
        close();
        while (true) {
            long[] starts = Segments.starts(folder);
            if (starts.length == 0) {
                if (position > 0) {
                    throw new LogException("Offset " + position + " of " + name + " is asked for, but it is empty");
                }
                return;
            }
            int at = Math.max(Segments.floor(starts, position), 0);
            try {
                OpenSegment opened = open(starts, at);
                current = opened;
                if (starts[at] > position) {
                    findGone(opened, position);
                } else {
                    opened.next = opened.index.firstEndingAfter(position, opened.index.count());
                }
                return;
            } catch (NoSuchFileException e) {
                // Dropped by retention since it was listed: there is a later one.
            }
        }
    }

    /** Goes to the next segment; false where there is none. */
    boolean openNext(long position) throws IOException {
        long start = current == null ? -1 : current.start;
        while (true) {
            long[] starts = Segments.starts(folder);
            int next = Segments.floor(starts, start) + 1;
            if (next >= starts.length) {
                return false;
            }
            try {
                OpenSegment opened = open(starts, next);
                close();
                current = opened;
                if (next == 0) {
                    findGone(opened, position);
                }
                return true;
            } catch (NoSuchFileException e) {
                // Dropped by retention since it was listed: there is a later one.
            }
        }
    }

    private OpenSegment open(long[] starts, int at) throws IOException {
        return new OpenSegment(folder, starts[at], at < starts.length - 1);
    }

    /** At the first segment there is: whether anything before it was dropped that was not read. */
    private void findGone(OpenSegment first, long position) throws IOException {
        IndexEntry entry = first.index.entry(0);
        boolean nothingBetween = entry != null && entry.follows() <= position;
        if (first.start > position && !nothingBetween) {
            gone = new Reading.Gone(position, first.start);
        }
    }

    /**
     * Whether nothing comes after a segment yet; where something does, the segment has ended. The next one mostly begins
     * where this one ends, so that is looked for; all names are listed only now and then, since a partition may have
     * thousands.
     */
    boolean isLast(OpenSegment segment, long position) throws IOException {
        boolean listed = position == listedAt && looksSinceListed++ < LOOKS_PER_LISTING;
        if (listed && (position == segment.start || !Files.exists(Segments.data(folder, position)))) {
            return true;
        }
        listedAt = position;
        looksSinceListed = 0;
        long[] starts = Segments.starts(folder);
        segment.ended = starts.length > 0 && starts[starts.length - 1] > segment.start;
        return !segment.ended;
    }

    @Override
    public void close() throws IOException {
        OpenSegment segment = current;
        current = null;
        if (segment != null) {
            segment.close();
        }
    }
}
