package io.millrace.engine.run;

import io.millrace.api.Batch;
import io.millrace.api.Commit.Counts;
import io.millrace.api.Commit.Move;
import io.millrace.api.Offset;
import io.millrace.api.Rejection;
import io.millrace.api.Sink;
import io.millrace.sql.exec.Aggregator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one lane contributes to a commit: rows, added up or encoded, and how far it has come in each split. Filled by the lane, then
 * handed to the committer, then given back empty; never touched by both at a time.
 */
final class Share {

    private final Lane lane;
    private final Sink.Staging staging;
    private final @Nullable Aggregator aggregator;
    private final Map<String, Step> steps = new LinkedHashMap<>();
    private final KeyList keys = new KeyList();
    private long rejectedBytes;

    /** @param aggregator adds up the lane's rows before they are staged; null where rows are staged as they are */
    Share(Lane lane, Sink.Staging staging, @Nullable Aggregator aggregator) {
        this.lane = lane;
        this.staging = staging;
        this.aggregator = aggregator;
    }

    Lane lane() {
        return lane;
    }

    Sink.Staging staging() {
        return staging;
    }

    @Nullable
    Aggregator aggregator() {
        return aggregator;
    }

    /** The keys of its records, where they are remembered. */
    KeyList keys() {
        return keys;
    }

    void add(Batch rows) {
        if (aggregator == null) {
            staging.add(rows);
        } else {
            aggregator.add(rows);
        }
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** How many rows it brings to the destination. */
    long rows() {
        return aggregator == null ? staging.rows() : aggregator.groups();
    }

    /** Memory held by rows and rejections. */
    long bytes() {
        return staging.bytes() + (aggregator == null ? 0 : aggregator.bytes()) + keys.bytes() + rejectedBytes;
    }

    void advance(String split, @Nullable Offset from, Offset to, Counts counts, List<Rejection> rejected) {
        steps.computeIfAbsent(split, id -> new Step(from, to)).advance(to, counts, rejected);
        for (Rejection rejection : rejected) {
            rejectedBytes += rejection.raw().length + 256L;
        }
    }

    List<Move> moves() {
        List<Move> moves = new ArrayList<>(steps.size());
        steps.forEach((split, step) -> moves.add(new Move(split, step.from, step.to, step.counts, step.rejected)));
        return moves;
    }

    void clear() {
        staging.clear();
        steps.clear();
        keys.clear();
        rejectedBytes = 0;
    }

    /** How far one split has come within this share. */
    private static final class Step {
        private final @Nullable Offset from;
        private Offset to;
        private Counts counts = Counts.NONE;
        private final List<Rejection> rejected = new ArrayList<>();

        Step(@Nullable Offset from, Offset to) {
            this.from = from;
            this.to = to;
        }

        void advance(Offset next, Counts more, List<Rejection> bad) {
            to = next;
            counts = counts.plus(more);
            rejected.addAll(bad);
        }
    }
}
