package io.millrace.engine.run;

/**
 * Tells when a run commits records so that each stands or falls by itself, which costs more than committing them as one. It
 * does so from where a commit was refused until as many have been committed as that had. Where the next is refused before
 * as many have gone by, twice as many are committed with care the next time, so that a source full of records that the
 * destination refuses is not read twice over and over. Used by the thread that runs.
 */
final class Care {

    private static final long LONGEST = Long.MAX_VALUE / 4;

    /** How many records are still to be committed with care. */
    private long left;

    /** How many there were to be, the last time. */
    private long stretch;

    /** Whether one of them was refused. */
    private boolean found;

    /** How many were committed since, as one. */
    private long since;

    boolean needed() {
        return left > 0;
    }

    /** A commit was refused as a whole. */
    void refused(long records) {
        stretch = Math.clamp(since < stretch ? stretch * 2 : 1, Math.max(1, records), LONGEST);
        left = stretch;
        since = 0;
        found = false;
    }

    /**
     * Records were committed.
     *
     * @param refused how many of them the destination refused
     */
    void committed(long records, long refused) {
        if (!needed()) {
            since += records;
            return;
        }
        found |= refused > 0;
        left = Math.max(0, left - records);
        if (left == 0 && !found) {
            stretch = 0;
        }
    }
}
