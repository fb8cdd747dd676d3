package io.millrace.engine.pipeline;

import java.util.Arrays;

/** The text of a file, and where its lines are. Places in it are told as offsets in {@code char}s. Immutable. */
final class SourceText {
    private final String file;
    private final String text;
    private final int[] lineStarts;
    private final int lines;

    SourceText(String file, String text) {
        this.file = file;
        this.text = text;
        int[] starts = new int[16];
        int count = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // As YAML has it: LF, CR LF and CR each end a line.
            if (c == '\n' || (c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n'))) {
                if (count == starts.length) {
                    starts = Arrays.copyOf(starts, 2 * count);
                }
                starts[count++] = i + 1;
            }
        }
        this.lineStarts = starts;
        this.lines = count;
    }

    String file() {
        return file;
    }

    String text() {
        return text;
    }

    /** The offset of a line and a column in characters, both from 0; the nearest there is where there is none. */
    int offset(int line, int column) {
        int at = Math.max(0, Math.min(line, lines - 1));
        int start = lineStarts[at];
        int end = at + 1 < lines ? lineStarts[at + 1] : text.length();
        int characters = text.codePointCount(start, end);
        return text.offsetByCodePoints(start, Math.max(0, Math.min(column, characters)));
    }

    /** The line of an offset, from 1. */
    int line(int offset) {
        int at = Arrays.binarySearch(lineStarts, 0, lines, offset);
        return at >= 0 ? at + 1 : -at - 1;
    }

    /** The column of an offset in characters, from 1. */
    int column(int offset) {
        return text.codePointCount(lineStarts[line(offset) - 1], offset) + 1;
    }

    /** A line, from 1, without what ends it. */
    String lineText(int line) {
        int start = lineStarts[line - 1];
        int end = line < lines ? lineStarts[line] : text.length();
        while (end > start && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return text.substring(start, end);
    }
}
