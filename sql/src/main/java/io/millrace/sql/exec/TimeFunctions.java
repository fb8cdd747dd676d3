package io.millrace.sql.exec;

import io.millrace.api.Type;

/** Functions of dates and times, in UTC. */
final class TimeFunctions {

    private TimeFunctions() {}

    private static boolean isDate(Node node) {
        return node.type.equals(Type.DATE);
    }

    /** EXTRACT. Years before Christ are negative and there is no year 0, as in PostgreSQL. */
    static final class Extract extends DecimalNode {
        private final TimeUnit unit;
        private final boolean date;
        private final Calendar calendar = new Calendar();
        private final Int128 x = new Int128();

        Extract(Type type, TimeUnit unit, Node value) {
            super(type, value);
            this.unit = unit;
            this.date = isDate(value);
        }

        @Override
        void run(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                long value = in[0].longs[r];
                long days = date ? value : Math.floorDiv(value, Calendar.MICROS_PER_DAY);
                long time = date ? 0 : Math.floorMod(value, Calendar.MICROS_PER_DAY);
                switch (unit) {
                    // These three have fractions: millionths, and thousandths of milliseconds.
                    case SECOND -> fraction(frame, r, time % 60_000_000, 6);
                    case MILLISECOND -> fraction(frame, r, time % 60_000_000, 3);
                    case EPOCH -> fraction(frame, r, days * Calendar.MICROS_PER_DAY + time, 6);
                    default -> fraction(frame, r, whole(days, time), 0);
                }
            }
        }

        private void fraction(Frame frame, int r, long unscaled, int digits) {
            x.set(unscaled);
            if (digits > scale) {
                x.scaleDown(digits - scale);
            } else if (!x.scaleUp(scale - digits)) {
                tooLarge(frame, r);
                return;
            }
            put(frame, r, x);
        }

        private long whole(long days, long time) {
            calendar.set(days);
            int year = calendar.year;
            return switch (unit) {
                case MICROSECOND -> time % 60_000_000;
                case MINUTE -> time / 60_000_000 % 60;
                case HOUR -> time / 3_600_000_000L;
                case DAY -> calendar.day;
                case WEEK -> Calendar.isoWeek(days);
                case MONTH -> calendar.month;
                case QUARTER -> (calendar.month - 1) / 3 + 1;
                case YEAR -> withoutZero(year);
                case DECADE -> Math.floorDiv(year, 10);
                case CENTURY -> group(year, 100);
                case MILLENNIUM -> group(year, 1000);
                case DOW -> Calendar.isoDayOfWeek(days) % 7;
                case ISODOW -> Calendar.isoDayOfWeek(days);
                case DOY -> calendar.dayOfYear();
                case ISOYEAR -> withoutZero(Calendar.isoYear(days));
                case SECOND, MILLISECOND, EPOCH -> throw new IllegalStateException(unit + " has a fraction");
            };
        }

        private static long withoutZero(int year) {
            return year > 0 ? year : year - 1L;
        }

        private static long group(int year, int years) {
            return year > 0 ? (year + years - 1L) / years : -((years - 1L - (year - 1L)) / years);
        }
    }

    static final class Truncate extends RowNode {
        private final TimeUnit unit;
        private final boolean date;
        private final Calendar calendar = new Calendar();

        Truncate(TimeUnit unit, Node value) {
            super(value.type, value);
            this.unit = unit;
            this.date = isDate(value);
            unit.firstDay(0, calendar);
        }

        @Override
        void row(Frame frame, int r) {
            long value = in[0].longs[r];
            long result;
            if (date) {
                result = unit.firstDay(value, calendar);
            } else if (unit.micros > 0) {
                result = value - Math.floorMod(value, unit.micros);
            } else {
                long days = Math.floorDiv(value, Calendar.MICROS_PER_DAY);
                result = unit.firstDay(days, calendar) * Calendar.MICROS_PER_DAY;
            }
            out.longs[r] = result;
            if (date ? !Calendar.isDay(result) : !Calendar.isTimestamp(result)) {
                overflow(frame, r);
            }
        }
    }

    /** ADD_INTERVAL(value, months, microseconds): months first, to the month's last day where it is shorter. */
    static final class AddInterval extends RowNode {
        private static final long MOST_MONTHS = 12L * 6_000_000;

        private final boolean fromDate;
        private final boolean toDate;
        private final Calendar calendar = new Calendar();

        AddInterval(Type type, Node value, Node months, Node micros) {
            super(type, value, months, micros);
            this.fromDate = isDate(value);
            this.toDate = type.equals(Type.DATE);
        }

        @Override
        void row(Frame frame, int r) {
            long value = in[0].longs[r];
            long months = in[1].longs[r];
            long micros = in[2].longs[r];
            long days = fromDate ? value : Math.floorDiv(value, Calendar.MICROS_PER_DAY);
            long time = fromDate ? 0 : Math.floorMod(value, Calendar.MICROS_PER_DAY);
            if (months > MOST_MONTHS || months < -MOST_MONTHS) {
                overflow(frame, r);
                return;
            }
            if (months != 0) {
                days = calendar.plusMonths(days, months);
            }
            // Days and time are added apart, so that nothing here can overflow.
            days += Math.floorDiv(micros, Calendar.MICROS_PER_DAY);
            time += Math.floorMod(micros, Calendar.MICROS_PER_DAY);
            days += time / Calendar.MICROS_PER_DAY;
            time %= Calendar.MICROS_PER_DAY;
            boolean fits = Calendar.isDay(days);
            if (toDate) {
                out.longs[r] = days;
            } else {
                fits &= days < Calendar.END_MICROS / Calendar.MICROS_PER_DAY;
                out.longs[r] = days * Calendar.MICROS_PER_DAY + time;
            }
            if (!fits) {
                overflow(frame, r);
            }
        }
    }

    /** TO_TIMESTAMP(seconds). */
    static final class ToTimestamp extends RowNode {
        /** PostgreSQL counts from 2000; to round as it does is to count as it does. */
        private static final long EPOCH_2000 = 946_684_800;

        private final int scale;
        private final boolean floating;
        private final Int128 x = new Int128();

        ToTimestamp(Node seconds) {
            super(Type.TIMESTAMP_TZ, seconds);
            this.scale = DecimalNode.scaleOf(seconds.type);
            this.floating = seconds.type.equals(Type.DOUBLE);
        }

        @Override
        void row(Frame frame, int r) {
            boolean fits;
            long micros;
            if (floating) {
                double since2000 = Math.rint((in[0].doubles[r] - EPOCH_2000) * 1e6);
                fits = Math.abs(since2000) < 9.3e18;
                micros = (long) since2000;
                fits &= micros < Long.MAX_VALUE - EPOCH_2000 * Calendar.MICROS_PER_SECOND;
                micros += EPOCH_2000 * Calendar.MICROS_PER_SECOND;
            } else {
                x.load(in[0], r);
                fits = true;
                if (scale > 6) {
                    x.scaleDown(scale - 6);
                } else {
                    fits = x.scaleUp(6 - scale);
                }
                fits &= x.fitsLong();
                micros = x.low;
            }
            out.longs[r] = micros;
            if (!fits || !Calendar.isTimestamp(micros)) {
                overflow(frame, r);
            }
        }
    }
}
