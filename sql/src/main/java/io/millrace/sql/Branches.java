package io.millrace.sql;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Expr.Watched.What;
import io.millrace.sql.plan.Function;
import io.millrace.sql.plan.Hits;
import io.millrace.sql.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The branches of a query: each CASE's, each COALESCE's and NULLIF's, both outcomes of WHERE and of every FILTER. A plan
 * has nothing of them, so that they cost nothing where nobody asks. Not thread-safe.
 */
public final class Branches {

    /** Where the compiler has found what branches. Each is asked by the identity of an expression, not by its value. */
    public interface Sites {
        /** Those of WHERE: TRUE and not; null where there is none. */
        @Nullable
        List<Branch> ofWhere();

        /** Those of a CASE, the last for ELSE; null for one that the query does not have. */
        @Nullable
        List<Branch> ofCase(Expr.Case branching);

        /** Those of a COALESCE, one for each argument, or of a NULLIF: null and not. Null for any other call. */
        @Nullable
        List<Branch> ofCall(Expr.Call call);
    }

    /**
     * A plan that counts.
     *
     * @param plan worth what the plan without counting is worth
     * @param branches where the rows can go, in no particular order
     * @param hits how many rows went there so far, by the index of the branch
     */
    public record Watched(Plan plan, List<Branch> branches, Hits hits) {
        public Watched {
            branches = List.copyOf(branches);
        }
    }

    private final Plan plan;
    private final Sites sites;

    public Branches(Plan plan, Sites sites) {
        this.plan = plan;
        this.sites = sites;
    }

    /** The query's plan with every branch counted from zero. */
    public Watched watch() {
        Watching first = new Watching(new Hits(0));
        first.plan();
        Watching second = new Watching(new Hits(first.branches.size()));
        return new Watched(second.plan(), second.branches, second.hits);
    }

    /** One walk through the plan. */
    private final class Watching {
        private final Hits hits;
        private final List<Branch> branches = new ArrayList<>();
        private final Map<List<Branch>, Integer> places = new LinkedHashMap<>();

        Watching(Hits hits) {
            this.hits = hits;
        }

        Plan plan() {
            List<Plan.Unnest> unnests = plan.unnests().stream()
                    .map(unnest -> new Plan.Unnest(expr(unnest.array())))
                    .toList();
            Expr where = plan.filter();
            List<Branch> outcomes = sites.ofWhere();
            Expr filter = where == null ? null : expr(where);
            if (filter != null && outcomes != null) {
                filter = new Expr.Watched(filter, What.OUTCOME, hits, place(outcomes));
            }
            List<Plan.Output> outputs = plan.outputs().stream()
                    .map(o -> new Plan.Output(o.name(), expr(o.expr()), o.aggregate(), o.type(), o.nullable()))
                    .toList();
            return new Plan(plan.input(), unnests, filter, outputs, plan.averages(), plan.grouped());
        }

        /** The index of the first; what stands at one place of the query is one, however often the plan has it. */
        private int place(List<Branch> site) {
            Integer known = places.get(site);
            if (known != null) {
                return known;
            }
            int place = branches.size();
            places.put(site, place);
            branches.addAll(site);
            return place;
        }

        private Expr expr(Expr expr) {
            return switch (expr) {
                case Expr.Literal e -> e;
                case Expr.Input e -> e;
                case Expr.Surrounding e -> e;
                case Expr.Cast e -> new Expr.Cast(expr(e.operand()), e.type(), e.orNull());
                case Expr.Watched e -> e;
                case Expr.Case e -> branching(e);
                case Expr.Call e -> call(e);
            };
        }

        private Expr branching(Expr.Case branching) {
            List<Branch> site = sites.ofCase(branching);
            int place = site == null ? -1 : place(site);
            List<Expr.When> whens = new ArrayList<>();
            for (Expr.When when : branching.whens()) {
                Expr result = expr(when.result());
                whens.add(new Expr.When(
                        expr(when.condition()), place < 0 ? result : evaluated(result, place + whens.size())));
            }
            Expr otherwise = expr(branching.otherwise());
            return new Expr.Case(
                    whens, place < 0 ? otherwise : evaluated(otherwise, place + whens.size()), branching.type());
        }

        private Expr call(Expr.Call call) {
            List<Expr> args = new ArrayList<>();
            call.args().forEach(arg -> args.add(expr(arg)));
            List<Branch> site = sites.ofCall(call);
            if (site == null) {
                return new Expr.Call(call.function(), args, call.type());
            }
            int place = place(site);
            if (call.function() == Function.NULLIF) {
                // Its value alone does not tell whether it was null before.
                Expr value = args.getFirst();
                return new Expr.Case(
                        List.of(new Expr.When(
                                new Expr.Call(Function.EQ, args, Type.BOOLEAN),
                                evaluated(new Expr.Literal(call.type(), null), place))),
                        evaluated(value, place + 1),
                        call.type());
            }
            for (int i = 0; i < args.size(); i++) {
                What what = i == args.size() - 1 ? What.EVALUATED : What.NOT_NULL;
                args.set(i, new Expr.Watched(args.get(i), what, hits, place + i));
            }
            return new Expr.Call(call.function(), args, call.type());
        }

        private Expr evaluated(Expr expr, int place) {
            return new Expr.Watched(expr, What.EVALUATED, hits, place);
        }
    }
}
