package io.millrace.sql.exec;

import static io.millrace.sql.exec.Plans.bigint;
import static io.millrace.sql.exec.Plans.bool;
import static io.millrace.sql.exec.Plans.call;
import static io.millrace.sql.exec.Plans.decimal;
import static io.millrace.sql.exec.Plans.eval;
import static io.millrace.sql.exec.Plans.integer;
import static io.millrace.sql.exec.Plans.number;
import static io.millrace.sql.exec.Plans.reject;
import static io.millrace.sql.exec.Plans.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Three-valued logic, and what is evaluated for whom. */
class ConditionTest {
    private static final Type B = Type.BOOLEAN;
    private static final Expr DIVIDED_BY_ZERO = call(B, Function.EQ, integer(1), divide(integer(1), integer(0)));

    private static Expr divide(Expr a, Expr b) {
        return call(Type.INTEGER, Function.DIVIDE, a, b);
    }

    private static @Nullable Object logic(Function function, @Nullable Boolean a, @Nullable Boolean b) {
        return eval(call(B, function, bool(a), bool(b)));
    }

    @Test
    void andFollowsItsTruthTable() {
        assertThat(logic(Function.AND, true, true)).isEqualTo(true);
        assertThat(logic(Function.AND, true, false)).isEqualTo(false);
        assertThat(logic(Function.AND, true, null)).isNull();
        assertThat(logic(Function.AND, false, true)).isEqualTo(false);
        assertThat(logic(Function.AND, false, false)).isEqualTo(false);
        assertThat(logic(Function.AND, false, null)).isEqualTo(false);
        assertThat(logic(Function.AND, null, true)).isNull();
        assertThat(logic(Function.AND, null, false)).isEqualTo(false);
        assertThat(logic(Function.AND, null, null)).isNull();
    }

    @Test
    void orFollowsItsTruthTable() {
        assertThat(logic(Function.OR, true, true)).isEqualTo(true);
        assertThat(logic(Function.OR, true, false)).isEqualTo(true);
        assertThat(logic(Function.OR, true, null)).isEqualTo(true);
        assertThat(logic(Function.OR, false, true)).isEqualTo(true);
        assertThat(logic(Function.OR, false, false)).isEqualTo(false);
        assertThat(logic(Function.OR, false, null)).isNull();
        assertThat(logic(Function.OR, null, true)).isEqualTo(true);
        assertThat(logic(Function.OR, null, false)).isNull();
        assertThat(logic(Function.OR, null, null)).isNull();
    }

    @Test
    void notAndTheTestsOfTruth() {
        assertThat(eval(call(B, Function.NOT, bool(true)))).isEqualTo(false);
        assertThat(eval(call(B, Function.NOT, bool(null)))).isNull();
        assertThat(eval(call(B, Function.IS_TRUE, bool(null)))).isEqualTo(false);
        assertThat(eval(call(B, Function.IS_FALSE, bool(null)))).isEqualTo(false);
        assertThat(eval(call(B, Function.IS_FALSE, bool(false)))).isEqualTo(true);
        assertThat(eval(call(B, Function.IS_NULL, text(null)))).isEqualTo(true);
        assertThat(eval(call(B, Function.IS_NOT_NULL, text("")))).isEqualTo(true);
    }

    @Test
    void andAndOrStopWhereTheResultIsSettled() {
        assertThat(eval(call(B, Function.AND, bool(false), DIVIDED_BY_ZERO))).isEqualTo(false);
        assertThat(eval(call(B, Function.OR, bool(true), DIVIDED_BY_ZERO))).isEqualTo(true);
        assertThat(eval(call(B, Function.AND, bool(true), DIVIDED_BY_ZERO))).isEqualTo(TransformCode.DIVISION_BY_ZERO);
        assertThat(eval(call(B, Function.AND, bool(null), DIVIDED_BY_ZERO))).isEqualTo(TransformCode.DIVISION_BY_ZERO);
        assertThat(eval(call(B, Function.OR, DIVIDED_BY_ZERO, bool(true)))).isEqualTo(TransformCode.DIVISION_BY_ZERO);
    }

    @Test
    void aBranchOfCaseThatIsNotTakenHasNoErrors() {
        Table table = new Table(Type.INTEGER).row(1).row(0).row((Object) null).row(2);
        Expr x = Plans.input(0, Type.INTEGER);
        Expr guarded = new Expr.Case(
                List.of(
                        new Expr.When(call(B, Function.EQ, x, integer(0)), integer(-1)),
                        new Expr.When(call(B, Function.IS_NULL, x), integer(-2)),
                        new Expr.When(call(B, Function.EQ, divide(integer(2), x), integer(1)), reject(Type.INTEGER))),
                divide(integer(10), x),
                Type.INTEGER);
        assertThat(eval(table, guarded)).containsExactly(10L, -1L, -2L, TransformCode.REJECTED_BY_QUERY);
    }

    @Test
    void caseTakesTheFirstBranchThatIsTrue() {
        Expr unknown = new Expr.Case(
                List.of(
                        new Expr.When(bool(null), text("null")),
                        new Expr.When(bool(true), text("first")),
                        new Expr.When(bool(true), text("second"))),
                text("else"),
                Type.VARCHAR);
        assertThat(eval(unknown)).isEqualTo("first");
    }

    @Test
    void caseBringsTextsOfSeveralColumnsTogether() {
        Table table = new Table(Type.VARCHAR, Type.VARCHAR, B)
                .row("left", "right", true)
                .row("links", "rechts", false)
                .row(null, "droite", true)
                .row("gauche", null, null);
        Expr either = new Expr.Case(
                List.of(new Expr.When(Plans.input(2, B), Plans.input(0, Type.VARCHAR))),
                Plans.input(1, Type.VARCHAR),
                Type.VARCHAR);
        assertThat(eval(table, either)).containsExactly("left", "rechts", null, null);
    }

    @Test
    void coalesceStopsAtTheFirstValue() {
        Type t = Type.INTEGER;
        assertThat(eval(call(t, Function.COALESCE, integer(null), integer(3), divide(integer(1), integer(0)))))
                .isEqualTo(3L);
        assertThat(eval(call(t, Function.COALESCE, integer(null), integer(null))))
                .isNull();
        assertThat(eval(call(t, Function.COALESCE, integer(null), reject(t))))
                .isEqualTo(TransformCode.REJECTED_BY_QUERY);
    }

    @Test
    void decimalsOfDifferentScalesMeetInTheResultsType() {
        Type t = Type.decimal(20, 4);
        assertThat(eval(call(t, Function.COALESCE, decimal(3, 1, null), decimal("1.25"))))
                .isEqualTo(new BigDecimal("1.2500"));
        assertThat(eval(call(t, Function.GREATEST, decimal("1.5"), decimal("1.25"))))
                .isEqualTo(new BigDecimal("1.5000"));
    }

    @Test
    void nullifLeavesOutEqualValues() {
        assertThat(eval(call(Type.BIGINT, Function.NULLIF, bigint(5L), bigint(5L))))
                .isNull();
        assertThat(eval(call(Type.BIGINT, Function.NULLIF, bigint(5L), bigint(null))))
                .isEqualTo(5L);
        assertThat(eval(call(Type.VARCHAR, Function.NULLIF, text(""), text(""))))
                .isNull();
        assertThat(eval(call(Type.VARCHAR, Function.NULLIF, text("a"), text(""))))
                .isEqualTo("a");
    }

    @Test
    void inIsUnknownWhereANullCouldBeTheOne() {
        assertThat(eval(call(B, Function.IN, integer(1), integer(2), integer(1))))
                .isEqualTo(true);
        assertThat(eval(call(B, Function.IN, integer(1), integer(null), integer(1))))
                .isEqualTo(true);
        assertThat(eval(call(B, Function.IN, integer(1), integer(null), integer(2))))
                .isNull();
        assertThat(eval(call(B, Function.IN, integer(null), integer(1)))).isNull();
        assertThat(eval(call(B, Function.IN, text("b"), text("a"), text("c")))).isEqualTo(false);
    }

    @Test
    void nullsAreDistinctFromValuesOnly() {
        assertThat(eval(call(B, Function.NOT_DISTINCT, integer(null), integer(null))))
                .isEqualTo(true);
        assertThat(eval(call(B, Function.NOT_DISTINCT, integer(null), integer(1))))
                .isEqualTo(false);
        assertThat(eval(call(B, Function.NOT_DISTINCT, integer(1), integer(1)))).isEqualTo(true);
    }

    @Test
    void greatestAndLeastPassOverNulls() {
        Type t = Type.VARCHAR;
        assertThat(eval(call(t, Function.GREATEST, text("b"), text(null), text("a"))))
                .isEqualTo("b");
        assertThat(eval(call(t, Function.LEAST, text("b"), text(null), text("a"))))
                .isEqualTo("a");
        assertThat(eval(call(t, Function.LEAST, text(null), text(null)))).isNull();
    }

    @Test
    void textsCompareByBytes() {
        assertThat(eval(call(B, Function.LT, text("Z"), text("a")))).isEqualTo(true);
        assertThat(eval(call(B, Function.LT, text("z"), text("é")))).isEqualTo(true);
        assertThat(eval(call(B, Function.LT, text("ab"), text("abc")))).isEqualTo(true);
        assertThat(eval(call(B, Function.GE, text(""), text("")))).isEqualTo(true);
    }

    @Test
    void equalityWithAConstantTextLooksAtEveryByte() {
        for (int length = 0; length < 40; length++) {
            String word = "x".repeat(length);
            Expr equal = call(B, Function.EQ, Plans.input(0, Type.VARCHAR), text(word));
            Table table = new Table(Type.VARCHAR).row(word).row(word + "x").row((Object) null);
            for (int i = 0; i < length; i++) {
                table.row(word.substring(0, i) + "y" + word.substring(i + 1));
            }
            List<@Nullable Object> results = eval(table, equal);
            assertThat(results.subList(0, 3)).containsExactly(true, false, null);
            assertThat(results.subList(3, results.size())).doesNotContain(true);
        }
    }

    @Test
    void notANumberEqualsItselfAndIsGreatest() {
        Expr nan = number(Double.NaN);
        assertThat(eval(call(B, Function.EQ, nan, nan))).isEqualTo(true);
        assertThat(eval(call(B, Function.GT, nan, number(Double.POSITIVE_INFINITY))))
                .isEqualTo(true);
        assertThat(eval(call(B, Function.EQ, number(0.0), number(-0.0)))).isEqualTo(true);
    }

    @Test
    void decimalsCompareByValueWhateverTheirScale() {
        assertThat(eval(call(B, Function.EQ, decimal("1.50"), decimal("1.5")))).isEqualTo(true);
        Expr large = decimal(38, 0, "99999999999999999999999999999999999999");
        Expr tiny = decimal(38, 38, "0.99999999999999999999999999999999999999");
        assertThat(eval(call(B, Function.GT, large, tiny))).isEqualTo(true);
        assertThat(eval(call(B, Function.LT, call(large.type(), Function.NEGATE, large), tiny)))
                .isEqualTo(true);
    }
}
