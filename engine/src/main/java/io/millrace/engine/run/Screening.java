package io.millrace.engine.run;

import io.millrace.api.Batch;
import io.millrace.api.Commit.Counts;
import io.millrace.api.RecordBatch;
import io.millrace.api.Rejection;
import io.millrace.api.Sink;
import io.millrace.sql.exec.Selection;
import io.millrace.sql.exec.Surroundings;
import io.millrace.sql.exec.Transform;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What records go through between being read and being staged: the query, then what the destination can hold. Each step
 * takes out the records that it rejects, and the others go on without them. Not thread-safe; its memory is reused.
 */
final class Screening {

    private final Transform transform;

    Screening(Job job) {
        this.transform = new Transform(job.plan(), job.shape().key());
    }

    /**
     * What became of a batch of records.
     *
     * @param rows the rows to stage. Valid until the next call of {@link #apply} and for as long as its input is
     * @param parents for each row, the row of the input that it is from, ascending; null where they are the same. May be
     *     longer than there are rows
     * @param counts what became of the records, those included that could not be decoded
     * @param rejected the records to put into the quarantine
     */
    record Screened(Batch rows, int @Nullable [] parents, Counts counts, List<Rejection> rejected) {}

    /**
     * @param split where the records are from
     * @param readAtMicros when they were read, in microseconds since 1970 UTC
     * @param staging of the destination that the rows are for; nothing is added to it
     */
    Screened apply(String split, RecordBatch records, long readAtMicros, Sink.Staging staging) {
        RecordBatch.Origin origin = records.origin();
        Transform.Result result = transform.apply(records.rows(), new Surroundings(split, origin, readAtMicros));
        List<Rejection> rejected = new ArrayList<>(records.rejected());
        for (Transform.Failure failure : result.failures()) {
            rejected.add(rejection(
                    Rejection.Stage.TRANSFORM,
                    failure.code().code(),
                    failure.field(),
                    failure.message(),
                    origin,
                    failure.row()));
        }
        Batch rows = result.rows();
        int[] parents = result.parents();
        List<Sink.Refused> refused = staging.check(rows);
        if (!refused.isEmpty()) {
            BitSet gone = rejectRefused(refused, parents, origin, rejected);
            int[] from = parents;
            int[] kept = IntStream.range(0, rows.rows())
                    .filter(row -> !gone.get(from == null ? row : from[row]))
                    .toArray();
            rows = Selection.of(rows, kept);
            parents = IntStream.of(kept)
                    .map(row -> from == null ? row : from[row])
                    .toArray();
        }
        long received = records.received();
        long loaded = received - rejected.size() - result.filtered();
        return new Screened(rows, parents, new Counts(received, loaded, result.filtered(), rejected.size()), rejected);
    }

    /** Returns the records of which a row is refused: they go with all their rows. */
    private static BitSet rejectRefused(
            List<Sink.Refused> refused, int @Nullable [] parents, RecordBatch.Origin origin, List<Rejection> rejected) {
        BitSet gone = new BitSet();
        for (Sink.Refused row : refused) {
            int record = parents == null ? row.row() : parents[row.row()];
            if (!gone.get(record)) {
                gone.set(record);
                rejected.add(rejection(Rejection.Stage.LOAD, row.code(), row.field(), row.message(), origin, record));
            }
        }
        return gone;
    }

    private static Rejection rejection(
            Rejection.Stage stage,
            String code,
            @Nullable String field,
            String message,
            RecordBatch.Origin origin,
            int record) {
        return new Rejection(stage, code, field, message, origin.position(record), origin.raw(record));
    }
}
