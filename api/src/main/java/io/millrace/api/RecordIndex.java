package io.millrace.api;

import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How many records a source has, by what was written down when they came and not by decoding them: what a ledger says was
 * received can be checked against it. Thread-safe.
 */
public interface RecordIndex {

    /** Whether a split is one of this source. */
    boolean knows(String split) throws IOException;

    /**
     * Whether everything is still there that came after an offset.
     *
     * @param split one that is known
     * @param from null for where a run without progress begins; where that can't be told afterwards, it is not there
     */
    boolean reaches(String split, @Nullable Offset from) throws IOException;

    /**
     * How many records lie between two offsets.
     *
     * @param split one that is known
     * @param from one that is reached
     * @param to a later one
     * @return empty where that is not known, since what tells it is damaged or gone
     */
    OptionalLong records(String split, @Nullable Offset from, Offset to) throws IOException;

    /**
     * Whether all records between two offsets are as they were written; where they are not, a run takes what is damaged for
     * one record, however many it was. Reads all of them.
     *
     * @param split one that is known
     * @param from one that is reached
     * @param to a later one
     */
    boolean sound(String split, @Nullable Offset from, Offset to) throws IOException, InterruptedException;
}
