package io.millrace.connectors.postgres;

import io.millrace.api.Evolution;
import io.millrace.api.SinkException;
import io.millrace.api.SinkUnavailableException;
import io.millrace.api.TableShape;
import io.millrace.api.Type;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Creates the table of a pipeline, tells whether the one that is there fits, and alters it where that is allowed. */
final class TargetTable {

    /**
     * Half of each page is left free where rows are updated, so that a new version of a row finds room on the page of
     * the old and no index changes (a HOT update): measured three to six times faster, see docs/decisions/0003.
     */
    private static final int UPDATED_FILLFACTOR = 50;

    /** Who waits for a lock on a table keeps all others off it, so that this is not for long. */
    private static final Duration LOCK_WAIT = Duration.ofSeconds(3);

    /** Long enough for a large table to be written anew, so that only a frozen server is cut off. */
    private static final Duration LONGEST_ALTERATION = Duration.ofHours(12);

    private final TableName name;
    private final TableShape shape;
    private final Set<Evolution> allowed;
    private final Set<String> evolved;

    /** @param allowed what may be altered where it is there and does not fit */
    TargetTable(TableName name, TableShape shape, Set<Evolution> allowed) {
        this(name, shape, allowed, Set.of());
    }

    /** @param evolved columns that may be added whatever else may be altered */
    TargetTable(TableName name, TableShape shape, Set<Evolution> allowed, Set<String> evolved) {
        this.evolved = evolved;
        this.name = name;
        this.shape = shape;
        this.allowed = allowed;
    }

    /** Refuses a shape that no table of PostgreSQL can have. */
    void requirePossible() throws SinkException {
        List<String> problems = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Stream.concat(
                        shape.columns().stream().map(TableShape.Col::name),
                        shape.averages().stream().map(TableShape.Average::name))
                .forEach(column -> {
                    if (!Identifiers.fits(column)) {
                        problems.add("the name of column \"" + column + "\" is longer than " + Identifiers.MAX_BYTES
                                + " bytes, or empty: give it another with AS");
                    } else if (!seen.add(column)) {
                        problems.add("there are two columns \"" + column + "\": rename one with AS");
                    }
                });
        for (TableShape.Col column : shape.columns()) {
            if (column.type() instanceof Type.Array(Type element) && element instanceof Type.Array) {
                problems.add("column " + column.name()
                        + " is an array of arrays, which PostgreSQL has only with equal lengths: write it as JSON");
            }
            if (shape.mode() == TableShape.Mode.MERGE && column.merge() == TableShape.Merge.VALUE) {
                problems.add("column " + column.name() + " can't be merged: it is neither part of the key nor a total");
            }
        }
        if (shape.mode() != TableShape.Mode.APPEND && shape.key().length == 0) {
            problems.add("rows are to be brought together by key, and there is no key");
        }
        if (!problems.isEmpty()) {
            throw new SinkException("The table " + name + " can't be made: " + String.join("; ", problems) + ".");
        }
    }

    /**
     * A statement that makes a table fit.
     *
     * @param sql without a semicolon
     * @param done what it has done then, for people
     */
    record Alteration(String sql, String done) {}

    /**
     * A table that is there, and fits or can be made to.
     *
     * @param keyIndexes the unique indexes on exactly the key
     * @param types the types of the shape's columns, as {@code format_type} writes them
     * @param alterations what makes it fit, in their order; none where it does
     */
    record Fit(Set<String> keyIndexes, List<String> types, List<Alteration> alterations) {}

    TableName name() {
        return name;
    }

    TableShape shape() {
        return shape;
    }

    /**
     * Looks whether the table is there and fits, or can be made to.
     *
     * @return empty where there is no table
     * @throws SinkException with everything that does not fit and may not be altered
     */
    Optional<Fit> check(Connection connection) throws SQLException, SinkException {
        ExistingTable existing = ExistingTable.find(connection, name);
        if (existing.oid() == 0) {
            return Optional.empty();
        }
        List<Alteration> alterations = new TableComparison(connection, this, existing, allowed, evolved).alterations();
        return Optional.of(new Fit(keyIndexes(existing), types(connection, name, shape), alterations));
    }

    /** The types that the columns of a shape have in a table, as {@code format_type} writes them. */
    static List<String> types(Connection connection, TableName name, TableShape shape) throws SQLException {
        Map<String, String> types = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT a.attname, format_type(a.atttypid, a.atttypmod)
                FROM pg_attribute a
                JOIN pg_class c ON c.oid = a.attrelid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
                """)) {
            statement.setString(1, name.schema());
            statement.setString(2, name.table());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    types.put(rows.getString(1), rows.getString(2));
                }
            }
        }
        return shape.columns().stream()
                .map(column -> column.name() + " " + types.getOrDefault(column.name(), "(missing)"))
                .toList();
    }

    /**
     * Makes the table fit, all in one transaction. Commits that are under way are waited for, a little; those that come
     * wait until it is done.
     *
     * @param connection in auto-commit mode; of no more use after a failure
     */
    void alter(Connection connection, Fit fit) throws SQLException, SinkException {
        connection.setNetworkTimeout(Runnable::run, Math.toIntExact(LONGEST_ALTERATION.toMillis()));
        connection.setAutoCommit(false);
        String doing = "SET LOCAL lock_timeout = '" + LOCK_WAIT.toSeconds() + "s'";
        try (Statement statement = connection.createStatement()) {
            statement.execute(doing);
            for (Alteration alteration : fit.alterations()) {
                doing = alteration.sql();
                statement.execute(doing);
            }
            connection.commit();
        } catch (SQLException e) {
            String state = PostgresErrors.state(e);
            if (state.equals(PostgresErrors.LOCK_NOT_AVAILABLE)) {
                throw new SinkUnavailableException(
                        "The table " + name + " is to be altered and others have been at it for "
                                + LOCK_WAIT.toSeconds() + " seconds, a long query perhaps.",
                        e);
            }
            if (PostgresErrors.passes(state)) {
                throw e;
            }
            throw new SinkException(
                    "The table " + name + " could not be altered, and nothing of it was: " + PostgresErrors.words(e)
                            + ". Once what stands in the way is gone the next run does it, or do it by hand:"
                            + fit.alterations().stream()
                                    .map(alteration -> "\n  " + alteration.sql() + ";")
                                    .collect(Collectors.joining()),
                    e);
        }
        connection.setAutoCommit(true);
        connection.setNetworkTimeout(Runnable::run, Math.toIntExact(Session.SHORT_SILENCE.toMillis()));
    }

    Set<String> keyIndexes(ExistingTable existing) {
        Set<String> key = Set.copyOf(keyColumns());
        return existing.uniqueIndexes().entrySet().stream()
                .filter(index -> index.getValue().equals(key))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    List<String> keyColumns() {
        return shape.mode() == TableShape.Mode.APPEND
                ? List.of()
                : IntStream.of(shape.key())
                        .mapToObj(i -> shape.columns().get(i).name())
                        .toList();
    }

    /** Creates the table, and its schema where that is missing. */
    void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!schemaExists(connection)) {
                statement.execute("CREATE SCHEMA IF NOT EXISTS " + Identifiers.quote(name.schema()));
            }
            statement.execute(createSql());
        }
    }

    private boolean schemaExists(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT 1 FROM pg_namespace WHERE nspname = ?")) {
            statement.setString(1, name.schema());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private String createSql() {
        List<String> parts = new ArrayList<>();
        for (TableShape.Col column : shape.columns()) {
            boolean key = column.merge() == TableShape.Merge.KEY && shape.mode() != TableShape.Mode.APPEND;
            parts.add(Identifiers.quote(column.name()) + " " + ColumnTypes.of(column)
                    + (key || !column.nullable() ? " NOT NULL" : ""));
        }
        for (TableShape.Average average : shape.averages()) {
            parts.add(average(average));
        }
        if (shape.mode() == TableShape.Mode.APPEND) {
            return "CREATE TABLE " + name.sql() + " (" + String.join(", ", parts) + ")";
        }
        parts.add("PRIMARY KEY (" + Identifiers.quoteAll(keyColumns()) + ")");
        return "CREATE TABLE " + name.sql() + " (" + String.join(", ", parts) + ") WITH (fillfactor="
                + UPDATED_FILLFACTOR + ")";
    }

    /** The name and the definition of a column that holds an average. */
    String average(TableShape.Average average) {
        return Identifiers.quote(average.name()) + " " + ColumnTypes.of(average.type()) + " GENERATED ALWAYS AS ("
                + quotient(average) + ") STORED";
    }

    /** Null where nothing was counted. */
    private String quotient(TableShape.Average average) {
        TableShape.Col sum = shape.columns().get(average.sum());
        String divisor = "NULLIF("
                + Identifiers.quote(shape.columns().get(average.count()).name()) + ", 0)";
        String dividend = Identifiers.quote(sum.name());
        return switch (average.type()) {
            case Type.Decimal decimal -> dividend + "::numeric / " + divisor;
            case Type.Simple simple when simple == Type.Simple.DOUBLE -> dividend + "::double precision / " + divisor;
            // An average of whole numbers that is itself one is cut, as a division of whole numbers is.
            default -> "trunc(" + dividend + "::numeric / " + divisor + ")";
        };
    }
}
