package io.millrace.server.ops;

import java.util.concurrent.atomic.LongAdder;

/** Counts what came to one stream of the log over HTTP. Thread-safe. */
public final class IntakeMeter {

    private final LongAdder accepted = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    IntakeMeter() {}

    /** Records that are on disk now. */
    public void accepted(int records, long size) {
        accepted.add(records);
        bytes.add(size);
    }

    /** Records that were on disk already. */
    public void repeated(int records) {
        repeated.add(records);
    }

    /** Records that violate the contract. */
    public void refused(int records) {
        refused.add(records);
    }

    long accepted() {
        return accepted.sum();
    }

    long repeated() {
        return repeated.sum();
    }

    long refused() {
        return refused.sum();
    }

    /** Of accepted records. */
    long bytes() {
        return bytes.sum();
    }
}
