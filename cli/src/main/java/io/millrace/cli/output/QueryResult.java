package io.millrace.cli.output;

import io.millrace.cli.output.ResultColumn.Kind;
import java.io.PrintStream;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what a query returned. */
public final class QueryResult {

    private QueryResult() {}

    /**
     * Writes all rows that are left.
     *
     * @param styled whether {@code out} understands terminal styles
     * @return how many there were
     */
    public static long write(ResultSet rows, ResultFormat format, PrintStream out, boolean styled) throws SQLException {
        List<ResultColumn> columns = columns(rows.getMetaData());
        ResultWriter writer = format.writer(out, styled);
        writer.begin(columns);
        @Nullable String[] row = new @Nullable String[columns.size()];
        long count = 0;
        while (rows.next()) {
            for (int i = 0; i < row.length; i++) {
                row[i] = text(rows, i + 1, columns.get(i).kind());
            }
            writer.row(row);
            count++;
        }
        writer.end(count);
        return count;
    }

    private static List<ResultColumn> columns(ResultSetMetaData meta) throws SQLException {
        List<ResultColumn> columns = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            columns.add(
                    new ResultColumn(meta.getColumnLabel(i), kind(meta.getColumnType(i), meta.getColumnTypeName(i))));
        }
        return columns;
    }

    private static Kind kind(int type, String name) {
        return switch (type) {
            case Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.NUMERIC, Types.REAL, Types.DOUBLE -> Kind.NUMBER;
            // The driver calls both bool and bit(1) a BIT.
            case Types.BIT, Types.BOOLEAN -> name.equals("bool") ? Kind.BOOLEAN : Kind.TEXT;
            default -> name.equals("json") || name.equals("jsonb") ? Kind.JSON : Kind.TEXT;
        };
    }

    private static @Nullable String text(ResultSet rows, int column, Kind kind) throws SQLException {
        if (kind != Kind.BOOLEAN) {
            return rows.getString(column);
        }
        boolean value = rows.getBoolean(column);
        return rows.wasNull() ? null : String.valueOf(value);
    }
}
