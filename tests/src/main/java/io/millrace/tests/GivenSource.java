package io.millrace.tests;

import io.millrace.api.Offset;
import io.millrace.api.Projection;
import io.millrace.api.RecordBatch;
import io.millrace.api.Rejection;
import io.millrace.api.Source;
import io.millrace.api.Split;
import io.millrace.api.SplitReader;
import io.millrace.formats.Decoder;
import io.millrace.formats.Ndjson;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Records in memory, dealt to as many splits as there are lanes. It may stop a run dead after some of them, as a crash
 * does: whatever is not committed by then is lost.
 */
final class GivenSource implements Source {

    /** Thrown in the middle of a run that is to be killed. */
    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("the run was killed by its test", null, false, false);
        }
    }

    /** A record, and which of the given it is, from 1. */
    record Numbered(int number, byte[] bytes) {}

    /** So many at a time, so that there is something to commit between two of them. */
    private static final int BATCH = 500;

    private final List<List<Numbered>> splits = new ArrayList<>();
    private final int batch;
    private final int killAfter;
    private final AtomicInteger handedOut = new AtomicInteger();

    /** @param killAfter so many records; 0 for never */
    GivenSource(List<Numbered> records, int lanes, int killAfter) {
        for (int i = 0; i < lanes; i++) {
            splits.add(new ArrayList<>());
        }
        for (int i = 0; i < records.size(); i++) {
            splits.get(i % lanes).add(records.get(i));
        }
        this.killAfter = killAfter;
        this.batch = killAfter == 0 ? BATCH : Math.clamp((killAfter + 1) / 2, 1, BATCH);
    }

    @Override
    public List<Split> splits(Map<String, Offset> progress) {
        List<Split> all = new ArrayList<>();
        for (int i = 0; i < splits.size(); i++) {
            all.add(new Split(Integer.toString(i), -1));
        }
        return all;
    }

    @Override
    public SplitReader open(Split split, @Nullable Offset from, Projection projection) {
        return new Reader(
                splits.get(Integer.parseInt(split.id())),
                from == null ? 0 : Integer.parseInt(from.text()),
                new Ndjson().decoder(projection, new byte[0]));
    }

    @Override
    public List<String> remarks() {
        return List.of();
    }

    @Override
    public void close() {}

    private final class Reader implements SplitReader {
        private final List<Numbered> records;
        private final Decoder decoder;
        private int at;

        Reader(List<Numbered> records, int at, Decoder decoder) {
            this.records = records;
            this.at = at;
            this.decoder = decoder;
        }

        @Override
        public @Nullable RecordBatch next() {
            int wanted = Math.min(batch, records.size() - at);
            if (wanted == 0) {
                return null;
            }
            if (killAfter > 0) {
                int before = handedOut.getAndAdd(wanted);
                wanted = Math.min(wanted, killAfter - before);
                if (wanted <= 0) {
                    throw new Killed();
                }
            }
            int first = at;
            int[] starts = new int[wanted];
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            for (int i = 0; i < wanted; i++) {
                starts[i] = lines.size();
                lines.writeBytes(records.get(first + i).bytes());
                lines.write('\n');
            }
            byte[] bytes = lines.toByteArray();
            decoder.decode(bytes, 0, bytes.length, true);
            at += wanted;
            List<Rejection> rejected = new ArrayList<>();
            for (Decoder.Malformed record : decoder.malformed()) {
                Numbered given = given(starts, first, record.start());
                rejected.add(new Rejection(
                        Rejection.Stage.DECODE,
                        record.code(),
                        record.field(),
                        record.message(),
                        Integer.toString(given.number()),
                        given.bytes()));
            }
            return new RecordBatch(
                    decoder.batch(),
                    new RecordBatch.Origin() {
                        @Override
                        public String position(int row) {
                            return Integer.toString(
                                    given(starts, first, decoder.start(row)).number());
                        }

                        @Override
                        public byte[] raw(int row) {
                            return given(starts, first, decoder.start(row)).bytes();
                        }
                    },
                    rejected,
                    new Offset(Integer.toString(at)),
                    bytes.length);
        }

        private Numbered given(int[] starts, int first, int place) {
            int found = Arrays.binarySearch(starts, place);
            return records.get(first + (found >= 0 ? found : -found - 2));
        }

        @Override
        public void close() {}
    }
}
