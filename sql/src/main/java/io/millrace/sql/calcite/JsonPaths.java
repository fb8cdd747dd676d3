package io.millrace.sql.calcite;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;

/** Dotted names that lead into a JSON column. */
final class JsonPaths {

    private JsonPaths() {}

    /**
     * The column itself or, where names are left, the scalar there as text.
     *
     * @param from the first of the names that lead into the column
     */
    static Expr member(SqlIdentifier identifier, Expr column, List<String> names, int from) {
        if (from == names.size()) {
            return column;
        }
        if (!column.type().equals(Type.JSON)) {
            throw new Refusal(
                    identifier.getParserPosition(),
                    "\"" + String.join(".", names.subList(0, from)) + "\" is "
                            + column.type().sql() + " and has no fields; only JSON has");
        }
        StringBuilder path = new StringBuilder("$");
        for (String name : names.subList(from, names.size())) {
            path.append(".\"")
                    .append(name.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        }
        Expr literal = new Expr.Literal(Type.VARCHAR, path.toString());
        return new Expr.Call(Function.JSON_VALUE, List.of(column, literal), Type.VARCHAR);
    }
}
