package io.millrace.engine.yaml;

import java.util.Arrays;

/**
 * A text, and where its lines are. Places in it are told as offsets in {@code char}s; where several texts are read
 * together, the offsets of one begin where those of the one before end, so that an offset tells the text too. Immutable.
 */
public final class SourceText {
    private final String file;
    private final String text;
    private final SourceKind kind;
    private final int base;
    private final int[] lineStarts;
    private final int lines;

    /** @param file how messages name it */
    public SourceText(String file, String text, SourceKind kind) {
        this(file, text, kind, 0);
    }

    /** @param base the offset of its first character */
    SourceText(String file, String text, SourceKind kind, int base) {
        this.file = file;
        this.text = text;
        this.kind = kind;
        this.base = base;
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

    /** How messages name it: a path, a variable or an option. */
    public String file() {
        return file;
    }

    public String text() {
        return text;
    }

    public SourceKind kind() {
        return kind;
    }

    /** The offset of the first character. */
    public int base() {
        return base;
    }

    /** The offset after the last character. */
    int end() {
        return base + text.length();
    }

    /** The offset of a line and a column in characters, both from 0; the nearest there is where there is none. */
    int offset(int line, int column) {
        int at = Math.max(0, Math.min(line, lines - 1));
        int start = lineStarts[at];
        int end = at + 1 < lines ? lineStarts[at + 1] : text.length();
        int characters = text.codePointCount(start, end);
        return base + text.offsetByCodePoints(start, Math.max(0, Math.min(column, characters)));
    }

    /** The line of an offset, from 1. */
    public int line(int offset) {
        int at = Arrays.binarySearch(lineStarts, 0, lines, offset - base);
        return at >= 0 ? at + 1 : -at - 1;
    }

    /** The column of an offset in characters, from 1. */
    public int column(int offset) {
        return text.codePointCount(lineStarts[line(offset) - 1], offset - base) + 1;
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
