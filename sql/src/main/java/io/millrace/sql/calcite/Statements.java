package io.millrace.sql.calcite;

import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSelectKeyword;
import org.jspecify.annotations.Nullable;

/** Finds the SELECT in a statement, and refuses clauses that can't be kept up to date record by record. */
final class Statements {

    private static final String IN_THE_DESTINATION =
            "; run it over the table in the destination, as a view for instance";

    private Statements() {}

    /** The SELECT, so that the rest of it is checked too; null where there is none. */
    static @Nullable SqlSelect select(SqlNode statement, Problems problems) {
        return switch (statement) {
            case SqlSelect select -> {
                refuseClauses(select, problems);
                yield select;
            }
            case SqlOrderBy ordered -> {
                refuseOrder(ordered, problems);
                yield select(ordered.query, problems);
            }
            default -> {
                problems.add(statement, notASelect(statement));
                yield null;
            }
        };
    }

    private static void refuseOrder(SqlOrderBy ordered, Problems problems) {
        if (!ordered.orderList.isEmpty()) {
            problems.add(
                    ordered.orderList.get(0),
                    "ORDER BY means nothing here: a table has no order; put it where the table is read");
        }
        if (ordered.fetch != null || ordered.offset != null) {
            SqlNode at = ordered.fetch != null ? ordered.fetch : ordered.offset;
            problems.add(
                    at == null ? ordered : at,
                    "LIMIT means nothing here: records keep coming; put it where the table is read");
        }
    }

    private static String notASelect(SqlNode statement) {
        return switch (statement.getKind()) {
            case UNION, INTERSECT, EXCEPT ->
                statement.getKind().sql + " is not possible; write a pipeline for each SELECT, all into the same table";
            case WITH -> "WITH is not possible; write one SELECT over input, with the expressions in it";
            case VALUES -> "a query reads records: SELECT ... FROM input";
            case INSERT, UPDATE, DELETE, MERGE ->
                "a pipeline has a SELECT; where its rows go is said under \"into:\", not by " + statement.getKind();
            default -> "a pipeline has one SELECT ... FROM input, and no other statement";
        };
    }

    private static void refuseClauses(SqlSelect select, Problems problems) {
        SqlNode distinct = select.getModifierNode(SqlSelectKeyword.DISTINCT);
        if (distinct != null) {
            problems.add(
                    distinct,
                    "SELECT DISTINCT can't be kept up to date by adding; GROUP BY the columns instead, with COUNT(*) AS n to count their rows");
        }
        SqlNode stream = select.getModifierNode(SqlSelectKeyword.STREAM);
        if (stream != null) {
            problems.add(stream, "leave out STREAM; every query is one over records that keep coming");
        }
        SqlNode having = select.getHaving();
        if (having != null) {
            problems.add(
                    having,
                    "HAVING can't be decided while records keep coming: a group that fails it now may meet it later"
                            + IN_THE_DESTINATION);
        }
        SqlNode qualify = select.getQualify();
        if (qualify != null) {
            problems.add(qualify, "QUALIFY needs all rows of a window" + IN_THE_DESTINATION);
        }
        SqlNodeList windows = select.getWindowList();
        if (!windows.isEmpty()) {
            problems.add(windows.get(0), "windows hold rows back until others have come" + IN_THE_DESTINATION);
        }
        SqlNodeList order = select.getOrderList();
        if (order != null && !order.isEmpty() && order.getKind() != SqlKind.ORDER_BY) {
            problems.add(order.get(0), "ORDER BY means nothing here: a table has no order; put it where it is read");
        }
    }
}
