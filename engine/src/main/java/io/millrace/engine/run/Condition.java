package io.millrace.engine.run;

import io.millrace.api.Kept;
import io.millrace.api.Quarantine;
import io.millrace.api.RecordBatch;
import io.millrace.api.SplitReader;
import io.millrace.sql.exec.Surroundings;
import io.millrace.sql.exec.Transform;
import io.millrace.sql.plan.Plan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses among records that were kept aside by what is in them: those that a query's WHERE lets pass. A record for which
 * that can't be told, because it can't be decoded or the condition can't be evaluated, is not chosen. Not thread-safe.
 */
public final class Condition {

    private final Plan plan;
    private final Rereads records;
    private final Transform transform;
    private long undecided;

    /** @param plan of a query whose WHERE is the condition; what it selects does not matter */
    public Condition(Plan plan, Rereads records) {
        this.plan = plan;
        this.records = records;
        this.transform = new Transform(plan, new int[0]);
    }

    /** Of how many records it could not be told. */
    public long undecided() {
        return undecided;
    }

    /** Those that are chosen, in their order. */
    public List<Quarantine.Entry> choose(List<Quarantine.Entry> entries) throws IOException, InterruptedException {
        Set<Quarantine.Entry> chosen = new HashSet<>();
        for (Map.Entry<String, List<Quarantine.Entry>> split : bySplit(entries).entrySet()) {
            Map<String, Quarantine.Entry> byPosition = new LinkedHashMap<>();
            List<Kept> kept = new ArrayList<>();
            for (Quarantine.Entry entry : split.getValue()) {
                byPosition.put(entry.rejection().position(), entry);
                kept.add(kept(entry));
            }
            try (SplitReader reader = records.reread(split.getKey(), kept, plan.input())) {
                for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
                    Transform.Result result =
                            transform.apply(batch.rows(), new Surroundings(split.getKey(), batch.origin(), 0));
                    undecided += batch.rejected().size() + result.failures().size();
                    int[] parents = result.parents();
                    for (int row = 0; row < result.rows().rows(); row++) {
                        String position = batch.origin().position(parents == null ? row : parents[row]);
                        Quarantine.Entry entry = byPosition.get(position);
                        if (entry != null) {
                            chosen.add(entry);
                        }
                    }
                }
            }
        }
        return entries.stream().filter(chosen::contains).toList();
    }

    static Kept kept(Quarantine.Entry entry) {
        return new Kept(entry.rejection().position(), entry.rejection().raw(), entry.since(), null);
    }

    static Map<String, List<Quarantine.Entry>> bySplit(List<Quarantine.Entry> entries) {
        Map<String, List<Quarantine.Entry>> splits = new LinkedHashMap<>();
        for (Quarantine.Entry entry : entries) {
            splits.computeIfAbsent(entry.split(), split -> new ArrayList<>()).add(entry);
        }
        return splits;
    }
}
