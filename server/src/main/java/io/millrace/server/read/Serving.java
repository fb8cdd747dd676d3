package io.millrace.server.read;

import io.millrace.connectors.postgres.TableName;
import io.millrace.server.http.PathTemplate;
import java.util.HashSet;
import java.util.List;

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
 */
public record Serving(PathTemplate path, String table, List<String> columns, List<String> key) {

    /** Names in the query of a list that are no filters. */
    static final String LIMIT = "limit";

    static final String AFTER = "after";

    public Serving {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
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
        this(PathTemplate.parse(path), table, columns, key);
    }

    /** Whether one row is answered. */
    boolean single() {
        return !key.isEmpty() && path.parameters().containsAll(key);
    }

    String tableSql() {
        return TableName.parse(table).sql();
    }
}
