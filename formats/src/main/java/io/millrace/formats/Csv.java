package io.millrace.formats;

import io.millrace.api.Projection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Delimited text after RFC 4180, a record a row. Text is cast to the columns' types whatever the projection says about
 * leniency, since there is nothing else in it. An empty field is null, an empty field in quotes is the empty text, as
 * in PostgreSQL's {@code COPY}. Lines may end in CRLF; empty lines are passed over.
 *
 * <p>A row whose quotes are wrong costs its first line only: reading goes on at the line after it. So does a row with a
 * line break in quotes that is longer than {@code maxRecordBytes}: its opening quote is taken to be a mistake.
 *
 * @param delimiter what separates fields: an ASCII character
 * @param quote what encloses fields that hold delimiters, quotes or line breaks: an ASCII character; null where nothing
 *     does, and every newline ends a row
 * @param header whether the first row has the names of the columns
 * @param columns the names of the columns where there is no header; empty where there is
 * @param maxRows the most records that a batch has
 * @param maxRecordBytes the most bytes of a row that has line breaks in quotes
 */
public record Csv(
        char delimiter,
        @Nullable Character quote,
        boolean header,
        List<String> columns,
        int maxRows,
        int maxRecordBytes)
        implements Format {

    public static final int DEFAULT_MAX_RECORD_BYTES = 1 << 20;

    /** @throws IllegalArgumentException where the options contradict each other */
    public Csv {
        columns = List.copyOf(columns);
        require(usable(delimiter), "the delimiter must be one ASCII character and no line break");
        require(
                quote == null || (usable(quote) && quote != delimiter),
                "the quote must be one ASCII character, no line break and not the delimiter");
        require(header || !columns.isEmpty(), "CSV without a header needs the names of its columns");
        require(
                !header || columns.isEmpty(),
                "CSV takes the names of its columns from the header or from columns," + " not from both");
        require(maxRows > 0 && maxRecordBytes > 0, "maxRows and maxRecordBytes must be at least 1");
    }

    /** Commas, double quotes and a header. */
    public Csv() {
        this(',', '"', true, List.of());
    }

    public Csv(char delimiter, @Nullable Character quote, boolean header, List<String> columns) {
        this(delimiter, quote, header, columns, Ndjson.DEFAULT_MAX_ROWS, DEFAULT_MAX_RECORD_BYTES);
    }

    private static boolean usable(char c) {
        return c < 0x80 && c != '\n' && c != '\r' && c != 0;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @param header empty for an input that is empty: no row of it could be decoded, and there is none
     */
    @Override
    public Decoder decoder(Projection projection, byte[] header) {
        return new CsvDecoder(this, projection, this.header && header.length == 0 ? null : names(header));
    }

    /**
     * The names of the columns, in their order.
     *
     * @param bytes the header as {@link #headerLength} measured it; without a meaning where the names are given
     * @throws IllegalArgumentException where the header is malformed, and how
     */
    public List<String> names(byte[] bytes) {
        if (!header) {
            return columns;
        }
        int from = Ndjson.byteOrderMark(bytes, bytes.length, true);
        CsvRow row = new CsvRow(this);
        int next = row.read(bytes, from, bytes.length, true);
        if (next < 0 || row.error() != null) {
            throw new IllegalArgumentException("the header is malformed: " + row.message(from));
        }
        if (Utf8.invalidAt(bytes, from, next) >= 0) {
            throw new IllegalArgumentException("the header is not UTF-8");
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < row.count(); i++) {
            names.add(row.text(bytes, i));
        }
        return names;
    }

    @Override
    public int headerLength(byte[] bytes, int length, boolean end) {
        int mark = Ndjson.byteOrderMark(bytes, length, end);
        if (!header || mark < 0) {
            return mark;
        }
        CsvRow row = new CsvRow(this);
        int next = row.read(bytes, mark, length, end);
        return next == CsvRow.UNCLOSED ? length : next;
    }

    @Override
    public boolean splittable() {
        return quote == null;
    }
}
