package io.millrace.sql.plan;

import io.millrace.api.Projection;
import io.millrace.api.Type;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A linear query over one input: unnest, then filter, then compute a row, then (with aggregates) add up by key.
 *
 * <p>An {@link Expr.Input} of index {@code i} is field {@code i} of {@code input} or, from {@code input.fields().size()}
 * on, the element of unnest {@code i - input.fields().size()}.
 *
 * @param input the fields to decode
 * @param unnests each multiplies a record by the elements of an array and adds a column; usually none. A null or empty
 *     array leaves no row.
 * @param filter the WHERE; rows for which it is not TRUE are left out. Null for none.
 * @param outputs the columns of the result, hidden ones included, in the order in which they are stored
 * @param averages columns derived from two outputs by the destination
 * @param grouped whether there is a GROUP BY: then every output is a key or has an aggregate
 */
public record Plan(
        Projection input,
        List<Unnest> unnests,
        @Nullable Expr filter,
        List<Output> outputs,
        List<Average> averages,
        boolean grouped)
        implements Serializable {

    public Plan {
        unnests = List.copyOf(unnests);
        outputs = List.copyOf(outputs);
        averages = List.copyOf(averages);
    }

    /**
     * An UNNEST.
     *
     * @param array of a {@link Type.Array}; may read input fields and earlier unnests
     */
    public record Unnest(Expr array) implements Serializable {}

    /**
     * One column of the result.
     *
     * @param name unique, case-sensitive
     * @param expr the value or, under an aggregate, its argument; the literal 1 under {@link Aggregate#COUNT_ROWS}
     * @param aggregate how values of one key are brought together; null for a key or, without GROUP BY, a value
     * @param type the column's type, which is the aggregate's where there is one
     * @param nullable whether it can be null
     */
    public record Output(String name, Expr expr, @Nullable Aggregate aggregate, Type type, boolean nullable)
            implements Serializable {}

    /** The aggregates that can be added up at the destination. */
    public enum Aggregate {
        /** Of INTEGER a BIGINT, of BIGINT a DECIMAL(38, 0), of DECIMAL(p, s) a DECIMAL(38, s), of DOUBLE a DOUBLE. */
        SUM,
        /** Counts values that are not null. BIGINT. */
        COUNT,
        /** COUNT(*). BIGINT. */
        COUNT_ROWS,
        MIN,
        MAX
    }

    /** AVG, as two outputs by index: a SUM and a COUNT. */
    public record Average(String name, Type type, int sum, int count) implements Serializable {}
}
