package io.millrace.engine.run;

import io.millrace.api.Batch;
import io.millrace.api.Offset;
import io.millrace.api.Projection;
import io.millrace.api.RecordBatch;
import io.millrace.api.Rejection;
import io.millrace.api.Schema;
import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import io.millrace.api.Split;
import io.millrace.api.SplitReader;
import io.millrace.sql.exec.Aggregator;
import io.millrace.sql.exec.Selection;
import io.millrace.sql.exec.Surroundings;
import io.millrace.sql.exec.Transform;
import io.millrace.sql.plan.Plan;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds records in a source again and tells what a run makes of them, by putting each through what a run puts it
 * through. It commits nothing and remembers no keys. Used by one thread.
 */
public final class Trace {

    private final KeyList noKeys = new KeyList();
    private final Job asked;
    /** The columns that were added for fields that the contract does not name, and those that a run would add. */
    private final List<Schema.Field> columns;

    /** What records are put through, with all those columns. */
    private Way way;

    private record Way(Job job, Sink.Staging staging, Screening screening) {
        static Way of(Job asked, List<Schema.Field> columns) {
            Evolved evolved = Evolved.of(asked, columns, Map.of());
            Job job = evolved.job();
            return new Way(job, job.sink().stage(job.shape()), new Screening(evolved, null));
        }
    }

    private Trace(Job asked, List<Schema.Field> added) {
        this.asked = asked;
        this.columns = new ArrayList<>(added);
        this.way = Way.of(asked, columns);
    }

    /** @param job what a run does; its sink need not be prepared, and its keys are not looked at */
    public static Trace of(Job job) throws SinkException, InterruptedException {
        // The keys of records that were loaded are not asked: the record itself may be among them.
        return new Trace(
                job.with(job.plan(), job.shape(), null),
                Evolved.evolves(job) ? job.sink().evolved().all() : List.of());
    }

    /**
     * Where a record lies.
     *
     * @param split its split
     * @param position where it begins in it
     */
    public record Place(String split, String position) {}

    /**
     * What a run makes of a record.
     *
     * @param place where it lies
     * @param receivedAt when it was received; null where the source does not know
     * @param client who sent it; null where nobody is known
     * @param raw its bytes, cut at {@link Rejection#MAX_RAW_BYTES}
     * @param fate what becomes of it
     */
    public record Story(
            Place place,
            @Nullable Instant receivedAt,
            @Nullable String client,
            byte[] raw,
            Fate fate) {}

    /** What becomes of a record, as the pipeline is now. */
    public sealed interface Fate {
        /** It is rejected. */
        record Rejected(Rejection rejection) implements Fate {}

        /** It is rejected and not kept. */
        record Dropped() implements Fate {}

        /** The query leaves it out. */
        record Filtered() implements Fate {}

        /**
         * It takes part in rows.
         *
         * @param rows by the names of their columns, as text; values may be null
         */
        record Loads(List<Map<String, @Nullable String>> rows) implements Fate {}
    }

    /**
     * Looks for records that meet a condition.
     *
     * @param condition a plan whose filter is the condition
     * @param progress the committed offsets
     * @param limit how many at most
     * @return where they lie, in the order of the source
     */
    public List<Place> find(Plan condition, Map<String, Offset> progress, int limit)
            throws IOException, InterruptedException {
        Transform transform = new Transform(condition, new int[0]);
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        List<Place> found = new ArrayList<>();
        for (Split split : asked.source().whole(progress)) {
            try (SplitReader reader = asked.source().reopen(split, condition.input())) {
                RecordBatch records = reader.next();
                while (records != null && found.size() < limit) {
                    Transform.Result result =
                            transform.apply(records.rows(), new Surroundings(split.id(), records.origin(), now));
                    int[] parents = result.parents();
                    for (int row = 0; row < result.rows().rows() && found.size() < limit; row++) {
                        int record = parents == null ? row : parents[row];
                        found.add(new Place(split.id(), records.origin().position(record)));
                    }
                    records = reader.next();
                }
            }
            if (found.size() >= limit) {
                break;
            }
        }
        return found;
    }

    /**
     * Tells the stories of records.
     *
     * @param places where they lie
     * @param progress the committed offsets
     * @return a story for each record that is there, in the order of the source
     */
    public List<Story> tell(List<Place> places, Map<String, Offset> progress) throws IOException, InterruptedException {
        while (true) {
            try {
                return told(places, progress);
            } catch (FieldsFound found) {
                columns.addAll(found.columns());
                way = Way.of(asked, columns);
            }
        }
    }

    private List<Story> told(List<Place> places, Map<String, Offset> progress)
            throws IOException, InterruptedException {
        Map<String, Set<String>> wanted = new LinkedHashMap<>();
        places.forEach(place -> wanted.computeIfAbsent(place.split(), split -> new LinkedHashSet<>())
                .add(place.position()));
        List<Story> stories = new ArrayList<>();
        for (Split split : asked.source().whole(progress)) {
            Set<String> positions = wanted.remove(split.id());
            if (positions != null) {
                tell(split, positions, stories);
            }
        }
        return stories;
    }

    private void tell(Split split, Set<String> positions, List<Story> stories)
            throws IOException, InterruptedException {
        Projection input = way.job().plan().input();
        try (SplitReader reader = asked.source().reopen(split, input)) {
            RecordBatch records = reader.next();
            while (records != null && !positions.isEmpty()) {
                for (Rejection rejection : records.rejected()) {
                    if (positions.remove(rejection.position())) {
                        stories.add(rejected(split, rejection));
                    }
                }
                for (int row = 0; row < records.rows().rows() && !positions.isEmpty(); row++) {
                    if (positions.remove(records.origin().position(row))) {
                        stories.add(story(split, records, row));
                    }
                }
                records = reader.next();
            }
        }
    }

    private Story rejected(Split split, Rejection rejection) {
        Job.Contract contract = asked.contract();
        return new Story(
                new Place(split.id(), rejection.position()),
                null,
                null,
                rejection.raw(),
                contract != null && contract.drop() ? new Fate.Dropped() : new Fate.Rejected(rejection));
    }

    private Story story(Split split, RecordBatch records, int row) {
        RecordBatch.Origin origin = records.origin();
        long received = origin.receivedAtMicros(row);
        Instant receivedAt = received == RecordBatch.Origin.NOT_TOLD ? null : ValueText.instant(received);
        int[] one = {row};
        RecordBatch single = new RecordBatch(
                Selection.of(records.rows(), one), new SelectedOrigin(origin, one), List.of(), records.end(), 0);
        Screening.Screened screened = way.screening()
                .apply(split.id(), single, receivedAt == null ? Instant.now() : receivedAt, way.staging(), noKeys);
        return new Story(
                new Place(split.id(), origin.position(row)),
                receivedAt,
                origin.client(row),
                origin.raw(row),
                fate(screened));
    }

    private Fate fate(Screening.Screened screened) {
        if (!screened.rejected().isEmpty()) {
            return new Fate.Rejected(screened.rejected().getFirst());
        }
        if (screened.counts().dropped() > 0) {
            return new Fate.Dropped();
        }
        Batch made = screened.rows().rows();
        if (made.rows() == 0) {
            return new Fate.Filtered();
        }
        List<Map<String, @Nullable String>> rows = new ArrayList<>();
        Plan plan = way.job().plan();
        if (plan.grouped()) {
            Aggregator aggregator = new Aggregator(plan);
            aggregator.add(made);
            aggregator.drain(made.rows(), batch -> add(batch, rows));
        } else {
            add(made, rows);
        }
        return new Fate.Loads(rows);
    }

    private static void add(Batch batch, List<Map<String, @Nullable String>> rows) {
        for (int row = 0; row < batch.rows(); row++) {
            int at = row;
            Map<String, @Nullable String> values = new LinkedHashMap<>();
            IntStream.range(0, batch.columns().length)
                    .forEach(column -> values.put(
                            batch.schema().fields().get(column).name(), ValueText.of(batch.column(column), at)));
            rows.add(values);
        }
    }
}
