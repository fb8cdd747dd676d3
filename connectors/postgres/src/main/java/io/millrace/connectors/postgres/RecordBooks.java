package io.millrace.connectors.postgres;

import io.millrace.api.SinkException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a destination knows of single records. */
public final class RecordBooks {

    private RecordBooks() {}

    /**
     * A record in the quarantine.
     *
     * @param run the run that put it there
     * @param since when
     */
    public record Kept(String stage, String code, @Nullable String field, String message, String run, Instant since) {}

    /** What the quarantine says of a record; empty where it is not there. */
    public static Optional<Kept> kept(PostgresDestination destination, String pipeline, String split, String position)
            throws SinkException, InterruptedException {
        return Ledger.read(destination, Optional.empty(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement("""
                    SELECT stage, code, field, message, run, first_seen FROM millrace.quarantine
                    WHERE pipeline = ? AND split = ? AND position = ?
                    """)) {
                statement.setString(1, pipeline);
                statement.setString(2, split);
                statement.setString(3, position);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Kept(
                                    row.getString(1),
                                    row.getString(2),
                                    row.getString(3),
                                    row.getString(4),
                                    row.getString(5),
                                    row.getObject(6, OffsetDateTime.class).toInstant()))
                            : Optional.empty();
                }
            }
        });
    }

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
