package io.millrace.connectors.postgres;

import io.millrace.api.SinkException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells what lies in the quarantine. */
public final class QuarantineKinds {

    private QuarantineKinds() {}

    /**
     * Records of one pipeline with one kind of fault.
     *
     * @param stage where it was found: {@code decode}, {@code contract}, {@code transform} or {@code load}
     * @param code the kind
     * @param field the field at fault; null where it is the whole record
     * @param records how many
     * @param message what was said of one of them
     */
    public record Kind(String stage, String code, @Nullable String field, long records, String message) {}

    /** What lies in the quarantine of a pipeline, the most frequent first. */
    public static List<Kind> of(PostgresDestination destination, String pipeline)
            throws SinkException, InterruptedException {
        return Ledger.read(destination, List.of(), connection -> of(connection, pipeline));
    }

    static List<Kind> of(Connection connection, String pipeline) throws SQLException {
        List<Kind> kinds = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT stage, code, field, count(*), min(message)
                FROM millrace.quarantine WHERE pipeline = ?
                GROUP BY stage, code, field ORDER BY count(*) DESC, stage, code, field
                """)) {
            statement.setString(1, pipeline);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    kinds.add(new Kind(
                            rows.getString(1),
                            rows.getString(2),
                            rows.getString(3),
                            rows.getLong(4),
                            rows.getString(5)));
                }
            }
        }
        return List.copyOf(kinds);
    }
}
