package io.millrace.server.ops;

import java.time.Instant;
import java.util.List;

/**
 * What was found when the books of a pipeline were checked.
 *
 * @param faults what does not balance, in words; empty where all does
 * @param checked when the ledger was checked last
 */
public record Balance(List<String> faults, Instant checked) {

    public Balance {
        faults = List.copyOf(faults);
    }

    /** Whether all balances. */
    public boolean balances() {
        return faults.isEmpty();
    }
}
