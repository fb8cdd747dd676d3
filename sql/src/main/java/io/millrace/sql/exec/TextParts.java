package io.millrace.sql.exec;

import io.millrace.api.Type;

/** Functions that take a part of a text. Their results show the bytes of the argument; nothing is copied. */
final class TextParts {

    private TextParts() {}

    /** A node whose result lies in the bytes of its argument {@code text}. */
    abstract static class Part extends RowNode {
        private final int text;

        Part(int text, Node... args) {
            super(Type.VARCHAR, args);
            this.text = text;
        }

        @Override
        void begin() {
            out.data = in[text].data;
        }
    }

    /** SUBSTRING: positions before the first character count, so that (text, -1, 3) is the first character. */
    static final class Substring extends Part {
        private final boolean bounded;

        Substring(Node... args) {
            super(0, args);
            this.bounded = args.length > 2;
        }

        @Override
        void row(Frame frame, int r) {
            byte[] data = in[0].data;
            int start = in[0].start[r];
            int end = start + in[0].length[r];
            long from = in[1].longs[r];
            long stop = Long.MAX_VALUE;
            if (bounded) {
                long length = in[2].longs[r];
                if (length < 0) {
                    invalid(frame, r, "the length of a substring is negative");
                    return;
                }
                stop = from > Long.MAX_VALUE - length ? Long.MAX_VALUE : from + length;
            }
            long first = Math.max(from, 1);
            int a = Utf8.skip(data, start, end, first - 1);
            int b = stop <= first ? a : Utf8.skip(data, a, end, stop - first);
            view(r, a, b - a);
        }
    }

    /** LEFT and RIGHT; a negative number leaves out so many at the other side. */
    static final class Side extends Part {
        private final boolean left;

        Side(boolean left, Node text, Node count) {
            super(0, text, count);
            this.left = left;
        }

        @Override
        void row(Frame frame, int r) {
            byte[] data = in[0].data;
            int start = in[0].start[r];
            int end = start + in[0].length[r];
            long n = in[1].longs[r];
            int cut;
            if ((n >= 0) == left) {
                cut = Utf8.skip(data, start, end, n < 0 ? -Math.max(n, -Long.MAX_VALUE) : n);
            } else {
                cut = end;
                long back = n < 0 ? -Math.max(n, -Long.MAX_VALUE) : n;
                for (long k = 0; k < back && cut > start; k++) {
                    cut = Utf8.previous(data, start, cut);
                }
            }
            view(r, left ? start : cut, left ? cut - start : end - cut);
        }
    }

    /** TRIM, LTRIM and RTRIM(what, text): takes characters of a set off the ends. */
    static final class Trim extends Part {
        private final boolean front;
        private final boolean back;

        Trim(boolean front, boolean back, Node what, Node text) {
            super(1, what, text);
            this.front = front;
            this.back = back;
        }

        @Override
        void row(Frame frame, int r) {
            byte[] data = in[1].data;
            int start = in[1].start[r];
            int end = start + in[1].length[r];
            while (front && start < end) {
                int next = Utf8.next(data, start, end);
                if (!inSet(r, data, start, next - start)) {
                    break;
                }
                start = next;
            }
            while (back && start < end) {
                int last = Utf8.previous(data, start, end);
                if (!inSet(r, data, last, end - last)) {
                    break;
                }
                end = last;
            }
            view(r, start, end - start);
        }

        private boolean inSet(int r, byte[] data, int at, int bytes) {
            byte[] set = in[0].data;
            int end = in[0].start[r] + in[0].length[r];
            for (int i = in[0].start[r]; i < end; ) {
                int next = Utf8.next(set, i, end);
                if (next - i == bytes && Utf8.matches(data, at, set, i, bytes)) {
                    return true;
                }
                i = next;
            }
            return false;
        }
    }

    /** SPLIT_PART(text, delimiter, n). */
    static final class SplitPart extends Part {
        SplitPart(Node text, Node delimiter, Node n) {
            super(0, text, delimiter, n);
        }

        @Override
        void row(Frame frame, int r) {
            long n = in[2].longs[r];
            if (n == 0) {
                invalid(frame, r, "the position of a part must not be zero");
                return;
            }
            byte[] data = in[0].data;
            int start = in[0].start[r];
            int end = start + in[0].length[r];
            int width = in[1].length[r];
            if (width == 0) {
                view(r, start, n == 1 || n == -1 ? end - start : 0);
                return;
            }
            long index = n > 0 ? n : parts(data, start, end, r) + n + 1;
            int from = start;
            for (long k = 1; k < index && from >= 0; k++) {
                int at = find(data, from, end, r);
                from = at < 0 ? -1 : at + width;
            }
            if (index < 1 || from < 0) {
                view(r, start, 0);
                return;
            }
            int stop = find(data, from, end, r);
            view(r, from, (stop < 0 ? end : stop) - from);
        }

        private int find(byte[] data, int from, int end, int r) {
            return Utf8.find(data, from, end, in[1].data, in[1].start[r], in[1].length[r]);
        }

        private long parts(byte[] data, int start, int end, int r) {
            long parts = 1;
            int from = start;
            while (true) {
                int at = find(data, from, end, r);
                if (at < 0) {
                    return parts;
                }
                parts++;
                from = at + in[1].length[r];
            }
        }
    }
}
