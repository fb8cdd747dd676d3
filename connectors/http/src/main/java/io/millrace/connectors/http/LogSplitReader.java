package io.millrace.connectors.http;

import io.millrace.api.Batch;
import io.millrace.api.RecordBatch;
import io.millrace.api.Rejection;
import io.millrace.api.SplitReader;
import io.millrace.formats.Decoder;
import io.millrace.log.Damage;
import io.millrace.log.PartitionReader;
import io.millrace.log.Reading;
import io.millrace.log.Stretch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one partition of the log. */
final class LogSplitReader implements SplitReader {

    /** How much is read at once: enough for many batches, little enough to stay in a cache. */
    private static final int STRETCH_BYTES = 1 << 20;

    /** Reasons for which a stretch of the log is rejected; they never change. */
    static final String DAMAGED = "log_damaged";

    static final String DROPPED = "log_dropped";

    private static final byte[] NO_BYTES = {};

    private final PartitionReader reader;
    private final Decoder decoder;
    private final String path;

    /** What {@link #await} has found; null where {@link #next} is to look itself. */
    private @Nullable Reading found;

    /** What is being decoded, and how far it is; null where there is nothing. */
    private @Nullable Stretch stretch;

    private int at;

    /** The offset after what was handed out last. */
    private long end;

    /** @param path what clients post to, for messages */
    LogSplitReader(PartitionReader reader, Decoder decoder, String path) {
        this.reader = reader;
        this.decoder = decoder;
        this.path = path;
    }

    @Override
    public @Nullable RecordBatch next() throws IOException, InterruptedException {
        while (true) {
            Stretch lines = stretch;
            if (lines != null) {
                RecordBatch records = decode(lines);
                if (records != null) {
                    return records;
                }
                stretch = null;
            }
            Reading reading = found != null ? found : reader.next(STRETCH_BYTES, Duration.ZERO);
            found = null;
            switch (reading) {
                case Stretch more -> {
                    stretch = more;
                    at = more.from();
                }
                case Reading.Damaged(Damage damage, byte[] bytes) -> {
                    return damaged(damage, bytes);
                }
                case Reading.Gone(long offset, long first) -> {
                    return gone(offset, first);
                }
                case Reading.Idle() -> {
                    return null;
                }
                case Reading.Closed() -> {
                    return null;
                }
            }
        }
    }

    @Override
    public void await(Duration atMost) throws IOException, InterruptedException {
        if (found == null && stretch == null) {
            Reading reading = reader.next(STRETCH_BYTES, atMost);
            found = reading instanceof Reading.Idle ? null : reading;
        }
    }

    private @Nullable RecordBatch decode(Stretch lines) {
        if (at == lines.to()) {
            return null;
        }
        int from = at;
        int taken = decoder.decode(lines.bytes(), from, lines.to(), false);
        List<Decoder.Malformed> malformed = decoder.malformed();
        if (decoder.batch().rows() == 0 && malformed.isEmpty()) {
            // Nothing but blank lines.
            at = lines.to();
            return null;
        }
        at = taken;
        List<Rejection> rejected = new ArrayList<>(malformed.size());
        for (Decoder.Malformed record : malformed) {
            rejected.add(new Rejection(
                    Rejection.Stage.DECODE,
                    record.code(),
                    record.field(),
                    record.message(),
                    Long.toString(position(lines, record.start())),
                    raw(lines.bytes(), record.start(), record.end())));
        }
        end = position(lines, at);
        return new RecordBatch(decoder.batch(), new Origins(lines), rejected, LogSplits.offset(end), (long) at - from);
    }

    private static long position(Stretch lines, int index) {
        return lines.offset() + index - lines.from();
    }

    private static byte[] raw(byte[] bytes, int start, int to) {
        return Arrays.copyOfRange(bytes, start, Math.min(to, start + Rejection.MAX_RAW_BYTES));
    }

    /** One rejection for all that lies in the damaged stretch: what records were there is not known. */
    private RecordBatch damaged(Damage damage, byte[] bytes) {
        end = damage.offset() + damage.length();
        return rejection(
                DAMAGED,
                "the log of " + path + " is damaged from byte " + damage.offset() + " to " + end + " of "
                        + damage.partition() + ": " + damage.reason()
                        + (damage.records() > 0 ? "; there should be " + damage.records() + " records" : ""),
                damage.offset(),
                raw(bytes, 0, bytes.length),
                damage.length());
    }

    private RecordBatch gone(long offset, long first) {
        end = first;
        return rejection(
                DROPPED,
                "the log of " + path + " was cut by its retention before this pipeline had read it: bytes " + offset
                        + " to " + first + " of " + reader.partition() + " are gone",
                offset,
                NO_BYTES,
                0);
    }

    private RecordBatch rejection(String code, String message, long position, byte[] raw, long bytes) {
        decoder.decode(NO_BYTES, 0, 0, false);
        Batch none = decoder.batch();
        return new RecordBatch(
                none,
                new Origins(null),
                List.of(new Rejection(Rejection.Stage.DECODE, code, null, message, Long.toString(position), raw)),
                LogSplits.offset(end),
                bytes);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    /** Where the rows of the last batch came from. */
    private final class Origins implements RecordBatch.Origin {
        private final @Nullable Stretch lines;

        /** The chunk that the last row asked for lies in; rows are mostly asked for in order. */
        private int chunk;

        private Origins(@Nullable Stretch lines) {
            this.lines = lines;
        }

        @Override
        public String position(int row) {
            return Long.toString(LogSplitReader.position(lines(), decoder.start(row)));
        }

        @Override
        public byte[] raw(int row) {
            return LogSplitReader.raw(lines().bytes(), decoder.start(row), decoder.end(row));
        }

        @Override
        public RecordBatch.Text json(int row) {
            return new RecordBatch.Text(lines().bytes(), decoder.start(row), decoder.end(row), false);
        }

        @Override
        public long receivedAtMicros(int row) {
            return lines().receivedMicros(chunk(row));
        }

        @Override
        public @Nullable String client(int row) {
            try {
                return lines().client(chunk(row));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private int chunk(int row) {
            Stretch in = lines();
            int start = decoder.start(row);
            if (chunk > 0 && start < in.chunkEnd(chunk - 1)) {
                chunk = 0;
            }
            while (in.chunkEnd(chunk) <= start) {
                chunk++;
            }
            return chunk;
        }

        private Stretch lines() {
            if (lines == null) {
                throw new IllegalStateException("this batch has no rows");
            }
            return lines;
        }
    }
}
