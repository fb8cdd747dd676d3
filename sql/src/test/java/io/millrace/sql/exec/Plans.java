package io.millrace.sql.exec;

import io.millrace.api.Projection;
import io.millrace.api.RecordBatch;
import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import io.millrace.sql.plan.Plan;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds plans and expressions by hand. */
final class Plans {
    static final Surroundings HERE = new Surroundings(
            "events.jsonl",
            new RecordBatch.Origin() {
                @Override
                public String position(int row) {
                    return "at " + row;
                }

                @Override
                public byte[] raw(int row) {
                    return ("raw " + row).getBytes(StandardCharsets.UTF_8);
                }
            },
            1_700_000_000_000_000L);

    private Plans() {}

    static Expr input(int column, Type type) {
        return new Expr.Input(column, type);
    }

    static Expr text(@Nullable String value) {
        return new Expr.Literal(Type.VARCHAR, value);
    }

    static Expr integer(@Nullable Integer value) {
        return new Expr.Literal(Type.INTEGER, value == null ? null : (Object) value.longValue());
    }

    static Expr bigint(@Nullable Long value) {
        return new Expr.Literal(Type.BIGINT, value);
    }

    static Expr number(@Nullable Double value) {
        return new Expr.Literal(Type.DOUBLE, value);
    }

    static Expr bool(@Nullable Boolean value) {
        return new Expr.Literal(Type.BOOLEAN, value);
    }

    /** A DECIMAL of just these digits. */
    static Expr decimal(String value) {
        BigDecimal d = new BigDecimal(value);
        return new Expr.Literal(Type.decimal(Math.max(d.precision(), d.scale()), d.scale()), d);
    }

    static Expr decimal(int precision, int scale, @Nullable String value) {
        return new Expr.Literal(
                Type.decimal(precision, scale), value == null ? null : new BigDecimal(value).setScale(scale));
    }

    static Expr call(Type type, Function function, Expr... args) {
        return new Expr.Call(function, List.of(args), type);
    }

    static Expr cast(Expr operand, Type type) {
        return new Expr.Cast(operand, type, false);
    }

    static Expr tryCast(Expr operand, Type type) {
        return new Expr.Cast(operand, type, true);
    }

    static Expr reject(Type type) {
        return call(type, Function.REJECT, text("refused"));
    }

    /** What an expression without inputs comes to: its value or, where it fails, the {@link TransformCode}. */
    static @Nullable Object eval(Expr expr) {
        return eval(new Table().row(), expr).getFirst();
    }

    /** The same for each row of a table. */
    static List<@Nullable Object> eval(Table table, Expr expr) {
        Transform transform = new Transform(select(table.projection(), null, expr), new int[0]);
        Transform.Result result = transform.apply(table.batch(), HERE);
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < table.size(); i++) {
            values.add(null);
        }
        for (int i = 0; i < result.rows().rows(); i++) {
            int[] parents = result.parents();
            values.set(
                    parents == null ? i : parents[i], Table.value(result.rows().column(0), i));
        }
        for (Transform.Failure failure : result.failures()) {
            values.set(failure.row(), failure.code());
        }
        return values;
    }

    static Plan select(Projection input, @Nullable Expr filter, Expr... outputs) {
        List<Plan.Output> list = new ArrayList<>();
        for (int i = 0; i < outputs.length; i++) {
            list.add(new Plan.Output("o" + i, outputs[i], null, outputs[i].type(), true));
        }
        return new Plan(input, List.of(), filter, list, List.of(), false);
    }

    static Plan grouped(Projection input, Plan.Output... outputs) {
        return new Plan(input, List.of(), null, List.of(outputs), List.of(), true);
    }

    static Plan.Output key(String name, Expr expr) {
        return new Plan.Output(name, expr, null, expr.type(), true);
    }

    static Plan.Output aggregate(String name, Plan.Aggregate aggregate, Expr expr, Type type) {
        return new Plan.Output(name, expr, aggregate, type, aggregate != Plan.Aggregate.COUNT_ROWS);
    }

    static final Type SUM_OF_BIGINT = Type.decimal(38, 0);

    /** The example of the project: revenue and events by user. */
    static Plan revenue() {
        Projection input = new Projection(List.of(
                new Projection.Field(List.of("userId"), Type.VARCHAR, true, false),
                new Projection.Field(List.of("name"), Type.VARCHAR, true, false),
                new Projection.Field(List.of("value"), Type.BIGINT, true, false)));
        Expr name = input(1, Type.VARCHAR);
        Expr value = input(2, Type.BIGINT);
        Expr amount = new Expr.Case(
                List.of(
                        new Expr.When(call(Type.BOOLEAN, Function.EQ, name, text("add_revenue")), value),
                        new Expr.When(
                                call(Type.BOOLEAN, Function.EQ, name, text("subtract_revenue")),
                                call(Type.BIGINT, Function.NEGATE, value))),
                call(Type.BIGINT, Function.REJECT, text("unknown event")),
                Type.BIGINT);
        return grouped(
                input,
                key("user_id", input(0, Type.VARCHAR)),
                aggregate("revenue", Plan.Aggregate.SUM, amount, SUM_OF_BIGINT),
                aggregate("events", Plan.Aggregate.COUNT_ROWS, integer(1), Type.BIGINT));
    }
}
