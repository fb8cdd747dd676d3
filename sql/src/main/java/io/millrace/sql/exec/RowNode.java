package io.millrace.sql.exec;

import io.millrace.api.Type;

/** An operator that costs so much a row that calling one method for each does not matter. */
abstract class RowNode extends StrictNode {

    RowNode(Type type, Node... args) {
        super(type, args);
    }

    @Override
    final void run(Frame frame, Rows rows) {
        begin();
        for (int i = 0; i < rows.count; i++) {
            row(frame, rows.row(i));
        }
    }

    /** Called before the rows of each batch. */
    void begin() {}

    /** Writes {@link #out} at one row, where no argument is null. */
    abstract void row(Frame frame, int r);

    /** The row's text is a stretch of another text's bytes, which {@link #out} shows. */
    final void view(int r, int start, int length) {
        out.start[r] = start;
        out.length[r] = length;
    }

    final void invalid(Frame frame, int r, String message) {
        fail(frame, r, TransformCode.INVALID_ARGUMENT, message);
    }
}
