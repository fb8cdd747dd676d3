package io.millrace.sql.exec;

import io.millrace.api.Type;
import org.jspecify.annotations.Nullable;

/**
 * LIKE and ILIKE. A mismatch goes back to the last {@code %} only, so the time is at most text times pattern. A pattern
 * that ends in its escape character is an error once the match gets there, as in PostgreSQL.
 */
final class Like extends RowNode {
    private static final byte ESCAPE = '\\';

    private enum Match {
        YES,
        NO,
        BROKEN
    }

    private final boolean foldCase;
    private final boolean ownEscape;
    private byte[] foldedText = {};
    private byte[] foldedPattern = {};
    private byte[] escaped = {};

    /** The pattern of the last row as it is matched; kept since it is a constant nearly always. */
    private byte @Nullable [] pattern;

    private int patternStart;
    private int patternEnd;

    private final boolean constant;

    Like(boolean foldCase, Node... args) {
        super(Type.BOOLEAN, args);
        this.foldCase = foldCase;
        this.ownEscape = args.length > 2;
        boolean fixed = true;
        for (int i = 1; i < args.length; i++) {
            fixed &= args[i] instanceof Leaves.Constant;
        }
        this.constant = fixed;
    }

    @Override
    void row(Frame frame, int r) {
        byte[] p = pattern;
        if (p == null || !constant) {
            p = prepare(frame, r);
            pattern = p;
            if (p == null) {
                return;
            }
        }
        byte[] data = in[0].data;
        int start = in[0].start[r];
        int length = in[0].length[r];
        if (foldCase) {
            foldedText = ensure(foldedText, length + length / 2 + 1);
            length = TextMakers.ChangeCase.fold(true, data, start, length, foldedText, 0);
            data = foldedText;
            start = 0;
        }
        Match match = match(data, start, start + length, p, patternStart, patternEnd);
        out.longs[r] = match == Match.YES ? 1 : 0;
        if (match == Match.BROKEN) {
            invalid(frame, r, "the LIKE pattern ends in its escape character");
        }
    }

    private static byte[] ensure(byte[] buffer, int bytes) {
        return buffer.length < bytes ? new byte[bytes * 2] : buffer;
    }

    /** The pattern with backslash for its escape character and, for ILIKE, in lower case; null, and the row fails, where it has none. */
    private byte @Nullable [] prepare(Frame frame, int r) {
        byte[] data = in[1].data;
        int start = in[1].start[r];
        int length = in[1].length[r];
        if (ownEscape) {
            int escape = in[2].length[r];
            if (Utf8.count(in[2].data, in[2].start[r], escape) > 1) {
                invalid(frame, r, "the escape of LIKE must be one character");
                return null;
            }
            escaped = ensure(escaped, 2 * length + 1);
            length = toBackslash(data, start, start + length, in[2].data, in[2].start[r], escape, escaped);
            data = escaped;
            start = 0;
        }
        if (foldCase) {
            foldedPattern = ensure(foldedPattern, length + length / 2 + 1);
            length = TextMakers.ChangeCase.fold(true, data, start, length, foldedPattern, 0);
            data = foldedPattern;
            start = 0;
        }
        patternStart = start;
        patternEnd = start + length;
        return data;
    }

    private static int toBackslash(byte[] data, int start, int end, byte[] escape, int at, int bytes, byte[] to) {
        int o = 0;
        boolean after = false;
        for (int i = start; i < end; ) {
            int next = Utf8.next(data, i, end);
            if (!after && bytes > 0 && next - i == bytes && Utf8.matches(data, i, escape, at, bytes)) {
                to[o++] = ESCAPE;
                after = true;
            } else {
                if (data[i] == ESCAPE && !after) {
                    to[o++] = ESCAPE;
                }
                System.arraycopy(data, i, to, o, next - i);
                o += next - i;
                after = false;
            }
            i = next;
        }
        return o;
    }

    private static Match match(byte[] text, int start, int end, byte[] pattern, int from, int to) {
        int t = start;
        int p = from;
        // Where to go on after a mismatch: the part of the pattern after the last %, one character later.
        int retryText = -1;
        int retryPattern = -1;
        while (true) {
            if (t == end) {
                // A retry would only have less text.
                while (p < to && pattern[p] == '%') {
                    p++;
                }
                return p == to ? Match.YES : Match.NO;
            }
            boolean same = false;
            if (p < to) {
                byte c = pattern[p];
                if (c == '%') {
                    p++;
                    while (p < to && (pattern[p] == '%' || pattern[p] == '_')) {
                        if (pattern[p++] == '_') {
                            if (t == end) {
                                return Match.NO;
                            }
                            t = Utf8.next(text, t, end);
                        }
                    }
                    if (p == to) {
                        return Match.YES;
                    }
                    if (pattern[p] == ESCAPE && p + 1 == to) {
                        return Match.BROKEN;
                    }
                    retryText = t;
                    retryPattern = p;
                    continue;
                }
                if (c == '_') {
                    t = Utf8.next(text, t, end);
                    p++;
                    continue;
                }
                if (c == ESCAPE) {
                    if (++p == to) {
                        return Match.BROKEN;
                    }
                    c = pattern[p];
                }
                same = c == text[t];
            }
            if (same) {
                t++;
                p++;
            } else if (retryPattern < 0) {
                return Match.NO;
            } else {
                retryText = Utf8.next(text, retryText, end);
                t = retryText;
                p = retryPattern;
            }
        }
    }
}
