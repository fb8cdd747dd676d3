package io.millrace.connectors.postgres;

import io.millrace.api.Commit;
import io.millrace.api.FencedException;
import io.millrace.api.Quarantine;
import io.millrace.api.Rejection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The quarantine of a pipeline. Every change is a part of the transaction that loads the rows.
 *
 * @param pipeline its name
 */
record QuarantinedRecords(String pipeline) {

    private static final String RELEASE = """
            DELETE FROM millrace.quarantine q USING unnest(?::text[], ?::text[]) r(split, position)
            WHERE q.pipeline = ? AND q.split = r.split AND q.position = r.position
            """;

    /** How much goes into one statement. */
    private static final int STATEMENT_ROWS = 1_000;

    private static final int STATEMENT_BYTES = 8 << 20;

    private static final String COLUMNS = "number, split, run, first_seen, stage, code, field, message, position, raw";

    /** Takes records out, or none where one is not there: then the transaction must be rolled back. */
    void release(Connection connection, List<Commit.Correction> corrections) throws SQLException, FencedException {
        List<String> splits = new ArrayList<>();
        List<String> positions = new ArrayList<>();
        for (Commit.Correction correction : corrections) {
            for (String position : correction.released()) {
                splits.add(correction.split());
                positions.add(position);
            }
        }
        if (positions.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(RELEASE)) {
            statement.setArray(1, Texts.array(connection, splits, split -> split));
            statement.setArray(2, Texts.array(connection, positions, position -> position));
            statement.setString(3, pipeline);
            if (statement.executeUpdate() != positions.size()) {
                throw taken();
            }
        }
    }

    /** Puts records into the quarantine, one that is there already is replaced; and says anew what is said of others. */
    void add(Connection connection, String run, Commit.Account account) throws SQLException, FencedException {
        for (Commit.Move move : account.moves()) {
            add(connection, run, move.split(), move.rejected());
        }
        for (Commit.Correction correction : account.corrections()) {
            restate(connection, run, correction);
        }
    }

    /** Changes what is said of records in the quarantine, which must be there: another instance may have taken them out. */
    private void restate(Connection connection, String run, Commit.Correction correction)
            throws SQLException, FencedException {
        List<Rejection> rejected = correction.rejected();
        if (rejected.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement("""
                UPDATE millrace.quarantine q
                SET run = ?, stage = r.stage, code = r.code, field = r.field, message = r.message
                FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) r(position, stage, code, field, message)
                WHERE q.pipeline = ? AND q.split = ? AND q.position = r.position
                """)) {
            statement.setString(1, run);
            statement.setArray(2, Texts.array(connection, rejected, Rejection::position));
            statement.setArray(
                    3, Texts.array(connection, rejected, r -> r.stage().word()));
            statement.setArray(4, Texts.array(connection, rejected, Rejection::code));
            statement.setArray(5, Texts.array(connection, rejected, Rejection::field));
            statement.setArray(6, Texts.array(connection, rejected, Rejection::message));
            statement.setString(7, pipeline);
            statement.setString(8, correction.split());
            if (statement.executeUpdate() != rejected.size()) {
                throw taken();
            }
        }
    }

    private FencedException taken() {
        return new FencedException("Another instance has taken records of pipeline " + pipeline
                + " out of the quarantine that this one took too. Nothing was changed by this one.");
    }

    private void add(Connection connection, String run, String split, List<Rejection> rejected) throws SQLException {
        // A record with several faults, several rows of an UNNEST for instance, is told by the first.
        Map<String, Rejection> byPosition = new LinkedHashMap<>();
        long bytes = 0;
        for (Rejection rejection : rejected) {
            if (byPosition.putIfAbsent(Texts.storable(rejection.position()), rejection) == null) {
                bytes += rejection.raw().length;
            }
            if (byPosition.size() == STATEMENT_ROWS || bytes > STATEMENT_BYTES) {
                add(connection, run, split, byPosition);
                byPosition.clear();
                bytes = 0;
            }
        }
        if (!byPosition.isEmpty()) {
            add(connection, run, split, byPosition);
        }
    }

    private void add(Connection connection, String run, String split, Map<String, Rejection> byPosition)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                INSERT INTO millrace.quarantine AS q (pipeline, split, run, position, stage, code, field, message, raw)
                SELECT ?, ?, ?, r.position, r.stage, r.code, r.field, r.message, r.raw
                FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[])
                    r(position, stage, code, field, message, raw)
                ON CONFLICT (pipeline, split, position) DO UPDATE SET
                    run = excluded.run, stage = excluded.stage, code = excluded.code, field = excluded.field,
                    message = excluded.message, raw = excluded.raw
                """)) {
            List<Rejection> rejections = List.copyOf(byPosition.values());
            statement.setString(1, pipeline);
            statement.setString(2, split);
            statement.setString(3, run);
            statement.setArray(
                    4, connection.createArrayOf("text", byPosition.keySet().toArray()));
            statement.setArray(
                    5, Texts.array(connection, rejections, r -> r.stage().word()));
            statement.setArray(6, Texts.array(connection, rejections, Rejection::code));
            statement.setArray(7, Texts.array(connection, rejections, Rejection::field));
            statement.setArray(8, Texts.array(connection, rejections, Rejection::message));
            statement.setArray(
                    9,
                    connection.createArrayOf(
                            "bytea", rejections.stream().map(Rejection::raw).toArray(byte[][]::new)));
            statement.executeUpdate();
        }
    }

    /** A page of the quarantine; both ways through it follow an index. */
    List<Quarantine.Entry> page(
            Connection connection, Quarantine.Filter filter, Quarantine.Order order, @Nullable Long after, int limit)
            throws SQLException {
        boolean oldestFirst = order == Quarantine.Order.OLDEST_FIRST;
        String direction = oldestFirst ? "" : " DESC";
        StringBuilder where = new StringBuilder("pipeline = ?");
        List<Object> parameters = new ArrayList<>(List.of(pipeline));
        if (after != null) {
            where.append(oldestFirst ? " AND number > ?" : " AND number < ?");
            parameters.add(after);
        }
        if (filter.code() != null) {
            where.append(" AND code = ?");
            parameters.add(filter.code());
        }
        if (filter.field() != null) {
            where.append(" AND field = ?");
            parameters.add(filter.field());
        }
        if (filter.since() != null) {
            where.append(" AND first_seen >= ?");
            parameters.add(filter.since().atOffset(ZoneOffset.UTC));
        }
        parameters.add(limit);
        // The length of a value is known without reading it, so that only what is handed out is read.
        return entries(
                connection,
                "SELECT " + COLUMNS + " FROM (SELECT *, sum(octet_length(raw)) OVER (ORDER BY number" + direction
                        + " ROWS UNBOUNDED PRECEDING) - octet_length(raw) AS before FROM (SELECT * FROM"
                        + " millrace.quarantine WHERE " + where + " ORDER BY number" + direction + " LIMIT ?) page) q"
                        + " WHERE before < " + STATEMENT_BYTES + " ORDER BY number" + direction,
                parameters);
    }

    /** One record of the quarantine. */
    Optional<Quarantine.Entry> find(Connection connection, String split, String position) throws SQLException {
        return entries(
                        connection,
                        "SELECT " + COLUMNS
                                + " FROM millrace.quarantine WHERE pipeline = ? AND split = ? AND position = ?",
                        List.of(pipeline, split, position))
                .stream()
                .findFirst();
    }

    private static List<Quarantine.Entry> entries(Connection connection, String sql, List<Object> parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.size(); i++) {
                statement.setObject(i + 1, parameters.get(i));
            }
            List<Quarantine.Entry> page = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    page.add(new Quarantine.Entry(
                            row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            row.getObject(4, OffsetDateTime.class).toInstant(),
                            new Rejection(
                                    Rejection.Stage.of(row.getString(5)),
                                    row.getString(6),
                                    row.getString(7),
                                    row.getString(8),
                                    row.getString(9),
                                    row.getBytes(10))));
                }
            }
            return List.copyOf(page);
        } catch (SQLException e) {
            if (PostgresErrors.state(e).equals(PostgresErrors.UNDEFINED_TABLE)) {
                // Nothing was ever committed to this database.
                connection.rollback();
                return List.of();
            }
            throw e;
        }
    }
}
