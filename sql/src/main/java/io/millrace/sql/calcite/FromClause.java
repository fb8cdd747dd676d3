package io.millrace.sql.calcite;

import io.millrace.api.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Reads FROM: {@code input}, and the arrays of it that are unnested. */
final class FromClause {

    /** An {@code UNNEST(array) AS name}. */
    record Unnested(SqlCall call, String name, SqlParserPos place) {
        SqlNode array() {
            return call.operand(0);
        }
    }

    private final Inputs inputs;
    private final Problems problems;
    private final List<Unnested> unnests = new ArrayList<>();
    private boolean understood = true;

    FromClause(Inputs inputs, Problems problems) {
        this.inputs = inputs;
        this.problems = problems;
    }

    void read(SqlSelect select) {
        SqlNode from = select.getFrom();
        if (from == null) {
            problems.add(select, "the query reads nothing; add FROM input");
            return;
        }
        try {
            table(from);
        } catch (Refusal e) {
            understood = false;
            problems.add(e);
        }
    }

    /** Whether all of it was; else names in the query may belong to what was not. */
    boolean isUnderstood() {
        return understood;
    }

    List<Unnested> unnests() {
        return unnests;
    }

    /** The names of the elements. */
    Set<String> names() {
        return unnests.stream().map(Unnested::name).collect(Collectors.toSet());
    }

    private void table(SqlNode from) {
        switch (from) {
            case SqlIdentifier name -> input(name);
            case SqlJoin join -> join(join);
            case SqlCall as
            when as.getKind() == SqlKind.AS && as.operand(0) instanceof SqlIdentifier name -> {
                input(name);
                if (as.operandCount() > 2) {
                    throw new Refusal(
                            as.operand(2).getParserPosition(),
                            "the columns of input have their names; rename them in SELECT");
                }
                inputs.alias(((SqlIdentifier) as.operand(1)).getSimple());
            }
            default ->
                throw new Refusal(
                        from.getParserPosition(),
                        isUnnest(from)
                                ? "UNNEST comes after input: FROM input CROSS JOIN UNNEST(items) AS item"
                                : "a query reads from input only: FROM input; load other tables in pipelines of their own"
                                        + " and join them in the destination");
        }
    }

    private static void input(SqlIdentifier name) {
        if (name.names.equals(List.of("input"))) {
            return;
        }
        String found = String.join(".", name.names);
        throw new Refusal(
                name.getParserPosition(),
                "there is no table \"" + found + "\"; a query reads from input"
                        + (Nearest.to(found, List.of("input")) != null
                                ? ""
                                : "; load other tables in pipelines of their own and join them in the destination"));
    }

    private void join(SqlJoin join) {
        table(join.getLeft());
        SqlNode right = join.getRight();
        if (!isUnnest(right)) {
            throw new Refusal(
                    right.getParserPosition(),
                    "a join needs all of both sides, which a stream never has; load both in pipelines of their own and"
                            + " join them in the destination");
        }
        boolean cross = join.getConditionType() == JoinConditionType.NONE
                && (join.getJoinType() == JoinType.CROSS || join.getJoinType() == JoinType.COMMA);
        if (!cross) {
            throw new Refusal(
                    join.getParserPosition(),
                    "an array is unnested with CROSS JOIN UNNEST(items) AS item; put a condition into WHERE");
        }
        if (!(right instanceof SqlCall as) || as.getKind() != SqlKind.AS) {
            throw new Refusal(right.getParserPosition(), "give the elements a name: UNNEST(items) AS item");
        }
        SqlCall call = as.operand(0);
        if (call.operandCount() != 1) {
            throw new Refusal(call.getParserPosition(), "unnest one array at a time");
        }
        // AS item and AS t(item) both name the column.
        SqlIdentifier name = as.operand(as.operandCount() - 1);
        if (as.operandCount() > 3 || call.getOperator().getName().contains("ORDINALITY")) {
            throw new Refusal(name.getParserPosition(), "UNNEST gives one column; name one: UNNEST(items) AS item");
        }
        unnests.add(new Unnested(call, name.getSimple(), name.getParserPosition()));
    }

    private static boolean isUnnest(SqlNode node) {
        return node.getKind() == SqlKind.UNNEST
                || (node instanceof SqlCall as
                        && as.getKind() == SqlKind.AS
                        && as.operand(0).getKind() == SqlKind.UNNEST);
    }
}
