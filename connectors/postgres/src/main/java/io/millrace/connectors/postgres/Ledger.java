package io.millrace.connectors.postgres;

import io.millrace.api.Commit.Counts;
import io.millrace.api.SinkException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads and checks what the ledger says became of the records of a pipeline. */
public final class Ledger {

    private static final int ROWS_AT_A_TIME = 1_000;

    static final Report NOTHING = new Report(List.of(), Counts.NONE, List.of());

    private Ledger() {}

    /**
     * One split in one commit, or in several that are told together since they are old.
     *
     * @param commit the number of the commit, of the last where there are several; splits of one commit share it
     * @param commits how many commits
     * @param run the run that made it
     * @param split the split
     * @param from its offset before; null for the beginning
     * @param to its offset after; null for an entry that moves none and corrects what was said before
     * @param counts what became of the records between; of a correction, what is to be added
     * @param committedAt when
     */
    public record Entry(
            long commit,
            long commits,
            String run,
            String split,
            @Nullable String from,
            @Nullable String to,
            Counts counts,
            Instant committedAt) {}

    /**
     * One split in all commits.
     *
     * @param split the split
     * @param commits how many
     * @param counts what became of its records
     * @param offset where it stands
     */
    public record Total(
            String split,
            long commits,
            Counts counts,
            @Nullable String offset) {}

    /**
     * All that the ledger says of a pipeline.
     *
     * @param splits in the order of their names; empty where the pipeline has committed nothing
     * @param counts the sum of them
     * @param faults what does not add up, in words; empty where all does
     */
    public record Report(List<Total> splits, Counts counts, List<String> faults) {
        public boolean balances() {
            return faults.isEmpty();
        }
    }

    /** The pipelines that have committed something. */
    public static List<String> pipelines(PostgresDestination destination) throws SinkException, InterruptedException {
        return read(destination, List.of(), connection -> {
            List<String> pipelines = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT DISTINCT pipeline COLLATE \"C\" FROM millrace.ledger ORDER BY 1")) {
                while (rows.next()) {
                    pipelines.add(rows.getString(1));
                }
            }
            return List.copyOf(pipelines);
        });
    }

    /** How many records of each pipeline lie in the quarantine, where there are any: what its commits put there. */
    public static Map<String, Long> quarantined(PostgresDestination destination)
            throws SinkException, InterruptedException {
        return read(destination, Map.of(), connection -> {
            Map<String, Long> quarantined = new LinkedHashMap<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("""
                            SELECT pipeline COLLATE "C", sum(quarantined)::bigint FROM millrace.ledger
                            GROUP BY pipeline HAVING sum(quarantined) <> 0 ORDER BY 1
                            """)) {
                while (rows.next()) {
                    quarantined.put(rows.getString(1), rows.getLong(2));
                }
            }
            return quarantined;
        });
    }

    /** Adds up a pipeline's entries and checks that they balance and that each begins where the one before ended. */
    public static Report check(PostgresDestination destination, String pipeline)
            throws SinkException, InterruptedException {
        return read(destination, NOTHING, connection -> check(connection, pipeline));
    }

    static Report check(Connection connection, String pipeline) throws SQLException {
        List<Total> splits = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        Counts sum = Counts.NONE;
        try (PreparedStatement statement = connection.prepareStatement("""
                WITH entry AS (
                    SELECT *, lag(to_offset) OVER w AS before, last_value(to_offset) OVER all_of AS last
                    FROM millrace.ledger WHERE pipeline = ?
                    WINDOW w AS (PARTITION BY split, to_offset IS NULL ORDER BY commit_number),
                           all_of AS (w ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
                ), total AS (
                    SELECT split, sum(commits)::bigint AS commits, sum(received)::bigint AS received,
                           sum(loaded)::bigint AS loaded, sum(filtered)::bigint AS filtered,
                           sum(deduplicated)::bigint AS deduplicated, sum(quarantined)::bigint AS quarantined,
                           sum(dropped)::bigint AS dropped, max(last) AS last,
                           count(*) FILTER (WHERE received
                               <> loaded + filtered + deduplicated + quarantined + dropped) AS unbalanced,
                           count(*) FILTER (WHERE to_offset IS NOT NULL
                               AND from_offset IS DISTINCT FROM before) AS gaps
                    FROM entry GROUP BY split
                )
                SELECT split, commits, received, loaded, filtered, deduplicated, quarantined, dropped, p."offset",
                       last, unbalanced, gaps
                FROM total LEFT JOIN (SELECT split, "offset" FROM millrace.progress WHERE pipeline = ?) p
                USING (split) ORDER BY split COLLATE "C"
                """)) {
            statement.setString(1, pipeline);
            statement.setString(2, pipeline);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Total total = new Total(rows.getString(1), rows.getLong(2), counts(rows, 3), rows.getString(9));
                    splits.add(total);
                    sum = sum.plus(total.counts());
                    addFaults(faults, total, rows.getString(10), rows.getLong(11), rows.getLong(12));
                }
            }
        }
        return new Report(List.copyOf(splits), sum, List.copyOf(faults));
    }

    private static void addFaults(List<String> faults, Total total, @Nullable String last, long unbalanced, long gaps) {
        if (unbalanced > 0) {
            faults.add("split " + total.split() + ": in " + unbalanced
                    + " commits, received is not loaded + filtered + deduplicated + quarantined + dropped");
        }
        if (gaps > 0) {
            faults.add("split " + total.split() + ": " + gaps
                    + " commits do not begin at the offset where the one before ended");
        }
        if (last != null && !last.equals(total.offset())) {
            faults.add("split " + total.split() + " stands at offset " + total.offset()
                    + ", and its last commit in the ledger ended at " + last);
        }
    }

    /** Hands over every entry of a pipeline in the order of the commits. */
    public static void entries(PostgresDestination destination, String pipeline, Consumer<Entry> consumer)
            throws SinkException, InterruptedException {
        read(destination, false, connection -> {
            connection.setAutoCommit(false); // without which the driver would fetch all rows at once
            try (PreparedStatement statement = connection.prepareStatement("""
                    SELECT commit_number, commits, run, split, from_offset, to_offset, committed_at, received, loaded,
                           filtered, deduplicated, quarantined, dropped
                    FROM millrace.ledger WHERE pipeline = ? ORDER BY commit_number, split COLLATE "C"
                    """)) {
                statement.setFetchSize(ROWS_AT_A_TIME);
                statement.setString(1, pipeline);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        consumer.accept(new Entry(
                                rows.getLong(1),
                                rows.getLong(2),
                                rows.getString(3),
                                rows.getString(4),
                                rows.getString(5),
                                rows.getString(6),
                                counts(rows, 8),
                                rows.getObject(7, OffsetDateTime.class).toInstant()));
                    }
                }
            }
            return true;
        });
    }

    private static Counts counts(ResultSet rows, int first) throws SQLException {
        return new Counts(
                rows.getLong(first),
                rows.getLong(first + 1),
                rows.getLong(first + 2),
                rows.getLong(first + 3),
                rows.getLong(first + 4),
                rows.getLong(first + 5));
    }

    interface Reading<T> {
        T from(Connection connection) throws SQLException;
    }

    /** Reads from the schema {@code millrace}; where that is not there yet, nothing has happened. */
    static <T> T read(PostgresDestination destination, T nothing, Reading<T> reading)
            throws SinkException, InterruptedException {
        try (Connection connection = destination.connect()) {
            return reading.from(connection);
        } catch (SQLException e) {
            if (PostgresErrors.state(e).equals(PostgresErrors.UNDEFINED_TABLE)) {
                return nothing;
            }
            throw PostgresErrors.explain(e, "reading the schema " + Migrations.SCHEMA, destination.url());
        }
    }
}
