package io.millrace.connectors.postgres;

import io.millrace.api.Commit;
import io.millrace.api.FencedException;
import io.millrace.api.KeyMemory;
import io.millrace.api.Sink;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * The keys that a pipeline remembers, in blocks: a row for each commit and each MiB, not for each key, since no index of a
 * database takes a million keys a second. They lie in partitions by the day on which they are forgotten.
 *
 * @param pipeline its name
 */
record RememberedKeys(String pipeline) {

    /** The first half of the number of the lock under which blocks of a pipeline are added, one at a time. "MILK" */
    private static final int KEYS_LOCK = 0x4D494C4B;

    /** What COPY sends before the first row: its signature, flags, and the length of nothing more. */
    private static final int COPY_HEADER_BYTES = 19;

    /** In the place of the number of columns. */
    private static final int COPY_END = -1;

    /** Blocks that are smaller are put together, up to so many bytes. */
    private static final int SMALL_BLOCK = 64 << 10;

    /** No block is larger than this, so that one is sent while another is read; a multiple of the bytes of a key. */
    private static final int WHOLE_BLOCK = 1 << 20;

    /** Adds a block, and hands over those that others have added since. A part of the transaction that loads the rows. */
    long add(Connection connection, Commit.Keys keys) throws SQLException, FencedException {
        KeyMemory memory = keys.memory();
        boolean any = keys.block().length > 0;
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT pg_advisory_xact_lock(?, hashtext(?));
                SELECT number, keys FROM millrace.remembered WHERE pipeline = ? AND number > ? ORDER BY number;
                """ + (any ? """
                INSERT INTO millrace.remembered (pipeline, number, until, keys)
                SELECT ?, nextval('millrace.commit_number'), clock_timestamp() + ? * interval '1 millisecond',
                       substring(block FROM part FOR ?)
                FROM (SELECT ?::bytea) given (block), generate_series(1, octet_length(block), ?) part
                RETURNING number
                """ : ""))) {
            statement.setInt(1, KEYS_LOCK);
            statement.setString(2, pipeline);
            statement.setString(3, pipeline);
            statement.setLong(4, memory.known());
            if (any) {
                statement.setString(5, pipeline);
                statement.setLong(6, keys.within().toMillis());
                statement.setInt(7, WHOLE_BLOCK);
                statement.setBytes(8, keys.block());
                statement.setInt(9, WHOLE_BLOCK);
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
                long last = 0;
                while (added.next()) {
                    last = Math.max(last, added.getLong(1));
                }
                return last;
            }
        }
    }

    /**
     * Hands over all blocks.
     *
     * @param connection in a transaction
     */
    void all(Connection connection, Sink.KeyBlocks blocks) throws SQLException {
        begin(connection, blocks);
        // COPY sends the next blocks while one is taken in. It knows no parameters.
        String sql = "COPY (SELECT number, keys FROM millrace.remembered WHERE pipeline = '"
                + connection.unwrap(PGConnection.class).escapeLiteral(pipeline)
                + "' AND until > now() ORDER BY number) TO STDOUT (FORMAT binary)";
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
        int skip = COPY_HEADER_BYTES;
        for (byte[] message = copy.readFromCopy(); message != null; message = copy.readFromCopy()) {
            ByteBuffer row = ByteBuffer.wrap(message).position(skip);
            skip = 0;
            if (row.getShort() == COPY_END) {
                continue;
            }
            row.getInt();
            long number = row.getLong();
            byte[] keys = new byte[row.getInt()];
            row.get(keys);
            blocks.block(number, keys);
        }
    }

    /** Tells what comes before the blocks. */
    private void begin(Connection connection, Sink.KeyBlocks blocks) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT (SELECT secret FROM millrace.key_hashing), coalesce(sum(octet_length(keys)), 0)::bigint
                FROM millrace.remembered WHERE pipeline = ? AND until > now()
                """)) {
            statement.setString(1, pipeline);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                blocks.begin(row.getBytes(1), row.getLong(2));
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
