package io.millrace.log;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Finds the offset at which a reader begins. */
final class Positions {
    private Positions() {}

    /**
     * @param tail how far the partition is on disk; null where this process does not write it
     * @throws LogException where the offset lies after the end
     */
    static long of(Path folder, Start start, @Nullable Tail tail) throws IOException {
        long[] starts = Segments.starts(folder);
        return switch (start) {
            case Start.Earliest() -> starts.length == 0 ? 0 : starts[0];
            case Start.Latest() -> tail == null ? end(folder, starts) : tail.end();
            case Start.Since(Instant instant) ->
                since(folder, starts, ChronoUnit.MICROS.between(Instant.EPOCH, instant));
            case Start.At(long offset) -> {
                long end = Math.max(tail == null ? 0 : tail.end(), end(folder, starts));
                if (offset < 0 || offset > end) {
                    throw new LogException("Offset " + offset + " is asked for, but " + folder + " ends at " + end
                            + ": is it another log, or an older copy of this one?");
                }
                yield offset;
            }
        };
    }

    private static long end(Path folder, long[] starts) throws IOException {
        if (starts.length == 0) {
            return 0;
        }
        long start = starts[starts.length - 1];
        try (OpenSegment last = new OpenSegment(folder, start, false)) {
            IndexEntry entry = last.index.lastSoundBefore(last.onDisk());
            return entry == null ? start : entry.end();
        }
    }

    private static long since(Path folder, long[] starts, long micros) throws IOException {
        long later = end(folder, starts);
        for (int i = starts.length - 1; i >= 0; i--) {
            try (OpenSegment segment = new OpenSegment(folder, starts[i], i < starts.length - 1)) {
                long count = segment.onDisk();
                IndexEntry first = segment.index.entry(segment.index.nextSound(0, count));
                if (first == null) {
                    continue;
                }
                if (first.receivedMicros() < micros) {
                    IndexEntry found = segment.index.entry(segment.index.firstReceivedAt(micros, count));
                    return found == null ? later : found.offset();
                }
                later = first.offset();
            }
        }
        return later;
    }
}
