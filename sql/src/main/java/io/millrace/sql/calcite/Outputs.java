package io.millrace.sql.calcite;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Plan;
import io.millrace.sql.plan.Plan.Aggregate;
import io.millrace.sql.plan.Plan.Output;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelectKeyword;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/** The columns of a query's result, with what aggregates and averages need behind them. */
final class Outputs {

    private static final Set<String> AGGREGATES = Set.of("SUM", "COUNT", "MIN", "MAX", "AVG");

    private final boolean retractions;
    private final Inputs inputs;
    private final ExpressionChecker expressions;
    private final Conversions conversions;
    private final List<Output> columns = new ArrayList<>();
    private final List<Plan.Average> averages = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private boolean aggregates;

    Outputs(boolean retractions, Inputs inputs, ExpressionChecker expressions, Conversions conversions) {
        this.retractions = retractions;
        this.inputs = inputs;
        this.expressions = expressions;
        this.conversions = conversions;
    }

    List<Output> columns() {
        return columns;
    }

    List<Plan.Average> averages() {
        return averages;
    }

    boolean hasAggregates() {
        return aggregates;
    }

    /**
     * Adds a column of the SELECT list.
     *
     * @param given its alias, or the name of the column that it is; null where it has neither
     */
    void add(SqlNode node, @Nullable String given, boolean grouped, List<Expr> keys) {
        SqlCall aggregate = aggregate(node);
        if (aggregate != null) {
            aggregates = true;
        } else if (containsAggregate(node)) {
            aggregates = true;
            throw new Refusal(
                    node.getParserPosition(),
                    "an expression over an aggregate can't be merged: keep the aggregates as columns of their own and"
                            + " compute this in a view or a generated column of the destination");
        }
        if (given == null) {
            throw new Refusal(node.getParserPosition(), "give this column a name: ... AS name");
        }
        if (!names.add(given)) {
            throw new Refusal(node.getParserPosition(), "two columns of the result are named " + given);
        }
        if (aggregate != null) {
            addAggregate(node, aggregate, given);
            return;
        }
        Expr expr = typed(node, expressions.check(node));
        if (grouped && !keys.contains(expr)) {
            throw new Refusal(
                    node.getParserPosition(),
                    given + " is neither grouped nor aggregated: add it to GROUP BY or put it into SUM, COUNT, MIN, MAX"
                            + " or AVG");
        }
        boolean nullable = !(expr instanceof Expr.Input input) || inputs.nullable(input);
        columns.add(new Output(given, expr, null, expr.type(), nullable && !isConstant(expr)));
    }

    private static boolean isConstant(Expr expr) {
        return expr instanceof Expr.Literal literal && literal.value() != null;
    }

    private Expr typed(SqlNode node, Expr expr) {
        if (conversions.isUntyped(expr)) {
            throw new Refusal(node.getParserPosition(), "this column has no type; write CAST(NULL AS ...)");
        }
        return expr;
    }

    /** Every expression of GROUP BY must be a column: it is the key of the destination's row. */
    void requireKeys(SqlNodeList groupBy, List<Expr> keys) {
        for (int i = 0; i < keys.size(); i++) {
            Expr key = keys.get(i);
            if (columns.stream()
                    .noneMatch(c -> c.aggregate() == null && c.expr().equals(key))) {
                SqlNode node = groupBy.get(i);
                throw new Refusal(
                        node.getParserPosition(),
                        node + " is grouped by but not selected: the destination needs it as the key; add it to the"
                                + " SELECT list");
            }
        }
    }

    // Aggregates

    private static @Nullable SqlCall aggregate(SqlNode node) {
        if (!(node instanceof SqlCall call)) {
            return null;
        }
        if (call.getKind() == SqlKind.FILTER) {
            return aggregate(call.operand(0)) == null ? null : call;
        }
        return call.getOperator() instanceof org.apache.calcite.sql.SqlFunction
                        && AGGREGATES.contains(call.getOperator().getName().toUpperCase(Locale.ROOT))
                ? call
                : null;
    }

    private static boolean containsAggregate(SqlNode node) {
        boolean[] found = {false};
        node.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlCall call) {
                found[0] |= aggregate(call) != null || call.getKind() == SqlKind.OVER;
                return found[0] ? null : super.visit(call);
            }
        });
        return found[0];
    }

    private void addAggregate(SqlNode node, SqlCall call, String name) {
        Expr filter = null;
        SqlCall function = call;
        if (call.getKind() == SqlKind.FILTER) {
            filter = expressions.condition(call.operand(1), "FILTER");
            function = call.operand(0);
        }
        String called = function.getOperator().getName().toUpperCase(Locale.ROOT);
        if (function instanceof SqlBasicCall basic
                && basic.getFunctionQuantifier() != null
                && basic.getFunctionQuantifier().symbolValue(SqlSelectKeyword.class) == SqlSelectKeyword.DISTINCT) {
            throw new Refusal(
                    node.getParserPosition(),
                    called + "(DISTINCT ...) is not linear: GROUP BY the value too, and count the rows of each group in"
                            + " the destination");
        }
        if (function.operandCount() != 1) {
            throw new Refusal(node.getParserPosition(), called + " takes one argument");
        }
        SqlNode argument = function.operand(0);
        if (argument instanceof SqlIdentifier star && star.isStar()) {
            if (!called.equals("COUNT")) {
                throw new Refusal(node.getParserPosition(), "only COUNT takes a star");
            }
            Expr one = new Expr.Literal(Type.BIGINT, 1L);
            columns.add(
                    filter == null
                            ? new Output(name, one, Aggregate.COUNT_ROWS, Type.BIGINT, false)
                            : new Output(name, where(filter, one), Aggregate.COUNT, Type.BIGINT, false));
            return;
        }
        if (containsAggregate(argument)) {
            throw new Refusal(argument.getParserPosition(), "an aggregate can't hold another");
        }
        Expr value = typed(argument, expressions.check(argument));
        add(node, called, name, filter == null ? value : where(filter, value));
    }

    private static Expr where(Expr filter, Expr value) {
        return new Expr.Case(List.of(new Expr.When(filter, value)), new Expr.Literal(value.type(), null), value.type());
    }

    private void add(SqlNode node, String function, String name, Expr value) {
        switch (function) {
            case "COUNT" -> columns.add(new Output(name, value, Aggregate.COUNT, Type.BIGINT, false));
            case "SUM" -> {
                requireNumber(node, function, value);
                columns.add(new Output(name, value, Aggregate.SUM, NumericTypes.sum(value.type()), true));
            }
            case "AVG" -> {
                requireNumber(node, function, value);
                averages.add(
                        new Plan.Average(name, NumericTypes.average(value.type()), columns.size(), columns.size() + 1));
                columns.add(new Output(
                        hidden(node, name + "__sum"), value, Aggregate.SUM, NumericTypes.sum(value.type()), true));
                columns.add(new Output(hidden(node, name + "__count"), value, Aggregate.COUNT, Type.BIGINT, false));
            }
            default -> {
                if (retractions) {
                    throw new Refusal(
                            node.getParserPosition(),
                            function + " can't be kept over a source that takes rows back: what was the extreme may be"
                                    + " gone; load the rows and take the extreme in the destination");
                }
                if (value.type() instanceof Type.Array || value.type().equals(Type.JSON)) {
                    throw new Refusal(
                            node.getParserPosition(),
                            function + " has no order for " + value.type().sql());
                }
                Aggregate aggregate = function.equals("MIN") ? Aggregate.MIN : Aggregate.MAX;
                columns.add(new Output(name, value, aggregate, value.type(), true));
            }
        }
    }

    private String hidden(SqlNode node, String name) {
        if (!names.add(name)) {
            throw new Refusal(
                    node.getParserPosition(), "AVG keeps a column named " + name + ", but there is one already");
        }
        return name;
    }

    private static void requireNumber(SqlNode node, String function, Expr value) {
        if (!NumericTypes.isNumber(value.type())) {
            throw new Refusal(
                    node.getParserPosition(),
                    function + " takes numbers, this is " + value.type().sql() + "; "
                            + ExpressionChecker.HOW_TO_GET_A_NUMBER);
        }
    }
}
