package io.millrace.connectors.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is there under the name of a table.
 *
 * @param oid its number; 0 where there is nothing
 * @param table whether it is a table
 * @param ours whether we may alter it
 * @param columns its columns by name, in their order
 * @param uniqueIndexes the columns of each index that keeps rows unique, by the name of the index
 */
record ExistingTable(
        long oid, boolean table, boolean ours, Map<String, Found> columns, Map<String, Set<String>> uniqueIndexes) {

    /**
     * A column.
     *
     * @param type as {@code format_type} writes it
     * @param filledIn whether it has a default
     * @param bare whether nothing depends on it, and nobody was given rights on it or wrote a comment; told of generated
     *     columns only
     */
    record Found(String type, boolean notNull, boolean generated, boolean filledIn, boolean bare) {}

    /**
     * What keeps the type of a column from being changed.
     *
     * @param column the column
     * @param generated the generated column that is made from it; empty where it is a view
     * @param view the view that reads it, as it is written in SQL; empty where it is a column
     * @param create how the view was made, without a semicolon
     */
    record User(String column, String generated, String view, String create) {}

    static ExistingTable find(Connection connection, TableName name) throws SQLException {
        long oid = 0;
        boolean table = false;
        boolean ours = false;
        Map<String, Found> columns = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT c.oid, c.relkind IN ('r', 'p'), pg_has_role(c.relowner, 'USAGE'),
                       a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                       a.attgenerated <> '', a.atthasdef OR a.attidentity <> '',
                       a.attgenerated <> '' AND a.attacl IS NULL AND col_description(c.oid, a.attnum) IS NULL
                         AND NOT EXISTS (
                           SELECT FROM pg_depend d
                           LEFT JOIN pg_attrdef f
                             ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid AND f.adnum = a.attnum
                           WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
                             AND d.refobjsubid = a.attnum AND f.oid IS NULL)
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
                    ours = rows.getBoolean(3);
                    if (rows.getString(4) != null) {
                        columns.put(
                                rows.getString(4),
                                new Found(
                                        rows.getString(5),
                                        rows.getBoolean(6),
                                        rows.getBoolean(7),
                                        rows.getBoolean(8),
                                        rows.getBoolean(9)));
                    }
                }
            }
        }
        return new ExistingTable(oid, table, ours, columns, oid == 0 ? Map.of() : uniqueIndexes(connection, oid));
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

    /** The views and generated columns that use columns of this table. */
    List<User> users(Connection connection) throws SQLException {
        List<User> users = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT DISTINCT a.attname, coalesce(g.attname::text, ''),
                       CASE WHEN v.oid IS NULL THEN '' ELSE format('%I.%I', n.nspname, v.relname) END,
                       CASE WHEN v.oid IS NULL THEN '' ELSE
                         format('CREATE %sVIEW %I.%I AS ', CASE v.relkind WHEN 'm' THEN 'MATERIALIZED ' ELSE '' END,
                                n.nspname, v.relname)
                         || rtrim(pg_get_viewdef(v.oid), ';') END
                FROM pg_depend d
                JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
                LEFT JOIN pg_class v ON v.oid = r.ev_class AND v.oid <> d.refobjid
                LEFT JOIN pg_namespace n ON n.oid = v.relnamespace
                LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
                LEFT JOIN pg_attribute g
                  ON g.attrelid = f.adrelid AND g.attnum = f.adnum AND g.attnum <> a.attnum AND g.attgenerated <> ''
                WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = ?
                  AND (v.oid IS NOT NULL OR g.attname IS NOT NULL)
                ORDER BY 1, 2, 3
                """)) {
            statement.setLong(1, oid);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    users.add(new User(rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4)));
                }
            }
        }
        return users;
    }

    static boolean hasRows(Connection connection, TableName name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT FROM " + name.sql() + ")")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
