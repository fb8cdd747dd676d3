package io.millrace.connectors.postgres;

import io.millrace.api.SinkException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The books of a pipeline, checked against all that the database has of it, as it was at one moment: the ledger against
 * itself, against the quarantine, and against the rows of the table.
 *
 * @param ledger what the ledger says, and what does not add up in it
 * @param quarantine what lies in the quarantine, the most frequent kinds first; empty where nothing does
 * @param quarantined how many records lie there
 * @param table how the table compares; null where no run has written down yet which one it is
 * @param faults all that does not balance, in words that say by how much and where to look
 */
public record Audit(
        Ledger.Report ledger,
        List<QuarantineKinds.Kind> quarantine,
        long quarantined,
        @Nullable TableCount table,
        List<String> faults) {

    /** How long the database may take over one statement: a large table is counted whole. */
    private static final Duration LONGEST = Duration.ofMinutes(30);

    public Audit {
        quarantine = List.copyOf(quarantine);
        faults = List.copyOf(faults);
    }

    /** Whether what the table's rows tell was compared with the records loaded. */
    public sealed interface TableCount {

        /** As people write it. */
        String table();

        /**
         * It was.
         *
         * @param column the column that adds up to the number of records; null where its rows are counted
         * @param atMost whether there may be fewer, since a row may replace another
         * @param pipelines those that fill it
         * @param before what it counted before they did
         * @param loaded the records that they have loaded into it
         * @param found what it counts
         */
        record Compared(
                String table,
                @Nullable String column,
                boolean atMost,
                List<String> pipelines,
                long before,
                long loaded,
                long found)
                implements TableCount {

            /** What it counts too much; negative for too little, and 0 where all is well. */
            public long surplus() {
                long surplus = found - before - loaded;
                return atMost ? Math.max(0, surplus) : surplus;
            }

            /** What is counted, in words. */
            public String what() {
                return column == null ? "the number of its rows" : "the sum of its column " + column;
            }

            /** How it can be looked at, in SQL. */
            public String sql() {
                return "SELECT " + (column == null ? "count(*)" : "sum(" + Identifiers.quote(column) + ")") + " FROM "
                        + TableName.parse(table).sql();
            }
        }

        /**
         * It was not.
         *
         * @param why in words that go on after "not compared: "
         */
        record NotCompared(String table, String why) implements TableCount {}
    }

    /** What can be checked again and again while a pipeline runs. */
    public enum Part {
        /** The ledger against itself. */
        LEDGER,
        /** How many records lie in the quarantine. */
        QUARANTINE,
        /** The ledger against the table. */
        TABLE
    }

    /** Audits all. */
    public static Audit of(PostgresDestination destination, String pipeline)
            throws SinkException, InterruptedException {
        return Ledger.read(destination, new Audit(Ledger.NOTHING, List.of(), 0, null, List.of()), connection -> {
            begin(connection, LONGEST);
            Ledger.Report ledger = Ledger.check(connection, pipeline);
            List<QuarantineKinds.Kind> quarantine = QuarantineKinds.of(connection, pipeline);
            long quarantined =
                    quarantine.stream().mapToLong(QuarantineKinds.Kind::records).sum();
            List<String> faults = new ArrayList<>(ledger.faults());
            addQuarantineFault(faults, ledger.counts().quarantined(), quarantined);
            TableCount table = table(connection, pipeline, faults);
            return new Audit(ledger, quarantine, quarantined, table, faults);
        });
    }

    /**
     * What does not balance of one part.
     *
     * @param atMost how long the database may take over one statement
     * @return empty where it would have taken longer
     */
    public static Optional<List<String>> faults(
            PostgresDestination destination, String pipeline, Part part, Duration atMost)
            throws SinkException, InterruptedException {
        return Ledger.read(destination, Optional.of(List.of()), connection -> {
            begin(connection, atMost.multipliedBy(2));
            List<String> faults = new ArrayList<>();
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET LOCAL statement_timeout = " + atMost.toMillis());
                switch (part) {
                    case LEDGER ->
                        faults.addAll(Ledger.check(connection, pipeline).faults());
                    case QUARANTINE ->
                        addQuarantineFault(
                                faults,
                                number(
                                        connection,
                                        "SELECT coalesce(sum(quarantined), 0)::bigint FROM millrace.ledger WHERE pipeline = ?",
                                        pipeline),
                                number(
                                        connection,
                                        "SELECT count(*) FROM millrace.quarantine WHERE pipeline = ?",
                                        pipeline));
                    case TABLE -> table(connection, pipeline, faults);
                }
            } catch (SQLException e) {
                if (PostgresErrors.state(e).equals(PostgresErrors.CANCELLED)) {
                    return Optional.empty();
                }
                throw e;
            }
            return Optional.of(List.copyOf(faults));
        });
    }

    /** Begins a transaction that sees one moment, since a live pipeline goes on committing. */
    private static void begin(Connection connection, Duration silence) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, Math.toIntExact(silence.toMillis()));
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    }

    private static long number(Connection connection, String sql, String pipeline) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, pipeline);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void addQuarantineFault(List<String> faults, long put, long lying) {
        if (put != lying) {
            faults.add("its commits put " + records(put) + " into the quarantine, which holds " + lying + ": "
                    + (lying < put
                            ? records(put - lying) + " left it by no command of Millrace"
                            : records(lying - put) + " came there by no commit")
                    + "; look at millrace.quarantine");
        }
    }

    /** One that fills the table. */
    private record Filler(
            String pipeline,
            @Nullable String counting,
            @Nullable String column,
            long before,
            long loaded) {}

    private static @Nullable TableCount table(Connection connection, String pipeline, List<String> faults)
            throws SQLException {
        // Books that an older Millrace wrote last do not say which table.
        TableName table =
                exists(connection, new TableName(Migrations.SCHEMA, "pipeline")) ? current(connection, pipeline) : null;
        if (table == null) {
            return null;
        }
        if (!exists(connection, table)) {
            faults.add("the table " + table + ", which it fills, is not there: the next run makes it anew, without what"
                    + " was loaded before");
            return new TableCount.NotCompared(table.toString(), "it is not there");
        }
        List<Filler> fillers = fillers(connection, table);
        Set<@Nullable String> ways = new HashSet<>();
        fillers.forEach(filler -> ways.add(filler.counting() + " " + filler.column()));
        Filler first = fillers.getFirst();
        List<String> names = fillers.stream().map(Filler::pipeline).toList();
        if (ways.size() > 1) {
            return new TableCount.NotCompared(
                    table.toString(),
                    "the pipelines that fill it, " + String.join(", ", names) + ", count differently");
        }
        if (first.counting() == null) {
            return new TableCount.NotCompared(
                    table.toString(),
                    "its rows don't tell how many records they were made of; with GROUP BY, select COUNT(*) beside the"
                            + " other columns");
        }
        if (!FilledTable.readable(connection, table)) {
            return new TableCount.NotCompared(table.toString(), "this user may not read it (GRANT SELECT)");
        }
        long found;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + FilledTable.count(table, first.column()))) {
            row.next();
            found = row.getLong(1);
        }
        TableCount.Compared compared = new TableCount.Compared(
                table.toString(),
                first.column(),
                first.counting().equals(FilledTable.ROWS_AT_MOST),
                names,
                fillers.stream().mapToLong(Filler::before).sum(),
                fillers.stream().mapToLong(Filler::loaded).sum(),
                found);
        addTableFault(faults, compared);
        return compared;
    }

    private static void addTableFault(List<String> faults, TableCount.Compared table) {
        long surplus = table.surplus();
        if (surplus != 0) {
            faults.add("table " + table.table() + ": " + table.what() + " is " + table.found() + ", and "
                    + records(table.loaded()) + (table.loaded() == 1 ? " was" : " were") + " loaded into it"
                    + (table.pipelines().size() > 1 ? " by " + String.join(", ", table.pipelines()) : "")
                    + (table.before() == 0 ? "" : " beside the " + table.before() + " of before") + ": "
                    + Math.abs(surplus) + (surplus < 0 ? " too few" : " too many")
                    + ". Rows were changed by something that is not a pipeline; look at the table's other writers, and at "
                    + table.sql());
        }
    }

    private static @Nullable TableName current(Connection connection, String pipeline) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT table_schema, table_name FROM millrace.pipeline WHERE pipeline = ? AND left_at IS NULL
                """)) {
            statement.setString(1, pipeline);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new TableName(row.getString(1), row.getString(2)) : null;
            }
        }
    }

    private static boolean exists(Connection connection, TableName table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            statement.setString(1, table.sql());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static List<Filler> fillers(Connection connection, TableName table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT p.pipeline, p.counting, p.counting_column, p.before, coalesce(p.left_at, %s) - p.elsewhere
                FROM millrace.pipeline p WHERE p.table_schema = ? AND p.table_name = ?
                ORDER BY p.pipeline COLLATE "C"
                """.formatted(FilledTable.LOADED))) {
            statement.setString(1, table.schema());
            statement.setString(2, table.table());
            List<Filler> fillers = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    fillers.add(new Filler(
                            rows.getString(1), rows.getString(2), rows.getString(3), rows.getLong(4), rows.getLong(5)));
                }
            }
            return fillers;
        }
    }

    private static String records(long count) {
        return count + (count == 1 ? " record" : " records");
    }
}
