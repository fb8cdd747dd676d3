package io.millrace.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What one contestant did in all rounds. Not thread-safe. */
final class Score {

    private final Contestant contestant;
    private final List<Usage> runs = new ArrayList<>();
    private @Nullable Contents contents;
    private @Nullable String failure;

    Score(Contestant contestant) {
        this.contestant = contestant;
    }

    Contestant contestant() {
        return contestant;
    }

    List<Usage> runs() {
        return List.copyOf(runs);
    }

    void add(Usage usage) {
        runs.add(usage);
    }

    /** Of its first run; empty before it and where that failed. */
    Optional<Contents> contents() {
        return Optional.ofNullable(contents);
    }

    void contents(Contents found) {
        contents = found;
    }

    /** Why it takes part no longer. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    void fail(String why) {
        failure = why;
    }

    boolean hasFigures() {
        return failure == null && !runs.isEmpty();
    }

    double median(ToDoubleFunction<Usage> figure) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double least(ToDoubleFunction<Usage> figure) {
        return runs.stream().mapToDouble(figure).min().orElseThrow();
    }

    double most(ToDoubleFunction<Usage> figure) {
        return runs.stream().mapToDouble(figure).max().orElseThrow();
    }
}
