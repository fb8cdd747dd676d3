package io.millrace.sql.calcite;

import io.millrace.api.Type;
import io.millrace.sql.DeclaredColumn;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Plan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlSelect;
import org.jspecify.annotations.Nullable;

/** Checks a parsed statement clause by clause and builds its plan. Used once. */
final class QueryChecker {

    private static final String IN_THE_DESTINATION =
            "; run it in the destination after the load, as a view for instance";

    private final Inputs inputs;
    private final Conversions conversions = new Conversions();
    private final ExpressionChecker expressions;
    private final boolean retractions;
    private final Consumer<Refusal> problems;
    private final List<Plan.Unnest> unnests = new ArrayList<>();
    private final List<SqlNode> unnested = new ArrayList<>();

    QueryChecker(List<DeclaredColumn> declared, boolean retractions, Consumer<Refusal> problems) {
        this.inputs = new Inputs(declared);
        this.expressions = new ExpressionChecker(inputs, conversions);
        this.retractions = retractions;
        this.problems = problems;
    }

    /** One column of the SELECT list. */
    private record Item(SqlNode node, @Nullable String name) {}

    /** The plan; null where a problem was reported. */
    @Nullable
    Plan check(SqlNode statement) {
        if (!(statement instanceof SqlSelect select)) {
            throw new Refusal(statement.getParserPosition(), notASelect(statement));
        }
        refuseWhatIsNotLinear(select);
        Set<String> elements = new HashSet<>();
        attempt(() -> from(select, elements));
        List<Item> items = items(select);
        noteUses(select, items, elements);

        for (SqlNode array : unnested) {
            attempt(() -> unnest((SqlBasicCall) array));
        }
        Expr filter = select.getWhere() == null ? null : attempt(() -> condition(select));
        SqlNodeList groupBy = select.getGroup();
        boolean grouped = groupBy != null;
        List<Expr> keys = new ArrayList<>();
        if (groupBy != null) {
            for (SqlNode group : groupBy) {
                attempt(() -> keys.add(groupKey(group, items)));
            }
        }
        Outputs outputs = new Outputs(retractions, inputs, expressions, conversions);
        for (Item item : items) {
            attempt(() -> outputs.add(item.node(), item.name(), grouped, keys));
        }
        if (groupBy != null) {
            SqlNodeList nodes = groupBy;
            attempt(() -> outputs.requireKeys(nodes, keys));
        } else if (outputs.hasAggregates()) {
            problems.accept(new Refusal(
                    select.getParserPosition(),
                    "aggregates need a GROUP BY, since the destination keeps one row per key; for a total over"
                            + " everything select a constant as its key: SELECT 'all' AS scope, ... GROUP BY 1"));
        }
        if (failed) {
            return null;
        }
        return Renumbered.plan(
                new Plan(inputs.projection(), unnests, filter, outputs.columns(), outputs.averages(), grouped));
    }

    // Problems

    private boolean failed;

    private void attempt(Runnable check) {
        attempt(() -> {
            check.run();
            return null;
        });
    }

    private <T> @Nullable T attempt(java.util.function.Supplier<@Nullable T> check) {
        try {
            return check.get();
        } catch (Refusal e) {
            failed = true;
            problems.accept(e);
            return null;
        }
    }

    private static String notASelect(SqlNode statement) {
        return switch (statement.getKind()) {
            case UNION, INTERSECT, EXCEPT ->
                statement.getKind().sql + " is not supported: write a pipeline for each SELECT, into the same table";
            case WITH -> "WITH is not supported: write the expressions out in one SELECT over input";
            case ORDER_BY -> "ORDER BY and LIMIT have no meaning here, since rows arrive for ever" + IN_THE_DESTINATION;
            default -> "expected one SELECT ... FROM input, found " + statement.getKind().sql;
        };
    }

    private void refuseWhatIsNotLinear(SqlSelect select) {
        if (select.isDistinct()) {
            refuse(select, "SELECT DISTINCT is not linear: GROUP BY the columns instead, with COUNT(*) if you like");
        }
        SqlNode having = select.getHaving();
        if (having != null) {
            refuse(having, "HAVING is not linear: a group that fails it now may pass later" + IN_THE_DESTINATION);
        }
        SqlNode qualify = select.getQualify();
        if (qualify != null) {
            refuse(qualify, "QUALIFY is not linear" + IN_THE_DESTINATION);
        }
        SqlNodeList order = select.getOrderList();
        if (order != null && !order.isEmpty()) {
            refuse(order, "ORDER BY has no meaning here, since tables have no order" + IN_THE_DESTINATION);
        }
        if (!select.getWindowList().isEmpty()) {
            refuse(select.getWindowList(), "windows hold rows back" + IN_THE_DESTINATION);
        }
    }

    private void refuse(SqlNode at, String message) {
        failed = true;
        problems.accept(new Refusal(at.getParserPosition(), message));
    }

    // FROM

    private void from(SqlSelect select, Set<String> elements) {
        SqlNode from = select.getFrom();
        if (from == null) {
            throw new Refusal(select.getParserPosition(), "the query reads nothing; add FROM input");
        }
        table(from, elements);
    }

    private void table(SqlNode from, Set<String> elements) {
        switch (from) {
            case SqlIdentifier name when name.names.equals(List.of("input")) -> {}
            case SqlIdentifier name ->
                throw new Refusal(
                        name.getParserPosition(),
                        "there is one table, named input; found " + name + ". Joins are made in the destination");
            case SqlJoin join -> {
                boolean conditional = join.getConditionType() != JoinConditionType.NONE;
                SqlNode right = join.getRight();
                if (conditional || !isUnnest(right)) {
                    throw new Refusal(
                            right.getParserPosition(),
                            "joins are not linear: load both sides and join them in the destination; only CROSS JOIN"
                                    + " UNNEST(an array of the record) is possible here");
                }
                table(join.getLeft(), elements);
                element(right, elements);
            }
            default ->
                throw new Refusal(
                        from.getParserPosition(),
                        isUnnest(from)
                                ? "UNNEST comes after input: FROM input CROSS JOIN UNNEST(...)"
                                : "expected FROM input; subqueries and other tables are not supported");
        }
    }

    private static boolean isUnnest(SqlNode node) {
        return node.getKind() == SqlKind.UNNEST
                || (node instanceof SqlBasicCall as
                        && as.getKind() == SqlKind.AS
                        && as.operand(0).getKind() == SqlKind.UNNEST);
    }

    private void element(SqlNode node, Set<String> elements) {
        if (!(node instanceof SqlBasicCall as && as.getKind() == SqlKind.AS)) {
            throw new Refusal(node.getParserPosition(), "give the elements a name: UNNEST(items) AS item");
        }
        unnested.add(as);
        elements.add(elementName(as));
    }

    /** {@code AS item} and {@code AS t(item)} both name the element's column. */
    private static String elementName(SqlBasicCall as) {
        if (as.operandCount() > 3) {
            throw new Refusal(as.getParserPosition(), "UNNEST gives one column; name one");
        }
        return ((SqlIdentifier) as.operand(as.operandCount() - 1)).getSimple();
    }

    private void unnest(SqlBasicCall as) {
        SqlBasicCall call = as.operand(0);
        if (call.operandCount() != 1 || !call.getOperator().getName().equals("UNNEST")) {
            throw new Refusal(call.getParserPosition(), "expected UNNEST(an array), without ORDINALITY");
        }
        Expr array = expressions.check(call.operand(0));
        if (!(array.type() instanceof Type.Array(Type element))) {
            throw new Refusal(
                    call.operand(0).getParserPosition(),
                    "UNNEST takes an array, this is " + array.type().sql()
                            + "; declare the column as an array (items: JSON ARRAY)");
        }
        unnests.add(new Plan.Unnest(array));
        inputs.addElement(as.getParserPosition(), elementName(as), element);
    }

    // SELECT

    private List<Item> items(SqlSelect select) {
        List<Item> items = new ArrayList<>();
        for (SqlNode node : select.getSelectList()) {
            if (node instanceof SqlIdentifier star && star.isStar()) {
                attempt(() -> addStar(star, items));
            } else if (node instanceof SqlBasicCall as && as.getKind() == SqlKind.AS) {
                items.add(new Item(as.operand(0), ((SqlIdentifier) as.operand(1)).getSimple()));
            } else {
                items.add(new Item(node, node instanceof SqlIdentifier name ? name.names.getLast() : null));
            }
        }
        return items;
    }

    private void addStar(SqlIdentifier star, List<Item> items) {
        if (!inputs.areDeclared()) {
            throw new Refusal(
                    star.getParserPosition(),
                    "SELECT * needs to know the columns: declare them under columns: or name them here");
        }
        for (String name : inputs.declaredNames()) {
            List<String> path = List.of(name.split("\\."));
            items.add(new Item(new SqlIdentifier(path, star.getParserPosition()), path.getLast()));
        }
    }

    private void noteUses(SqlSelect select, List<Item> items, Set<String> elements) {
        if (inputs.areDeclared()) {
            return;
        }
        FieldUses uses = new FieldUses(inputs, elements);
        unnested.forEach(as -> uses.note(((SqlBasicCall) as).operand(0)));
        items.forEach(item -> uses.note(item.node()));
        uses.note(select.getWhere());
        if (select.getGroup() != null) {
            for (SqlNode group : select.getGroup()) {
                if (aliased(group, items) == null) {
                    uses.note(group);
                }
            }
        }
    }

    // WHERE, GROUP BY

    private Expr condition(SqlSelect select) {
        SqlNode where = select.getWhere();
        if (where == null) {
            throw new IllegalStateException("no WHERE");
        }
        return expressions.condition(where, "WHERE");
    }

    private Expr groupKey(SqlNode group, List<Item> items) {
        if (group.getKind() == SqlKind.ROLLUP
                || group.getKind() == SqlKind.CUBE
                || group.getKind() == SqlKind.GROUPING_SETS) {
            throw new Refusal(
                    group.getParserPosition(), "grouping sets are not supported: write a pipeline for each grouping");
        }
        if (group instanceof SqlNumericLiteral number) {
            int ordinal = number.isInteger() ? number.intValue(false) : 0;
            if (ordinal < 1 || ordinal > items.size()) {
                throw new Refusal(
                        group.getParserPosition(),
                        "GROUP BY " + number + " is no column of the SELECT list, which has " + items.size());
            }
            return expressions.check(items.get(ordinal - 1).node());
        }
        SqlNode alias = aliased(group, items);
        return expressions.check(alias == null ? group : alias);
    }

    /** The expression that a name in GROUP BY stands for, if it is an output column's and no field's. */
    private @Nullable SqlNode aliased(SqlNode group, List<Item> items) {
        if (!(group instanceof SqlIdentifier name) || !name.isSimple()) {
            return null;
        }
        if (inputs.areDeclared() && inputs.isField(name.getSimple())) {
            return null;
        }
        for (Item item : items) {
            if (name.getSimple().equals(item.name())) {
                return item.node();
            }
        }
        return null;
    }
}
