package io.millrace.formats;

/**
 * Dates and times out of ISO 8601 text, without allocation. Years are 0001 to 9999, and there is no second 60. Not
 * thread-safe.
 */
final class Times {

    private static final int[] MONTH_DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    private static final long DAY_MICROS = 86_400_000_000L;

    /** What an offset after the time is. */
    enum Zone {
        FORBIDDEN,
        REQUIRED,
        /** UTC where there is none. */
        UTC_BY_DEFAULT
    }

    /** The result: days for {@link #date}, microseconds for {@link #timestamp}. */
    long value;

    private int at;

    /** Reads {@code YYYY-MM-DD}. */
    boolean date(byte[] b, int p, int end) {
        if (end - p != 10 || b[p + 4] != '-' || b[p + 7] != '-') {
            return false;
        }
        int year = two(b, p) * 100 + two(b, p + 2);
        int month = two(b, p + 5);
        int day = two(b, p + 8);
        if (two(b, p) < 0 || two(b, p + 2) < 0 || year < 1 || month < 1 || month > 12 || day < 1) {
            return false;
        }
        boolean leap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
        if (day > MONTH_DAYS[month - 1] + (leap && month == 2 ? 1 : 0)) {
            return false;
        }
        value = days(year, month, day);
        return true;
    }

    /** Days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
    private static long days(int year, int month, int day) {
        int y = month <= 2 ? year - 1 : year;
        int era = y / 400;
        int yearOfEra = y - era * 400;
        int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097L + dayOfEra - 719_468;
    }

    /**
     * Reads {@code YYYY-MM-DDThh:mm[:ss[.ffffff]][offset]}, with T or a space; more than six digits of a fraction only
     * where those are zeros.
     *
     * @param dateAlone whether a date will do, as its midnight
     */
    boolean timestamp(byte[] b, int p, int end, Zone zone, boolean dateAlone) {
        int dateEnd = p + 10;
        if (dateEnd > end || !date(b, p, dateEnd)) {
            return false;
        }
        long micros = value * DAY_MICROS;
        if (dateEnd == end) {
            value = micros;
            return dateAlone && zone != Zone.REQUIRED;
        }
        if ((b[dateEnd] | 0x20) != 't' && b[dateEnd] != ' ') {
            return false;
        }
        at = dateEnd + 1;
        long time = timeOfDay(b, end);
        if (time < 0) {
            return false;
        }
        micros += time;
        if (at == end) {
            value = micros;
            return zone != Zone.REQUIRED;
        }
        if (zone == Zone.FORBIDDEN || !offset(b, end)) {
            return false;
        }
        value = micros - value;
        return true;
    }

    /** Reads the time from {@link #at}: microseconds of the day, or -1. */
    private long timeOfDay(byte[] b, int end) {
        int p = at;
        if (end - p < 5 || b[p + 2] != ':') {
            return -1;
        }
        int hour = two(b, p);
        int minute = two(b, p + 3);
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
            return -1;
        }
        p += 5;
        long micros = (hour * 60L + minute) * 60_000_000;
        if (p < end && b[p] == ':') {
            int second = end - p < 3 ? -1 : two(b, p + 1);
            if (second < 0 || second > 59) {
                return -1;
            }
            micros += second * 1_000_000L;
            p += 3;
            if (p < end && b[p] == '.') {
                p++;
                int first = p;
                int unit = 100_000;
                for (; p < end && b[p] >= '0' && b[p] <= '9'; p++) {
                    if (unit == 0 && b[p] != '0') {
                        return -1;
                    }
                    micros += (long) (b[p] - '0') * unit;
                    unit /= 10;
                }
                if (p == first) {
                    return -1;
                }
            }
        }
        at = p;
        return micros;
    }

    /** Reads {@code Z}, {@code +hh}, {@code +hhmm} or {@code +hh:mm} from {@link #at} to the end: microseconds. */
    private boolean offset(byte[] b, int end) {
        int p = at;
        if ((b[p] | 0x20) == 'z') {
            value = 0;
            return p + 1 == end;
        }
        if ((b[p] != '+' && b[p] != '-') || end - p < 3) {
            return false;
        }
        int hours = two(b, p + 1);
        int minutes = 0;
        int length = end - p;
        if (length == 5) {
            minutes = two(b, p + 3);
        } else if (length == 6 && b[p + 3] == ':') {
            minutes = two(b, p + 4);
        } else if (length != 3) {
            return false;
        }
        if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
            return false;
        }
        long micros = (hours * 60L + minutes) * 60_000_000;
        value = b[p] == '-' ? -micros : micros;
        return true;
    }

    /** The value of two digits, or a negative number. */
    private static int two(byte[] b, int p) {
        int tens = b[p] - '0';
        int ones = b[p + 1] - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -10_000 : tens * 10 + ones;
    }
}
