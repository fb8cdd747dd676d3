package io.millrace.sql.exec;

import io.millrace.api.Column;
import io.millrace.api.Type;

/** Functions of arrays. */
final class ArrayFunctions {

    private ArrayFunctions() {}

    static final class Cardinality extends StrictNode {
        Cardinality(Type type, Node array) {
            super(type, array);
        }

        @Override
        void run(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                out.longs[r] = in[0].length[r];
            }
        }
    }

    /** ELEMENT_AT(array, index from 1): null beyond the ends. */
    static final class ElementAt extends StrictNode {
        private final Vec elements;

        ElementAt(Node array, Node index) {
            super(((Type.Array) array.type).element(), array, index);
            this.elements = new Vec(type);
        }

        @Override
        void run(Frame frame, Rows rows) {
            Column column = in[0].elements;
            if (column == null) {
                for (int i = 0; i < rows.count; i++) {
                    out.setNull(rows.row(i));
                }
                return;
            }
            elements.show(column);
            out.data = elements.data;
            out.elements = elements.elements;
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                long index = in[1].longs[r];
                int at = in[0].start[r] + (int) Math.clamp(index - 1, 0L, Integer.MAX_VALUE / 2);
                if (index < 1 || index > in[0].length[r] || elements.isNull(at)) {
                    out.setNull(r);
                    continue;
                }
                switch (out.kind) {
                    case LONG -> out.longs[r] = elements.longs[at];
                    case WIDE -> {
                        out.longs[r] = elements.longs[at];
                        out.high[r] = elements.high[at];
                    }
                    case DOUBLE -> out.doubles[r] = elements.doubles[at];
                    case TEXT, ARRAY -> {
                        out.start[r] = elements.start[at];
                        out.length[r] = elements.length[at];
                    }
                }
            }
        }
    }
}
