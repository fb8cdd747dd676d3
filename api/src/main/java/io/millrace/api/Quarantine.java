package io.millrace.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The records of one pipeline that its destination keeps aside, because they could not be loaded. They get there by
 * {@link Commit.Move#rejected()} and leave by a {@link Commit.Correction}. Thread-safe.
 */
public interface Quarantine {

    /**
     * A record that is kept aside. Its identity is its split and its position there.
     *
     * @param number counts the records as they came into the quarantine: a later one has a higher number
     * @param split the split that it came from
     * @param run the run that put it there, the last where there were several
     * @param since when it was first put there
     * @param rejection why, and its bytes as they arrived
     */
    record Entry(long number, String split, String run, Instant since, Rejection rejection) {}

    /**
     * Which records are meant; null stands for all.
     *
     * @param code the kind of reason
     * @param field the field or column at fault
     * @param since those that were put there at this time or later
     */
    record Filter(
            @Nullable String code,
            @Nullable String field,
            @Nullable Instant since) {
        public static final Filter ALL = new Filter(null, null, null);
    }

    /** In which order they are told. */
    enum Order {
        /** As they came into the quarantine. */
        OLDEST_FIRST,
        NEWEST_FIRST
    }

    /**
     * Some of the records. It costs no more where there are millions.
     *
     * @param after the number of the last one of the page before; null for the first page
     * @param limit how many at most. There may be fewer where they are large; only at the end there is none
     */
    List<Entry> page(Filter filter, Order order, @Nullable Long after, int limit)
            throws SinkException, InterruptedException;

    /** One record; empty where it is not in the quarantine. */
    Optional<Entry> find(String split, String position) throws SinkException, InterruptedException;
}
