package io.millrace.engine.pipeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with one file. Not thread-safe. */
final class Problems {
    /** A file that is wrong in more ways than this is told so; nobody reads on. */
    private static final int MOST = 100;

    private final SourceText source;
    private final List<Problem> found = new ArrayList<>();

    Problems(SourceText source) {
        this.source = source;
    }

    void add(int offset, String message) {
        int line = source.line(offset);
        found.add(new Problem(source.file(), line, source.column(offset), message, source.lineText(line)));
    }

    /** Adds something that has no place in the file. */
    void add(String message) {
        found.add(new Problem(source.file(), 0, 0, message, ""));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    int size() {
        return found.size();
    }

    /** All of them in the order of the file, each once. */
    List<Problem> sorted() {
        return found.stream()
                .distinct()
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .limit(MOST)
                .toList();
    }
}
