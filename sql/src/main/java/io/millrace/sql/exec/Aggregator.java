package io.millrace.sql.exec;

import io.millrace.api.Batch;
import io.millrace.api.Column;
import io.millrace.api.Schema;
import io.millrace.api.Type;
import io.millrace.sql.plan.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Adds up the rows of a plan with a GROUP BY, by key, before the destination sees them. What it gives out are partial
 * aggregates: merging them at the destination in any order, with those of other lanes and times, gives the whole.
 *
 * <p>Weighted: a row of weight -1 undoes one of weight +1. MIN and MAX can't take back and refuse weights below 1. Not
 * thread-safe.
 */
public final class Aggregator {
    private static final int MERGED_ROWS = 4096;

    private final Schema schema;
    private final Vec[] vectors;
    private final int[] keys;
    private final int[] aggregates;
    private final Accumulator[] accumulators;
    private final GroupTable table;
    private final List<Part> parts = new ArrayList<>();
    private int endBefore;

    private final Accumulator.Cells cells = new Accumulator.Cells() {
        @Override
        public int endBefore() {
            return endBefore;
        }

        @Override
        public int stride() {
            return table.stride();
        }

        @Override
        public void putAside(Accumulator by, int cell, long high, long low) {
            parts.add(new Part(by, cell, high, low));
        }
    };

    /** A sum that could not grow further. */
    private record Part(Accumulator by, int cell, long high, long low) {}

    /** @throws IllegalArgumentException where the plan is not grouped or breaks the contract of its records */
    public Aggregator(Plan plan) {
        this(plan, freshSeed());
    }

    /** Chosen anew each time, so that nobody can send keys that all fall into one slot. */
    private static long freshSeed() {
        return new SplittableRandom().nextLong();
    }

    Aggregator(Plan plan, long seed) {
        if (!plan.grouped()) {
            throw new IllegalArgumentException("the plan has no GROUP BY");
        }
        List<Plan.Output> outputs = plan.outputs();
        this.vectors = new Vec[outputs.size()];
        List<Schema.Field> fields = new ArrayList<>();
        List<Integer> keyColumns = new ArrayList<>();
        List<Integer> aggregateColumns = new ArrayList<>();
        boolean mask = false;
        for (int i = 0; i < outputs.size(); i++) {
            Plan.Output output = outputs.get(i);
            vectors[i] = new Vec(output.type());
            fields.add(new Schema.Field(output.name(), output.type(), output.nullable()));
            if (output.aggregate() == null) {
                keyColumns.add(i);
                mask |= vectors[i].kind != Vec.Kind.TEXT;
            } else {
                aggregateColumns.add(i);
            }
        }
        this.schema = new Schema(fields);
        this.keys = keyColumns.stream().mapToInt(Integer::intValue).toArray();
        this.aggregates = aggregateColumns.stream().mapToInt(Integer::intValue).toArray();
        KeyColumn[] columns = new KeyColumn[keys.length];
        int word = mask ? 1 : 0;
        for (int k = 0; k < keys.length; k++) {
            columns[k] = new KeyColumn(vectors[keys[k]].kind, keys[k], word);
            word += columns[k].words();
        }
        if (keys.length > Long.SIZE) {
            throw new IllegalArgumentException("more than " + Long.SIZE + " columns to group by");
        }
        this.accumulators = new Accumulator[aggregates.length];
        List<Long> fresh = new ArrayList<>();
        for (int a = 0; a < aggregates.length; a++) {
            accumulators[a] = accumulator(outputs.get(aggregates[a]));
            accumulators[a].word = fresh.size();
            for (long w : accumulators[a].fresh()) {
                fresh.add(w);
            }
        }
        this.table = new GroupTable(
                columns, mask, fresh.stream().mapToLong(Long::longValue).toArray(), seed);
        for (Accumulator a : accumulators) {
            a.word += table.stateWord();
        }
    }

    private static Accumulator accumulator(Plan.Output output) {
        Plan.Aggregate aggregate = output.aggregate();
        if (aggregate == null) {
            throw new IllegalArgumentException(output.name() + " is no aggregate");
        }
        Type argument = output.expr().type();
        return switch (aggregate) {
            case SUM -> Sums.of(argument, output.type(), output.nullable());
            case COUNT, COUNT_ROWS -> new Accumulator.Count();
            case MIN -> Extremes.of(argument, false, output.nullable());
            case MAX -> Extremes.of(argument, true, output.nullable());
        };
    }

    /** Adds rows as {@link Transform} computes them: keys and arguments of aggregates in the order of the outputs. */
    public void add(Batch transformed) {
        int n = transformed.rows();
        if (n == 0) {
            return;
        }
        endBefore = table.groups() * table.stride();
        int[] at = table.find(transformed);
        long[] words = table.cells();
        for (int a = 0; a < aggregates.length; a++) {
            Column column = transformed.column(aggregates[a]);
            accumulators[a].add(column, n, at, transformed.weights(), words, cells);
        }
        compact();
    }

    private void compact() {
        for (Accumulator a : accumulators) {
            a.compact(table.cells(), table.stride(), table.groups() * table.stride());
        }
    }

    /**
     * Takes over all partial aggregates of another, which is empty then.
     *
     * @param other of the same plan
     */
    public void merge(Aggregator other) {
        int groups = other.table.groups();
        int theirStride = other.table.stride();
        int[] ours = new int[groups];
        for (int from = 0; from < groups; from += MERGED_ROWS) {
            int n = Math.min(MERGED_ROWS, groups - from);
            endBefore = table.groups() * table.stride();
            int[] at = table.find(other.keys(from, n));
            System.arraycopy(at, 0, ours, from, n);
            long[] words = table.cells();
            for (int a = 0; a < accumulators.length; a++) {
                Accumulator theirs = other.accumulators[a];
                accumulators[a].beginMerge(theirs, words, cells);
                for (int i = 0; i < n; i++) {
                    accumulators[a].merge(theirs, other.table.cells(), (from + i) * theirStride, words, at[i], cells);
                }
            }
            compact();
        }
        for (Part part : other.parts) {
            int by = Arrays.asList(other.accumulators).indexOf(part.by);
            parts.add(new Part(accumulators[by], ours[part.cell / theirStride], part.high, part.low));
        }
        other.clear();
    }

    /** The keys of groups {@code from .. from + n}; the other columns hold nothing. */
    private Batch keys(int from, int n) {
        for (int a : aggregates) {
            vectors[a].reset(n);
        }
        for (int k = 0; k < keys.length; k++) {
            table.key(k, from, n, vectors[keys[k]]);
        }
        return batch(n);
    }

    /** About how many bytes of memory the groups need; 0 where there are none. */
    public long bytes() {
        long bytes = table.bytes() + parts.size() * 64L;
        for (Accumulator a : accumulators) {
            bytes += a.bytes();
        }
        return bytes;
    }

    /** How many keys there are. */
    public int groups() {
        return table.groups();
    }

    /**
     * Hands over all partial aggregates, in any order, and forgets them. A key whose sum outgrew its type comes in several
     * rows.
     *
     * @param batchRows the most rows of a batch
     * @param to takes each batch during the call: its arrays are used again for the next
     */
    public void drain(int batchRows, Consumer<Batch> to) {
        int groups = table.groups();
        for (int from = 0; from < groups; from += batchRows) {
            int n = Math.min(batchRows, groups - from);
            for (int k = 0; k < keys.length; k++) {
                table.key(k, from, n, vectors[keys[k]]);
            }
            for (int a = 0; a < aggregates.length; a++) {
                Vec out = vectors[aggregates[a]];
                out.reset(n);
                for (int i = 0; i < n; i++) {
                    accumulators[a].result(table.cells(), (from + i) * table.stride(), out, i);
                }
            }
            to.accept(batch(n));
        }
        for (int from = 0; from < parts.size(); from += batchRows) {
            to.accept(partial(parts.subList(from, Math.min(parts.size(), from + batchRows))));
        }
        clear();
    }

    private void clear() {
        table.clear();
        parts.clear();
        for (Accumulator a : accumulators) {
            a.clear();
        }
    }

    private Batch partial(List<Part> some) {
        for (Vec vec : vectors) {
            vec.reset(some.size());
        }
        for (int i = 0; i < some.size(); i++) {
            Part part = some.get(i);
            for (int k = 0; k < keys.length; k++) {
                table.keyAt(k, part.cell, i, vectors[keys[k]]);
            }
            for (int a = 0; a < aggregates.length; a++) {
                if (accumulators[a].word == part.by.word) {
                    part.by.part(part.high, part.low, vectors[aggregates[a]], i);
                } else {
                    accumulators[a].neutral(table.cells(), part.cell, vectors[aggregates[a]], i);
                }
            }
        }
        return batch(some.size());
    }

    private Batch batch(int n) {
        Column[] columns = new Column[vectors.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = vectors[i].column(n);
        }
        return new Batch(schema, columns, n, null);
    }
}
