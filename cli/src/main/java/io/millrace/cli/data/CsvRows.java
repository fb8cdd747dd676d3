package io.millrace.cli.data;

import io.millrace.api.Column;
import io.millrace.api.Projection;
import io.millrace.api.RecordBatch;
import io.millrace.api.Type;
import io.millrace.formats.Csv;
import io.millrace.formats.Decoder;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads CSV with a header, every field as text. Stateless. */
public final class CsvRows {

    private static final int FIRST_BYTES = 1 << 16;

    /** Takes one row after another. */
    public interface Reader {

        /** @param row valid during the call */
        void row(Row row);

        /**
         * Takes note of a row that is malformed.
         *
         * @param offset where it begins in the input, in bytes
         */
        void malformed(long offset, Decoder.Malformed row);
    }

    /** A row, by the header. */
    public static final class Row {

        private final Decoder decoder;
        private final int number;
        private final List<String> names;
        private final long offset;

        private Row(Decoder decoder, int number, List<String> names, long offset) {
            this.decoder = decoder;
            this.number = number;
            this.names = names;
            this.offset = offset;
        }

        public List<String> names() {
            return names;
        }

        /** What it has beside the names; null for an empty field. */
        public List<@Nullable String> values() {
            List<@Nullable String> values = new ArrayList<>();
            for (Column column : decoder.batch().columns()) {
                values.add(column.isNull(number) ? null : ((Column.Texts) column).string(number));
            }
            return values;
        }

        /** An object of texts, without the fields that are empty. */
        public RecordBatch.Text json() {
            return decoder.json(number);
        }

        /** Where it begins in the input, in bytes. */
        public long offset() {
            return offset;
        }
    }

    private CsvRows() {}

    /**
     * Reads all rows.
     *
     * @throws IOException the input can't be read, has no usable header, or has a row longer than {@code maxBytes}
     */
    public static void read(InputStream in, int maxBytes, Reader reader) throws IOException {
        Csv csv = new Csv(',', '"', true, List.of(), 1024, maxBytes);
        byte[] buffer = new byte[FIRST_BYTES];
        int length = 0;
        boolean end = false;
        long base = 0;
        Decoder decoder = null;
        List<String> names = List.of();
        while (true) {
            int p = 0;
            if (decoder == null) {
                int header = csv.headerLength(buffer, length, end);
                if (header >= 0 && (length > 0 || end)) {
                    byte[] bytes = Arrays.copyOf(buffer, header);
                    names = names(csv, bytes);
                    decoder = decoder(csv, names, bytes);
                    p = header;
                }
            }
            if (decoder != null) {
                int next = decoder.decode(buffer, p, length, end);
                while (next > p) {
                    hand(decoder, names, base, reader);
                    p = next;
                    next = decoder.decode(buffer, p, length, end);
                }
            }
            if (end) {
                if (decoder != null && decoder.torn()) {
                    throw new IOException("the last row is not closed: the input ends inside of it");
                }
                return;
            }
            base += p;
            length -= p;
            System.arraycopy(buffer, p, buffer, 0, length);
            if (length == buffer.length) {
                if (length >= 2 * maxBytes) {
                    throw new IOException("byte " + (base + 1) + ": a row is longer than " + maxBytes + " bytes");
                }
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            }
            int read = in.read(buffer, length, buffer.length - length);
            end = read < 0;
            length += Math.max(read, 0);
        }
    }

    private static List<String> names(Csv csv, byte[] header) throws IOException {
        try {
            return header.length == 0 ? List.of() : csv.names(header);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Decoder decoder(Csv csv, List<String> names, byte[] header) throws IOException {
        List<Projection.Field> fields = new ArrayList<>();
        for (String name : names) {
            fields.add(new Projection.Field(List.of(name), Type.VARCHAR, true, true));
        }
        try {
            return csv.decoder(new Projection(fields), header);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void hand(Decoder decoder, List<String> names, long base, Reader reader) {
        int rows = decoder.batch().rows();
        for (int row = 0; row < rows; row++) {
            reader.row(new Row(decoder, row, names, base + decoder.start(row)));
        }
        for (Decoder.Malformed malformed : decoder.malformed()) {
            reader.malformed(base + malformed.start(), malformed);
        }
    }
}
