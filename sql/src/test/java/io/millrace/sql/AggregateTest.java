package io.millrace.sql;

import static io.millrace.sql.Queries.COLUMNS;
import static io.millrace.sql.Queries.outputs;
import static io.millrace.sql.Queries.plan;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Plan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AggregateTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SUM(i) | BIGINT NOT NULL SUM",
                "SUM(b) | DECIMAL(38, 0) SUM",
                "SUM(d) | DECIMAL(38, 2) SUM",
                "SUM(f) | DOUBLE SUM",
                "COUNT(*) | BIGINT NOT NULL COUNT_ROWS",
                "COUNT(b) | BIGINT NOT NULL COUNT",
                "MIN(s) | VARCHAR NOT NULL MIN",
                "MAX(at) | TIMESTAMP MAX",
                "SUM(i) FILTER (WHERE flag) | BIGINT SUM",
                "COUNT(*) FILTER (WHERE flag) | BIGINT NOT NULL COUNT",
                "COUNT(b) FILTER (WHERE flag) | BIGINT NOT NULL COUNT",
            })
    void anAggregateHasRoomForItsSum(String aggregate, String output) {
        assertThat(outputs(plan("SELECT s AS k, " + aggregate + " AS x FROM input GROUP BY s", COLUMNS)))
                .containsExactly("k VARCHAR NOT NULL", "x " + output);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AVG(i) | BIGINT NOT NULL | DECIMAL(38, 6)",
                "AVG(w) | DECIMAL(38, 10) | DECIMAL(38, 10)",
                "AVG(f) | DOUBLE | DOUBLE"
            })
    void anAverageIsASumAndACount(String average, String sum, String type) {
        Plan plan = plan("SELECT s, " + average + " AS m FROM input GROUP BY s", COLUMNS);

        assertThat(outputs(plan))
                .containsExactly("s VARCHAR NOT NULL", "m__sum " + sum + " SUM", "m__count BIGINT NOT NULL COUNT");
        assertThat(plan.averages()).singleElement().satisfies(a -> {
            assertThat(a.name()).isEqualTo("m");
            assertThat(a.type().sql()).isEqualTo(type);
            assertThat(a.sum()).isEqualTo(1);
            assertThat(a.count()).isEqualTo(2);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT LOWER(s) AS k, COUNT(*) AS n FROM input GROUP BY 1",
                "SELECT LOWER(s) AS k, COUNT(*) AS n FROM input GROUP BY k",
                "SELECT LOWER(s) AS k, COUNT(*) AS n FROM input GROUP BY LOWER(s)",
                "SELECT COUNT(*) AS n, LOWER(s) AS k FROM input GROUP BY 2",
                "SELECT 'all' AS k, COUNT(*) AS n FROM input GROUP BY k",
                "SELECT 'all' AS k, COUNT(*) AS n FROM input GROUP BY 1",
            })
    void aKeyIsGivenByColumnNumberOrExpression(String query) {
        Plan plan = plan(query, COLUMNS);

        assertThat(plan.grouped()).isTrue();
        assertThat(outputs(plan)).containsExactlyInAnyOrder("k VARCHAR NOT NULL", "n BIGINT NOT NULL COUNT_ROWS");
    }

    @Test
    void aFilterMakesNullOfWhatItLeavesOut() {
        Expr flag = new Expr.Input(1, Type.BOOLEAN);
        assertThat(plan("SELECT s, COUNT(*) FILTER (WHERE flag) AS n FROM input GROUP BY s", COLUMNS)
                        .outputs()
                        .get(1)
                        .expr())
                .isEqualTo(new Expr.Case(
                        java.util.List.of(new Expr.When(flag, new Expr.Literal(Type.BIGINT, 1L))),
                        new Expr.Literal(Type.BIGINT, null),
                        Type.BIGINT));
    }
}
