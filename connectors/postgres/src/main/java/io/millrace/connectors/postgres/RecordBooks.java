package io.millrace.connectors.postgres;

import io.millrace.api.SinkException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Where a destination has single records that were committed. */
public final class RecordBooks {

    private RecordBooks() {}

    /**
     * The commit that moved a split over a record.
     *
     * @param isBefore whether the record lies before an offset
     * @return the first whose offset lies after the record; empty where there is none yet
     */
    public static Optional<Ledger.Entry> commit(
            PostgresDestination destination, String pipeline, String split, Predicate<String> isBefore)
            throws SinkException, InterruptedException {
        Ledger.Entry[] found = new Ledger.Entry[1];
        Ledger.entries(destination, pipeline, entry -> {
            String to = entry.to();
            if (found[0] == null && to != null && entry.split().equals(split) && isBefore.test(to)) {
                found[0] = entry;
            }
        });
        return Optional.ofNullable(found[0]);
    }

    /**
     * The rows of a table with a key.
     *
     * @param table as in a pipeline file
     * @param key columns and values as text; nulls have no row
     */
    public static Query rows(PostgresDestination destination, String table, Map<String, String> key)
            throws SinkException, InterruptedException {
        List<String> conditions = key.entrySet().stream()
                .map(part -> Identifiers.quote(part.getKey()) + " = " + Identifiers.literal(part.getValue()))
                .toList();
        return Query.run(
                destination,
                "SELECT * FROM " + TableName.parse(table).sql() + " WHERE " + String.join(" AND ", conditions));
    }
}
