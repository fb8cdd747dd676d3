package io.millrace.engine.run;

import io.millrace.api.Commit;
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
    private final @Nullable Suspects suspects;
    private final Map<String, Step> steps = new LinkedHashMap<>();
    private final KeyList keys = new KeyList();
    private long rejectedBytes;
    private long readBytes;

    private Share(Lane lane, Sink.Staging staging, @Nullable Aggregator aggregator, @Nullable Suspects suspects) {
        this.lane = lane;
        this.staging = staging;
        this.aggregator = aggregator;
        this.suspects = suspects;
    }

    /** @param aggregator adds up the lane's rows before they are staged; null where rows are staged as they are */
    static Share of(Lane lane, Sink.Staging staging, @Nullable Aggregator aggregator) {
        return new Share(lane, staging, aggregator, null);
    }

    /**
     * A share whose records stand or fall one by one.
     *
     * @param aggregator adds up the rows of one record; null where rows are staged as they are
     */
    static Share withCare(Lane lane, Sink.Staging staging, @Nullable Aggregator aggregator) {
        return new Share(lane, staging, null, new Suspects(staging, aggregator));
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

    void add(Screening.Screened screened, String split) {
        if (suspects != null) {
            suspects.add(screened, split);
        } else if (aggregator == null) {
            staging.add(screened.rows().rows());
        } else {
            aggregator.add(screened.rows().rows());
        }
    }

    /** Whether no more should be added to it, however little memory it takes. */
    boolean full() {
        return keys.full() || (suspects != null && suspects.enough());
    }

    /** Finds the records that the destination refuses; null where they stand or fall together. */
    Suspects.@Nullable Sifted sifting(Commit.Account account) {
        return suspects == null ? null : suspects.sifted(account);
    }

    /** The input that it covers. */
    long readBytes() {
        return readBytes;
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** How many rows it brings to the destination. */
    long rows() {
        return aggregator == null ? staging.rows() : aggregator.groups();
    }

    /** Memory held by rows and rejections; that of keys is little beside what all that are remembered take. */
    long bytes() {
        return staging.bytes()
                + (aggregator == null ? 0 : aggregator.bytes())
                + (suspects == null ? 0 : suspects.bytes())
                + rejectedBytes;
    }

    /** @param bytes how much input it was */
    void advance(String split, @Nullable Offset from, Offset to, Counts counts, List<Rejection> rejected, long bytes) {
        readBytes += bytes;
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
        if (suspects != null) {
            suspects.clear();
        }
        rejectedBytes = 0;
        readBytes = 0;
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
