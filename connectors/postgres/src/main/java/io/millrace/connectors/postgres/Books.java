package io.millrace.connectors.postgres;

import io.millrace.api.Commit;
import io.millrace.api.FencedException;
import io.millrace.api.Offset;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is kept about a pipeline beside its table: progress, ledger, quarantine and keys. Every change is a part of the
 * transaction that loads the rows.
 *
 * @param pipeline its name
 * @param keys the keys that it remembers
 */
record Books(String pipeline, RememberedKeys keys) {

    /** The first half of the number of the lock that every commit of a pipeline shares. "MILL" */
    private static final int PIPELINE_LOCK = 0x4D494C4C;

    /** The records that the pipeline has rejected. */
    QuarantinedRecords quarantine() {
        return new QuarantinedRecords(pipeline);
    }

    // The statements that begin a commit. Each sees what the lock has waited for.

    private static final String LOCK = """
            SELECT pg_advisory_xact_lock_shared(?, hashtext(?));
            SELECT split, "offset" FROM millrace.progress
            WHERE pipeline = ? AND split = ANY (?) ORDER BY split FOR UPDATE;
            """;

    private static final String BEGIN_SPLITS = """
            INSERT INTO millrace.progress (pipeline, split, "offset")
            SELECT ?, m.split, m.next
            FROM unnest(?::text[], ?::text[]) WITH ORDINALITY m(split, next, place) ORDER BY place
            ON CONFLICT DO NOTHING;
            """;

    private static final String MOVE_SPLITS = """
            UPDATE millrace.progress p SET "offset" = m.next, updated_at = now()
            FROM unnest(?::text[], ?::text[], ?::text[]) m(split, old, next)
            WHERE p.pipeline = ? AND p.split = m.split AND p."offset" = m.old;
            """;

    private static final String ACCOUNT = """
            WITH c AS MATERIALIZED (SELECT nextval('millrace.commit_number') AS number)
            INSERT INTO millrace.ledger (pipeline, split, commit_number, run, from_offset, to_offset, received, loaded,
                                         filtered, deduplicated, quarantined, dropped)
            SELECT ?, m.split, c.number, ?, m.from_offset, m.to_offset, m.received, m.loaded, m.filtered, m.deduplicated,
                   m.quarantined, m.dropped
            FROM c, unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                           ?::bigint[], ?::bigint[])
                m(split, from_offset, to_offset, received, loaded, filtered, deduplicated, quarantined, dropped)
            """;

    /** Waits for commits of a pipeline that are under way, and keeps others off until the transaction is over. */
    static void lockPipeline(Connection connection, String pipeline) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_advisory_xact_lock(?, hashtext(?))")) {
            statement.setInt(1, PIPELINE_LOCK);
            statement.setString(2, pipeline);
            statement.execute();
        }
    }

    /**
     * Reads where each split stands. It waits for commits that are under way: one whose process or connection was lost
     * may still take place in the server, and resuming from what was before it would be in vain.
     *
     * @param connection in a transaction at READ COMMITTED
     */
    Map<String, Offset> progress(Connection connection) throws SQLException {
        lockPipeline(connection, pipeline);
        // A statement of its own: what it sees is from after the wait.
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT split, \"offset\" FROM millrace.progress WHERE pipeline = ?")) {
            statement.setString(1, pipeline);
            Map<String, Offset> progress = new LinkedHashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    progress.put(rows.getString(1), new Offset(rows.getString(2)));
                }
            }
            return progress;
        }
    }

    /** Takes or renews leases that are free, run out, or the holder's own; returns the splits that are the holder's now. */
    Set<String> lease(Connection connection, String holder, Duration time, Set<String> splits) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // A lease that is lost in a crash of the server is taken again; to force each to the disk would be waste.
            statement.execute("SET LOCAL synchronous_commit = off");
        }
        try (PreparedStatement statement = connection.prepareStatement("""
                INSERT INTO millrace.lease AS l (pipeline, split, holder, expires_at)
                SELECT ?, split, ?, clock_timestamp() + ? * interval '1 millisecond'
                FROM unnest(?) AS wanted (split) ORDER BY split
                ON CONFLICT (pipeline, split) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
                WHERE l.holder = excluded.holder OR l.expires_at < clock_timestamp()
                RETURNING split
                """)) {
            statement.setString(1, pipeline);
            statement.setString(2, holder);
            statement.setLong(3, time.toMillis());
            statement.setArray(4, connection.createArrayOf("text", splits.toArray()));
            Set<String> held = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    held.add(rows.getString(1));
                }
            }
            return held;
        }
    }

    void release(Connection connection, String holder) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM millrace.lease WHERE pipeline = ? AND holder = ?")) {
            statement.setString(1, pipeline);
            statement.setString(2, holder);
            statement.executeUpdate();
        }
    }

    /**
     * Moves splits from their old offsets to their new, takes records out of the quarantine, and writes down what became
     * of their records; or nothing where a split is not at its old offset or a record not there, and then the transaction
     * must be rolled back. The rows stay locked until its end: another instance that wants them waits here and is then
     * fenced. But for what leaves the quarantine, all of it is one round trip.
     */
    void begin(Connection connection, String run, Commit.Account account) throws SQLException, FencedException {
        List<Commit.Move> moves = inOrder(account.moves());
        List<Commit.Move> known = moves.stream().filter(m -> m.from() != null).toList();
        List<Commit.Move> fresh = moves.stream().filter(m -> m.from() == null).toList();
        try (PreparedStatement statement =
                connection.prepareStatement(LOCK + (fresh.isEmpty() ? "" : BEGIN_SPLITS) + MOVE_SPLITS + ACCOUNT)) {
            int p = setLock(connection, moves, statement);
            if (!fresh.isEmpty()) {
                statement.setString(p++, pipeline);
                statement.setArray(p++, Texts.array(connection, fresh, Commit.Move::split));
                statement.setArray(p++, Texts.array(connection, fresh, m -> m.to().text()));
            }
            statement.setArray(p++, Texts.array(connection, known, Commit.Move::split));
            statement.setArray(p++, Texts.array(connection, known, Books::from));
            statement.setArray(p++, Texts.array(connection, known, m -> m.to().text()));
            statement.setString(p++, pipeline);
            account(connection, run, entries(moves, account.corrections()), statement, p);
            statement.execute();
            statement.getMoreResults();
            requireFrom(moves, statement);
            if (!fresh.isEmpty()) {
                requireCount(statement, fresh.size());
            }
            requireCount(statement, known.size());
        }
        quarantine().release(connection, account.corrections());
    }

    /** Locks splits and requires that they are where they should be, as {@link #begin} does, and changes nothing yet. */
    void lock(Connection connection, Commit.Account account) throws SQLException, FencedException {
        List<Commit.Move> moves = inOrder(account.moves());
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            setLock(connection, moves, statement);
            statement.execute();
            statement.getMoreResults();
            requireFrom(moves, statement);
        }
    }

    /** In one order everywhere, so that two instances never wait for each other. */
    private static List<Commit.Move> inOrder(List<Commit.Move> moves) {
        List<Commit.Move> ordered = new ArrayList<>(moves);
        ordered.sort(Comparator.comparing(Commit.Move::split));
        return ordered;
    }

    /** Sets the parameters of {@link #LOCK}; returns the number of the one after them. */
    private int setLock(Connection connection, List<Commit.Move> moves, PreparedStatement statement)
            throws SQLException {
        statement.setInt(1, PIPELINE_LOCK);
        statement.setString(2, pipeline);
        statement.setString(3, pipeline);
        statement.setArray(4, Texts.array(connection, moves, Commit.Move::split));
        return 5;
    }

    /** What one row of the ledger says. */
    private record Entry(
            String split, @Nullable String from, @Nullable String to, Commit.Counts counts) {}

    private static List<Entry> entries(List<Commit.Move> moves, List<Commit.Correction> corrections) {
        List<Entry> entries = new ArrayList<>(moves.size() + corrections.size());
        moves.forEach(m -> entries.add(new Entry(m.split(), from(m), m.to().text(), m.counts())));
        corrections.stream()
                .filter(c -> !c.counts().equals(Commit.Counts.NONE))
                .forEach(c -> entries.add(new Entry(c.split(), null, null, c.counts())));
        return entries;
    }

    private static @Nullable String from(Commit.Move move) {
        return move.from() == null ? null : move.from().text();
    }

    /** @param statement at the rows that are locked */
    private void requireFrom(List<Commit.Move> moves, Statement statement) throws SQLException, FencedException {
        Map<String, String> there = new HashMap<>();
        try (ResultSet rows = statement.getResultSet()) {
            while (rows.next()) {
                there.put(rows.getString(1), rows.getString(2));
            }
        }
        for (Commit.Move move : moves) {
            String found = there.get(Texts.storable(move.split()));
            String from = from(move);
            if (from == null ? found != null : !Texts.storable(from).equals(found)) {
                throw fenced(move, found);
            }
        }
    }

    /** Goes to the next result, which must have changed so many rows. */
    private void requireCount(Statement statement, int rows) throws SQLException, FencedException {
        statement.getMoreResults();
        if (statement.getUpdateCount() != rows) {
            throw new FencedException("Another instance of pipeline " + pipeline
                    + " has moved a split that this one moved too. Nothing was changed by this one.");
        }
    }

    private FencedException fenced(Commit.Move move, @Nullable String found) {
        return new FencedException("Split " + move.split() + " of pipeline " + pipeline + " is at "
                + (found == null ? "its beginning" : found) + " and not at "
                + (move.from() == null ? "its beginning" : move.from())
                + ": another instance has moved it. Nothing was changed by this one.");
    }

    /** Sets the parameters of {@link #ACCOUNT}, from a number on. */
    private void account(Connection connection, String run, List<Entry> entries, PreparedStatement statement, int first)
            throws SQLException {
        int p = first;
        statement.setString(p++, pipeline);
        statement.setString(p++, run);
        statement.setArray(p++, Texts.array(connection, entries, Entry::split));
        statement.setArray(p++, Texts.array(connection, entries, Entry::from));
        statement.setArray(p++, Texts.array(connection, entries, Entry::to));
        statement.setArray(p++, numbers(connection, entries, Commit.Counts::received));
        statement.setArray(p++, numbers(connection, entries, Commit.Counts::loaded));
        statement.setArray(p++, numbers(connection, entries, Commit.Counts::filtered));
        statement.setArray(p++, numbers(connection, entries, Commit.Counts::deduplicated));
        statement.setArray(p++, numbers(connection, entries, Commit.Counts::quarantined));
        statement.setArray(p, numbers(connection, entries, Commit.Counts::dropped));
    }

    /**
     * Puts entries of the ledger together that are older than an age: those of one split and run that follow each other
     * in the same minute become one, with the number of the last.
     */
    void condense(Connection connection, Duration age) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                WITH entry AS (
                    SELECT split, run, commit_number, date_trunc('minute', committed_at) AS minute,
                           row_number() OVER (PARTITION BY split ORDER BY commit_number)
                             - row_number() OVER (PARTITION BY split, run, date_trunc('minute', committed_at)
                                                  ORDER BY commit_number) AS island
                    FROM millrace.ledger
                    WHERE pipeline = ? AND to_offset IS NOT NULL AND committed_at < date_trunc('minute', now() - ? * interval '1 second')
                ), together AS (
                    SELECT split, commit_number, max(commit_number) OVER g AS last, count(*) OVER g AS entries
                    FROM entry WINDOW g AS (PARTITION BY split, run, minute, island)
                ), old AS (
                    DELETE FROM millrace.ledger l USING together t
                    WHERE l.pipeline = ? AND l.split = t.split AND l.commit_number = t.commit_number AND t.entries > 1
                    RETURNING l.*, t.last
                )
                INSERT INTO millrace.ledger (pipeline, split, commit_number, run, from_offset, to_offset, received,
                                             loaded, filtered, deduplicated, quarantined, dropped, committed_at,
                                             commits)
                SELECT pipeline, split, last, min(run), (array_agg(from_offset ORDER BY commit_number))[1],
                       (array_agg(to_offset ORDER BY commit_number DESC))[1], sum(received), sum(loaded),
                       sum(filtered), sum(deduplicated), sum(quarantined), sum(dropped), max(committed_at),
                       sum(commits)
                FROM old GROUP BY pipeline, split, last
                """)) {
            statement.setString(1, pipeline);
            statement.setLong(2, age.toSeconds());
            statement.setString(3, pipeline);
            statement.executeUpdate();
        }
    }

    private static java.sql.Array numbers(
            Connection connection, List<Entry> entries, Function<Commit.Counts, Long> number) throws SQLException {
        return connection.createArrayOf(
                "bigint", entries.stream().map(e -> number.apply(e.counts())).toArray());
    }
}
