package io.millrace.formats;

import io.millrace.api.Batch;
import io.millrace.api.Column;
import io.millrace.api.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a decoder has from its last call: rows, their places, and the records that are malformed. Not thread-safe. */
final class Rows {

    final Side side = new Side();
    final List<Decoder.Malformed> malformed = new ArrayList<>();
    int count;

    private final Schema schema;
    private final Cells[] cells;
    private final int[] starts;
    private final int[] ends;
    private byte[] input = {};
    private @Nullable Batch batch;

    Rows(Schema schema, Cells[] cells, int max) {
        this.schema = schema;
        this.cells = cells;
        this.starts = new int[max];
        this.ends = new int[max];
    }

    void clear(byte[] bytes) {
        input = bytes;
        side.cut(0);
        malformed.clear();
        count = 0;
        batch = null;
        for (Cells c : cells) {
            c.clear();
        }
    }

    /** Whether another record may be taken. Malformed ones count, so that they take no memory without bound. */
    boolean room() {
        return count + malformed.size() < starts.length;
    }

    /** Takes the row that was filled, from a record that ends at {@code to}, with or without its newline. */
    void take(int from, int to) {
        starts[count] = from;
        ends[count] = to;
        count++;
    }

    /** Makes the next row ready for another record than the one that was tried. */
    void retry() {
        for (Cells c : cells) {
            c.setNotNull(count);
        }
    }

    Batch batch() {
        Batch result = batch;
        if (result == null) {
            Column[] columns = new Column[cells.length];
            for (int i = 0; i < columns.length; i++) {
                columns[i] = cells[i].column(count, input, side);
            }
            result = new Batch(schema, columns, count, null);
            batch = result;
        }
        return result;
    }

    byte[] input() {
        return input;
    }

    int start(int row) {
        return starts[row];
    }

    int end(int row) {
        return withoutTerminator(input, starts[row], ends[row]);
    }

    /** Where a record ends that has perhaps its terminator with it. */
    static int withoutTerminator(byte[] b, int from, int to) {
        int end = to > from && b[to - 1] == '\n' ? to - 1 : to;
        return end > from && b[end - 1] == '\r' && end < to ? end - 1 : end;
    }
}
