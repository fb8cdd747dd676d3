package io.millrace.sql.plan;

import java.io.Serializable;
import java.util.concurrent.atomic.AtomicLongArray;

/** How many rows have come by each of some places of a query. Thread-safe: lanes of one run share it. */
public final class Hits implements Serializable {
    private static final long serialVersionUID = 1L;

    private final AtomicLongArray counts;

    /** @param places how many places there are; their indexes count from 0 */
    public Hits(int places) {
        this.counts = new AtomicLongArray(places);
    }

    public void add(int place, long rows) {
        counts.addAndGet(place, rows);
    }

    public long at(int place) {
        return counts.get(place);
    }
}
