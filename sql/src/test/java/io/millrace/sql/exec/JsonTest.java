package io.millrace.sql.exec;

import static io.millrace.sql.exec.Plans.call;
import static io.millrace.sql.exec.Plans.integer;
import static io.millrace.sql.exec.Plans.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** JSON paths in lax mode, and arrays. */
class JsonTest {
    private static final String ORDER = """
            { "id": 17, "name": "caf\\u00e9 \\"x\\" \\ud83d\\ude00", "ok": true, "none": null, "price": 1.50,
              "lines": [ {"sku": "a,]}", "n": 1}, {"sku": "b", "n": 2} ],
              "c d": {"e": [[1, 2], 3]}, "dup": 1, "dup": 2, "": "empty", "\\u0061b": "escaped" }
            """;

    private static @Nullable Object value(String json, String path) {
        return Plans.eval(call(Type.VARCHAR, Function.JSON_VALUE, new Expr.Literal(Type.JSON, json), text(path)));
    }

    private static @Nullable Object query(String path) {
        return Plans.eval(call(Type.JSON, Function.JSON_QUERY, new Expr.Literal(Type.JSON, ORDER), text(path)));
    }

    @Test
    void scalarsComeAsText() {
        assertThat(value(ORDER, "$.id")).isEqualTo("17");
        assertThat(value(ORDER, "$.name")).isEqualTo("café \"x\" 😀");
        assertThat(value(ORDER, "$.ok")).isEqualTo("true");
        assertThat(value(ORDER, "$.price")).isEqualTo("1.50");
        assertThat(value(ORDER, "$.\"c d\".e[1]")).isEqualTo("3");
        assertThat(value(ORDER, "$.\"\"")).isEqualTo("empty");
        assertThat(value(ORDER, "$.ab")).isEqualTo("escaped");
        assertThat(value(" \"x\" ", "$")).isEqualTo("x");
    }

    @Test
    void whatIsMissingNullOrNoScalarIsNull() {
        assertThat(value(ORDER, "$.missing")).isNull();
        assertThat(value(ORDER, "$.id.deeper")).isNull();
        assertThat(value(ORDER, "$.none")).isNull();
        assertThat(value(ORDER, "$.lines")).isNull();
        assertThat(value(ORDER, "$.lines[7].n")).isNull();
    }

    @Test
    void theLastOfMembersOfOneNameCounts() {
        assertThat(value(ORDER, "$.dup")).isEqualTo("2");
    }

    @Test
    void laxModeOpensAndMakesArraysWhereItHelps() {
        assertThat(value(ORDER, "$.lines[1].sku")).isEqualTo("b");
        assertThat(value(ORDER, "$.id[0]")).isEqualTo("17");
        assertThat(value("[{\"a\": 5}]", "$.a")).isEqualTo("5");
        // Two lines have one: no single value.
        assertThat(value(ORDER, "$.lines.n")).isNull();
    }

    @Test
    void objectsAndArraysComeAsTheyAre() {
        assertThat(query("$.lines[0]")).isEqualTo("{\"sku\": \"a,]}\", \"n\": 1}");
        assertThat(query("$.\"c d\".e[0]")).isEqualTo("[1, 2]");
        assertThat(query("$.id")).isNull();
        assertThat(query("$.missing")).isNull();
    }

    @Test
    void aWrongPathIsRefusedWithItsPlace() {
        for (String bad : List.of("", "a", "$a", "$.", "$[x]", "$[1", "$.\"a", "$.a.*", "strict $.a")) {
            assertThatThrownBy(() -> value("{}", bad))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("JSON path, character ");
        }
    }

    @Test
    void arraysAreCountedAndRead() {
        Type type = Type.array(Type.decimal(30, 2));
        BigDecimal one = new BigDecimal("1.00");
        Table table = new Table(type, Type.INTEGER)
                .row(Arrays.asList(one, null), 1)
                .row(Arrays.asList(one, null), 2)
                .row(List.of(), 1)
                .row(null, 1)
                .row(List.of(one), 0)
                .row(List.of(one), null);
        Expr array = Plans.input(0, type);
        Expr index = Plans.input(1, Type.INTEGER);
        assertThat(Plans.eval(table, call(Type.INTEGER, Function.CARDINALITY, array)))
                .containsExactly(2L, 2L, 0L, null, 1L, 1L);
        assertThat(Plans.eval(table, call(Type.decimal(30, 2), Function.ELEMENT_AT, array, index)))
                .containsExactly(one, null, null, null, null, null);
    }

    @Test
    void arraysOfSeveralColumnsComeTogether() {
        Type type = Type.array(Type.VARCHAR);
        Table table = new Table(type, type)
                .row(List.of("a", "b"), List.of("x"))
                .row(null, Arrays.asList("y", null))
                .row(null, null)
                .row(List.of(), List.of("z"));
        Expr either = call(type, Function.COALESCE, Plans.input(0, type), Plans.input(1, type));
        assertThat(Plans.eval(table, either))
                .containsExactly(List.of("a", "b"), Arrays.asList("y", null), null, List.of());
        assertThat(Plans.eval(table, call(Type.VARCHAR, Function.ELEMENT_AT, either, integer(1))))
                .containsExactly("a", "y", null, null);
    }
}
