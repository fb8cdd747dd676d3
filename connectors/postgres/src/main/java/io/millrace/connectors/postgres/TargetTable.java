package io.millrace.connectors.postgres;

import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import io.millrace.api.Type;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Creates the table of a pipeline, or tells whether the one that is there fits. */
final class TargetTable {

    /**
     * Half of each page is left free where rows are updated, so that a new version of a row finds room on the page of
     * the old and no index changes (a HOT update): measured three to six times faster, see docs/decisions/0003.
     */
    private static final int UPDATED_FILLFACTOR = 50;

    private final TableName name;
    private final TableShape shape;

    TargetTable(TableName name, TableShape shape) {
        this.name = name;
        this.shape = shape;
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

    /** What is there under the name of the table. */
    private record Existing(
            long oid, boolean table, Map<String, ExistingColumn> columns, Map<String, Set<String>> uniqueIndexes) {}

    private record ExistingColumn(String type, boolean notNull, boolean generated, boolean filledIn) {}

    /**
     * Looks whether the table is there and fits.
     *
     * @return the unique indexes on exactly the key; empty where there is no table
     * @throws SinkException with everything that does not fit
     */
    Optional<Set<String>> check(Connection connection) throws SQLException, SinkException {
        Existing existing = find(connection);
        if (existing.oid() == 0) {
            return Optional.empty();
        }
        List<String> problems = new ArrayList<>();
        List<String> remedies = new ArrayList<>();
        if (!existing.table()) {
            problems.add("it is not a table");
        } else {
            compare(existing, problems, remedies);
        }
        if (!problems.isEmpty()) {
            throw new SinkException(problems.stream()
                            .map(problem -> "\n  - " + problem)
                            .collect(Collectors.joining(
                                    "", "The table " + name + " exists and does not fit the pipeline:", "\n"))
                    + (remedies.isEmpty()
                            ? "Write to another table"
                            : remedies.stream()
                                            .map(remedy -> "\n  ALTER TABLE " + name.sql() + " " + remedy + ";")
                                            .collect(Collectors.joining("", "Change it:", "\n"))
                                    + "or write to another table")
                    + " (`table` under `into: postgres`).");
        }
        return Optional.of(keyIndexes(existing));
    }

    private Set<String> keyIndexes(Existing existing) {
        Set<String> key = Set.copyOf(keyColumns());
        return existing.uniqueIndexes().entrySet().stream()
                .filter(index -> index.getValue().equals(key))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    private void compare(Existing existing, List<String> problems, List<String> remedies) {
        for (TableShape.Col column : shape.columns()) {
            String quoted = Identifiers.quote(column.name());
            String type = ColumnTypes.of(column);
            ExistingColumn found = existing.columns().get(column.name());
            if (found == null) {
                problems.add(
                        "column " + column.name() + " (" + type + ") is missing" + similar(existing, column.name()));
                remedies.add("ADD COLUMN " + quoted + " " + type);
                continue;
            }
            if (found.generated()) {
                problems.add("column " + column.name() + " is generated, and the pipeline writes it");
                remedies.add("ALTER COLUMN " + quoted + " DROP EXPRESSION");
            }
            if (!ColumnTypes.holds(found.type(), column)) {
                problems.add("column " + column.name() + " is " + found.type() + ", and the pipeline writes " + type);
                remedies.add("ALTER COLUMN " + quoted + " TYPE " + type + " USING " + quoted + "::" + type);
            }
            if (column.nullable() && found.notNull() && column.merge() != TableShape.Merge.KEY) {
                problems.add("column " + column.name() + " takes no null, and the pipeline may write null");
                remedies.add("ALTER COLUMN " + quoted + " DROP NOT NULL");
            }
        }
        for (TableShape.Average average : shape.averages()) {
            String definition =
                    ColumnTypes.of(average.type()) + " GENERATED ALWAYS AS (" + quotient(average) + ") STORED";
            ExistingColumn found = existing.columns().get(average.name());
            if (found == null) {
                problems.add("column " + average.name() + " is missing");
                remedies.add("ADD COLUMN " + Identifiers.quote(average.name()) + " " + definition);
            } else if (!found.generated()) {
                problems.add(
                        "column " + average.name() + " is an average and must be generated from its sum and count");
                remedies.add("DROP COLUMN " + Identifiers.quote(average.name()) + ", ADD COLUMN "
                        + Identifiers.quote(average.name()) + " " + definition);
            }
        }
        existing.columns().forEach((column, found) -> {
            boolean ours = shape.columns().stream().anyMatch(c -> c.name().equals(column));
            if (!ours && found.notNull() && !found.filledIn() && !found.generated()) {
                problems.add(
                        "column " + column + " takes no null and has no default, and the pipeline does not write it");
                remedies.add("ALTER COLUMN " + Identifiers.quote(column) + " DROP NOT NULL");
            }
        });
        List<String> key = keyColumns();
        if (!key.isEmpty() && keyIndexes(existing).isEmpty()) {
            problems.add(
                    "there is no primary key and no unique constraint on exactly (" + String.join(", ", key) + ")");
            remedies.add("ADD UNIQUE (" + Identifiers.quoteAll(key) + ")");
        }
    }

    /** Points at a column that differs in case only, which SQL in the database may well have made. */
    private static String similar(Existing existing, String name) {
        return existing.columns().keySet().stream()
                .filter(column -> column.equalsIgnoreCase(name))
                .findFirst()
                .map(column -> ", but there is \"" + column + "\": names keep their case here")
                .orElse("");
    }

    private List<String> keyColumns() {
        return shape.mode() == TableShape.Mode.APPEND
                ? List.of()
                : IntStream.of(shape.key())
                        .mapToObj(i -> shape.columns().get(i).name())
                        .toList();
    }

    private Existing find(Connection connection) throws SQLException {
        long oid = 0;
        boolean table = false;
        Map<String, ExistingColumn> columns = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT c.oid, c.relkind IN ('r', 'p'), a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                       a.attgenerated <> '', a.atthasdef OR a.attidentity <> ''
                FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace
                LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE n.nspname = ? AND c.relname = ?
                ORDER BY a.attnum
                """)) {
            statement.setString(1, name.schema());
            statement.setString(2, name.table());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    oid = rows.getLong(1);
                    table = rows.getBoolean(2);
                    if (rows.getString(3) != null) {
                        columns.put(
                                rows.getString(3),
                                new ExistingColumn(
                                        rows.getString(4), rows.getBoolean(5), rows.getBoolean(6), rows.getBoolean(7)));
                    }
                }
            }
        }
        return new Existing(oid, table, columns, oid == 0 ? Map.of() : uniqueIndexes(connection, oid));
    }

    private static Map<String, Set<String>> uniqueIndexes(Connection connection, long oid) throws SQLException {
        Map<String, Set<String>> indexes = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT c.relname, array_agg(a.attname::text)
                FROM pg_index i
                JOIN pg_class c ON c.oid = i.indexrelid
                CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k(attnum, place)
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                WHERE i.indrelid = ? AND i.indisunique AND i.indimmediate AND i.indisvalid
                  AND i.indpred IS NULL AND i.indexprs IS NULL AND k.place <= i.indnkeyatts
                GROUP BY c.oid, c.relname
                """)) {
            statement.setLong(1, oid);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    indexes.put(rows.getString(1), Set.of((String[])
                            rows.getArray(2).getArray()));
                }
            }
        }
        return indexes;
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
            parts.add(Identifiers.quote(average.name()) + " " + ColumnTypes.of(average.type())
                    + " GENERATED ALWAYS AS (" + quotient(average) + ") STORED");
        }
        if (shape.mode() == TableShape.Mode.APPEND) {
            return "CREATE TABLE " + name.sql() + " (" + String.join(", ", parts) + ")";
        }
        parts.add("PRIMARY KEY (" + Identifiers.quoteAll(keyColumns()) + ")");
        return "CREATE TABLE " + name.sql() + " (" + String.join(", ", parts) + ") WITH (fillfactor="
                + UPDATED_FILLFACTOR + ")";
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
