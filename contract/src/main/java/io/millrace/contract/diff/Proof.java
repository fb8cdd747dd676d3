package io.millrace.contract.diff;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How far a comparison has come. Schemas may refer to themselves, so what was compared, or is being compared further out,
 * is taken to hold. That is induction over the depth of records: it is sound because {@link Document#endless} refuses
 * schemas that come back to themselves without a step into the record. Not thread-safe.
 */
final class Proof {

    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> begun = new HashSet<>();

    /** A copy for trying something; it knows what this one knows, and nothing of it comes back by itself. */
    Proof fork() {
        Proof fork = new Proof();
        fork.begun.addAll(begun);
        return fork;
    }

    /** @return false where the same has begun before */
    boolean begin(String key) {
        return begun.add(key);
    }

    void add(Finding finding) {
        findings.add(finding);
    }

    void addAll(Proof tried) {
        findings.addAll(tried.findings);
    }

    List<Finding> findings() {
        return findings;
    }

    boolean holds() {
        return findings.isEmpty();
    }
}
