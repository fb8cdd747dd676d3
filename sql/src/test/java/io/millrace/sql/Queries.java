package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.api.Projection;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Plan;
import java.util.Arrays;
import java.util.List;

/** Compiles queries for tests. */
public final class Queries {

    /** One column of every type, some of them not null. */
    public static final List<DeclaredColumn> COLUMNS = columns(
            "i INTEGER NOT NULL",
            "b BIGINT",
            "d DECIMAL(10, 2)",
            "w DECIMAL(38, 10)",
            "f DOUBLE",
            "s VARCHAR NOT NULL",
            "t VARCHAR",
            "flag BOOLEAN NOT NULL",
            "day DATE NOT NULL",
            "at TIMESTAMP",
            "seen TIMESTAMP WITH TIME ZONE",
            "doc JSON",
            "tags VARCHAR ARRAY",
            "items JSON ARRAY",
            "client.app VARCHAR",
            "client.version INTEGER NOT NULL");

    private Queries() {}

    /** Columns written as in a pipeline file: {@code value BIGINT NOT NULL}. */
    public static List<DeclaredColumn> columns(String... declarations) {
        return Arrays.stream(declarations)
                .map(declaration -> declaration.split(" ", 2))
                .map(parts -> {
                    TypeName type = TypeName.parse(parts[1]);
                    return new DeclaredColumn(parts[0], type.type(), type.nullable());
                })
                .toList();
    }

    /** The plan of a query that is right. */
    public static Plan plan(String sql, List<DeclaredColumn> columns) {
        return switch (SqlCompiler.compile(sql, columns)) {
            case Compiled.Ok(Plan plan, var branches) -> plan;
            case Compiled.Refused(List<SqlProblem> problems) -> fail("%s is refused: %s", sql, problems);
        };
    }

    /** The plan of a query over fields that are not declared. */
    public static Plan plan(String sql) {
        return plan(sql, List.of());
    }

    /** What is wrong with a query over {@link #COLUMNS}, as {@code line:column: message}. */
    public static List<String> problems(String sql) {
        return problems(sql, COLUMNS);
    }

    public static List<String> problems(String sql, List<DeclaredColumn> columns) {
        return problems(SqlCompiler.compile(sql, columns));
    }

    static List<String> problems(Compiled compiled) {
        return switch (compiled) {
            case Compiled.Ok ok -> List.of();
            case Compiled.Refused(List<SqlProblem> problems) -> {
                assertThat(problems).isNotEmpty();
                yield problems.stream()
                        .map(p -> p.line() + ":" + p.column() + ": " + p.message())
                        .toList();
            }
        };
    }

    /** What is wrong with an expression over {@link #COLUMNS}; places count from its first character. */
    public static List<String> problemsOf(String expression) {
        return problems("SELECT\n" + expression + "\nAS x FROM input").stream()
                .map(problem -> problem.replaceFirst("^2:", ""))
                .toList();
    }

    /** The one output of {@code SELECT expression} over {@link #COLUMNS}. */
    public static Plan.Output output(String expression) {
        return plan("SELECT " + expression + " AS x FROM input", COLUMNS)
                .outputs()
                .getFirst();
    }

    /** The type of an expression over {@link #COLUMNS}, with NOT NULL where it can't be null. */
    public static String type(String expression) {
        Plan.Output output = output(expression);
        assertThat(output.type()).isEqualTo(output.expr().type());
        return output.type().sql() + (output.nullable() ? "" : " NOT NULL");
    }

    public static Expr expr(String expression) {
        return output(expression).expr();
    }

    /** What a plan reads: {@code a.b BIGINT NOT NULL}, with a question mark where a cast is made of what is found. */
    public static List<String> fields(Plan plan) {
        return plan.input().fields().stream().map(Queries::field).toList();
    }

    private static String field(Projection.Field field) {
        return field.name() + " " + field.type().sql() + (field.nullable() ? "" : " NOT NULL")
                + (field.lenient() ? " ?" : "");
    }

    /** The columns of a plan's result: {@code total DECIMAL(38, 0) NOT NULL SUM}. */
    public static List<String> outputs(Plan plan) {
        return plan.outputs().stream()
                .map(o -> o.name() + " " + o.type().sql() + (o.nullable() ? "" : " NOT NULL")
                        + (o.aggregate() == null ? "" : " " + o.aggregate()))
                .toList();
    }
}
