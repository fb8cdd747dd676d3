package io.millrace.tests;

import io.millrace.api.Offset;
import io.millrace.api.Projection;
import io.millrace.api.RecordBatch;
import io.millrace.api.Rejection;
import io.millrace.api.Source;
import io.millrace.api.SourceException;
import io.millrace.api.Split;
import io.millrace.api.SplitReader;
import io.millrace.formats.Decoder;
import io.millrace.formats.ReasonCode;
import io.millrace.tests.Given.Form;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Records in memory: those that name their source are a split by that name, all others are dealt to as many splits as
 * there are lanes. It may stop a run dead after some of them, as a crash does: whatever is not committed by then is lost.
 */
final class GivenSource implements Source {

    /** Thrown in the middle of a run that is to be killed. */
    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("the run was killed by its test", null, false, false);
        }
    }

    /** So many at a time, so that there is something to commit between two of them. */
    private static final int BATCH = 500;

    private static final String UNNAMED = "given";

    private final Map<String, List<Given>> splits = new LinkedHashMap<>();
    private final int batch;
    private final int killAfter;
    private final AtomicInteger handedOut = new AtomicInteger();

    /** @param killAfter so many records; 0 for never */
    GivenSource(List<Given> records, int lanes, int killAfter) {
        int dealt = 0;
        for (Given record : records) {
            String source = record.source();
            if (source == null) {
                source = lanes == 1 ? UNNAMED : UNNAMED + "-" + (dealt++ % lanes + 1);
            }
            splits.computeIfAbsent(source, name -> new ArrayList<>()).add(record);
        }
        this.killAfter = killAfter;
        this.batch = killAfter == 0 ? BATCH : Math.clamp((killAfter + 1) / 2, 1, BATCH);
    }

    /** Which of the given a record is that was found at a place of a split. */
    int number(String split, String position) {
        return splits.getOrDefault(split, List.of()).stream()
                .filter(record -> record.position().equals(position))
                .mapToInt(Given::number)
                .findFirst()
                .orElse(0);
    }

    @Override
    public List<Split> splits(Map<String, Offset> progress) {
        return splits.keySet().stream().map(name -> new Split(name, -1)).toList();
    }

    @Override
    public SplitReader open(Split split, @Nullable Offset from, Projection projection) {
        return new Reader(
                splits.getOrDefault(split.id(), List.of()),
                from == null ? 0 : Integer.parseInt(from.text()),
                projection);
    }

    @Override
    public List<String> remarks() {
        return List.of();
    }

    @Override
    public void close() {}

    private final class Reader implements SplitReader {
        private final List<Given> records;
        private final Projection projection;
        private int at;
        private @Nullable Form form;
        private @Nullable Decoder decoder;

        Reader(List<Given> records, int at, Projection projection) {
            this.records = records;
            this.at = at;
            this.projection = projection;
        }

        @Override
        public @Nullable RecordBatch next() throws SourceException {
            int wanted = wanted();
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
            List<Given> stretch = records.subList(at, at + wanted);
            at += wanted;
            return decoded(stretch, decoder(stretch.getFirst().form()));
        }

        /** How many of the next records can be decoded together. */
        private int wanted() {
            int wanted = 0;
            while (wanted < batch && at + wanted < records.size()) {
                Form next = records.get(at + wanted).form();
                if (wanted > 0 && (next.alone() || !next.equals(records.get(at).form()))) {
                    break;
                }
                wanted++;
            }
            return wanted;
        }

        private Decoder decoder(Form wanted) throws SourceException {
            Decoder known = decoder;
            if (known != null && wanted.equals(form)) {
                return known;
            }
            try {
                Decoder made = wanted.format().decoder(projection, wanted.header());
                form = wanted;
                decoder = made;
                return made;
            } catch (IllegalArgumentException e) {
                throw new SourceException(String.valueOf(e.getMessage()), e);
            }
        }

        private RecordBatch decoded(List<Given> stretch, Decoder decoder) {
            int[] starts = new int[stretch.size()];
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            for (int i = 0; i < starts.length; i++) {
                starts[i] = lines.size();
                lines.writeBytes(stretch.get(i).bytes());
                lines.write('\n');
            }
            byte[] bytes = lines.toByteArray();
            int taken = decoder.decode(bytes, 0, bytes.length, true);
            List<Rejection> rejected = new ArrayList<>();
            for (Decoder.Malformed record : decoder.malformed()) {
                rejected.add(rejection(
                        given(stretch, starts, record.start()), record.code(), record.field(), record.message()));
            }
            if (taken < bytes.length) {
                rejected.add(rejection(
                        given(stretch, starts, taken),
                        ReasonCode.MALFORMED_CSV.code(),
                        null,
                        "a quote is opened and never closed"));
            }
            return new RecordBatch(
                    decoder.batch(),
                    new Places(stretch, starts, decoder),
                    rejected,
                    new Offset(Integer.toString(at)),
                    bytes.length);
        }

        private static Rejection rejection(Given given, String code, @Nullable String field, String message) {
            return new Rejection(Rejection.Stage.DECODE, code, field, message, given.position(), given.bytes());
        }

        @Override
        public void close() {}
    }

    private static Given given(List<Given> stretch, int[] starts, int place) {
        int found = Arrays.binarySearch(starts, place);
        return stretch.get(found >= 0 ? found : -found - 2);
    }

    /** Where the rows of a batch came from. */
    private record Places(List<Given> stretch, int[] starts, Decoder decoder) implements RecordBatch.Origin {

        private Given given(int row) {
            return GivenSource.given(stretch, starts, decoder.start(row));
        }

        @Override
        public String position(int row) {
            return given(row).position();
        }

        @Override
        public byte[] raw(int row) {
            return given(row).bytes();
        }

        @Override
        public long receivedAtMicros(int row) {
            Instant at = given(row).at();
            return at == null ? NOT_TOLD : ChronoUnit.MICROS.between(Instant.EPOCH, at);
        }

        @Override
        public @Nullable String client(int row) {
            return given(row).client();
        }
    }
}
