package io.millrace.cli.send;

import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Numbers of lines, as ranges; the later ones are forgotten where there are too many. Not thread-safe. */
final class LineRanges {

    private static final int MOST_RANGES = 100;
    private static final int SHOWN = 8;

    /** The first line of each range, and its last one. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    private boolean more;

    void add(long line) {
        Map.Entry<Long, Long> before = ranges.floorEntry(line);
        if (before != null && before.getValue() >= line) {
            return;
        }
        long first = before != null && before.getValue() == line - 1 ? before.getKey() : line;
        Long next = ranges.remove(line + 1);
        ranges.put(first, next == null ? line : next);
        if (ranges.size() > MOST_RANGES) {
            ranges.pollLastEntry();
            more = true;
        }
    }

    /** {@code line 3}, {@code lines 1-1000, 1003 and others}. */
    String text() {
        StringJoiner text = new StringJoiner(", ");
        int shown = 0;
        for (Map.Entry<Long, Long> range : ranges.entrySet()) {
            if (shown++ == SHOWN) {
                break;
            }
            text.add(
                    range.getKey().equals(range.getValue())
                            ? Long.toString(range.getKey())
                            : range.getKey() + "-" + range.getValue());
        }
        boolean one = ranges.size() == 1
                && !more
                && ranges.firstKey().equals(ranges.firstEntry().getValue());
        return (one ? "line " : "lines ") + text + (more || ranges.size() > SHOWN ? " and others" : "");
    }
}
