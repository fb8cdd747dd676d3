package io.millrace.sql.oracle;

import io.millrace.api.RecordBatch;
import io.millrace.api.Type;
import io.millrace.sql.Compiled;
import io.millrace.sql.SqlCompiler;
import io.millrace.sql.exec.Surroundings;
import io.millrace.sql.exec.Transform;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import io.millrace.sql.plan.Plan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Millrace's answers. */
final class Engine {
    static final Surroundings NOWHERE = new Surroundings(
            "generated",
            new RecordBatch.Origin() {
                @Override
                public String position(int row) {
                    return Integer.toString(row);
                }

                @Override
                public byte[] raw(int row) {
                    return new byte[0];
                }
            },
            0);

    /** How the answer begins where a query itself is refused. */
    static final String QUERY = "the query: ";

    private final Rows rows;
    private final Set<Function> functions = EnumSet.noneOf(Function.class);

    Engine(Rows rows) {
        this.rows = rows;
    }

    /** The answers for all rows; where the query itself is refused, that for each. */
    List<Answer> answers(Term term) {
        Plan plan;
        switch (SqlCompiler.compile("SELECT " + term.ours() + " AS x FROM input", rows.declared())) {
            case Compiled.Ok ok -> plan = ok.plan();
            case Compiled.Refused refused -> {
                String problem = QUERY + refused.problems().getFirst().message();
                return Collections.nCopies(rows.size(), Answer.failed(problem));
            }
        }
        if (!plan.outputs().getFirst().type().equals(term.type())) {
            String found = "its type is " + plan.outputs().getFirst().type().sql() + ", not "
                    + term.type().sql();
            return Collections.nCopies(rows.size(), Answer.of(found));
        }
        collect(plan.outputs().getFirst().expr());
        return run(plan);
    }

    /** The functions that were evaluated so far. */
    Set<Function> functions() {
        return functions;
    }

    private void collect(Expr expr) {
        switch (expr) {
            case Expr.Call call -> {
                functions.add(call.function());
                call.args().forEach(this::collect);
            }
            case Expr.Case choice -> {
                for (Expr.When when : choice.whens()) {
                    collect(when.condition());
                    collect(when.result());
                }
                collect(choice.otherwise());
            }
            case Expr.Cast cast -> collect(cast.operand());
            case Expr.Literal literal -> {}
            case Expr.Input input -> {}
            case Expr.Surrounding surrounding -> {}
            case Expr.Watched watched -> throw new AssertionError(watched);
        }
    }

    /** The columns that a term reads, but for arrays. */
    List<Term> columnsIn(Term term) {
        return rows.fields().stream()
                .filter(f -> !(f.type() instanceof Type.Array)
                        && term.theirs().matches("(?s).*\\br\\." + f.name() + "\\b.*"))
                .map(Rows.Field::term)
                .toList();
    }

    private List<Answer> run(Plan plan) {
        Transform transform = new Transform(plan, new int[0]);
        List<@Nullable Answer> answers = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            answers.add(null);
        }
        // In two batches, so that what an operator keeps from one is seen in the next.
        int half = rows.size() / 3;
        run(transform, plan, 0, half, answers);
        run(transform, plan, half, rows.size(), answers);
        List<Answer> all = new ArrayList<>();
        for (Answer answer : answers) {
            all.add(answer == null ? Answer.failed("the row was neither computed nor rejected") : answer);
        }
        return all;
    }

    private void run(Transform transform, Plan plan, int from, int to, List<@Nullable Answer> answers) {
        Transform.Result result = transform.apply(rows.batch(plan.input(), from, to), NOWHERE);
        int[] parents = result.parents();
        for (int i = 0; i < result.rows().rows(); i++) {
            answers.set(
                    from + (parents == null ? i : parents[i]),
                    Answer.of(result.rows().column(0), i));
        }
        for (Transform.Failure failure : result.failures()) {
            answers.set(from + failure.row(), Answer.failed(failure.code().code() + ": " + failure.message()));
        }
    }
}
