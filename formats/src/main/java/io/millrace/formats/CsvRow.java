package io.millrace.formats;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds the fields of one row. Not thread-safe. */
final class CsvRow {

    /** More bytes are needed to tell where the row ends. */
    static final int MORE = -1;
    /** The input ends in a quoted field. */
    static final int UNCLOSED = -2;

    private static final int WRONG = -3;

    private final byte delimiter;
    private final long delimiters;
    private final boolean quoting;
    private final byte quote;
    private final long quotes;
    private final int maxRecordBytes;

    private int[] starts = new int[16];
    private int[] ends = new int[16];
    private boolean[] quoted = new boolean[16];
    private boolean[] doubled = new boolean[16];
    private int count;
    private boolean ascii;
    private @Nullable String error;
    private int errorAt;

    CsvRow(Csv csv) {
        Character q = csv.quote();
        this.delimiter = (byte) csv.delimiter();
        this.delimiters = Words.spread(delimiter);
        this.quoting = q != null;
        this.quote = q == null ? (byte) '\n' : (byte) q.charValue();
        this.quotes = Words.spread(quote);
        this.maxRecordBytes = csv.maxRecordBytes();
    }

    /**
     * Reads the row that begins at {@code from}. Where it breaks the rules, {@link #error} is set and only its first line
     * is taken.
     *
     * @param end whether the input ends at {@code to}
     * @return the place after its line break; {@link #MORE}; {@link #UNCLOSED}
     */
    int read(byte[] b, int from, int to, boolean end) {
        count = 0;
        ascii = true;
        error = null;
        int p = from;
        while (true) {
            if (count == starts.length) {
                grow();
            }
            int stop = quoting && p < to && b[p] == quote ? quotedField(b, from, p, to, end) : field(b, p, to, end);
            if (stop == WRONG) {
                return firstLine(b, from, to, end);
            }
            if (stop < 0) {
                return stop;
            }
            count++;
            if (stop == to) {
                return to;
            }
            p = stop + 1;
            if (b[stop] == '\n') {
                return p;
            }
        }
    }

    private void grow() {
        int size = count * 2;
        starts = Arrays.copyOf(starts, size);
        ends = Arrays.copyOf(ends, size);
        quoted = Arrays.copyOf(quoted, size);
        doubled = Arrays.copyOf(doubled, size);
    }

    private int firstLine(byte[] b, int from, int to, boolean end) {
        int newline = Words.newline(b, from, to);
        if (newline < to) {
            return newline + 1;
        }
        return end ? to : MORE;
    }

    private int wrong(int at, String message) {
        errorAt = at;
        error = message;
        return WRONG;
    }

    /** Reads a field without quotes: the place of the delimiter or the newline after it, or {@code to}. */
    private int field(byte[] b, int p, int to, boolean end) {
        int q = plainEnd(b, p, to);
        if (q == to && !end) {
            return MORE;
        }
        if (quoting && q < to && b[q] == quote) {
            return wrong(q, "a quote in a field that does not begin with one");
        }
        boolean carriageReturn = q > p && q < to && b[q] == '\n' && b[q - 1] == '\r';
        set(p, carriageReturn ? q - 1 : q, false, false);
        return q;
    }

    /** The first delimiter, newline or quote in {@code [q, to)}, or {@code to}. */
    private int plainEnd(byte[] b, int q, int to) {
        long seen = 0;
        int last = to - 8;
        while (q <= last) {
            long w = Words.at(b, q);
            long hits = Words.equal(w, delimiters) | Words.equal(w, Words.NEWLINES) | Words.equal(w, quotes);
            seen |= w;
            if (hits != 0) {
                return see(seen, q + Words.before(hits));
            }
            q += 8;
        }
        while (q < to && b[q] != delimiter && b[q] != '\n' && b[q] != quote) {
            seen |= b[q];
            q++;
        }
        return see(seen, q);
    }

    /**
     * Notes bytes that were gone over. The last word of them may reach beyond the row: at worst a row is then checked for
     * UTF-8 that needs no check.
     */
    private int see(long seen, int place) {
        ascii &= Words.nonAscii(seen) == 0;
        return place;
    }

    private void set(int start, int stop, boolean inQuotes, boolean withDoubled) {
        starts[count] = start;
        ends[count] = stop;
        quoted[count] = inQuotes;
        doubled[count] = withDoubled;
    }

    /** Reads a field in quotes, its opening one at {@code p}. */
    private int quotedField(byte[] b, int from, int p, int to, boolean end) {
        int q = p + 1;
        boolean withDoubled = false;
        while (true) {
            q = closing(b, q, to);
            if (q - from > maxRecordBytes && Words.newline(b, from, q) < q) {
                return wrong(p, "a quote that is not closed within " + maxRecordBytes + " bytes");
            }
            if (q == to) {
                if (end) {
                    wrong(p, "a quote that is not closed");
                    return UNCLOSED;
                }
                return MORE;
            }
            if (q + 1 == to && !end) {
                return MORE;
            }
            if (q + 1 == to || b[q + 1] != quote) {
                break;
            }
            withDoubled = true;
            q += 2;
        }
        set(p + 1, q, true, withDoubled);
        q++;
        if (q < to && b[q] == '\r') {
            if (q + 1 == to && !end) {
                return MORE;
            }
            if (q + 1 < to && b[q + 1] == '\n') {
                q++;
            }
        }
        if (q < to && b[q] != delimiter && b[q] != '\n') {
            return wrong(q, "text after a closing quote");
        }
        return q;
    }

    /** The first quote in {@code [q, to)}, or {@code to}. */
    private int closing(byte[] b, int q, int to) {
        long seen = 0;
        int last = to - 8;
        while (q <= last) {
            long w = Words.at(b, q);
            long hits = Words.equal(w, quotes);
            seen |= w;
            if (hits != 0) {
                return see(seen, q + Words.before(hits));
            }
            q += 8;
        }
        while (q < to && b[q] != quote) {
            seen |= b[q];
            q++;
        }
        return see(seen, q);
    }

    /** Whether all bytes are known to be ASCII. */
    boolean ascii() {
        return ascii;
    }

    int count() {
        return count;
    }

    int start(int field) {
        return starts[field];
    }

    int end(int field) {
        return ends[field];
    }

    boolean quoted(int field) {
        return quoted[field];
    }

    /** Whether quotes are doubled in the field. */
    boolean doubled(int field) {
        return doubled[field];
    }

    /** What is wrong with the row; null where nothing is. */
    @Nullable
    String error() {
        return error;
    }

    String message(int recordStart) {
        return JsonScanner.place(errorAt, recordStart) + error;
    }

    /** A field as a new string. */
    String text(byte[] b, int field) {
        String text = new String(b, starts[field], ends[field] - starts[field], StandardCharsets.UTF_8);
        String q = Character.toString(quote);
        return doubled[field] ? text.replace(q + q, q) : text;
    }
}
