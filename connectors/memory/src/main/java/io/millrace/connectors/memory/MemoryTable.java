package io.millrace.connectors.memory;

import io.millrace.api.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a table held when it was asked for. Immutable.
 *
 * @param columns in the order of the query, averages last
 * @param rows in the order in which their keys came; each value as PostgreSQL writes it as text (times in UTC), null for
 *     null
 */
public record MemoryTable(List<TableColumn> columns, List<List<@Nullable String>> rows) {

    public MemoryTable {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /** A column of a table. */
    public record TableColumn(String name, Type type) {}

    /** A JSON text as a table holds it, so that two can be compared; null where no table could hold it. */
    public static @Nullable String jsonb(String text) {
        try {
            return JsonText.canonical(text);
        } catch (Refusal.Found e) {
            // What a table does not hold is equal to nothing in it.
            return null;
        }
    }
}
