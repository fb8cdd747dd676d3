package io.millrace.engine.pipeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong with one file. Not thread-safe. */
final class Problems {
    /** A file that is wrong in more ways than this is told so. */
    private static final int MOST = 100;
    /** So many more are kept while looking for the first of the file: they are not found in its order. */
    private static final int KEPT = 2 * MOST;
    /** A message that quotes more of a file than this is cut. */
    private static final int LONGEST = 1000;

    private final SourceText source;
    private final Set<Problem> found = new LinkedHashSet<>();
    private int added;
    private int lastLine;
    private String lastText = "";

    Problems(SourceText source) {
        this.source = source;
    }

    void add(int offset, String message) {
        added++;
        if (found.size() < KEPT) {
            int line = source.line(offset);
            if (line != lastLine) {
                lastLine = line;
                lastText = source.lineText(line);
            }
            found.add(new Problem(source.file(), line, source.column(offset), cut(message), lastText));
        }
    }

    /** Adds something that has no place in the file. */
    void add(String message) {
        added++;
        if (found.size() < KEPT) {
            found.add(new Problem(source.file(), 0, 0, cut(message), ""));
        }
    }

    private static String cut(String message) {
        return message.length() > LONGEST ? message.substring(0, LONGEST) + "..." : message;
    }

    boolean isEmpty() {
        return added == 0;
    }

    /** How many were added; one that is told only once counts each time. */
    int size() {
        return added;
    }

    /** The first of them in the order of the file, each once. */
    List<Problem> sorted() {
        List<Problem> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
        if (sorted.size() <= MOST) {
            return List.copyOf(sorted);
        }
        List<Problem> first = new ArrayList<>(sorted.subList(0, MOST));
        first.add(new Problem(source.file(), 0, 0, "more than " + MOST + " problems; these are the first", ""));
        return List.copyOf(first);
    }
}
