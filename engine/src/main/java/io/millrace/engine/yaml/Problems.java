package io.millrace.engine.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong with one text, or with several that are read together. Not thread-safe. */
public final class Problems {
    /** A file that is wrong in more ways than this is told so. */
    private static final int MOST = 100;
    /** So many more are kept while looking for the first of the file: they are not found in its order. */
    private static final int KEPT = 2 * MOST;
    /** A message that quotes more of a file than this is cut. */
    private static final int LONGEST = 1000;
    /** The offset of what has no place. */
    private static final int NOWHERE = -1;

    /** In the order of their offsets. */
    private final List<SourceText> sources = new ArrayList<>();

    private final Set<Found> found = new LinkedHashSet<>();
    private int added;

    /** @param source the first text; its offsets begin at 0 */
    public Problems(SourceText source) {
        if (source.base() != 0) {
            throw new IllegalArgumentException(source.file() + " begins at " + source.base());
        }
        sources.add(source);
    }

    private record Found(int offset, String message) {}

    /** Reads another text together with those before. */
    public SourceText source(String name, String text, SourceKind kind) {
        SourceText source = new SourceText(name, text, kind, nextBase());
        sources.add(source);
        return source;
    }

    /** The offset at which the next text will begin. */
    public int nextBase() {
        // One more, so that the end of a text is not the beginning of the next.
        return sources.getLast().end() + 1;
    }

    /** The text that an offset lies in. */
    public SourceText sourceAt(int offset) {
        int at = sources.size() - 1;
        while (at > 0 && sources.get(at).base() > offset) {
            at--;
        }
        return sources.get(at);
    }

    public void add(int offset, String message) {
        added++;
        if (found.size() < KEPT) {
            found.add(new Found(offset, message.length() > LONGEST ? message.substring(0, LONGEST) + "..." : message));
        }
    }

    /** Adds something that has no place in the file. */
    public void add(String message) {
        add(NOWHERE, message);
    }

    public boolean isEmpty() {
        return added == 0;
    }

    /** How many were added; one that is told only once counts each time. */
    public int size() {
        return added;
    }

    /** The first of them in the order of the texts, each once. */
    public List<Problem> sorted() {
        List<Found> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparingInt(Found::offset));
        List<Problem> problems = new ArrayList<>();
        String lineText = "";
        for (Found one : sorted.subList(0, Math.min(sorted.size(), MOST))) {
            SourceText source = sourceAt(one.offset);
            if (one.offset == NOWHERE || source.kind() == SourceKind.VALUE) {
                problems.add(new Problem(source.file(), 0, 0, one.message, ""));
                continue;
            }
            int line = source.line(one.offset);
            boolean same = !problems.isEmpty()
                    && problems.getLast().line() == line
                    && problems.getLast().file().equals(source.file());
            if (!source.kind().quotable()) {
                lineText = "";
            } else if (!same) {
                // A file may be one long line: those on it share its text.
                lineText = source.lineText(line);
            }
            problems.add(new Problem(source.file(), line, source.column(one.offset), one.message, lineText));
        }
        if (sorted.size() > MOST) {
            problems.add(new Problem(
                    sources.getFirst().file(), 0, 0, "more than " + MOST + " problems; these are the first", ""));
        }
        return List.copyOf(problems);
    }
}
