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
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelectKeyword;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/** The columns of a query's result, with what aggregates and averages need behind them. */
final class Outputs {
    /**
     * What a query groups by.
     *
     * @param fields the names among them that are fields
     */
    record Keys(List<Expr> exprs, Set<String> fields) {}

    private final boolean retractions;
    private final ExpressionChecker expressions;
    private final Nullability nullability;
    private final Problems problems;
    private final List<Output> columns = new ArrayList<>();
    private final List<Plan.Average> averages = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private @Nullable SqlNode aggregate;

    Outputs(boolean retractions, ExpressionChecker expressions, Nullability nullability, Problems problems) {
        this.retractions = retractions;
        this.expressions = expressions;
        this.nullability = nullability;
        this.problems = problems;
    }

    List<Output> columns() {
        return columns;
    }

    List<Plan.Average> averages() {
        return averages;
    }

    /** The first column that has an aggregate; null where none has. */
    @Nullable
    SqlNode aggregate() {
        return aggregate;
    }

    /**
     * Adds a column of the SELECT list.
     *
     * @param given its alias, or the name of the column that it is; null where it has neither
     * @param keys what the query groups by; null where it does not group, or where that could not be told
     */
    void add(SqlNode node, @Nullable String given, @Nullable Keys keys) {
        SqlCall call = aggregateCall(node);
        SqlNode inner = call == null ? containedAggregate(node) : call;
        if (aggregate == null) {
            aggregate = inner;
        }
        if (call == null && inner != null) {
            throw new Refusal(
                    node.getParserPosition(),
                    "this computes with aggregates, which can't be kept up to date by adding; select each aggregate as a"
                            + " column of its own and compute with them in the destination, in a view or a generated"
                            + " column");
        }
        if (given == null) {
            problems.add(node, "give this column a name: " + expressions.source(node) + " AS name");
        }
        String name = given == null ? "" : given;
        if (given != null && !names.add(given)) {
            problems.add(node, "there are two columns \"" + given + "\"; give one another name with AS");
        }
        if (call != null) {
            addAggregate(call, name);
        } else {
            addValue(node, name, keys);
        }
    }

    private void addValue(SqlNode node, String name, @Nullable Keys keys) {
        int before = problems.count();
        Expr expr = expressions.check(node);
        if (problems.count() > before) {
            return;
        }
        if (Conversions.isUntyped(expr)) {
            throw new Refusal(
                    node.getParserPosition(),
                    "\"" + expressions.source(node) + "\" has no type; write CAST(" + expressions.source(node)
                            + " AS VARCHAR), for instance");
        }
        if (keys != null && !keys.exprs().contains(expr)) {
            if (keys.fields().contains(name)) {
                throw new Refusal(
                        node.getParserPosition(),
                        "GROUP BY " + name + " means the field \"" + name
                                + "\", not this column; give the column another" + " name and group by that");
            }
            throw new Refusal(
                    node.getParserPosition(),
                    "\"" + expressions.source(node) + "\" is neither grouped nor aggregated; add it to GROUP BY, or"
                            + " aggregate it with SUM, COUNT" + (retractions ? " or AVG" : ", MIN, MAX or AVG"));
        }
        columns.add(new Output(name, expr, null, expr.type(), nullability.canBeNull(expr)));
    }

    /** Every expression of GROUP BY must be a column: together they are the key of a row in the destination. */
    void requireKey(SqlNode group, Expr key) {
        if (columns.stream().noneMatch(c -> c.aggregate() == null && c.expr().equals(key))) {
            String source = expressions.source(group);
            problems.add(
                    group,
                    "\"" + source + "\" is grouped by but not selected, and the destination needs it as the key of its"
                            + " rows; add it: SELECT " + source + (group instanceof SqlIdentifier ? "" : " AS name")
                            + ", ...");
        }
    }

    // Aggregates

    private static @Nullable SqlCall aggregateCall(SqlNode node) {
        if (!(node instanceof SqlCall call)) {
            return null;
        }
        if (call.getKind() == SqlKind.FILTER) {
            return aggregateCall(call.operand(0)) == null ? null : call;
        }
        return isAggregate(call) ? call : null;
    }

    private static boolean isAggregate(SqlCall call) {
        return UnknownFunctions.AGGREGATES.contains(call.getOperator().getName().toUpperCase(Locale.ROOT));
    }

    private static @Nullable SqlNode containedAggregate(SqlNode node) {
        SqlCall[] found = {null};
        node.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlCall call) {
                // Those have messages of their own.
                if (call.getKind() == SqlKind.OVER || call.isA(SqlKind.QUERY) || found[0] != null) {
                    return null;
                }
                if (isAggregate(call)) {
                    found[0] = call;
                    return null;
                }
                return super.visit(call);
            }
        });
        return found[0];
    }

    private void addAggregate(SqlCall call, String name) {
        Expr filter = null;
        SqlCall function = call;
        while (function.getKind() == SqlKind.FILTER) {
            SqlNode condition = function.operand(1);
            Expr checked = problems.attempt(() -> expressions.condition(condition, "FILTER"));
            if (checked != null) {
                expressions.sites().filter(checked, condition);
                filter = filter == null
                        ? checked
                        : new Expr.Call(io.millrace.sql.plan.Function.AND, List.of(checked, filter), Type.BOOLEAN);
            }
            function = function.operand(0);
        }
        String called = function.getOperator().getName().toUpperCase(Locale.ROOT);
        SqlLiteral quantifier = function.getFunctionQuantifier();
        if (quantifier != null && quantifier.symbolValue(SqlSelectKeyword.class) == SqlSelectKeyword.DISTINCT) {
            throw new Refusal(
                    quantifier.getParserPosition(),
                    called + "(DISTINCT ...) can't be kept up to date by adding; GROUP BY the value too, and count the"
                            + " rows of each group in the destination");
        }
        if (function.operandCount() != 1) {
            throw new Refusal(function.getParserPosition(), called + " takes one argument");
        }
        SqlNode argument = function.operand(0);
        if (argument instanceof SqlIdentifier star && star.isStar()) {
            addCountOfRows(called, star, name, filter);
            return;
        }
        int before = problems.count();
        Expr value = expressions.check(argument);
        if (problems.count() > before) {
            return;
        }
        add(function, called, argument, name, value, filter);
    }

    private void addCountOfRows(String called, SqlNode star, String name, @Nullable Expr filter) {
        if (!called.equals("COUNT")) {
            throw new Refusal(star.getParserPosition(), called + " needs a column; only COUNT takes *");
        }
        Expr one = new Expr.Literal(Type.BIGINT, 1L);
        columns.add(
                filter == null
                        ? new Output(name, one, Aggregate.COUNT_ROWS, Type.BIGINT, false)
                        : new Output(name, where(filter, one), Aggregate.COUNT, Type.BIGINT, false));
    }

    /** FILTER (WHERE condition): what does not meet it is null, which no aggregate counts. */
    private static Expr where(@Nullable Expr filter, Expr value) {
        return filter == null
                ? value
                : new Expr.Case(
                        List.of(new Expr.When(filter, value)), new Expr.Literal(value.type(), null), value.type());
    }

    private void add(SqlNode call, String function, SqlNode argument, String name, Expr value, @Nullable Expr filter) {
        switch (function) {
            case "COUNT" -> columns.add(new Output(name, where(filter, value), Aggregate.COUNT, Type.BIGINT, false));
            case "SUM" -> addSum(name, where(filter, number(argument, value, function)));
            case "AVG" -> {
                Expr number = where(filter, number(argument, value, function));
                averages.add(new Plan.Average(
                        name, NumericTypes.average(number.type()), columns.size(), columns.size() + 1));
                addSum(hidden(call, name + "__sum"), number);
                columns.add(new Output(hidden(call, name + "__count"), number, Aggregate.COUNT, Type.BIGINT, false));
            }
            default -> {
                if (retractions) {
                    throw new Refusal(
                            call.getParserPosition(),
                            function
                                    + " can't be kept up to date over a source that takes records back: the extreme may"
                                    + " be what is taken back; load the rows and take it in the destination");
                }
                Type type = value.type();
                if (Conversions.isUntyped(value)
                        || type instanceof Type.Array
                        || type.equals(Type.JSON)
                        || type.equals(Type.BOOLEAN)) {
                    throw new Refusal(
                            argument.getParserPosition(),
                            function + " takes numbers, text, dates and times, but \"" + expressions.source(argument)
                                    + "\" is " + (Conversions.isUntyped(value) ? "of no type" : type.sql()));
                }
                Expr given = where(filter, value);
                columns.add(new Output(
                        name,
                        given,
                        function.equals("MIN") ? Aggregate.MIN : Aggregate.MAX,
                        type,
                        nullability.canBeNull(given)));
            }
        }
    }

    private void addSum(String name, Expr number) {
        columns.add(new Output(
                name, number, Aggregate.SUM, NumericTypes.sum(number.type()), nullability.canBeNull(number)));
    }

    private Expr number(SqlNode argument, Expr value, String function) {
        if (Conversions.isUntyped(value)) {
            throw new Refusal(argument.getParserPosition(), function + " needs a number");
        }
        if (value.type().equals(Type.BOOLEAN)) {
            throw new Refusal(
                    argument.getParserPosition(),
                    function + " needs a number; to count where a condition holds write COUNT(*) FILTER (WHERE "
                            + expressions.source(argument) + ")");
        }
        return expressions.number(argument, value, function);
    }

    private String hidden(SqlNode node, String name) {
        if (!names.add(name)) {
            problems.add(node, "AVG keeps a column \"" + name + "\" of its own, but there is one; rename that");
        }
        return name;
    }

    /** Whether any column of a SELECT list has an aggregate. */
    static boolean anyAggregate(SqlNodeList items) {
        return items.stream().anyMatch(item -> containedAggregate(item) != null);
    }
}
