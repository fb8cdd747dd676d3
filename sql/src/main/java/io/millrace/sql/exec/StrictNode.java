package io.millrace.sql.exec;

import io.millrace.api.Type;

/** An operator whose result is null where an argument is. Subclasses see only rows without nulls. */
abstract class StrictNode extends Node {
    final Vec[] in;
    final Vec out;

    private final Node[] args;
    private final Rows defined = new Rows();

    StrictNode(Type type, Node... args) {
        super(type);
        this.args = args;
        this.in = new Vec[args.length];
        this.out = new Vec(type);
        for (int i = 0; i < args.length; i++) {
            in[i] = new Vec(args[i].type);
        }
    }

    @Override
    final Vec eval(Frame frame, Rows rows) {
        run(frame, arguments(frame, rows));
        return out;
    }

    /** Evaluates the arguments and tells the rows where none of them is null. */
    final Rows arguments(Frame frame, Rows rows) {
        for (int i = 0; i < args.length; i++) {
            in[i] = args[i].eval(frame, rows);
        }
        out.reset(frame.rows);
        Rows live = rows;
        for (Vec vec : in) {
            boolean[] nulls = vec.nulls;
            if (nulls != null) {
                live = withoutNulls(live, nulls);
            }
        }
        return live;
    }

    private Rows withoutNulls(Rows rows, boolean[] nulls) {
        int[] index = rows.index;
        int n = rows.count;
        // In place the second time: what is written never overtakes what is read.
        int[] to = rows == defined && index != null ? index : defined.begin(n);
        int k = 0;
        for (int i = 0; i < n; i++) {
            int r = index == null ? i : index[i];
            if (nulls[r]) {
                out.setNull(r);
            } else {
                to[k++] = r;
            }
        }
        defined.count = k;
        return defined;
    }

    /** Writes {@link #out} at the given rows from {@link #in}, where no argument is null. */
    abstract void run(Frame frame, Rows rows);

    /** The row fails and is null. */
    final void fail(Frame frame, int row, TransformCode code, String message) {
        frame.fail(row, code, message);
        out.setNull(row);
    }

    final void overflow(Frame frame, int row) {
        fail(frame, row, TransformCode.OVERFLOW, "the result does not fit " + type.sql());
    }

    /** Room for a text of the row; -1, and the row fails, where it would be too long. */
    final int room(Frame frame, int row, long bytes) {
        int at = bytes > Frame.MAX_TEXT_BYTES ? -1 : out.reserve(bytes);
        if (at < 0) {
            frame.tooLong(row);
            out.setNull(row);
        }
        return at;
    }

    final void copyText(Frame frame, int row, byte[] from, int offset, int bytes) {
        int at = room(frame, row, bytes);
        if (at >= 0) {
            System.arraycopy(from, offset, out.data, at, bytes);
            out.commit(row, at, bytes);
        }
    }
}
