package io.millrace.api;

/**
 * The keys of records that a pipeline has loaded, as the process that runs it knows them. The destination has them in
 * blocks, one for each commit, and numbers these in the order of the commits; a process that asks for each block once
 * knows all keys. Thread-safe.
 */
public interface KeyMemory {

    /** The highest number of the blocks that are known; 0 for none. */
    long known();

    /**
     * Takes in a block that was committed, by this process or another.
     *
     * @param number its number; blocks come in the order of their numbers
     * @param keys the block, as {@link Commit.Keys#block()} has it
     * @return false where it has a key that is known already, because this process is about to commit it too: whatever is
     *     not committed must then be thrown away
     */
    boolean learn(long number, byte[] keys);

    /** The block of a commit of this process has been committed. */
    void committed(long number);
}
