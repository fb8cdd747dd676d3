package io.millrace.connectors.postgres;

import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The statements that bring staged rows into a table. Written once per shape.
 *
 * <p>The staging table has the columns of the shape and, where the order of arrival counts, a running number.
 */
final class MergeSql {

    /**
     * Takes the lock on a table until the end of the transaction: one commit at a time, since MERGE must be alone with its
     * table, and rows locked in any order could be a deadlock. The parameters are a number and the table's name.
     */
    static final String LOCK_TABLE = "SELECT pg_advisory_xact_lock(?, ?::regclass::oid::int)";

    private static final String NUMBERED = " bigint GENERATED ALWAYS AS IDENTITY (CACHE 1000)";

    private static final String STAGING = "pg_temp.millrace_staging";

    private static final String SIFTING = "pg_temp.millrace_sifting";

    private final String table;
    private final TableShape shape;
    private final int[] all;
    private final int[] key;
    private final int[] rest;

    /** The running number of a staged row. */
    private final String arrival;

    MergeSql(TableName table, TableShape shape) {
        this.table = table.sql();
        this.shape = shape;
        this.all = IntStream.range(0, shape.columns().size()).toArray();
        this.key = shape.key();
        this.rest = IntStream.of(all)
                .filter(i -> shape.columns().get(i).merge() != Merge.KEY)
                .toArray();
        String free = "arrival";
        while (shape.schema().indexOf(free) >= 0) {
            free += "_";
        }
        this.arrival = Identifiers.quote(free);
    }

    /** The staging table of a session; it is emptied by every commit. */
    String createStaging() {
        return "CREATE TEMPORARY TABLE millrace_staging ("
                + columns(arrivalCounts() ? Stream.of(arrival + NUMBERED) : Stream.empty())
                + ") ON COMMIT DELETE ROWS";
    }

    /** The staging table of a commit that is sifted, which ends with it. In it every row has a number, from 1 on. */
    String createSifting() {
        return "CREATE TEMPORARY TABLE millrace_sifting (" + columns(Stream.of(arrival + NUMBERED + " PRIMARY KEY"))
                + ") ON COMMIT DROP";
    }

    private String columns(Stream<String> more) {
        return Stream.concat(
                        shape.columns().stream().map(c -> Identifiers.quote(c.name()) + " " + ColumnTypes.of(c)), more)
                .collect(Collectors.joining(", "));
    }

    String copyToSifting() {
        return copy(SIFTING);
    }

    /** Brings in the rows of the sifting table whose numbers are above the first parameter, up to the second. */
    String bringInPart() {
        String rows = "(SELECT * FROM " + SIFTING + " WHERE " + arrival + " > $1 AND " + arrival + " <= $2) r";
        return shape.mode() == Mode.APPEND ? insert(rows, true) : merge(rows, false);
    }

    private boolean arrivalCounts() {
        return shape.mode() == Mode.UPSERT;
    }

    String copyToStaging() {
        return copy(STAGING);
    }

    String copyToTable() {
        return copy(table);
    }

    private String copy(String to) {
        return "COPY " + to + " (" + names("", all) + ") FROM STDIN (FORMAT binary)";
    }

    /** Tells the planner how many keys there are, without which it takes them for few. */
    String analyzeStaging() {
        return "ANALYZE " + STAGING + " (" + names("", key) + ")";
    }

    /**
     * For a table without rows.
     *
     * @param distinct whether no key is staged twice
     */
    String insert(boolean distinct) {
        return insert(STAGING, distinct);
    }

    private String insert(String rows, boolean distinct) {
        return "INSERT INTO " + table + " (" + names("", all) + ") SELECT " + names("s.", all) + " FROM "
                + source(rows, distinct) + " s";
    }

    /**
     * For any table. MERGE joins all rows at once, where INSERT ... ON CONFLICT looks into the index for each; it needs
     * to be alone with its table, since it fails where another inserts one of its keys meanwhile.
     *
     * @param distinct whether no key is staged twice
     */
    String merge(boolean distinct) {
        return merge(STAGING, distinct);
    }

    /** Whether rows can be given as parameters: of an array of arrays the server would make one long array. */
    boolean takesParameters() {
        return shape.columns().stream().noneMatch(c -> c.type() instanceof Type.Array);
    }

    TableShape shape() {
        return shape;
    }

    /**
     * Statements that bring in rows and end the transaction, all at once: sent together, they cost one round trip, and no
     * staging table has to be emptied. The parameters are, but for rows that are only added, those of {@link #LOCK_TABLE},
     * then the columns, each as an array.
     *
     * @param distinct whether no key is there twice
     */
    String atOnce(boolean distinct) {
        String rows = "unnest(" + Identifiers.join(all, ", ", i -> "?") + ") WITH ORDINALITY AS r (" + names("", all)
                + ", " + arrival + ")";
        return (shape.mode() == Mode.APPEND ? insert(rows, true) : LOCK_TABLE + "; " + merge(rows, distinct))
                + "; COMMIT";
    }

    private String merge(String rows, boolean distinct) {
        String matched = Identifiers.join(rest, ", ", this::assignment);
        return "MERGE INTO " + table + " t USING " + source(rows, distinct) + " s ON "
                + Identifiers.join(key, " AND ", i -> "t." + name(i) + " = s." + name(i))
                + (matched.isEmpty() ? "" : " WHEN MATCHED" + newer() + " THEN UPDATE SET " + matched)
                + " WHEN NOT MATCHED THEN INSERT (" + names("", all) + ") VALUES (" + names("s.", all) + ")";
    }

    private String newer() {
        Integer version = shape.version();
        if (shape.mode() != Mode.UPSERT || version == null) {
            return "";
        }
        return " AND (t." + name(version) + " IS NULL OR " + ordered("s.", version) + " >= " + ordered("t.", version)
                + ")";
    }

    private String assignment(int i) {
        String there = "t." + name(i);
        String arriving = "s." + name(i);
        return name(i) + " = "
                + switch (shape.columns().get(i).merge()) {
                    case KEY -> throw new IllegalStateException("a key is not assigned");
                    case VALUE -> arriving;
                    // What is null counts for nothing; null remains only where both are.
                    case ADD -> "coalesce(" + there + " + " + arriving + ", " + there + ", " + arriving + ")";
                    case MIN -> "least(" + ordered("t.", i) + ", " + ordered("s.", i) + ")";
                    case MAX -> "greatest(" + ordered("t.", i) + ", " + ordered("s.", i) + ")";
                };
    }

    private String source(String rows, boolean distinct) {
        if (distinct) {
            return "(SELECT " + names("", all) + " FROM " + rows + ")";
        }
        if (shape.mode() == Mode.UPSERT) {
            Integer version = shape.version();
            return "(SELECT DISTINCT ON (" + names("", key) + ") " + names("", all) + " FROM " + rows + " ORDER BY "
                    + names("", key)
                    + (version == null ? "" : ", " + ordered("", version) + " DESC NULLS LAST")
                    + ", " + arrival + " DESC)";
        }
        return "(SELECT "
                + Identifiers.join(all, ", ", i -> aggregate(i) + " AS " + name(i))
                + " FROM " + rows + " GROUP BY " + names("", key) + ")";
    }

    private String aggregate(int i) {
        Col column = shape.columns().get(i);
        return switch (column.merge()) {
            case KEY -> name(i);
            // The sum of bigint is numeric: it is brought back, or refused where it does not fit.
            case ADD -> "sum(" + name(i) + ")::" + ColumnTypes.of(column);
            case MIN -> "min(" + ordered("", i) + ")";
            case MAX -> "max(" + ordered("", i) + ")";
            case VALUE -> throw new IllegalStateException("a value can't be merged");
        };
    }

    /** Text is ordered by its bytes, as everywhere in a pipeline, and not by the language of the database. */
    private String ordered(String of, int i) {
        return of + name(i) + (shape.columns().get(i).type().equals(Type.VARCHAR) ? " COLLATE \"C\"" : "");
    }

    private String names(String of, int[] columns) {
        return Identifiers.join(columns, ", ", i -> of + name(i));
    }

    private String name(int i) {
        return Identifiers.quote(shape.columns().get(i).name());
    }
}
