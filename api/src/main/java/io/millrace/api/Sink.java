package io.millrace.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A destination for one pipeline's table. It holds the rows, the progress of every split, the quarantine and the
 * ledger, and changes them together.
 *
 * <p>Thread-safe. A failure that may pass (the server is away) is a {@link SinkUnavailableException}: the caller waits
 * and tries again. A failure that will not is a {@link SinkException}.
 */
public interface Sink extends AutoCloseable {

    /**
     * Makes ready what a commit needs: creates the table where it does not exist, checks that it fits where it does, and
     * alters it where it does not and that is allowed.
     *
     * @return what was altered of a table that was there, each a part of a sentence for people; mostly empty
     * @throws SinkException where it does not fit, with every difference; then nothing was altered
     */
    List<String> prepare(TableShape shape) throws SinkException, InterruptedException;

    /**
     * The last committed offset of every split of this pipeline. Nothing else decides where to resume. May be asked for
     * before {@link #prepare}, so that reading begins while the destination is made ready; a destination that was never
     * prepared has none.
     */
    Map<String, Offset> progress() throws SinkException, InterruptedException;

    /**
     * A new staging area for rows of a shape: encodes what it is given at once, in memory, and sends nothing. Each lane
     * has its own and fills it while another commits.
     */
    Staging stage(TableShape shape);

    /**
     * Commits in one transaction, after {@link #prepare} of the shape of what is staged, where something is: the staged rows in the order given, the rejections, the ledger, and for each split
     * the move from its previous offset to its new one.
     *
     * @return what has become true of the records: the account of the commit, or, where records were refused, that which
     *     its {@link Commit.Sifting} has told
     * @throws FencedException where a split is no longer at its previous offset, or a record to be released is not in
     *     the quarantine; nothing was changed
     * @throws RowsRefusedException where the destination refuses a row and the commit has no {@link Commit.Sifting};
     *     nothing was changed
     * @throws SinkUnavailableException where the destination is away; it is not known whether the commit took place,
     *     and {@link #progress()} tells
     */
    Commit.Account commit(Commit commit) throws SinkException, InterruptedException;

    /** Takes blocks of keys. */
    interface KeyBlocks {
        /** The bytes of a secret. */
        int SECRET_BYTES = 16;

        /**
         * Comes once, before the blocks.
         *
         * @param secret what keys are hashed with: {@value #SECRET_BYTES} bytes, random, the same for every process and
         *     pipeline that uses this destination
         * @param bytes of all blocks that are to come, more or less
         */
        void begin(byte[] secret, long bytes);

        /**
         * Takes a block, or a part of one.
         *
         * @param number as {@link KeyMemory#learn} has it; they may come in any order
         * @param b has the keys; what else is in it is nothing to the taker, and it may be used again afterwards
         * @param from where the first of them begins
         * @param length their bytes
         */
        void block(long number, byte[] b, int from, int length);
    }

    /**
     * Hands over all keys that this pipeline remembers, and makes ready for more. After {@link #prepare}.
     *
     * @param within for how long keys are to be remembered
     */
    default void remembered(Duration within, KeyBlocks blocks) throws SinkException, InterruptedException {
        throw new UnsupportedOperationException("this destination remembers no keys");
    }

    /**
     * The columns that come from fields without a name in the contract. Only of destinations whose connector says that they
     * can be added.
     */
    default EvolvedColumns evolved() {
        throw new UnsupportedOperationException("this destination adds no columns by itself");
    }

    /** The records of this pipeline that are kept aside. */
    Quarantine quarantine();

    /**
     * Takes splits of this pipeline for one process, or keeps those that it has, so that several processes share the
     * work instead of doing it twice. That is all that leases are for: results are exact without them, by the fence.
     *
     * <p>A destination that keeps no leases grants all.
     *
     * @param holder names the process
     * @param time for how long; a lease that has run out is anyone's, and so is, at once, one that is taken for no time
     * @param splits those wanted
     * @return those that the holder has now
     */
    default Set<String> lease(String holder, Duration time, Set<String> splits)
            throws SinkException, InterruptedException {
        return Set.copyOf(splits);
    }

    /** Gives back all splits of this pipeline that a process has. */
    default void release(String holder) throws SinkException, InterruptedException {}

    /**
     * Makes what is kept about this pipeline smaller without a loss that matters. Called now and then while a pipeline
     * goes on; it may be broken off, or be called by several processes at once.
     */
    default void tidy() throws SinkException, InterruptedException {}

    @Override
    void close();

    /** Rows that wait for their commit, encoded for the destination. Not thread-safe. */
    interface Staging {
        /**
         * Finds the rows that this destination can't hold, such as text with a NUL byte for PostgreSQL. Only keys and
         * values count, not what is still to be added up: columns of {@link TableShape.Merge#ADD} are not looked at and
         * may be of another numeric type.
         *
         * @return none for most batches
         */
        List<Refused> check(Batch rows);

        /** Adds rows of the shape given to {@link Sink#stage}, every one of which passes {@link #check}. */
        void add(Batch rows);

        /** Bytes of memory held. */
        long bytes();

        long rows();

        /** Forgets all rows and keeps the memory for the next. */
        void clear();
    }

    /** A row that the destination can't hold, and why. */
    record Refused(int row, String code, String field, String message) {}
}
