package io.millrace.api;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a pipeline: rows and everything that must become true together with them.
 *
 * @param run names the run, for the ledger
 * @param staged the rows
 * @param account what becomes of the records
 * @param sifting finds the records that the destination refuses, so that the others are committed without them; null
 *     where a refused row is to fail the commit with a {@link RowsRefusedException}
 * @param keys the keys of the records that are loaded, for a pipeline that remembers them; null for one that does not
 */
public record Commit(
        String run,
        List<Sink.Staging> staged,
        Account account,
        @Nullable Sifting sifting,
        @Nullable Keys keys) {

    public Commit {
        staged = List.copyOf(staged);
    }

    /** A commit that remembers no keys, and fails where a row is refused. */
    public Commit(String run, List<Sink.Staging> staged, Account account) {
        this(run, staged, account, null, null);
    }

    /** Such a commit of splits that move on. */
    public Commit(String run, List<Sink.Staging> staged, List<Move> moves) {
        this(run, staged, new Account(moves, List.of()));
    }

    public List<Move> moves() {
        return account.moves();
    }

    /** The same rows where something else becomes of the records. */
    public Commit with(Account other) {
        return new Commit(run, staged, other, sifting, keys);
    }

    /** The same commit where the records that the destination refuses are found by something else. */
    public Commit with(Sifting other) {
        return new Commit(run, staged, account, other, keys);
    }

    /**
     * What becomes of records.
     *
     * @param moves the splits that move on
     * @param corrections what is new about records that were accounted for before
     */
    public record Account(List<Move> moves, List<Correction> corrections) {
        public Account {
            moves = List.copyOf(moves);
            corrections = List.copyOf(corrections);
        }
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
     * Records of a split that leave the quarantine, because they were loaded after all or given up, or that stay there
     * for another reason than before. No offset moves.
     *
     * @param split whose
     * @param counts what is to be added to what the ledger says of the split: {@code received} is 0, and
     *     {@code quarantined} is negative, by as many as are released
     * @param released the positions of the records that leave. Each must be in the quarantine: that is the fence
     * @param rejected what the quarantine is to say now of records that stay. Each must be there too, and keeps its number
     */
    public record Correction(String split, Counts counts, List<String> released, List<Rejection> rejected) {
        public Correction {
            released = List.copyOf(released);
            rejected = List.copyOf(rejected);
        }
    }

    /**
     * Finds the records that a destination refuses, within the commit. The rows of such a commit are in one staging and
     * stand or fall record by record.
     */
    public interface Sifting {
        /** How many records have rows in the staging, at least one each. */
        int records();

        /**
         * The first of a record's rows in the staging; the rows of a record end where those of the next begin.
         *
         * @param record from 0 to {@link #records()}, where it is the number of rows
         */
        int firstRow(int record);

        /**
         * What becomes of the records when these are refused; they go to the quarantine. Called at most once for each
         * attempt at the commit, and not where none is refused.
         *
         * @param refused at least one, in the order of their numbers
         */
        Account without(List<Refused> refused);
    }

    /**
     * A record that a destination refuses.
     *
     * @param record its number in the {@link Sifting}
     * @param code the kind of reason
     * @param field the column at fault; null where none is named
     * @param message what is wrong, without values of the record
     */
    public record Refused(int record, String code, @Nullable String field, String message) {}

    /**
     * Keys to be remembered with a commit. Where another process has committed keys that {@code memory} does not know, it
     * learns them within the commit; where one of them is about to be committed here too, the commit is fenced.
     *
     * @param block the keys, each of {@value #KEY_BYTES} bytes, one for each record that has rows; what they mean is the
     *     pipeline's affair. With a {@link Sifting}, in the order of its records; else in any order
     * @param within for how long they are to be remembered, at least
     * @param memory what the process knows
     */
    public record Keys(byte[] block, Duration within, KeyMemory memory) {
        /** The bytes of a key and of the time that belongs to it. */
        public static final int KEY_BYTES = 16;

        /**
         * Those of records that are not refused.
         *
         * @param refused records of the {@link Sifting}, in the order of their numbers
         */
        public Keys without(List<Refused> refused) {
            if (refused.isEmpty()) {
                return this;
            }
            byte[] left = new byte[block.length - refused.size() * KEY_BYTES];
            int from = 0;
            int to = 0;
            for (Refused one : refused) {
                int gone = one.record() * KEY_BYTES;
                System.arraycopy(block, from, left, to, gone - from);
                to += gone - from;
                from = gone + KEY_BYTES;
            }
            System.arraycopy(block, from, left, to, block.length - from);
            return new Keys(left, within, memory);
        }
    }

    /**
     * What became of records. For every move
     * {@code received = loaded + filtered + deduplicated + quarantined + dropped}.
     *
     * @param received records that arrived
     * @param loaded records that took part in a row of the destination
     * @param filtered records that the query's WHERE (or an empty UNNEST) left out
     * @param deduplicated records that repeat one that was loaded
     * @param quarantined records that were rejected and are kept aside
     * @param dropped records that were rejected and are not kept, because somebody has said so
     */
    public record Counts(long received, long loaded, long filtered, long deduplicated, long quarantined, long dropped) {
        public static final Counts NONE = new Counts(0, 0, 0, 0);

        /** With none that are deduplicated or dropped. */
        public Counts(long received, long loaded, long filtered, long quarantined) {
            this(received, loaded, filtered, 0, quarantined, 0);
        }

        public Counts plus(Counts other) {
            return new Counts(
                    received + other.received,
                    loaded + other.loaded,
                    filtered + other.filtered,
                    deduplicated + other.deduplicated,
                    quarantined + other.quarantined,
                    dropped + other.dropped);
        }

        public boolean balanced() {
            return received == loaded + filtered + deduplicated + quarantined + dropped;
        }
    }
}
