package io.millrace.engine.run;

import io.millrace.api.EvolvedColumns;
import io.millrace.api.Projection;
import io.millrace.api.RecordBatch;
import io.millrace.api.Schema;
import io.millrace.api.TableShape;
import io.millrace.contract.ContractCode;
import io.millrace.contract.ContractSchema;
import io.millrace.contract.OpenSchema;
import io.millrace.contract.Violation;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Plan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A job with the columns that were added to its table for fields that its contract does not name: its query reads those
 * fields and writes them as they are. A job whose contract does not evolve is as it was. Immutable and thread-safe.
 */
final class Evolved {

    private final Job job;
    private final @Nullable OpenSchema schema;
    private final Map<String, String> refused;
    private final Set<String> taken;
    private final int columns;
    private final @Nullable EvolvedColumns destination;

    private Evolved(
            Job job,
            @Nullable OpenSchema schema,
            Map<String, String> refused,
            Set<String> taken,
            int columns,
            @Nullable EvolvedColumns destination) {
        this.job = job;
        this.schema = schema;
        this.refused = Map.copyOf(refused);
        this.taken = Set.copyOf(taken);
        this.columns = columns;
        this.destination = destination;
    }

    /** Whether fields that its contract does not name become columns. */
    static boolean evolves(Job job) {
        Job.Contract contract = job.contract();
        return contract != null && contract.evolve() != null;
    }

    /**
     * @param added all columns that were added; none of a job that does not evolve
     * @param refused why fields can't be columns, by their names
     */
    static Evolved of(Job job, List<Schema.Field> added, Map<String, String> refused) {
        if (!evolves(job)) {
            return new Evolved(job, null, Map.of(), Set.of(), 0, null);
        }
        Job.Contract contract = Objects.requireNonNull(job.contract());
        ContractSchema schema = Objects.requireNonNull(contract.schema());
        Set<String> known = new HashSet<>(Objects.requireNonNull(contract.evolve()));
        Set<String> outputs = new HashSet<>();
        job.plan().outputs().forEach(output -> outputs.add(output.name()));
        List<Projection.Field> fields = new ArrayList<>(job.plan().input().fields());
        List<Plan.Output> select = new ArrayList<>(job.plan().outputs());
        List<TableShape.Col> more = new ArrayList<>();
        for (Schema.Field column : added) {
            // Once the query makes a column of the name, or reads the field as something else, it decides.
            int at = outputs.contains(column.name()) ? -1 : place(fields, job.input(), column);
            if (at < 0) {
                continue;
            }
            known.add(column.name());
            if (at == fields.size()) {
                fields.add(new Projection.Field(List.of(column.name()), column.type(), true, false, true));
            }
            select.add(new Plan.Output(column.name(), new Expr.Input(at, column.type()), null, column.type(), true));
            more.add(new TableShape.Col(column.name(), column.type(), true, TableShape.Merge.VALUE));
        }
        Plan plan = job.plan();
        Plan wider = new Plan(
                new Projection(fields), plan.unnests(), plan.filter(), select, plan.averages(), plan.grouped());
        Job evolved = job.with(
                wider,
                job.shape().and(more),
                dedupe(job.dedupe(), plan.input().fields().size(), fields));
        return new Evolved(
                evolved,
                schema.open(known),
                refused,
                outputs,
                added.size(),
                job.sink().evolved());
    }

    /** The index of the field that a column is from: that of a new one, or -1 where there can be none. */
    private static int place(List<Projection.Field> fields, Projection read, Schema.Field column) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).path().equals(List.of(column.name()))) {
                return fields.get(i).type().equals(column.type()) ? i : -1;
            }
        }
        boolean key = read.fields().stream().anyMatch(field -> field.path().equals(List.of(column.name())));
        return key ? -1 : fields.size();
    }

    /**
     * The fields of the key where the query reads more than before.
     *
     * @param before how many it read
     */
    private static Job.@Nullable Dedupe dedupe(Job.@Nullable Dedupe dedupe, int before, List<Projection.Field> fields) {
        if (dedupe == null) {
            return null;
        }
        List<Projection.Field> own = dedupe.input().fields();
        int more = fields.size() - before;
        return new Job.Dedupe(
                new Projection(Stream.concat(fields.stream(), own.subList(before, own.size()).stream())
                        .toList()),
                dedupe.key().stream().map(i -> i < before ? i : i + more).toList(),
                dedupe.within());
    }

    Job job() {
        return job;
    }

    /** A watch over records for one thread; null for a job that does not evolve. */
    @Nullable
    Watch watch() {
        return schema == null ? null : new Watch(schema.checker());
    }

    /** Holds records to the contract, and takes down the fields that it does not name. */
    final class Watch {
        private final OpenSchema.Checker checker;
        private final Map<String, Schema.Field> found = new LinkedHashMap<>();

        private Watch(OpenSchema.Checker checker) {
            this.checker = checker;
        }

        /** As {@link io.millrace.contract.RecordChecker#check(RecordBatch.Text)}. */
        @Nullable
        Violation check(RecordBatch.Text record) {
            Violation violation = checker.check(record);
            return violation != null || checker.unnamed().isEmpty() ? violation : take(checker.unnamed());
        }

        /** Takes down what is to become a column; the first field that can't be makes a violation. */
        private @Nullable Violation take(List<OpenSchema.Unnamed> fields) {
            for (OpenSchema.Unnamed field : fields) {
                String why = obstacle(field.name());
                if (why != null) {
                    return new Violation(
                            "/" + field.name().replace("~", "~0").replace("/", "~1"),
                            null,
                            ContractCode.CONTRACT_UNKNOWN_FIELD.code(),
                            "the schema does not know this field, and it can't become a column: " + why);
                }
            }
            for (OpenSchema.Unnamed field : fields) {
                found.putIfAbsent(field.name(), new Schema.Field(field.name(), field.type(), true));
            }
            return null;
        }

        private @Nullable String obstacle(String name) {
            if (taken.contains(name)) {
                return "the query makes one of this name otherwise";
            }
            String why = refused.get(name);
            if (why != null) {
                return why;
            }
            if (refused.size() >= EvolvedColumns.MOST) {
                return "so many others of this run can't that no more are tried";
            }
            if (!Objects.requireNonNull(destination).possible(name)) {
                return "no column can have this name";
            }
            return columns + found.size() >= EvolvedColumns.MOST && !found.containsKey(name)
                    ? EvolvedColumns.TOO_MANY
                    : null;
        }

        /** @throws FieldsFound where there is something to become a column */
        void requireNone() {
            if (!found.isEmpty()) {
                List<Schema.Field> columns = List.copyOf(found.values());
                found.clear();
                throw new FieldsFound(columns);
            }
        }
    }
}
