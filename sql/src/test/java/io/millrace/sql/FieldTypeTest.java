package io.millrace.sql;

import static io.millrace.sql.Queries.columns;
import static io.millrace.sql.Queries.fields;
import static io.millrace.sql.Queries.outputs;
import static io.millrace.sql.Queries.plan;
import static io.millrace.sql.Queries.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sql.plan.Expr;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read of the input: as declared, else as the casts of the query have it. */
class FieldTypeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT a FROM input | a VARCHAR ?",
                "SELECT CAST(a AS BIGINT) AS x FROM input | a BIGINT ?",
                "SELECT a::BIGINT AS x, CAST(a AS BIGINT) + 1 AS y FROM input WHERE CAST(a AS BIGINT) > 2 | a BIGINT ?",
                "SELECT CAST(a AS BIGINT) AS x, CAST(a AS INTEGER) AS y FROM input | a VARCHAR ?",
                "SELECT CAST(a AS BIGINT) AS x, a FROM input | a VARCHAR ?",
                "SELECT TRY_CAST(a AS BIGINT) AS x FROM input | a VARCHAR ?",
                "SELECT a.b.c AS x FROM input | a.b.c VARCHAR ?",
                "SELECT input.a.b AS x FROM input | a.b VARCHAR ?",
                "SELECT e.a AS x FROM input AS e | a VARCHAR ?",
                "SELECT JSON_VALUE(a, '$.b') AS x FROM input | a JSON ?",
                "SELECT JSON_VALUE(a, '$.b') AS x, a FROM input | a JSON ?",
                "SELECT CARDINALITY(a) AS x FROM input | a JSON ARRAY ?",
                "SELECT x FROM input CROSS JOIN UNNEST(a) AS x | a JSON ARRAY ?",
                "SELECT x FROM input, UNNEST(CAST(a AS BIGINT ARRAY)) AS x | a BIGINT ARRAY ?",
                "SELECT COUNT(*) AS n, 1 AS k FROM input GROUP BY k | ``",
            })
    void anUndeclaredFieldIsReadAsItsUsesAskForIt(String query, String fields) {
        assertThat(String.join(", ", fields(plan(query)))).isEqualTo(fields);
    }

    @Test
    void aCastThatTheReaderMakesIsNotMadeAgain() {
        assertThat(plan("SELECT CAST(a AS BIGINT) AS x FROM input")
                        .outputs()
                        .getFirst()
                        .expr())
                .isInstanceOf(Expr.Input.class);
        assertThat(plan("SELECT TRY_CAST(a AS BIGINT) AS x FROM input")
                        .outputs()
                        .getFirst()
                        .expr())
                .isInstanceOfSatisfying(
                        Expr.Cast.class, cast -> assertThat(cast.orNull()).isTrue());
    }

    @Test
    void declaredColumnsAreReadAsDeclaredAndNoOthers() {
        List<DeclaredColumn> columns = columns("user_id VARCHAR NOT NULL", "client.app VARCHAR", "value BIGINT");

        assertThat(fields(plan("SELECT client.app, value FROM input", columns)))
                .containsExactly("client.app VARCHAR", "value BIGINT");
        assertThat(problems("SELECT userid, valu FROM input", columns))
                .containsExactly(
                        "1:8: there is no column \"userid\"; did you mean \"user_id\"?",
                        "1:16: there is no column \"valu\"; did you mean \"value\"?");
    }

    @Test
    void aNumberWithoutATypeIsAskedFor() {
        assertThat(problems("SELECT value + 1 AS x FROM input", List.of()))
                .containsExactly(
                        "1:8: \"value\" has no declared type, so it is read as text, but + needs a number; declare it"
                                + " under \"columns:\" (value: BIGINT) or write CAST(value AS BIGINT)");
    }

    @Test
    void aStarMeansAllDeclaredColumns() {
        assertThat(outputs(plan("SELECT * FROM input", columns("a BIGINT NOT NULL", "b.c VARCHAR"))))
                .containsExactly("a BIGINT NOT NULL", "c VARCHAR");
        assertThat(problems("SELECT * FROM input", List.of()))
                .singleElement()
                .asString()
                .startsWith("1:8: SELECT * needs");
    }

    @Test
    void elementsOfAnArrayAreColumnsAndTheirMembersText() {
        assertThat(outputs(plan("""
                SELECT id, item.sku, CAST(item.price AS DECIMAL(10, 2)) AS price
                FROM input CROSS JOIN UNNEST(input.items) AS t(item)
                WHERE item.sku IS NOT NULL
                """))).containsExactly("id VARCHAR", "sku VARCHAR NOT NULL", "price DECIMAL(10, 2)");
    }

    @Test
    void elementsComeBehindTheFields() {
        var plan = plan("SELECT x, b, y FROM input, UNNEST(a) AS x, UNNEST(c) AS y");

        assertThat(plan.unnests()).hasSize(2);
        assertThat(plan.outputs())
                .extracting(o -> ((Expr.Input) o.expr()).column())
                .containsExactly(3, 2, 4);
    }

    @Test
    void whatTheWhereLetsThroughIsNotNull() {
        assertThat(outputs(plan("SELECT a, b, c FROM input WHERE a IS NOT NULL AND (b > 'x' AND c = 'y' OR c = 'z')")))
                .containsExactly("a VARCHAR NOT NULL", "b VARCHAR", "c VARCHAR");
    }
}
