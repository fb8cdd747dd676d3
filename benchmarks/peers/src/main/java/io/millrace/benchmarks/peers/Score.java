package io.millrace.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What one contestant did in all rounds. Not thread-safe. */
final class Score {

    /** So many runs without other work on the machine are enough to leave out those with. */
    private static final int FEWEST = 3;

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

    /** How many runs had the machine for themselves. */
    int undisturbed() {
        return (int) runs.stream().filter(run -> !run.disturbed()).count();
    }

    /** Whether there are too few runs that had the machine for themselves, so that all of them count. */
    boolean disturbed() {
        return undisturbed() < FEWEST && undisturbed() < runs.size();
    }

    /**
     * The runs that the figures are of: those that had the machine for themselves. What is chosen by is the load of
     * others, never the figure itself.
     */
    List<Usage> counted() {
        return disturbed()
                ? List.copyOf(runs)
                : runs.stream().filter(run -> !run.disturbed()).toList();
    }

    double median(ToDoubleFunction<Usage> figure) {
        double[] sorted = counted().stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double least(ToDoubleFunction<Usage> figure) {
        return counted().stream().mapToDouble(figure).min().orElseThrow();
    }

    double most(ToDoubleFunction<Usage> figure) {
        return counted().stream().mapToDouble(figure).max().orElseThrow();
    }
}
