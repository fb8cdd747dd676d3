package io.millrace.connectors.postgres;

import io.millrace.api.Commit;
import io.millrace.api.FencedException;
import io.millrace.api.KeyMemory;
import io.millrace.api.Sink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * The keys that a pipeline remembers, in blocks: a row for each commit and each page, not for each key, since no index of a
 * database takes a million keys a second. They lie in partitions by the day on which they are forgotten.
 *
 * @param pipeline its name
 */
record RememberedKeys(String pipeline) {

    /** The first half of the number of the lock under which blocks of a pipeline are added, one at a time. "MILK" */
    private static final int KEYS_LOCK = 0x4D494C4B;

    /** Microseconds from 1970 to 2000, from which the binary form of a time counts. */
    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;

    /** The most bytes of keys in a row: with what else a row has, it fits into a page. Whole keys. */
    private static final int ROW_BYTES = 480 * Commit.Keys.KEY_BYTES;

    /** Rows that are smaller are put together. */
    private static final int SMALL_ROW = ROW_BYTES / 5;

    /** Adds a block, and hands over those that others have added since. A part of the transaction that loads the rows. */
    long add(Connection connection, Commit.Keys keys) throws SQLException, FencedException {
        KeyMemory memory = keys.memory();
        byte[] block = keys.block();
        // A live pipeline commits a few records every few milliseconds: they go with the lock.
        boolean large = block.length > ROW_BYTES;
        String adding = block.length == 0 ? "" : large ? """
                SELECT nextval('millrace.commit_number'),
                       (extract(epoch FROM clock_timestamp() + ? * interval '1 millisecond') * 1000000)::bigint
                """ : """
                INSERT INTO millrace.remembered (until, pipeline, number, keys)
                VALUES (clock_timestamp() + ? * interval '1 millisecond', ?, nextval('millrace.commit_number'), ?)
                RETURNING number
                """;
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT pg_advisory_xact_lock(?, hashtext(?));
                SELECT number, keys FROM millrace.remembered WHERE pipeline = ? AND number > ? ORDER BY number;
                """ + adding)) {
            statement.setInt(1, KEYS_LOCK);
            statement.setString(2, pipeline);
            statement.setString(3, pipeline);
            statement.setLong(4, memory.known());
            if (block.length > 0) {
                statement.setLong(5, keys.within().toMillis());
            }
            if (block.length > 0 && !large) {
                statement.setString(6, pipeline);
                statement.setBytes(7, block);
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
            if (block.length == 0) {
                return memory.known();
            }
            statement.getMoreResults();
            try (ResultSet added = statement.getResultSet()) {
                added.next();
                long number = added.getLong(1);
                if (large) {
                    copy(connection, number, added.getLong(2) - POSTGRES_EPOCH_MICROS, block);
                }
                return number;
            }
        }
    }

    private void copy(Connection connection, long number, long until, byte[] block) throws SQLException {
        byte[] name = pipeline.getBytes(StandardCharsets.UTF_8);
        ByteBuffer row =
                ByteBuffer.allocate(Short.BYTES + 4 * Integer.BYTES + 2 * Long.BYTES + name.length + ROW_BYTES);
        String sql = "COPY millrace.remembered (pipeline, number, until, keys) FROM STDIN (FORMAT binary)";
        BinaryCopy.send(connection, sql, copy -> {
            for (int at = 0; at < block.length; at += ROW_BYTES) {
                int bytes = Math.min(ROW_BYTES, block.length - at);
                row.clear()
                        .putShort((short) 4)
                        .putInt(name.length)
                        .put(name)
                        .putInt(Long.BYTES)
                        .putLong(number)
                        .putInt(Long.BYTES)
                        .putLong(until)
                        .putInt(bytes)
                        .put(block, at, bytes);
                copy.writeToCopy(row.array(), 0, row.position());
            }
        });
    }

    /**
     * Hands over all blocks.
     *
     * @param connection in a transaction
     */
    void all(Connection connection, Sink.KeyBlocks blocks) throws SQLException {
        begin(connection, blocks);
        // COPY sends the next blocks while one is taken in. It knows no parameters. To sort would be to write all to a
        // disk.
        String sql = "COPY (SELECT number, keys FROM millrace.remembered WHERE pipeline = '"
                + connection.unwrap(PGConnection.class).escapeLiteral(pipeline)
                + "' AND until > now()) TO STDOUT (FORMAT binary)";
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
        try {
            int skip = BinaryCopy.HEADER.length;
            for (byte[] message = copy.readFromCopy(); message != null; message = copy.readFromCopy()) {
                ByteBuffer row = ByteBuffer.wrap(message).position(skip);
                skip = 0;
                if (row.getShort() == BinaryCopy.END) {
                    continue;
                }
                row.getInt();
                long number = row.getLong();
                int length = row.getInt();
                blocks.block(number, message, row.position(), length);
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    /** Tells what comes before the blocks. How much there is is told by a part of the pages: to look at all takes a while. */
    private void begin(Connection connection, Sink.KeyBlocks blocks) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT (SELECT secret FROM millrace.key_hashing), coalesce(sum(octet_length(keys)), 0)::bigint * 20
                FROM millrace.remembered TABLESAMPLE SYSTEM (5) WHERE pipeline = ? AND until > now()
                """)) {
            statement.setString(1, pipeline);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                blocks.begin(row.getBytes(1), row.getLong(2));
            }
        }
    }

    /** Puts small rows together: a pipeline that commits every few milliseconds makes very many. */
    void condense(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                WITH small AS (
                    DELETE FROM millrace.remembered WHERE pipeline = ? AND octet_length(keys) < ?
                    RETURNING number, until, keys
                ), numbered AS (
                    SELECT *, (sum(octet_length(keys)) OVER (
                                  PARTITION BY (until AT TIME ZONE 'UTC')::date
                                  ORDER BY number ROWS UNBOUNDED PRECEDING) - 1) / ? AS part
                    FROM small
                )
                INSERT INTO millrace.remembered (pipeline, number, until, keys)
                SELECT ?, max(number), max(until), string_agg(keys, ''::bytea ORDER BY number)
                FROM numbered GROUP BY (until AT TIME ZONE 'UTC')::date, part
                """)) {
            statement.setString(1, pipeline);
            statement.setInt(2, SMALL_ROW);
            // What is put together has at most one small row more.
            statement.setInt(3, ROW_BYTES - SMALL_ROW);
            statement.setString(4, pipeline);
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
