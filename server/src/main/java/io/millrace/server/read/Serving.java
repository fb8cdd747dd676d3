package io.millrace.server.read;

import io.millrace.connectors.postgres.TableName;
import io.millrace.server.http.Operation;
import io.millrace.server.http.PathTemplate;
import io.millrace.server.http.Schema;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * A path that answers rows of a table. Where the path has a parameter for each column of the key, it answers the one row
 * as an object; otherwise a list, {@code {"rows": [...], "next": "..."}}, of the rows that the parameters leave, in the
 * order of the key, which takes {@code limit}, {@code after} (the {@code next} of the page before) and {@code COLUMN=VALUE}.
 *
 * @param path each of its parameters names a column
 * @param table {@code name} or {@code schema.name}
 * @param columns what is answered and nothing else, in this order; at least one
 * @param key the columns that identify a row, which must be without nulls; empty where there are none: then a list is in
 *     the order in which rows lie in the table
 * @param known what is known of columns, by name; the others may have any value
 */
public record Serving(
        PathTemplate path, String table, List<String> columns, List<String> key, Map<String, Column> known) {

    /** Names in the query of a list that are no filters. */
    static final String LIMIT = "limit";

    static final String AFTER = "after";

    public Serving {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        known = Map.copyOf(known);
        if (columns.isEmpty()) {
            throw new IllegalArgumentException(path + " declares no columns; at least one must be answered.");
        }
        for (List<String> names : List.of(columns, key)) {
            if (new HashSet<>(names).size() < names.size()) {
                throw new IllegalArgumentException(path + " names a column twice.");
            }
        }
    }

    /** @param path a template, see {@link PathTemplate#parse} */
    public Serving(String path, String table, List<String> columns, List<String> key) {
        this(PathTemplate.parse(path), table, columns, key, Map.of());
    }

    /**
     * What is known of a column.
     *
     * @param schema of its values in rows
     * @param asked of its values in a path or a query
     * @param example such a value
     */
    public record Column(Schema schema, Schema asked, Object example) {
        static final Column UNKNOWN = new Column(
                Schema.ANYTHING, Schema.string().described("As PostgreSQL writes values of this column."), "abc");
    }

    Column column(String name) {
        return known.getOrDefault(name, Column.UNKNOWN);
    }

    /** What the path does, for those who call it. */
    public Operation operation() {
        return single() ? RowOperations.one(this) : RowOperations.list(this);
    }

    /** Whether one row is answered. */
    boolean single() {
        return !key.isEmpty() && path.parameters().containsAll(key);
    }

    String tableSql() {
        return TableName.parse(table).sql();
    }
}
