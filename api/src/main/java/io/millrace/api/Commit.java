package io.millrace.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a pipeline: rows and everything that must become true together with them.
 *
 * @param run names the run, for the ledger
 * @param staged the rows
 * @param moves the splits that move on
 */
public record Commit(String run, List<Sink.Staging> staged, List<Move> moves) {

    public Commit {
        staged = List.copyOf(staged);
        moves = List.copyOf(moves);
    }

    /**
     * A split that moves from one offset to the next, and what became of the records between.
     *
     * @param split whose
     * @param from the offset it must be at: the fence; null where it must have none yet
     * @param to the offset it is at afterwards
     * @param counts what became of the records between
     * @param rejected the records that go to the quarantine
     */
    public record Move(String split, @Nullable Offset from, Offset to, Counts counts, List<Rejection> rejected) {
        public Move {
            rejected = List.copyOf(rejected);
        }
    }

    /**
     * What became of records. For every commit {@code received = loaded + filtered + quarantined}.
     *
     * @param received records that arrived
     * @param loaded records that took part in a row of the destination
     * @param filtered records that the query's WHERE (or an empty UNNEST) left out
     * @param quarantined records that were rejected
     */
    public record Counts(long received, long loaded, long filtered, long quarantined) {
        public static final Counts NONE = new Counts(0, 0, 0, 0);

        public Counts plus(Counts other) {
            return new Counts(
                    received + other.received,
                    loaded + other.loaded,
                    filtered + other.filtered,
                    quarantined + other.quarantined);
        }

        public boolean balanced() {
            return received == loaded + filtered + quarantined;
        }
    }
}
