package io.millrace.engine.run;

import io.millrace.api.Batch;
import io.millrace.api.Commit.Counts;
import io.millrace.api.RecordBatch;
import io.millrace.api.Rejection;
import io.millrace.api.Schema;
import io.millrace.api.Sink;
import io.millrace.contract.ContractSchema;
import io.millrace.contract.RecordChecker;
import io.millrace.contract.Violation;
import io.millrace.sql.exec.Selection;
import io.millrace.sql.exec.Surroundings;
import io.millrace.sql.exec.Transform;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What records go through between being read and being staged: the contract, the query, what the destination can hold, and
 * whether they were loaded before. Each step takes out the records that it rejects, and the others go on without them. Not
 * thread-safe; its memory is reused.
 */
final class Screening {

    private final @Nullable RecordChecker contract;
    private final Evolved.@Nullable Watch evolving;
    private final boolean drop;
    private final Transform transform;
    private final @Nullable Dedupe dedupe;
    private final int read;

    /** @param seen the keys of records that were loaded; null where the job does not dedupe */
    Screening(Evolved evolved, @Nullable SeenKeys seen) {
        Job job = evolved.job();
        this.evolving = evolved.watch();
        Job.Dedupe wanted = job.dedupe();
        this.dedupe = wanted == null
                ? null
                : new Dedupe(wanted.key().stream().mapToInt(Integer::intValue).toArray(), Objects.requireNonNull(seen));
        this.read = job.plan().input().fields().size();
        Job.Contract demanded = job.contract();
        ContractSchema schema = demanded == null ? null : demanded.schema();
        this.contract = schema == null ? null : schema.checker();
        this.drop = demanded != null && demanded.drop();
        this.transform = new Transform(job.plan(), job.shape().key());
    }

    /**
     * What became of a batch of records.
     *
     * @param rows the rows to stage. Valid until the next call of {@link #apply} and for as long as its input is
     * @param records how many records have a number: those that were decoded and fit the contract
     * @param origin tells where the records are from, by their numbers
     * @param repeated the records that repeat another
     * @param counts what became of the records, those included that could not be decoded
     * @param rejected the records to put into the quarantine
     */
    record Screened(
            RecordRows rows,
            int records,
            RecordBatch.Origin origin,
            BitSet repeated,
            Counts counts,
            List<Rejection> rejected) {}

    /**
     * Puts records through.
     *
     * @param split where the records are from
     * @param readAt when they were read
     * @param staging of the destination that the rows are for; nothing is added to it
     * @param keys takes the key of each record that has rows, where the job dedupes
     * @throws FieldsFound where fields that the contract does not name are to become columns; nothing has become of the
     *     records then
     */
    Screened apply(String split, RecordBatch records, Instant readAt, Sink.Staging staging, KeyList keys) {
        long readAtMicros = ChronoUnit.MICROS.between(Instant.EPOCH, readAt);
        List<Rejection> rejected = new ArrayList<>(records.rejected());
        Batch input = records.rows();
        RecordBatch.Origin origin = records.origin();
        int[] fit = contract == null ? null : fit(input.rows(), origin, rejected);
        if (fit != null) {
            input = Selection.of(input, fit);
            origin = new SelectedOrigin(origin, fit);
        }
        int dropped = drop ? rejected.size() : 0;
        if (drop) {
            rejected.clear();
        }
        Transform.Result result = transform.apply(asRead(input), new Surroundings(split, origin, readAtMicros));
        for (Transform.Failure failure : result.failures()) {
            rejected.add(rejection(
                    Rejection.Stage.TRANSFORM,
                    failure.code().code(),
                    failure.field(),
                    failure.message(),
                    origin,
                    failure.row()));
        }
        RecordRows rows = new RecordRows(result.rows(), result.parents());
        rows = rows.without(refused(rows, staging, origin, rejected));
        BitSet repeated = new BitSet();
        if (dedupe != null) {
            rows = rows.without(lackingKeys(dedupe, input, rows, origin, rejected));
            repeated = repeated(dedupe, input, rows, origin, readAtMicros, keys);
            rows = rows.without(repeated);
        }
        int deduplicated = repeated.cardinality();
        long received = records.received();
        long loaded = received - dropped - rejected.size() - result.filtered() - deduplicated;
        Counts counts = new Counts(received, loaded, result.filtered(), deduplicated, rejected.size(), dropped);
        return new Screened(rows, input.rows(), origin, repeated, counts, rejected);
    }

    /** The columns that the query reads: those of the key come after them. */
    private Batch asRead(Batch input) {
        return input.columns().length == read
                ? input
                : new Batch(
                        new Schema(input.schema().fields().subList(0, read)),
                        Arrays.copyOf(input.columns(), read),
                        input.rows(),
                        input.weights());
    }

    /** Rejects the records that can't be told from others; returns them. */
    private static BitSet lackingKeys(
            Dedupe by, Batch input, RecordRows rows, RecordBatch.Origin origin, List<Rejection> rejected) {
        BitSet gone = new BitSet();
        if (by.allHaveKeys(input)) {
            return gone;
        }
        for (int row = 0; row < rows.rows().rows(); row = rows.end(row)) {
            int record = rows.record(row);
            if (by.lacksKey(input, record)) {
                gone.set(record);
                rejected.add(rejection(
                        Job.Dedupe.MISSING_KEY.stage(),
                        Job.Dedupe.MISSING_KEY.code(),
                        null,
                        "a field of dedupe.key is missing or null",
                        origin,
                        record));
            }
        }
        return gone;
    }

    /** The records that repeat another; the keys of those that do not are added to a list. */
    private static BitSet repeated(
            Dedupe by, Batch input, RecordRows rows, RecordBatch.Origin origin, long readAtMicros, KeyList keys) {
        for (int row = 0; row < rows.rows().rows(); row = rows.end(row)) {
            int record = rows.record(row);
            long received = origin.receivedAtMicros(record);
            by.ask(input, record, received == RecordBatch.Origin.NOT_TOLD ? readAtMicros : received);
        }
        return by.repeated(keys);
    }

    /** The rows whose records fit the contract; null where all do. */
    private int @Nullable [] fit(int rows, RecordBatch.Origin origin, List<Rejection> rejected) {
        RecordChecker checker = Objects.requireNonNull(contract);
        BitSet violating = null;
        for (int row = 0; row < rows; row++) {
            RecordBatch.Text record = origin.json(row);
            Violation violation = evolving != null ? evolving.check(record) : checker.check(record);
            if (violation != null) {
                violating = violating == null ? new BitSet(rows) : violating;
                violating.set(row);
                rejected.add(rejection(
                        Rejection.Stage.CONTRACT,
                        violation.code(),
                        violation.pointer().isEmpty() ? null : violation.pointer(),
                        violation.message(),
                        origin,
                        row));
            }
        }
        if (evolving != null) {
            evolving.requireNone();
        }
        BitSet gone = violating;
        return gone == null
                ? null
                : IntStream.range(0, rows).filter(row -> !gone.get(row)).toArray();
    }

    /** Rejects the records of which the destination can't hold a row; returns them: they go with all their rows. */
    private static BitSet refused(
            RecordRows rows, Sink.Staging staging, RecordBatch.Origin origin, List<Rejection> rejected) {
        BitSet gone = new BitSet();
        for (Sink.Refused row : staging.check(rows.rows())) {
            int record = rows.record(row.row());
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
