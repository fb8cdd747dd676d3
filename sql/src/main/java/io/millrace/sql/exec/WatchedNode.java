package io.millrace.sql.exec;

import io.millrace.sql.plan.Expr;
import org.jspecify.annotations.Nullable;

/** Counts rows on their way through an expression. */
final class WatchedNode extends Node {
    private final Node operand;
    private final Expr.Watched watched;

    WatchedNode(Node operand, Expr.Watched watched) {
        super(operand.type);
        this.operand = operand;
        this.watched = watched;
    }

    @Override
    Vec eval(Frame frame, Rows rows) {
        return switch (watched.what()) {
            case EVALUATED -> {
                count(frame, rows, null, 0);
                yield operand.eval(frame, rows);
            }
            case NOT_NULL -> {
                Vec vec = operand.eval(frame, rows);
                count(frame, rows, vec, 0);
                yield vec;
            }
            case OUTCOME -> operand.eval(frame, rows);
        };
    }

    @Override
    void split(Frame frame, Rows rows, Rows matching, Rows others) {
        if (watched.what() != Expr.Watched.What.OUTCOME) {
            super.split(frame, rows, matching, others);
            return;
        }
        operand.split(frame, rows, matching, others);
        count(frame, matching, null, 0);
        count(frame, others, null, 1);
    }

    /** @param values rows that are null there do not count */
    private void count(Frame frame, Rows rows, @Nullable Vec values, int outcome) {
        int counted = 0;
        for (int i = 0; i < rows.count; i++) {
            int r = rows.row(i);
            counted += frame.hasFailed(r) || (values != null && values.isNull(r)) ? 0 : 1;
        }
        if (counted > 0) {
            watched.hits().add(watched.place() + outcome, counted);
        }
    }
}
