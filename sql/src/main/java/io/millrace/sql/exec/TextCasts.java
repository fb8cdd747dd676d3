package io.millrace.sql.exec;

import io.millrace.api.Type;
import java.nio.charset.StandardCharsets;

/** Conversions to VARCHAR. They can't fail. */
final class TextCasts {

    private TextCasts() {}

    /** From JSON, whose text it is. */
    static final class Same extends StrictNode {
        Same(Node operand, Type to) {
            super(to, operand);
        }

        @Override
        void run(Frame frame, Rows rows) {
            out.data = in[0].data;
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                out.start[r] = in[0].start[r];
                out.length[r] = in[0].length[r];
            }
        }
    }

    static final class FromBoolean extends StrictNode {
        private static final byte[] WORDS = "truefalse".getBytes(StandardCharsets.US_ASCII);

        FromBoolean(Node operand) {
            super(Type.VARCHAR, operand);
        }

        @Override
        void run(Frame frame, Rows rows) {
            out.data = WORDS;
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                boolean value = in[0].longs[r] != 0;
                out.start[r] = value ? 0 : 4;
                out.length[r] = value ? 4 : 5;
            }
        }
    }

    /** From INTEGER, BIGINT and DECIMAL. */
    static final class FromDecimal extends StrictNode {
        private final int scale;
        private final Int128 x = new Int128();

        FromDecimal(Node operand) {
            super(Type.VARCHAR, operand);
            this.scale = DecimalNode.scaleOf(operand.type);
        }

        @Override
        void run(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                int at = room(frame, r, NumberText.MOST);
                if (at < 0) {
                    continue;
                }
                x.load(in[0], r);
                int end = x.fitsLong() && x.low != Long.MIN_VALUE && scale <= 18
                        ? NumberText.decimal(x.low, scale, out.data, at)
                        : NumberText.decimal(x.toBigInteger(), scale, out.data, at);
                out.commit(r, at, end - at);
            }
        }
    }

    static final class FromDouble extends StrictNode {
        FromDouble(Node operand) {
            super(Type.VARCHAR, operand);
        }

        @Override
        void run(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                int at = room(frame, r, NumberText.MOST);
                if (at >= 0) {
                    out.commit(r, at, NumberText.write(in[0].doubles[r], out.data, at) - at);
                }
            }
        }
    }

    /** From DATE, TIMESTAMP and TIMESTAMP_TZ, the last in UTC. */
    static final class FromTime extends StrictNode {
        private final Type.Simple from;
        private final TimeText text = new TimeText();

        FromTime(Node operand, Type.Simple from) {
            super(Type.VARCHAR, operand);
            this.from = from;
        }

        @Override
        void run(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                int at = room(frame, r, TimeText.MOST);
                if (at < 0) {
                    continue;
                }
                long value = in[0].longs[r];
                int end = from == Type.Simple.DATE
                        ? text.date(value, out.data, at)
                        : text.timestamp(value, from == Type.Simple.TIMESTAMP_TZ, out.data, at);
                out.commit(r, at, end - at);
            }
        }
    }
}
