package io.millrace.sql.exec;

import io.millrace.api.Type;
import java.util.List;

/** Functions that make new texts. */
final class TextMakers {

    private TextMakers() {}

    /** The operator {@code ||}. */
    static final class Join extends RowNode {
        Join(Node... args) {
            super(Type.VARCHAR, args);
        }

        @Override
        void row(Frame frame, int r) {
            long bytes = 0;
            for (Vec text : in) {
                bytes += text.length[r];
            }
            int at = room(frame, r, bytes);
            if (at < 0) {
                return;
            }
            int i = at;
            for (Vec text : in) {
                System.arraycopy(text.data, text.start[r], out.data, i, text.length[r]);
                i += text.length[r];
            }
            out.commit(r, at, i - at);
        }
    }

    /** CONCAT: nulls count as empty, so the result is never null. */
    static final class Concat extends Node {
        private final List<Node> args;
        private final Vec[] in;
        private final Vec out = new Vec(Type.VARCHAR);

        Concat(List<Node> args) {
            super(Type.VARCHAR);
            this.args = args;
            this.in = new Vec[args.size()];
        }

        @Override
        Vec eval(Frame frame, Rows rows) {
            for (int i = 0; i < in.length; i++) {
                in[i] = args.get(i).eval(frame, rows);
            }
            out.reset(frame.rows);
            for (int i = 0; i < rows.count; i++) {
                row(frame, rows.row(i));
            }
            return out;
        }

        private void row(Frame frame, int r) {
            long bytes = 0;
            for (Vec text : in) {
                bytes += text.isNull(r) ? 0 : text.length[r];
            }
            int at = bytes > Frame.MAX_TEXT_BYTES ? -1 : out.reserve(bytes);
            if (at < 0) {
                frame.tooLong(r);
                out.setNull(r);
                return;
            }
            int i = at;
            for (Vec text : in) {
                if (!text.isNull(r)) {
                    System.arraycopy(text.data, text.start[r], out.data, i, text.length[r]);
                    i += text.length[r];
                }
            }
            out.commit(r, at, i - at);
        }
    }

    /** LOWER and UPPER: Unicode's simple mapping of each character. */
    static final class ChangeCase extends RowNode {
        private final boolean lower;

        ChangeCase(boolean lower, Node text) {
            super(Type.VARCHAR, text);
            this.lower = lower;
        }

        @Override
        void row(Frame frame, int r) {
            byte[] data = in[0].data;
            int start = in[0].start[r];
            int length = in[0].length[r];
            // A character of two bytes may become one of three.
            int at = room(frame, r, length + length / 2L);
            if (at >= 0) {
                out.commit(r, at, fold(lower, data, start, length, out.data, at) - at);
            }
        }

        /** Writes the text in lower or upper case; returns the index after it. */
        static int fold(boolean lower, byte[] data, int start, int length, byte[] to, int at) {
            int end = start + length;
            byte first = (byte) (lower ? 'A' : 'a');
            byte last = (byte) (lower ? 'Z' : 'z');
            int o = at;
            for (int i = start; i < end; ) {
                byte b = data[i];
                if (b >= 0) {
                    to[o++] = b >= first && b <= last ? (byte) (b ^ 0x20) : b;
                    i++;
                } else {
                    int c = Utf8.decode(data, i);
                    o = Utf8.encode(lower ? Character.toLowerCase(c) : Character.toUpperCase(c), to, o);
                    i = Utf8.next(data, i, end);
                }
            }
            return o;
        }
    }

    /** REPLACE(text, what, by). */
    static final class Replace extends RowNode {
        Replace(Node text, Node what, Node by) {
            super(Type.VARCHAR, text, what, by);
        }

        @Override
        void row(Frame frame, int r) {
            byte[] data = in[0].data;
            int start = in[0].start[r];
            int end = start + in[0].length[r];
            int width = in[1].length[r];
            long count = 0;
            if (width > 0) {
                for (int at = find(data, start, end, r); at >= 0; at = find(data, at + width, end, r)) {
                    count++;
                }
            }
            int to = room(frame, r, end - start + count * (in[2].length[r] - width));
            if (to < 0) {
                return;
            }
            int i = to;
            int from = start;
            for (long k = 0; k < count; k++) {
                int at = find(data, from, end, r);
                System.arraycopy(data, from, out.data, i, at - from);
                i += at - from;
                System.arraycopy(in[2].data, in[2].start[r], out.data, i, in[2].length[r]);
                i += in[2].length[r];
                from = at + width;
            }
            System.arraycopy(data, from, out.data, i, end - from);
            out.commit(r, to, i + end - from - to);
        }

        private int find(byte[] data, int from, int end, int r) {
            return Utf8.find(data, from, end, in[1].data, in[1].start[r], in[1].length[r]);
        }
    }

    /** LPAD and RPAD(text, length, fill): to just that many characters, cut off at the right where there are more. */
    static final class Pad extends RowNode {
        private final boolean left;

        Pad(boolean left, Node text, Node length, Node fill) {
            super(Type.VARCHAR, text, length, fill);
            this.left = left;
        }

        @Override
        void row(Frame frame, int r) {
            long wanted = Math.max(0, in[1].longs[r]);
            byte[] data = in[0].data;
            int start = in[0].start[r];
            int end = Utf8.skip(data, start, start + in[0].length[r], wanted);
            long missing = wanted - Utf8.count(data, start, end - start);
            byte[] fill = in[2].data;
            int fillStart = in[2].start[r];
            int fillLength = in[2].length[r];
            if (fillLength == 0) {
                missing = 0;
            }
            // At least one byte for each missing character: refused before it is counted out.
            if (missing > Frame.MAX_TEXT_BYTES) {
                frame.tooLong(r);
                out.setNull(r);
                return;
            }
            int fillCount = Utf8.count(fill, fillStart, fillLength);
            long whole = fillCount == 0 ? 0 : missing / fillCount;
            long rest = fillCount == 0 ? 0 : missing % fillCount;
            int tail = Utf8.skip(fill, fillStart, fillStart + fillLength, rest) - fillStart;
            long padding = whole * fillLength + tail;
            int at = room(frame, r, end - start + padding);
            if (at < 0) {
                return;
            }
            int i = at;
            if (!left) {
                System.arraycopy(data, start, out.data, i, end - start);
                i += end - start;
            }
            for (long k = 0; k < whole; k++) {
                System.arraycopy(fill, fillStart, out.data, i, fillLength);
                i += fillLength;
            }
            System.arraycopy(fill, fillStart, out.data, i, tail);
            i += tail;
            if (left) {
                System.arraycopy(data, start, out.data, i, end - start);
                i += end - start;
            }
            out.commit(r, at, i - at);
        }
    }

    static final class Reverse extends RowNode {
        Reverse(Node text) {
            super(Type.VARCHAR, text);
        }

        @Override
        void row(Frame frame, int r) {
            byte[] data = in[0].data;
            int start = in[0].start[r];
            int length = in[0].length[r];
            int at = room(frame, r, length);
            if (at < 0) {
                return;
            }
            int end = start + length;
            int o = at + length;
            for (int i = start; i < end; ) {
                int next = Utf8.next(data, i, end);
                o -= next - i;
                System.arraycopy(data, i, out.data, o, next - i);
                i = next;
            }
            out.commit(r, at, length);
        }
    }

    static final class Repeat extends RowNode {
        Repeat(Node text, Node times) {
            super(Type.VARCHAR, text, times);
        }

        @Override
        void row(Frame frame, int r) {
            long times = Math.max(0, in[1].longs[r]);
            int length = in[0].length[r];
            if (length == 0) {
                times = 0;
            }
            int at = room(frame, r, times > Frame.MAX_TEXT_BYTES ? times : times * length);
            if (at < 0) {
                return;
            }
            for (long k = 0; k < times; k++) {
                System.arraycopy(in[0].data, in[0].start[r], out.data, (int) (at + k * length), length);
            }
            out.commit(r, at, (int) (times * length));
        }
    }
}
