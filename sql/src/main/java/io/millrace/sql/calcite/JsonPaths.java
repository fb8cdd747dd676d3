package io.millrace.sql.calcite;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.util.List;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Dotted names that lead into a JSON column. */
final class JsonPaths {

    private JsonPaths() {}

    /** The scalar at a path of member names, as text. */
    static Expr member(SqlParserPos place, Expr json, List<String> names) {
        if (!json.type().equals(Type.JSON)) {
            throw new Refusal(
                    place,
                    "only a JSON column has fields; this one is " + json.type().sql());
        }
        StringBuilder path = new StringBuilder("$");
        for (String name : names) {
            path.append(".\"")
                    .append(name.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        }
        Expr literal = new Expr.Literal(Type.VARCHAR, path.toString());
        return new Expr.Call(Function.JSON_VALUE, List.of(json, literal), Type.VARCHAR);
    }
}
