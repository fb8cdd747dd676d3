package io.millrace.connectors.postgres;

import io.millrace.api.Commit;
import io.millrace.api.FencedException;
import io.millrace.api.KeyMemory;
import io.millrace.api.Sink;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The keys that a pipeline remembers, in blocks: one row for each commit, not for each key, since no index of a database
 * takes a million keys a second. They lie in partitions by the day on which they are forgotten.
 *
 * @param pipeline its name
 */
record RememberedKeys(String pipeline) {

    /** The first half of the number of the lock under which blocks of a pipeline are added, one at a time. "MILK" */
    private static final int KEYS_LOCK = 0x4D494C4B;

    private static final int BLOCKS_AT_A_TIME = 64;

    /** Blocks that are smaller are put together, up to so many bytes. */
    private static final int SMALL_BLOCK = 64 << 10;

    private static final int WHOLE_BLOCK = 4 << 20;

    /** Adds a block, and hands over those that others have added since. A part of the transaction that loads the rows. */
    long add(Connection connection, Commit.Keys keys) throws SQLException, FencedException {
        KeyMemory memory = keys.memory();
        boolean any = keys.block().length > 0;
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT pg_advisory_xact_lock(?, hashtext(?));
                SELECT number, keys FROM millrace.remembered WHERE pipeline = ? AND number > ? ORDER BY number;
                """ + (any ? """
                INSERT INTO millrace.remembered (pipeline, number, until, keys)
                VALUES (?, nextval('millrace.commit_number'), clock_timestamp() + ? * interval '1 millisecond', ?)
                RETURNING number
                """ : ""))) {
            statement.setInt(1, KEYS_LOCK);
            statement.setString(2, pipeline);
            statement.setString(3, pipeline);
            statement.setLong(4, memory.known());
            if (any) {
                statement.setString(5, pipeline);
                statement.setLong(6, keys.within().toMillis());
                statement.setBytes(7, keys.block());
            }
            statement.execute();
            statement.getMoreResults();
            try (ResultSet others = statement.getResultSet()) {
                while (others.next()) {
                    if (!memory.learn(others.getLong(1), others.getBytes(2))) {
                        throw new FencedException("Another instance of pipeline " + pipeline
                                + " has loaded a record that this one was about to load too. Nothing was changed by this"
                                + " one.");
                    }
                }
            }
            if (!any) {
                return memory.known();
            }
            statement.getMoreResults();
            try (ResultSet added = statement.getResultSet()) {
                added.next();
                return added.getLong(1);
            }
        }
    }

    /**
     * Hands over all blocks.
     *
     * @param connection in a transaction
     */
    void all(Connection connection, Sink.KeyBlocks blocks) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT number, keys FROM millrace.remembered WHERE pipeline = ? AND until > now() ORDER BY number")) {
            statement.setFetchSize(BLOCKS_AT_A_TIME);
            statement.setString(1, pipeline);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    blocks.block(rows.getLong(1), rows.getBytes(2));
                }
            }
        }
    }

    /** Puts small blocks together: a pipeline that commits every few milliseconds makes very many. */
    void condense(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                WITH small AS (
                    SELECT number, until, (sum(octet_length(keys)) OVER (
                               PARTITION BY (until AT TIME ZONE 'UTC')::date ORDER BY number) - 1) / ? AS part
                    FROM millrace.remembered WHERE pipeline = ? AND octet_length(keys) < ?
                ), old AS (
                    DELETE FROM millrace.remembered r USING small s
                    WHERE r.pipeline = ? AND r.number = s.number AND r.until = s.until
                    RETURNING r.number, r.until, r.keys, s.part
                )
                INSERT INTO millrace.remembered (pipeline, number, until, keys)
                SELECT ?, max(number), max(until), string_agg(keys, ''::bytea ORDER BY number)
                FROM old GROUP BY (until AT TIME ZONE 'UTC')::date, part
                """)) {
            statement.setLong(1, WHOLE_BLOCK);
            statement.setString(2, pipeline);
            statement.setInt(3, SMALL_BLOCK);
            statement.setString(4, pipeline);
            statement.setString(5, pipeline);
            statement.executeUpdate();
        }
    }

    /**
     * Makes the partitions that commits of today and tomorrow need, and drops those of days that are over. By the clock of
     * the server, in a transaction of its own.
     */
    static void renewPartitions(Connection connection, Duration within) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT millrace.renew_remembered(?)")) {
            statement.setInt(1, Math.toIntExact(within.toDays()));
            statement.execute();
        }
    }
}
