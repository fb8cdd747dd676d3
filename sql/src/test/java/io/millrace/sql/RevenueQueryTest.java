package io.millrace.sql;

import static io.millrace.sql.Queries.columns;
import static io.millrace.sql.Queries.fields;
import static io.millrace.sql.Queries.outputs;
import static io.millrace.sql.Queries.plan;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import io.millrace.sql.plan.Plan;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The project's own example. */
class RevenueQueryTest {
    private static final String QUERY = """
            SELECT userId AS user_id,
                   SUM(CASE name WHEN 'add_revenue' THEN value
                                 WHEN 'subtract_revenue' THEN -value
                                 ELSE REJECT('unknown event name') END) AS revenue,
                   COUNT(*) AS events
            FROM input
            GROUP BY userId
            """;

    private final Plan plan =
            plan(QUERY, columns("userId VARCHAR NOT NULL", "name VARCHAR NOT NULL", "value BIGINT NOT NULL"));

    @Test
    void readsWhatItNamesAsDeclared() {
        assertThat(fields(plan))
                .containsExactlyInAnyOrder("userId VARCHAR NOT NULL", "name VARCHAR NOT NULL", "value BIGINT NOT NULL");
    }

    @Test
    void addsUpByUser() {
        assertThat(plan.grouped()).isTrue();
        assertThat(outputs(plan))
                .containsExactly(
                        "user_id VARCHAR NOT NULL",
                        "revenue DECIMAL(38, 0) NOT NULL SUM",
                        "events BIGINT NOT NULL COUNT_ROWS");
    }

    @Test
    void comparesTheNameOfEachBranch() {
        Expr name = new Expr.Input(1, Type.VARCHAR);
        Expr value = new Expr.Input(2, Type.BIGINT);
        assertThat(plan.outputs().get(1).expr())
                .isEqualTo(new Expr.Case(
                        List.of(
                                new Expr.When(equal(name, "add_revenue"), value),
                                new Expr.When(
                                        equal(name, "subtract_revenue"),
                                        new Expr.Call(Function.NEGATE, List.of(value), Type.BIGINT))),
                        new Expr.Call(
                                Function.REJECT,
                                List.of(new Expr.Literal(Type.VARCHAR, "unknown event name")),
                                Type.BIGINT),
                        Type.BIGINT));
    }

    private static Expr equal(Expr left, String right) {
        return new Expr.Call(Function.EQ, List.of(left, new Expr.Literal(Type.VARCHAR, right)), Type.BOOLEAN);
    }
}
