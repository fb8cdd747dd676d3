package io.millrace.sql.calcite;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlBetweenOperator;
import org.jspecify.annotations.Nullable;

/** Checks what brings values of one type together: comparisons, and choices between values. */
final class Comparisons {
    private static final String COMPARISON = "a comparison";

    private final ExpressionChecker expressions;

    Comparisons(ExpressionChecker expressions) {
        this.expressions = expressions;
    }

    Expr call(SqlCall call) {
        return switch (call.getKind()) {
            case EQUALS -> comparison(call, Function.EQ);
            case NOT_EQUALS -> comparison(call, Function.NE);
            case LESS_THAN -> comparison(call, Function.LT);
            case LESS_THAN_OR_EQUAL -> comparison(call, Function.LE);
            case GREATER_THAN -> comparison(call, Function.GT);
            case GREATER_THAN_OR_EQUAL -> comparison(call, Function.GE);
            case IS_NOT_DISTINCT_FROM -> comparison(call, Function.NOT_DISTINCT);
            case IS_DISTINCT_FROM -> ExpressionChecker.not(comparison(call, Function.NOT_DISTINCT));
            case BETWEEN -> between(call);
            case IN -> in(call);
            default -> ExpressionChecker.not(in(call));
        };
    }

    private Expr comparison(SqlCall call, Function function) {
        List<SqlNode> nodes = call.getOperandList();
        return new Expr.Call(function, comparable(nodes, expressions.checkAll(nodes), COMPARISON), Type.BOOLEAN);
    }

    private Expr between(SqlCall call) {
        SqlBetweenOperator operator = (SqlBetweenOperator) call.getOperator();
        SqlNode value = call.operand(0);
        SqlNode low = call.operand(1);
        SqlNode high = call.operand(2);
        List<Expr> exprs = expressions.checkAll(call.getOperandList());
        Expr within = within(value, exprs.get(0), low, exprs.get(1), high, exprs.get(2));
        if (operator.flag == SqlBetweenOperator.Flag.SYMMETRIC) {
            Expr turned = within(value, exprs.get(0), high, exprs.get(2), low, exprs.get(1));
            within = new Expr.Call(Function.OR, List.of(within, turned), Type.BOOLEAN);
        }
        return operator.isNegated() ? ExpressionChecker.not(within) : within;
    }

    private Expr within(SqlNode node, Expr value, SqlNode lowNode, Expr low, SqlNode highNode, Expr high) {
        Expr from = new Expr.Call(
                Function.GE, comparable(List.of(node, lowNode), List.of(value, low), "BETWEEN"), Type.BOOLEAN);
        Expr to = new Expr.Call(
                Function.LE, comparable(List.of(node, highNode), List.of(value, high), "BETWEEN"), Type.BOOLEAN);
        return new Expr.Call(Function.AND, List.of(from, to), Type.BOOLEAN);
    }

    private Expr in(SqlCall call) {
        if (!(call.operand(1) instanceof SqlNodeList list)) {
            throw new Refusal(
                    call.operand(1).getParserPosition(),
                    "IN takes a list of values, not a query; load what it would read into a table of its own and join"
                            + " in the destination");
        }
        List<SqlNode> nodes = new ArrayList<>();
        nodes.add(call.operand(0));
        nodes.addAll(list.getList());
        return new Expr.Call(Function.IN, comparable(nodes, expressions.checkAll(nodes), "IN"), Type.BOOLEAN);
    }

    /** Values brought to one kind, as {@link Function} asks of a comparison: decimals keep their own scale. */
    List<Expr> comparable(List<SqlNode> nodes, List<Expr> exprs, String by) {
        for (int i = 0; i < exprs.size(); i++) {
            Type type = exprs.get(i).type();
            if (!Conversions.isUntyped(exprs.get(i)) && (type.equals(Type.JSON) || type instanceof Type.Array)) {
                throw new Refusal(
                        nodes.get(i).getParserPosition(),
                        "\"" + expressions.source(nodes.get(i)) + "\" is " + type.sql()
                                + ", which can't be compared; compare "
                                + (type.equals(Type.JSON)
                                        ? "a value in it: JSON_VALUE(" + expressions.source(nodes.get(i))
                                                + ", '$.name')"
                                        : "an element of it: ELEMENT_AT(" + expressions.source(nodes.get(i)) + ", 1)"));
            }
        }
        Type common = common(nodes, exprs, by);
        if (common == null) {
            common = Type.VARCHAR;
        }
        List<Expr> brought = new ArrayList<>();
        for (int i = 0; i < exprs.size(); i++) {
            brought.add(
                    NumericTypes.isNumber(common)
                            ? NumericTypes.operand(exprs.get(i), common)
                            : brought(nodes.get(i), exprs.get(i), common));
        }
        return brought;
    }

    /** Values brought to one and the same type, as the branches of CASE. At least one is given. */
    List<Expr> together(List<SqlNode> nodes, List<Expr> exprs, String by) {
        Type common = common(nodes, exprs, by);
        if (common == null) {
            return exprs;
        }
        List<Expr> brought = new ArrayList<>();
        for (int i = 0; i < exprs.size(); i++) {
            brought.add(brought(nodes.get(i), exprs.get(i), common));
        }
        return brought;
    }

    private Expr brought(SqlNode node, Expr expr, Type type) {
        return Conversions.isTextLiteral(expr) && Conversions.isMoment(type)
                ? expressions.asMoment(node, expr, type)
                : Conversions.to(expr, type);
    }

    /** Null where none has a type of its own. */
    private @Nullable Type common(List<SqlNode> nodes, List<Expr> exprs, String by) {
        Type common = null;
        int first = -1;
        // Texts that stand in the query come last: beside a date they are dates.
        for (boolean literals : new boolean[] {false, true}) {
            for (int i = 0; i < exprs.size(); i++) {
                Expr expr = exprs.get(i);
                if (Conversions.isUntyped(expr) || Conversions.isTextLiteral(expr) != literals) {
                    continue;
                }
                Type next = common == null
                        ? expr.type()
                        : literals && Conversions.isMoment(common) ? common : Conversions.common(common, expr.type());
                if (next == null) {
                    throw apart(nodes, exprs, first, i, by);
                }
                first = first < 0 ? i : first;
                common = next;
            }
        }
        return common;
    }

    /** Two values that can't be brought together: the fault lies with the one that has no type of its own. */
    private Refusal apart(List<SqlNode> nodes, List<Expr> exprs, int i, int j, String by) {
        Expr a = exprs.get(i);
        Expr b = exprs.get(j);
        boolean first = a.type().equals(Type.VARCHAR) && a instanceof Expr.Input;
        Expr fault = first ? a : b;
        Expr other = first ? b : a;
        SqlNode node = nodes.get(first ? i : j);
        SqlNode otherNode = nodes.get(first ? j : i);
        boolean choice = !by.equals(COMPARISON) && !by.equals("IN") && !by.equals("BETWEEN");
        if (choice ? expressions.isUndeclaredText(fault) : isText(fault)) {
            String source = expressions.source(otherNode);
            String with = choice ? by + " with " + source : "comparing it with " + source;
            return expressions.mismatch(node, fault, with, Wanted.of(other.type()));
        }
        return new Refusal(
                node.getParserPosition(),
                by + " can't bring together " + described(nodes.get(i), a) + " and " + described(nodes.get(j), b)
                        + "; write a CAST around one of them");
    }

    private static boolean isText(Expr expr) {
        return expr.type().equals(Type.VARCHAR) && (expr instanceof Expr.Input || expr instanceof Expr.Literal);
    }

    private String described(SqlNode node, Expr expr) {
        return "\"" + expressions.source(node) + "\" (" + expr.type().sql() + ")";
    }
}
