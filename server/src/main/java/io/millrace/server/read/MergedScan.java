package io.millrace.server.read;

import io.millrace.formats.NewlineSearch;
import io.millrace.log.Log;
import io.millrace.log.LogException;
import io.millrace.log.PartitionName;
import io.millrace.log.PartitionReader;
import io.millrace.log.Reading;
import io.millrace.log.Start;
import io.millrace.log.Stretch;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the lines of several partitions in the order in which they were received, as far as the log has them now.
 * What is damaged is passed over: it can't be told whose it is. Not thread-safe.
 */
final class MergedScan implements Closeable {

    private static final int BYTES_AT_ONCE = 1 << 20;

    private final List<Part> parts = new ArrayList<>();
    private @Nullable Part current;
    private int from;
    private int to;

    /**
     * @param places where to begin; a partition that is missing is read from its beginning
     * @throws LogException where one is not the beginning of a line
     */
    MergedScan(Log log, List<PartitionName> partitions, Map<PartitionName, Long> places)
            throws IOException, InterruptedException {
        boolean open = false;
        try {
            for (PartitionName partition : partitions) {
                Long place = places.get(partition);
                Start start = place == null ? new Start.Earliest() : new Start.At(place);
                Part part = new Part(log.reader(partition, start), place);
                parts.add(part);
                part.hasMore();
            }
            open = true;
        } finally {
            if (!open) {
                close();
            }
        }
    }

    /** Goes to the next line; false where there is none. */
    boolean next() throws IOException, InterruptedException {
        Part part = current;
        if (part == null || part.at == part.chunkEnd) {
            part = oldest();
            current = part;
            if (part == null) {
                return false;
            }
        }
        from = part.at;
        to = NewlineSearch.next(part.bytes, from, part.chunkEnd) + 1;
        part.at = to;
        return true;
    }

    private @Nullable Part oldest() throws IOException, InterruptedException {
        Part oldest = null;
        for (Part part : parts) {
            if (part.hasMore() && (oldest == null || part.micros < oldest.micros)) {
                oldest = part;
            }
        }
        return oldest;
    }

    /** Holds the line, until the next one is asked for. */
    byte[] bytes() {
        return current == null ? new byte[0] : current.bytes;
    }

    int from() {
        return from;
    }

    /** The place after its newline. */
    int to() {
        return to;
    }

    /** Where to go on after this line; a partition that is missing has not been begun. */
    Map<PartitionName, Long> places() {
        Map<PartitionName, Long> places = new TreeMap<>();
        for (Part part : parts) {
            Long place = part.place();
            if (place != null) {
                places.put(part.reader.partition(), place);
            }
        }
        return places;
    }

    @Override
    public void close() throws IOException {
        for (Part part : parts) {
            part.reader.close();
        }
    }

    /** One partition: a chunk of it, and where in it. */
    private static final class Part {
        final PartitionReader reader;
        byte[] bytes = {};
        int at;
        int chunkEnd;
        long micros;

        private @Nullable Stretch stretch;
        private int chunk;
        private boolean ended;

        /** Where to go on while there is no stretch; null at the beginning. */
        private @Nullable Long place;

        Part(PartitionReader reader, @Nullable Long place) {
            this.reader = reader;
            this.place = place;
        }

        /** Whether there is a line; goes to the next chunk where this one is used up. */
        boolean hasMore() throws IOException, InterruptedException {
            while (at == chunkEnd && !ended) {
                Stretch loaded = stretch;
                if (loaded != null && chunk + 1 < loaded.chunks()) {
                    enter(loaded, chunk + 1);
                } else {
                    load();
                }
            }
            return at < chunkEnd;
        }

        private void load() throws IOException, InterruptedException {
            switch (reader.next(BYTES_AT_ONCE, Duration.ZERO)) {
                case Stretch loaded -> {
                    stretch = loaded;
                    bytes = loaded.bytes();
                    at = loaded.from();
                    enter(loaded, 0);
                }
                case Reading.Damaged(var damage, byte[] damaged) -> passedOver(damage.offset() + damage.length());
                case Reading.Gone(long offset, long first) -> passedOver(first);
                case Reading.Idle idle -> ended = true;
                case Reading.Closed closed -> throw new IllegalStateException("Nobody else has the reader");
            }
        }

        private void enter(Stretch loaded, int next) {
            chunk = next;
            chunkEnd = loaded.chunkEnd(next);
            micros = loaded.receivedMicros(next);
        }

        private void passedOver(long to) {
            place = to;
            stretch = null;
            at = 0;
            chunkEnd = 0;
        }

        @Nullable
        Long place() {
            return stretch == null ? place : (Long) (stretch.offset() + (at - stretch.from()));
        }
    }
}
