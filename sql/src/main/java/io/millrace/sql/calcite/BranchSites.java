package io.millrace.sql.calcite;

import io.millrace.sql.Branch;
import io.millrace.sql.Branches;
import io.millrace.sql.plan.Expr;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * Notes where in the query each expression that branches stands. Expressions are told apart by identity: two that are
 * written alike are equal.
 */
final class BranchSites implements Branches.Sites {

    private static final int QUOTED = 40;

    private final QueryText text;
    private final IdentityHashMap<Expr, List<Branch>> calls = new IdentityHashMap<>();
    /** By their first condition, which stays what it is where results are brought to another type. */
    private final IdentityHashMap<Expr, List<Branch>> cases = new IdentityHashMap<>();

    private @Nullable List<Branch> where;

    BranchSites(QueryText text) {
        this.text = text;
    }

    void where(SqlNode condition) {
        where = outcomes(condition, "WHERE");
    }

    void filter(Expr filter, SqlNode condition) {
        cases.put(filter, outcomes(condition, "FILTER"));
    }

    private List<Branch> outcomes(SqlNode condition, String clause) {
        String source = clause + " " + quoted(condition);
        return List.of(branch(condition, source + ": true"), branch(condition, source + ": not true"));
    }

    void branches(Expr.Case branching, SqlCase written) {
        List<Branch> arms = new ArrayList<>();
        for (int i = 0; i < written.getWhenOperands().size(); i++) {
            SqlNode when = asWritten(written.getWhenOperands().get(i), written);
            arms.add(branch(
                    when,
                    "WHEN " + quoted(when) + " THEN "
                            + quoted(written.getThenOperands().get(i))));
        }
        SqlNode otherwise = written.getElseOperand();
        arms.add(
                otherwise != null && isWritten(otherwise)
                        ? branch(otherwise, "ELSE " + quoted(otherwise))
                        : branch(written, "CASE without ELSE: no WHEN holds"));
        cases.put(branching.whens().getFirst().condition(), List.copyOf(arms));
    }

    /** Of "CASE x WHEN y" the parser makes "CASE WHEN x = y", which stands where the whole does. */
    private static SqlNode asWritten(SqlNode when, SqlCase branching) {
        SqlParserPos place = when.getParserPosition();
        SqlParserPos whole = branching.getParserPosition();
        boolean made = place.getLineNum() == whole.getLineNum() && place.getColumnNum() <= whole.getColumnNum();
        return made && when instanceof SqlCall call && call.operandCount() == 2 ? call.operand(1) : when;
    }

    /** Where there is no ELSE the parser puts a NULL at a place where none is written. */
    private boolean isWritten(SqlNode otherwise) {
        return !(otherwise instanceof SqlLiteral literal)
                || literal.getValue() != null
                || text.written(otherwise.getParserPosition()).equalsIgnoreCase("NULL");
    }

    void coalesce(Expr call, List<SqlNode> arguments) {
        List<Branch> arms = new ArrayList<>();
        for (SqlNode argument : arguments) {
            arms.add(branch(argument, "COALESCE gives " + quoted(argument)));
        }
        calls.put(call, List.copyOf(arms));
    }

    void nullIf(Expr nullIf, List<SqlNode> arguments) {
        String source = "NULLIF(" + quoted(arguments.getFirst()) + ", " + quoted(arguments.getLast()) + ")";
        List<Branch> arms = List.of(
                branch(arguments.getFirst(), source + ": equal"), branch(arguments.getFirst(), source + ": not equal"));
        if (nullIf instanceof Expr.Case branching) {
            cases.put(branching.whens().getFirst().condition(), arms);
        } else {
            calls.put(nullIf, arms);
        }
    }

    /** Another expression has taken the place of one. */
    void moved(Expr from, Expr to) {
        List<Branch> call = calls.get(from);
        if (call != null) {
            calls.put(to, call);
        }
        List<Branch> condition = cases.get(from);
        if (condition != null) {
            cases.put(to, condition);
        }
    }

    private Branch branch(SqlNode node, String what) {
        SqlParserPos place = node.getParserPosition();
        return new Branch(place.getLineNum(), place.getColumnNum(), what);
    }

    private String quoted(SqlNode node) {
        String source = text.source(node);
        return source.length() <= QUOTED ? source : source.substring(0, QUOTED - 3) + "...";
    }

    @Override
    public @Nullable List<Branch> ofWhere() {
        return where;
    }

    @Override
    public @Nullable List<Branch> ofCase(Expr.Case branching) {
        return cases.get(branching.whens().getFirst().condition());
    }

    @Override
    public @Nullable List<Branch> ofCall(Expr.Call call) {
        return calls.get(call);
    }
}
