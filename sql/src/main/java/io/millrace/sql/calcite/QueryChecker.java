package io.millrace.sql.calcite;

import io.millrace.api.Type;
import io.millrace.sql.DeclaredColumn;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Plan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Checks a parsed statement clause by clause and builds its plan. Used once. */
final class QueryChecker {
    private final Inputs inputs;
    private final TypeSpecs types;
    private final ExpressionChecker expressions;
    private final boolean retractions;
    private final Problems problems;
    private final BranchSites sites;

    QueryChecker(
            QueryText text, List<DeclaredColumn> declared, boolean retractions, BranchSites sites, Problems problems) {
        this.inputs = new Inputs(declared);
        this.types = new TypeSpecs(text);
        this.expressions = new ExpressionChecker(text, inputs, sites, problems);
        this.sites = sites;
        this.retractions = retractions;
        this.problems = problems;
    }

    /** One column of the SELECT list. */
    private record Item(SqlNode node, @Nullable String name) {}

    /** The plan; of no use where a problem was noted. */
    @Nullable
    Plan check(SqlNode statement) {
        SqlSelect select = Statements.select(statement, problems);
        if (select == null) {
            return null;
        }
        FromClause from = new FromClause(inputs, problems);
        from.read(select);
        List<Item> items = items(select);
        if (!inputs.areDeclared()) {
            noteUses(select, items, from);
        }

        List<Plan.Unnest> unnests = new ArrayList<>();
        from.unnests().forEach(unnest -> problems.attempt(() -> unnests.add(unnest(unnest))));
        SqlNode where = select.getWhere();
        Expr filter = where == null ? null : problems.attempt(() -> expressions.condition(where, "WHERE"));
        if (where != null) {
            sites.where(where);
        }
        SqlNodeList groupBy = select.getGroup();
        List<Group> groups = groupBy == null ? null : groups(groupBy, items);

        Outputs outputs = new Outputs(retractions, expressions, new Nullability(inputs, filter), problems);
        Outputs.Keys keys = groupBy == null || groups == null || groups.size() < groupBy.size() ? null : keys(groups);
        if (from.isUnderstood()) {
            items.forEach(item -> problems.attempt(() -> outputs.add(item.node(), item.name(), keys)));
        }
        if (groups == null) {
            refuseWithoutGroupBy(outputs.aggregate());
        } else if (problems.count() == 0) {
            groups.forEach(group -> outputs.requireKey(group.node(), group.key()));
        }
        return Renumbered.plan(
                new Plan(inputs.projection(), unnests, filter, outputs.columns(), outputs.averages(), groups != null),
                sites);
    }

    private void refuseWithoutGroupBy(@Nullable SqlNode aggregate) {
        if (aggregate != null) {
            problems.add(
                    aggregate,
                    "an aggregate needs a GROUP BY, since the destination keeps one row for each key; for a total over"
                            + " everything make a constant the key: SELECT 'all' AS scope, ... GROUP BY scope");
        }
    }

    // FROM

    private Plan.Unnest unnest(FromClause.Unnested unnest) {
        SqlNode node = unnest.array();
        int before = problems.count();
        Expr array = expressions.check(node);
        if (array.type() instanceof Type.Array(Type element)) {
            inputs.addElement(unnest.place(), unnest.name(), element);
        } else {
            // So that the elements' name is known in the rest of the check.
            inputs.addElement(unnest.place(), unnest.name(), Type.JSON);
            if (problems.count() == before) {
                throw expressions.mismatch(node, array, "UNNEST", Wanted.ARRAY);
            }
        }
        return new Plan.Unnest(array);
    }

    // SELECT

    private List<Item> items(SqlSelect select) {
        List<Item> items = new ArrayList<>();
        for (SqlNode node : select.getSelectList()) {
            if (node instanceof SqlIdentifier star && star.isStar()) {
                problems.attempt(() -> addStar(select, star, items));
            } else if (node instanceof SqlCall as && as.getKind() == SqlKind.AS) {
                items.add(new Item(as.operand(0), ((SqlIdentifier) as.operand(1)).getSimple()));
            } else {
                items.add(new Item(node, node instanceof SqlIdentifier name ? name.names.getLast() : null));
            }
        }
        return items;
    }

    private void addStar(SqlSelect select, SqlIdentifier star, List<Item> items) {
        SqlParserPos place = star.getParserPosition();
        if (!inputs.areDeclared()) {
            throw new Refusal(
                    place,
                    "SELECT * needs to know which columns there are; declare them under \"columns:\", or name them here");
        }
        if (select.getGroup() != null) {
            throw new Refusal(
                    place, "with GROUP BY name the columns: the keys, and aggregates such as SUM(amount) AS total");
        }
        for (String declared : inputs.declaredPaths()) {
            List<String> path = List.of(declared.split("\\.", -1));
            items.add(new Item(new SqlIdentifier(path, place), path.getLast()));
        }
    }

    private void noteUses(SqlSelect select, List<Item> items, FromClause from) {
        FieldUses uses = new FieldUses(inputs, types, from.names());
        from.unnests().forEach(unnest -> uses.note(unnest.call()));
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

    // GROUP BY

    private Outputs.Keys keys(List<Group> groups) {
        Set<String> fields = new HashSet<>();
        for (Group group : groups) {
            if (group.node() instanceof SqlIdentifier name && name.isSimple() && inputs.isField(name.getSimple())) {
                fields.add(name.getSimple());
            }
        }
        return new Outputs.Keys(groups.stream().map(Group::key).toList(), fields);
    }

    /** An expression of GROUP BY. */
    private record Group(SqlNode node, Expr key) {}

    private List<Group> groups(SqlNodeList groupBy, List<Item> items) {
        List<Group> groups = new ArrayList<>();
        for (SqlNode node : groupBy) {
            int before = problems.count();
            Expr key = problems.attempt(() -> groupKey(node, items));
            if (key != null && problems.count() == before) {
                groups.add(new Group(node, key));
            }
        }
        return groups;
    }

    private Expr groupKey(SqlNode group, List<Item> items) {
        switch (group.getKind()) {
            case ROLLUP, CUBE, GROUPING_SETS, GROUP_BY_DISTINCT, ROW ->
                throw new Refusal(
                        group.getParserPosition(),
                        "GROUP BY takes columns and expressions here; write a pipeline for each grouping");
            default -> {}
        }
        if (group instanceof SqlNodeList) {
            throw new Refusal(group.getParserPosition(), "GROUP BY () has no key; group by a constant column instead");
        }
        Item item = group instanceof SqlNumericLiteral ordinal ? numbered(ordinal, items) : aliased(group, items);
        Expr key = expressions.check(item == null ? group : item.node());
        Type type = key.type();
        if (type.equals(Type.JSON) || type instanceof Type.Array) {
            throw new Refusal(
                    group.getParserPosition(),
                    "\"" + expressions.source(group) + "\" is " + type.sql()
                            + ", which can't be a key; group by a value in it");
        }
        return key;
    }

    private static Item numbered(SqlNumericLiteral ordinal, List<Item> items) {
        int number = ordinal.isInteger() && ordinal.toValue().length() < 6 ? ordinal.intValue(true) : 0;
        if (number < 1 || number > items.size()) {
            throw new Refusal(
                    ordinal.getParserPosition(),
                    "GROUP BY " + ordinal.toValue() + " is no column of the SELECT list, which has " + items.size());
        }
        return items.get(number - 1);
    }

    /** The column of the result that a name in GROUP BY means: it means a field where there is one, as in PostgreSQL. */
    private @Nullable Item aliased(SqlNode group, List<Item> items) {
        if (!(group instanceof SqlIdentifier name) || !name.isSimple() || inputs.isField(name.getSimple())) {
            return null;
        }
        return items.stream()
                .filter(item -> name.getSimple().equals(item.name()))
                .findFirst()
                .orElse(null);
    }
}
