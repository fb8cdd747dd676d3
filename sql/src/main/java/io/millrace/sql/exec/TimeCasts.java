package io.millrace.sql.exec;

import io.millrace.api.Type;

/** Conversions to DATE, TIMESTAMP and TIMESTAMP_TZ. What has no zone is taken to be in UTC. */
final class TimeCasts {

    private TimeCasts() {}

    /** From VARCHAR in ISO form. A zone in the text of a DATE or TIMESTAMP is passed over, as in PostgreSQL. */
    static final class FromText extends CastNode {
        private final Type.Simple to;
        private final TimeText text = new TimeText();

        FromText(Node operand, Type.Simple to, boolean orNull) {
            super(operand, to, orNull);
            this.to = to;
        }

        @Override
        void run(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                if (!accepted(frame, r, text.read(in[0].data, in[0].start[r], in[0].length[r]))) {
                    continue;
                }
                if (to == Type.Simple.DATE) {
                    out.longs[r] = text.days;
                    if (!Calendar.isDay(text.days)) {
                        tooLarge(frame, r);
                    }
                    continue;
                }
                // At most 5874897 years: no overflow.
                long local = Calendar.isDay(text.days) ? saturated(text.days, text.micros) : Calendar.END_MICROS;
                long micros = to == Type.Simple.TIMESTAMP_TZ
                        ? local - text.offsetSeconds * Calendar.MICROS_PER_SECOND
                        : local;
                out.longs[r] = micros;
                if (!Calendar.isTimestamp(micros)) {
                    tooLarge(frame, r);
                }
            }
        }
    }

    /** Microseconds of a day; of one beyond the range of timestamps something beyond it. */
    static long saturated(long days, long micros) {
        return days >= Calendar.END_MICROS / Calendar.MICROS_PER_DAY
                ? Calendar.END_MICROS
                : days * Calendar.MICROS_PER_DAY + micros;
    }

    static final class BetweenTimes extends CastNode {
        private final boolean fromDate;
        private final boolean toDate;

        BetweenTimes(Node operand, Type.Simple from, Type.Simple to, boolean orNull) {
            super(operand, to, orNull);
            this.fromDate = from == Type.Simple.DATE;
            this.toDate = to == Type.Simple.DATE;
        }

        @Override
        void run(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                long value = in[0].longs[r];
                if (fromDate) {
                    out.longs[r] = saturated(value, 0);
                    if (!Calendar.isTimestamp(out.longs[r])) {
                        tooLarge(frame, r);
                    }
                } else {
                    out.longs[r] = toDate ? Math.floorDiv(value, Calendar.MICROS_PER_DAY) : value;
                }
            }
        }
    }
}
