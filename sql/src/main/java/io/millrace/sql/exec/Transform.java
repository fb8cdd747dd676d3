package io.millrace.sql.exec;

import io.millrace.api.Batch;
import io.millrace.api.Column;
import io.millrace.api.Projection;
import io.millrace.api.RecordBatch;
import io.millrace.api.Schema;
import io.millrace.sql.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Filters records and computes the rows of a plan, batch by batch. Every lane has its own: it is not thread-safe and
 * reuses its memory.
 */
public final class Transform {
    private static final Surroundings NOWHERE = new Surroundings(
            "",
            new RecordBatch.Origin() {
                @Override
                public String position(int row) {
                    throw new IllegalStateException("no batch is being transformed");
                }

                @Override
                public byte[] raw(int row) {
                    throw new IllegalStateException("no batch is being transformed");
                }
            },
            0);

    private final Frame frame;
    private final List<Unnesting> unnests = new ArrayList<>();
    private final @Nullable Node filter;
    private final Node[] outputs;
    private final String[] names;
    private final boolean[] notNull;
    private final Schema schema;
    private final Rows all = new Rows();
    private final Rows kept = new Rows();
    private final Rows dropped = new Rows();
    private final Rows survivors = new Rows();
    private final Vec[] dense;
    private int[] parents = {};
    private int[] weights = {};

    /**
     * Compiles a plan.
     *
     * @param notNullOutputs indexes of outputs that must not be null (the destination's key): a record with a null there
     *     is rejected with {@link TransformCode#NULL_KEY}
     * @throws IllegalArgumentException where the plan breaks the contract of its records
     */
    public Transform(Plan plan, int[] notNullOutputs) {
        int inputs = plan.input().fields().size();
        Vec[] columns = new Vec[inputs + plan.unnests().size()];
        for (int i = 0; i < inputs; i++) {
            Projection.Field field = plan.input().fields().get(i);
            columns[i] = new Vec(field.type());
        }
        for (int i = 0; i < plan.unnests().size(); i++) {
            Node array = Compiler.compile(plan.unnests().get(i).array());
            unnests.add(new Unnesting(array, inputs + i, columns));
        }
        this.frame = new Frame(columns, NOWHERE);
        this.filter = plan.filter() == null ? null : Compiler.compile(plan.filter());
        int n = plan.outputs().size();
        this.outputs = new Node[n];
        this.names = new String[n];
        this.dense = new Vec[n];
        this.notNull = new boolean[n];
        List<Schema.Field> fields = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            Plan.Output output = plan.outputs().get(i);
            outputs[i] = Compiler.compile(output.expr());
            names[i] = output.name();
            dense[i] = new Vec(output.expr().type());
            fields.add(new Schema.Field(output.name(), output.expr().type(), true));
        }
        for (int i : notNullOutputs) {
            notNull[i] = true;
        }
        this.schema = new Schema(fields);
    }

    /**
     * What became of a batch: {@code in.rows() == (records with a row in rows) + filtered + failures.size()}.
     *
     * @param rows the rows computed, with the plan's outputs as columns; under a GROUP BY these are keys and arguments of
     *     aggregates, not yet added up. Valid until the next call of {@link #apply} and for as long as its input is.
     * @param parents the row of the input that each row of the output is from, ascending; null where they are the same.
     *     May be longer than there are rows.
     * @param filtered how many records the WHERE, or an empty UNNEST, left out
     * @param failures the records that could not be evaluated, each once, in no particular order. None of their rows is in
     *     {@code rows}.
     */
    public record Result(Batch rows, int @Nullable [] parents, int filtered, List<Failure> failures) {}

    /**
     * A record that could not be evaluated.
     *
     * @param row its row in the input
     * @param code the kind of reason
     * @param field the output being computed; null where it was the WHERE or an UNNEST
     * @param message what was expected; no values
     */
    public record Failure(
            int row, TransformCode code, @Nullable String field, String message) {}

    /** Transforms one batch of the shape of the plan's input. */
    public Result apply(Batch in, Surroundings surroundings) {
        frame.begin(in, surroundings);
        all.all(in.rows());
        for (Unnesting unnest : unnests) {
            unnest.expand(frame, all);
        }
        Rows selected = all;
        if (filter != null) {
            filter.split(frame, all, kept, dropped);
            selected = kept;
        }
        Vec[] computed = new Vec[outputs.length];
        for (int i = 0; i < outputs.length; i++) {
            frame.field = names[i];
            computed[i] = outputs[i].eval(frame, selected);
            if (notNull[i] && computed[i].nulls != null) {
                rejectNulls(computed[i], selected);
            }
        }
        boolean complete = frame.failures().isEmpty() && selected.count == frame.rows;
        if (!complete) {
            selectSurvivors(selected);
        }
        int n = complete ? frame.rows : survivors.count;
        Column[] columns = new Column[outputs.length];
        for (int i = 0; i < outputs.length; i++) {
            columns[i] = densely(computed[i], i, complete, n);
        }
        int[] from = parentsOf(complete, n);
        int loaded = from == null || frame.records == null ? n : distinct(from, n);
        int failures = frame.failures().size();
        Batch rows = new Batch(schema, columns, n, weightsOf(in, from, n));
        return new Result(rows, from, in.rows() - failures - loaded, List.copyOf(frame.failures()));
    }

    private void rejectNulls(Vec vec, Rows rows) {
        for (int i = 0; i < rows.count; i++) {
            int r = rows.row(i);
            if (vec.isNull(r)) {
                frame.fail(r, TransformCode.NULL_KEY, "a column of the key is null");
            }
        }
    }

    private void selectSurvivors(Rows selected) {
        int[] to = survivors.begin(selected.count);
        int n = 0;
        for (int i = 0; i < selected.count; i++) {
            int r = selected.row(i);
            to[n] = r;
            n += frame.hasFailed(r) ? 0 : 1;
        }
        survivors.count = n;
    }

    private Column densely(Vec vec, int output, boolean complete, int n) {
        int[] index = survivors.index;
        if (complete || index == null) {
            return vec.column(n);
        }
        Gather.rows(vec, index, n, dense[output]);
        return dense[output].column(n);
    }

    private int @Nullable [] parentsOf(boolean complete, int n) {
        int[] records = frame.records;
        int[] index = survivors.index;
        if (complete || index == null) {
            return records;
        }
        if (records == null) {
            return index;
        }
        if (parents.length < n) {
            parents = new int[n];
        }
        for (int i = 0; i < n; i++) {
            parents[i] = records[index[i]];
        }
        return parents;
    }

    private static int distinct(int[] ascending, int n) {
        int count = n == 0 ? 0 : 1;
        for (int i = 1; i < n; i++) {
            count += ascending[i] == ascending[i - 1] ? 0 : 1;
        }
        return count;
    }

    private int @Nullable [] weightsOf(Batch in, int @Nullable [] from, int n) {
        int[] theirs = in.weights();
        if (theirs == null || from == null) {
            return theirs;
        }
        if (weights.length < n) {
            weights = new int[n];
        }
        for (int i = 0; i < n; i++) {
            weights[i] = theirs[from[i]];
        }
        return weights;
    }
}
