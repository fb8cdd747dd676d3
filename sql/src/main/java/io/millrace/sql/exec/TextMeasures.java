package io.millrace.sql.exec;

import io.millrace.api.Type;

/** Functions from texts to numbers and conditions. */
final class TextMeasures {

    private TextMeasures() {}

    /** CHAR_LENGTH and OCTET_LENGTH. */
    static final class Length extends StrictNode {
        private final boolean bytes;

        Length(Type type, boolean bytes, Node text) {
            super(type, text);
            this.bytes = bytes;
        }

        @Override
        void run(Frame frame, Rows rows) {
            Vec text = in[0];
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                out.longs[r] = bytes ? text.length[r] : Utf8.count(text.data, text.start[r], text.length[r]);
            }
        }
    }

    /** POSITION(what, text): in characters from 1; 0 where it is not there. */
    static final class Position extends RowNode {
        Position(Type type, Node what, Node text) {
            super(type, what, text);
        }

        @Override
        void row(Frame frame, int r) {
            byte[] data = in[1].data;
            int start = in[1].start[r];
            int at = Utf8.find(data, start, start + in[1].length[r], in[0].data, in[0].start[r], in[0].length[r]);
            out.longs[r] = at < 0 ? 0 : Utf8.count(data, start, at - start) + 1;
        }
    }

    static final class StartsWith extends RowNode {
        StartsWith(Node text, Node prefix) {
            super(Type.BOOLEAN, text, prefix);
        }

        @Override
        void row(Frame frame, int r) {
            int length = in[1].length[r];
            boolean starts = length <= in[0].length[r]
                    && Utf8.matches(in[0].data, in[0].start[r], in[1].data, in[1].start[r], length);
            out.longs[r] = starts ? 1 : 0;
        }
    }
}
