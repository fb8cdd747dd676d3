package io.millrace.benchmarks.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.postgresql.PGConnection;

/**
 * PostgreSQL alone: the lines by {@code COPY} into an unlogged table over two connections, half a file each, and then
 * one {@code CREATE TABLE AS}, which, unlike {@code INSERT}, PostgreSQL runs in parallel. This program only passes the
 * bytes on.
 */
final class PostgresPeer {

    /** A delimiter and a quote that JSON text can't hold, so that CSV passes every line on as it is. */
    private static final String COPY = "COPY lines FROM STDIN (FORMAT csv, DELIMITER e'\\x01', QUOTE e'\\x02')";

    private static final int BUFFER_BYTES = 1 << 17;

    private PostgresPeer() {}

    public static void main(String[] arguments)
            throws SQLException, IOException, InterruptedException, ExecutionException {
        Task task = Task.of(arguments);
        try (Connection first = DriverManager.getConnection(task.databaseUrl());
                Statement statement = first.createStatement()) {
            statement.execute("CREATE UNLOGGED TABLE lines (line jsonb) WITH (autovacuum_enabled = off)");
            long middle = middle(task.file());
            FutureTask<Long> secondHalf = new FutureTask<>(secondHalf(task, middle));
            Thread.ofPlatform().name("second-half").start(secondHalf);
            copy(first, task.file(), 0, middle);
            secondHalf.get();
            aggregate(statement);
        }
    }

    private static Callable<Long> secondHalf(Task task, long middle) {
        return () -> {
            try (Connection second = DriverManager.getConnection(task.databaseUrl())) {
                return copy(second, task.file(), middle, Long.MAX_VALUE);
            }
        };
    }

    private static void aggregate(Statement statement) throws SQLException {
        statement.execute("SET work_mem = '256MB'");
        statement.execute("""
                CREATE TABLE users_revenue AS
                SELECT line ->> 'userId' AS user_id,
                       SUM(CASE line ->> 'name' WHEN 'add_revenue' THEN (line ->> 'value')::bigint
                                                ELSE -(line ->> 'value')::bigint END)::bigint AS revenue,
                       COUNT(*) AS events
                FROM lines
                GROUP BY 1
                """);
        statement.execute(Task.ADD_KEY);
        statement.execute("DROP TABLE lines");
    }

    /** The start of the first line that begins in the second half. */
    private static long middle(Path file) throws IOException {
        try (RandomAccessFile lines = new RandomAccessFile(file.toFile(), "r")) {
            lines.seek(lines.length() / 2);
            int read;
            do {
                read = lines.read();
            } while (read >= 0 && read != '\n');
            return lines.getFilePointer();
        }
    }

    private static long copy(Connection connection, Path file, long from, long to) throws SQLException, IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.position(from);
            InputStream lines = new Range(Channels.newInputStream(channel), to - from);
            return connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY, lines, BUFFER_BYTES);
        }
    }

    /** The first bytes of a stream. */
    private static final class Range extends InputStream {
        private final InputStream bytes;
        private long left;

        Range(InputStream bytes, long left) {
            this.bytes = bytes;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = left == 0 ? -1 : bytes.read(into, offset, (int) Math.min(length, left));
            left -= Math.max(read, 0);
            return read;
        }
    }
}
