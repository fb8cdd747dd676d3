package io.millrace.sql.calcite;

import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Plan;
import java.util.List;

/** Gives the elements of UNNESTs their places behind the fields, once it is known how many fields there are. */
final class Renumbered {

    private final int fields;
    private final BranchSites sites;

    private Renumbered(int fields, BranchSites sites) {
        this.fields = fields;
        this.sites = sites;
    }

    static Plan plan(Plan plan, BranchSites sites) {
        Renumbered renumbered = new Renumbered(plan.input().fields().size(), sites);
        Expr filter = plan.filter();
        return new Plan(
                plan.input(),
                plan.unnests().stream()
                        .map(u -> new Plan.Unnest(renumbered.expr(u.array())))
                        .toList(),
                filter == null ? null : renumbered.expr(filter),
                plan.outputs().stream()
                        .map(o -> new Plan.Output(
                                o.name(), renumbered.expr(o.expr()), o.aggregate(), o.type(), o.nullable()))
                        .toList(),
                plan.averages(),
                plan.grouped());
    }

    private Expr expr(Expr expr) {
        Expr renumbered = renumbered(expr);
        sites.moved(expr, renumbered);
        return renumbered;
    }

    private Expr renumbered(Expr expr) {
        return switch (expr) {
            case Expr.Literal literal -> literal;
            case Expr.Surrounding surrounding -> surrounding;
            case Expr.Input(int column, var type) -> column < 0 ? new Expr.Input(fields - 1 - column, type) : expr;
            case Expr.Call(var function, var args, var type) -> new Expr.Call(function, all(args), type);
            case Expr.Case(var whens, var otherwise, var type) ->
                new Expr.Case(
                        whens.stream()
                                .map(w -> new Expr.When(expr(w.condition()), expr(w.result())))
                                .toList(),
                        expr(otherwise),
                        type);
            case Expr.Watched(var operand, var what, var hits, var place) ->
                new Expr.Watched(expr(operand), what, hits, place);
            case Expr.Cast(var operand, var type, var orNull) -> new Expr.Cast(expr(operand), type, orNull);
        };
    }

    private List<Expr> all(List<Expr> exprs) {
        return exprs.stream().map(this::expr).toList();
    }
}
