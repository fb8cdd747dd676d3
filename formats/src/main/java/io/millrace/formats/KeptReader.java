package io.millrace.formats;

import io.millrace.api.Batch;
import io.millrace.api.Kept;
import io.millrace.api.Offset;
import io.millrace.api.Projection;
import io.millrace.api.RecordBatch;
import io.millrace.api.Rejection;
import io.millrace.api.SplitReader;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads records again that were kept aside. Each stands for itself: where a newline ends a record whatever comes before it,
 * many are decoded at once, and otherwise each alone, so that none swallows another. Not thread-safe.
 */
public final class KeptReader implements SplitReader {

    /** No offset of this reader is ever gone back to. */
    private static final Offset NOWHERE = new Offset("");

    private static final int MOST_TOGETHER = 1_000;

    private final List<Kept> records;
    private final Decoder decoder;
    private final boolean lines;
    private final Surroundings surroundings;
    private int next;

    /** Records before this one are decoded alone. */
    private int aloneUntil;

    /** What is known of records besides their bytes. */
    public interface Surroundings {

        /** Nothing but what the records say. */
        Surroundings NONE = new Surroundings() {};

        /** When a record was received, as {@link RecordBatch.Origin#receivedAtMicros}. */
        default long receivedAtMicros(Kept record) {
            Instant since = record.since();
            return Math.addExact(Math.multiplyExact(since.getEpochSecond(), 1_000_000L), since.getNano() / 1_000);
        }

        /** Who sent a record; null where nobody is known. */
        default @Nullable String client(Kept record) {
            return null;
        }
    }

    /**
     * @param header as {@link Format#decoder} takes it
     * @throws IllegalArgumentException where the header does not name a field of the projection, with the names it has
     */
    public KeptReader(
            Format format, byte[] header, List<Kept> records, Projection projection, Surroundings surroundings) {
        this.records = List.copyOf(records);
        this.decoder = format.decoder(projection, header);
        this.lines = format.splittable();
        this.surroundings = surroundings;
    }

    /** Of JSON records of which nothing else is known. */
    public KeptReader(List<Kept> records, Projection projection) {
        this(new Ndjson(), new byte[0], records, projection, Surroundings.NONE);
    }

    @Override
    public @Nullable RecordBatch next() {
        if (next == records.size()) {
            return null;
        }
        int first = next;
        if (next >= aloneUntil) {
            while (next < records.size() && next - first < MOST_TOGETHER && isLine(next)) {
                next++;
            }
            if (next > first) {
                RecordBatch batch = together(records.subList(first, next));
                if (batch != null) {
                    return batch;
                }
                aloneUntil = next;
            }
        }
        next = first + 1;
        return alone(records.get(first));
    }

    private boolean isLine(int index) {
        byte[] bytes = records.get(index).bytes();
        return lines && NewlineSearch.next(bytes, 0, bytes.length) < 0;
    }

    /** Null where it is not one record a line: a decoder passes over what is blank, and no record must be lost that way. */
    private @Nullable RecordBatch together(List<Kept> some) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int[] starts = new int[some.size()];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = text.size();
            text.writeBytes(some.get(i).bytes());
            text.write('\n');
        }
        byte[] bytes = text.toByteArray();
        int taken = decoder.decode(bytes, 0, bytes.length, true);
        boolean each = taken == bytes.length
                && decoder.batch().rows() + decoder.malformed().size() == starts.length;
        return each ? batch(some, starts, bytes.length) : null;
    }

    private RecordBatch alone(Kept record) {
        byte[] bytes = Arrays.copyOf(record.bytes(), record.bytes().length + 1);
        bytes[bytes.length - 1] = '\n';
        int taken = decoder.decode(bytes, 0, bytes.length, true);
        int found = decoder.batch().rows() + decoder.malformed().size();
        if (found == 1 && taken == bytes.length) {
            return batch(List.of(record), new int[] {0}, bytes.length);
        }
        String message = found == 0 ? "the record is not whole" : "expected one record, found several";
        ReasonCode code = lines ? ReasonCode.MALFORMED_JSON : ReasonCode.MALFORMED_CSV;
        Rejection rejection = new Rejection(
                Rejection.Stage.DECODE, code.code(), null, message, record.position(), record.asItArrived());
        decoder.decode(bytes, 0, 0, false);
        return new RecordBatch(
                decoder.batch(), new Origins(List.of(), new int[0]), List.of(rejection), NOWHERE, bytes.length);
    }

    private RecordBatch batch(List<Kept> some, int[] starts, int bytes) {
        Batch rows = decoder.batch();
        List<Rejection> rejected = new ArrayList<>();
        for (Decoder.Malformed record : decoder.malformed()) {
            Kept kept = some.get(index(starts, record.start()));
            rejected.add(new Rejection(
                    Rejection.Stage.DECODE,
                    record.code(),
                    record.field(),
                    record.message(),
                    kept.position(),
                    kept.asItArrived()));
        }
        return new RecordBatch(rows, new Origins(some, starts), rejected, NOWHERE, bytes);
    }

    private static int index(int[] starts, int place) {
        int found = Arrays.binarySearch(starts, place);
        return found >= 0 ? found : -found - 2;
    }

    @Override
    public void close() {}

    /** Where the rows of the last batch came from. */
    private final class Origins implements RecordBatch.Origin {
        private final List<Kept> some;
        private final int[] starts;

        Origins(List<Kept> some, int[] starts) {
            this.some = some;
            this.starts = starts;
        }

        private Kept record(int row) {
            return some.get(index(starts, decoder.start(row)));
        }

        @Override
        public String position(int row) {
            return record(row).position();
        }

        @Override
        public byte[] raw(int row) {
            return record(row).bytes();
        }

        @Override
        public long receivedAtMicros(int row) {
            return surroundings.receivedAtMicros(record(row));
        }

        @Override
        public @Nullable String client(int row) {
            return surroundings.client(record(row));
        }
    }
}
