package io.millrace.sql.exec;

/** Writes and reads dates and times in ISO form as PostgreSQL does. */
final class TimeText {
    /** The most bytes that a date or time takes. */
    static final int MOST = 48;

    private final Calendar calendar = new Calendar();

    int date(long days, byte[] to, int at) {
        calendar.set(days);
        int i = calendarDate(to, at);
        return calendar.year <= 0 ? NumberText.ascii(" BC", to, i) : i;
    }

    int timestamp(long micros, boolean utc, byte[] to, int at) {
        calendar.set(Math.floorDiv(micros, Calendar.MICROS_PER_DAY));
        int i = calendarDate(to, at);
        long time = Math.floorMod(micros, Calendar.MICROS_PER_DAY);
        long seconds = time / Calendar.MICROS_PER_SECOND;
        to[i++] = ' ';
        i = NumberText.padded(seconds / 3600, 2, to, i);
        to[i++] = ':';
        i = NumberText.padded(seconds / 60 % 60, 2, to, i);
        to[i++] = ':';
        i = NumberText.padded(seconds % 60, 2, to, i);
        long fraction = time % Calendar.MICROS_PER_SECOND;
        if (fraction != 0) {
            to[i++] = '.';
            i = NumberText.padded(fraction, 6, to, i);
            while (to[i - 1] == '0') {
                i--;
            }
        }
        if (utc) {
            i = NumberText.ascii("+00", to, i);
        }
        return calendar.year <= 0 ? NumberText.ascii(" BC", to, i) : i;
    }

    private int calendarDate(byte[] to, int at) {
        int year = calendar.year <= 0 ? 1 - calendar.year : calendar.year;
        int i = NumberText.padded(year, 4, to, at);
        to[i++] = '-';
        i = NumberText.padded(calendar.month, 2, to, i);
        to[i++] = '-';
        return NumberText.padded(calendar.day, 2, to, i);
    }

    /** What {@link #read} found: the date, the time of day and the offset from UTC. */
    long days;

    long micros;
    long offsetSeconds;
    boolean hasOffset;

    private byte[] data = {};
    private int i;
    private int to;

    /**
     * Reads {@code YYYY-MM-DD[( |T)HH:MM[:SS[.ffffff]]][Z|+HH[[:]MM[[:]SS]]|UTC][ BC]}.
     *
     * @return whether it is one; {@link NumberParser.Outcome#TOO_LARGE} where a part is out of its range
     */
    NumberParser.Outcome read(byte[] bytes, int start, int length) {
        data = bytes;
        i = start;
        to = start + length;
        while (i < to && NumberParser.isSpace(data[i])) {
            i++;
        }
        while (i < to && NumberParser.isSpace(data[to - 1])) {
            to--;
        }
        boolean bc = to - i > 3 && data[to - 1] == 'C' && data[to - 2] == 'B' && NumberParser.isSpace(data[to - 3]);
        if (bc) {
            to -= 3;
        }
        micros = 0;
        offsetSeconds = 0;
        hasOffset = false;
        long year = digits(4, 7);
        if (!take('-')) {
            return NumberParser.Outcome.MALFORMED;
        }
        long month = digits(1, 2);
        if (!take('-')) {
            return NumberParser.Outcome.MALFORMED;
        }
        long day = digits(1, 2);
        boolean inRange = true;
        if (i < to && (data[i] == 'T' || data[i] == 't' || data[i] == ' ')) {
            i++;
            skipSpaces();
            if (i < to && data[i] >= '0' && data[i] <= '9') {
                inRange = readTime();
            } else {
                i--;
            }
        }
        skipSpaces();
        inRange &= readZone();
        if (year < 0 || month < 0 || day < 0 || micros < 0 || i != to) {
            return NumberParser.Outcome.MALFORMED;
        }
        if (bc) {
            inRange &= year > 0;
            year = 1 - year;
        } else {
            inRange &= year > 0;
        }
        inRange &= month >= 1 && month <= 12 && day >= 1;
        if (!inRange || day > Calendar.monthLength(year, (int) month)) {
            return NumberParser.Outcome.TOO_LARGE;
        }
        days = Calendar.daysOf(year, (int) month, (int) day);
        return NumberParser.Outcome.DONE;
    }

    private boolean readTime() {
        long hour = digits(1, 2);
        if (!take(':')) {
            micros = -1;
            return true;
        }
        long minute = digits(1, 2);
        long second = 0;
        long fraction = 0;
        if (take(':')) {
            second = digits(1, 2);
            if (take('.')) {
                fraction = fraction();
            }
        }
        if (hour < 0 || minute < 0 || second < 0 || fraction < 0) {
            micros = -1;
            return true;
        }
        micros = ((hour * 60 + minute) * 60 + second) * Calendar.MICROS_PER_SECOND + fraction;
        // 24:00:00 and second 60 are the next day and minute, as in PostgreSQL.
        return hour <= 24 && minute <= 59 && second <= 60 && micros <= Calendar.MICROS_PER_DAY;
    }

    /** Digits after the point as microseconds, rounded half to even as PostgreSQL's rint does. */
    private long fraction() {
        long value = 0;
        int n = 0;
        boolean half = false;
        boolean more = false;
        while (i < to && data[i] >= '0' && data[i] <= '9') {
            int digit = data[i++] - '0';
            if (n < 6) {
                value = value * 10 + digit;
            } else if (n == 6) {
                half = digit >= 5;
                more = digit > 5;
            } else {
                more |= digit > 0;
            }
            n++;
        }
        for (int k = n; k < 6; k++) {
            value *= 10;
        }
        return half && (more || (value & 1) != 0) ? value + 1 : value;
    }

    private boolean readZone() {
        if (i >= to) {
            return true;
        }
        hasOffset = true;
        if (data[i] == 'Z' || data[i] == 'z') {
            i++;
            return true;
        }
        if (to - i == 3
                && ((data[i] | 0x20) == 'u')
                && ((data[i + 1] | 0x20) == 't')
                && ((data[i + 2] | 0x20) == 'c')) {
            i = to;
            return true;
        }
        boolean west = data[i] == '-';
        if (!west && data[i] != '+') {
            i = -1;
            to = 0;
            return true;
        }
        i++;
        int begin = i;
        long number = digits(1, 4);
        long hours = number;
        long minutes = 0;
        long seconds = 0;
        if (i - begin > 2) {
            hours = number / 100;
            minutes = number % 100;
        } else if (take(':')) {
            minutes = digits(2, 2);
            if (take(':')) {
                seconds = digits(2, 2);
            }
        }
        if (number < 0 || minutes < 0 || seconds < 0) {
            micros = -1;
        }
        offsetSeconds = (hours * 60 + minutes) * 60 + seconds;
        if (west) {
            offsetSeconds = -offsetSeconds;
        }
        return hours <= 15 && minutes <= 59 && seconds <= 59;
    }

    private void skipSpaces() {
        while (i < to && data[i] == ' ') {
            i++;
        }
    }

    private boolean take(char c) {
        if (i < to && data[i] == c) {
            i++;
            return true;
        }
        return false;
    }

    /** A number of at least and at most so many digits; -1 where there is none. */
    private long digits(int least, int most) {
        int begin = i;
        long value = 0;
        while (i < to && i - begin < most && data[i] >= '0' && data[i] <= '9') {
            value = value * 10 + data[i++] - '0';
        }
        return i - begin < least ? -1 : value;
    }
}
