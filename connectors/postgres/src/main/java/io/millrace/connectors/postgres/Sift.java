package io.millrace.connectors.postgres;

import io.millrace.api.Commit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings in the rows of the sifting table without those of records that the table refuses, and tells those. All of it
 * takes place in the server, in one call, whatever there is to be found.
 *
 * <p>A part of the records is tried under a savepoint. Where it is refused, the first bad record in it is looked for by
 * halving; what was brought in on the way stays. After a bad record the next part is as long as the good stretch before it
 * was, and parts that are taken become longer, so that a lone bad record costs the logarithm of what there is and many cost
 * one try each. Records are brought in in their order.
 */
final class Sift {

    /**
     * Constraints that are deferred would speak only at the end, of no record in particular. What is put off to it by a
     * record can't be made good by a later one of the same commit.
     */
    private static final String AT_ONCE = "SET CONSTRAINTS ALL IMMEDIATE";

    /**
     * Every part goes through the indexes: one plan does for all, and making a plan costs more than a record. It must not
     * be one that reads the whole table, as might seem cheap while that is small.
     */
    private static final String SIFT =
            """
            CREATE OR REPLACE FUNCTION pg_temp.millrace_sift(first_row bigint[], retried text[])
            RETURNS TABLE (refused int, state text, field text, refused_by text, in_table text)
            LANGUAGE plpgsql
            SET plan_cache_mode = force_generic_plan
            SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
            AS $millrace$
            DECLARE
                records int := cardinality(first_row) - 1;
                settled int := 0;                 -- the records before it are in the table or refused
                good_since int := 0;              -- since there none was refused
                refused_until int := 0;           -- where above settled: what is between is refused as a whole
                step int := greatest(records, 1);
                until int;
                of_schema text;
                called text;
            BEGIN
                WHILE settled < records LOOP
                    IF refused_until > settled THEN
                        until := settled + greatest((refused_until - settled) / 2, 1);
                    ELSE
                        until := least(settled + step, records);
                    END IF;
                    BEGIN
                        PERFORM pg_temp.millrace_load(first_row[settled + 1], first_row[until + 1]);
                        IF refused_until <= settled THEN
                            step := least(step * 2, records);
                        END IF;
                        settled := until;
                    EXCEPTION WHEN OTHERS THEN
                        GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, field = COLUMN_NAME,
                            refused_by = CONSTRAINT_NAME, in_table = TABLE_NAME, of_schema = SCHEMA_NAME,
                            called = PG_EXCEPTION_CONTEXT;
                        IF state !~ '^(%s)$' OR of_schema = '%s' OR (state = '%s' AND refused_by = ANY (retried)) THEN
                            RAISE;
                        END IF;
                        IF until - settled > 1 THEN
                            refused_until := until;
                        ELSE
                            refused := settled;
                            IF state = 'P0001' THEN
                                refused_by := substring(called FROM 'PL/pgSQL function ([^ ]+)');
                            END IF;
                            RETURN NEXT;
                            step := greatest(settled - good_since, 1);
                            settled := until;
                            good_since := until;
                        END IF;
                    END;
                END LOOP;
            END $millrace$
            """.formatted(LoadFault.STATES, LoadFault.OWN_SCHEMA, PostgresErrors.UNIQUE_VIOLATION);

    private final Connection connection;
    private final Session.Loading loading;

    /** @param connection in the transaction of the commit, its rows in the sifting table */
    Sift(Connection connection, Session.Loading loading) {
        this.connection = connection;
        this.loading = loading;
    }

    /** Brings in what can be, and returns the records that can't, in their order. */
    List<Commit.Refused> refused(Commit.Sifting sifting) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(AT_ONCE);
            statement.execute(loadFunction());
            statement.execute(SIFT);
        }
        Long[] firstRows = new Long[sifting.records() + 1];
        for (int i = 0; i < firstRows.length; i++) {
            firstRows[i] = (long) sifting.firstRow(i);
        }
        List<Found> found = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT * FROM pg_temp.millrace_sift(?::bigint[], ?::text[])")) {
            statement.setArray(1, connection.createArrayOf("bigint", firstRows));
            statement.setArray(
                    2, connection.createArrayOf("text", loading.keyIndexes().toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Found(
                            row.getInt(1),
                            LoadFault.of(row.getString(2)),
                            told(row.getString(3)),
                            told(row.getString(4)),
                            told(row.getString(5))));
                }
            }
        }
        if (found.isEmpty()) {
            return List.of();
        }
        Map<String, String> columns = columnsOfConstraints();
        return found.stream().map(f -> f.refused(columns)).toList();
    }

    /** Brings in a part. Names of variables could be names of columns: there are none but one that the language brings along. */
    private String loadFunction() {
        return """
                CREATE OR REPLACE FUNCTION pg_temp.millrace_load(bigint, bigint) RETURNS void LANGUAGE plpgsql AS $millrace$
                #variable_conflict use_column
                BEGIN
                """ + loading.sql().bringInPart() + "; END $millrace$";
    }

    /** A record that was refused, and where. */
    private record Found(
            int record,
            LoadFault fault,
            @Nullable String column,
            @Nullable String refusedBy,
            @Nullable String table) {
        Commit.Refused refused(Map<String, String> columnsOfConstraints) {
            String field = column == null && refusedBy != null ? columnsOfConstraints.get(refusedBy) : column;
            return new Commit.Refused(record, fault.code(), field, fault.message(field, refusedBy, table));
        }
    }

    private static @Nullable String told(@Nullable String name) {
        return name == null || name.isEmpty() ? null : name;
    }

    /** The column of each constraint of the table that is about one column only: the server does not tell it. */
    private Map<String, String> columnsOfConstraints() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT k.conname, a.attname FROM pg_constraint k
                JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
                WHERE k.conrelid = ?::regclass AND cardinality(k.conkey) = 1
                """)) {
            statement.setString(1, loading.table().sql());
            Map<String, String> columns = new HashMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    columns.put(row.getString(1), row.getString(2));
                }
            }
            return columns;
        }
    }
}
