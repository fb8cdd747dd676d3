package io.millrace.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads the idempotency keys of a stream from the indexes of all its partitions, those of other slots too: another
 * process may have taken the first of what comes again here.
 *
 * <p>Their age is counted from the last that was received, not from now: a client that has repeated a request all the
 * time while nobody was there must be recognised, however long that was, and so must one when the clock was set forward.
 */
final class KeyHistory {
    private KeyHistory() {}

    /** Remembers every key of the last window of time, in the order in which they came. */
    static void load(Path log, List<PartitionName> partitions, long windowMicros, long nowMicros, Idempotency into)
            throws IOException {
        long lastMicros = Long.MIN_VALUE;
        for (PartitionName partition : partitions) {
            lastMicros = Math.max(lastMicros, lastMicros(partition.in(log)));
        }
        if (lastMicros == Long.MIN_VALUE) {
            return;
        }
        // Where the clock was set back, the latest time is not the last.
        long endMicros = Math.min(lastMicros, nowMicros);
        long sinceMicros = endMicros - windowMicros;
        PriorityQueue<Keys> byTime = new PriorityQueue<>(Comparator.comparingLong(Keys::micros));
        List<Keys> opened = new ArrayList<>();
        try {
            for (PartitionName partition : partitions) {
                Keys keys = new Keys(partition, partition.in(log), sinceMicros);
                opened.add(keys);
                if (keys.advance()) {
                    byTime.add(keys);
                }
            }
            while (!byTime.isEmpty()) {
                Keys keys = byTime.remove();
                IndexEntry entry = keys.entry();
                into.remember(
                        new Idempotency.Key(entry.keyHigh(), entry.keyLow()).in(keys.partition.partition()),
                        keys.partition,
                        Math.max(0, endMicros - entry.receivedMicros()),
                        entry.offset(),
                        entry.length(),
                        entry.crc());
                if (keys.advance()) {
                    byTime.add(keys);
                }
            }
        } finally {
            for (Keys keys : opened) {
                keys.close();
            }
        }
    }

    /** When the last chunk of a partition was received; the least number where there is none. */
    private static long lastMicros(Path folder) throws IOException {
        long[] starts = Segments.starts(folder);
        for (int i = starts.length - 1; i >= 0; i--) {
            try (IndexFile index = new IndexFile(Segments.index(folder, starts[i]))) {
                IndexEntry last = index.lastSoundBefore(index.count());
                if (last != null) {
                    return last.receivedMicros();
                }
            }
        }
        return Long.MIN_VALUE;
    }

    /** The keyed chunks of one partition from a time on. */
    private static final class Keys implements Closeable {
        private final PartitionName partition;
        private final Path folder;
        private final long sinceMicros;
        private final long[] starts;
        private int segment;
        private @Nullable IndexFile index;
        private long next;
        private long count;
        private @Nullable IndexEntry entry;

        Keys(PartitionName partition, Path folder, long sinceMicros) throws IOException {
            this.partition = partition;
            this.folder = folder;
            this.sinceMicros = sinceMicros;
            this.starts = Segments.starts(folder);
            this.segment = firstSegment() - 1;
        }

        /** The last segment that begins before the time; those after it have all that came later. */
        private int firstSegment() throws IOException {
            for (int i = starts.length - 1; i > 0; i--) {
                try (IndexFile file = new IndexFile(Segments.index(folder, starts[i]))) {
                    IndexEntry first = file.entry(file.nextSound(0, file.count()));
                    if (first != null && first.receivedMicros() < sinceMicros) {
                        return i;
                    }
                }
            }
            return 0;
        }

        long micros() {
            return entry().receivedMicros();
        }

        IndexEntry entry() {
            return java.util.Objects.requireNonNull(entry);
        }

        boolean advance() throws IOException {
            while (true) {
                IndexFile file = index;
                if (file != null) {
                    while (next < count) {
                        IndexEntry found = file.entry(next++);
                        if (found != null && found.hasKey() && found.receivedMicros() >= sinceMicros) {
                            entry = found;
                            return true;
                        }
                    }
                    file.close();
                    index = null;
                }
                if (++segment >= starts.length) {
                    return false;
                }
                open();
            }
        }

        private void open() throws IOException {
            IndexFile file = new IndexFile(Segments.index(folder, starts[segment]));
            index = file;
            count = file.count();
            if (segment == starts.length - 1) {
                // Another process may be writing here: what is answered for must be on disk.
                try (FileChannel data =
                        FileChannel.open(Segments.data(folder, starts[segment]), StandardOpenOption.READ)) {
                    data.force(false);
                }
                file.force();
            }
            next = file.firstReceivedAt(sinceMicros, count);
        }

        @Override
        public void close() throws IOException {
            if (index != null) {
                index.close();
            }
        }
    }
}
