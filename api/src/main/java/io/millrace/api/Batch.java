package io.millrace.api;

import org.jspecify.annotations.Nullable;

/**
 * Some rows, column by column, each with a weight.
 *
 * <p>The weight of a row says how often it is there: +1 for an insert, -1 for a retraction (Z-sets: Budiu et al.,
 * "DBSP: Automatic Incremental View Maintenance", VLDB 2023). Whoever is given a batch may use it only during that
 * call: its arrays may be reused afterwards.
 *
 * @param schema the columns' names and types
 * @param columns as many as the schema has, each of {@code rows} rows
 * @param rows the number of rows
 * @param weights the weight of each row; null where every weight is +1
 */
public record Batch(Schema schema, Column[] columns, int rows, int @Nullable [] weights) {

    public Column column(int index) {
        return columns[index];
    }

    public int weight(int row) {
        return weights == null ? 1 : weights[row];
    }
}
