package io.millrace.connectors.files;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a user should know after a run. Thread-safe: every method holds this object's lock. */
final class Remarks {
    private final Set<String> said = new LinkedHashSet<>();
    /** Of each split that ends in half a record, what there is to say. */
    private final Map<String, String> torn = new TreeMap<>();

    synchronized void add(String remark) {
        said.add(remark);
    }

    synchronized void torn(SplitId split, String file, long position) {
        torn.put(
                split.toString(),
                file + " ends in the beginning of a record, at byte " + position
                        + ". It was left, and will be read when " + "the rest of it is there.");
    }

    /** A split is read again: how it ended last time says nothing any more. */
    synchronized void reading(SplitId split) {
        torn.remove(split.toString());
    }

    synchronized List<String> all() {
        List<String> all = new ArrayList<>(said);
        all.addAll(torn.values());
        return all;
    }
}
