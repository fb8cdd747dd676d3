package io.millrace.sql.exec;

/**
 * The proleptic Gregorian calendar over plain numbers: days and microseconds since 1970-01-01T00:00. Year 0 is 1 BC.
 * (Howard Hinnant, "chrono-compatible low-level date algorithms".)
 */
final class Calendar {
    static final long MICROS_PER_SECOND = 1_000_000;
    static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

    /** PostgreSQL's range of dates: 4714-11-24 BC to 5874897-12-31. */
    static final long LEAST_DAY = daysOf(-4713, 11, 24);

    static final long MOST_DAY = daysOf(5874897, 12, 31);
    static final long LEAST_MICROS = LEAST_DAY * MICROS_PER_DAY;
    /** The last whole year whose microseconds fit: PostgreSQL, which counts from 2000, goes 30 years further. */
    static final long END_MICROS = daysOf(294247, 1, 1) * MICROS_PER_DAY;

    int year;
    int month;
    int day;

    /** Takes a day apart. */
    void set(long days) {
        long z = days + 719_468;
        long era = Math.floorDiv(z, 146_097L);
        int dayOfEra = (int) (z - era * 146_097);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int shifted = (5 * dayOfYear + 2) / 153;
        day = dayOfYear - (153 * shifted + 2) / 5 + 1;
        month = shifted < 10 ? shifted + 3 : shifted - 9;
        year = (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0);
    }

    static long daysOf(long year, int month, int day) {
        long y = month <= 2 ? year - 1 : year;
        long era = Math.floorDiv(y, 400L);
        int yearOfEra = (int) (y - era * 400);
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097 + dayOfEra - 719_468;
    }

    static boolean isLeap(long year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    static int monthLength(long year, int month) {
        return switch (month) {
            case 2 -> isLeap(year) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    /** 1 for Monday to 7 for Sunday. */
    static int isoDayOfWeek(long days) {
        return (int) Math.floorMod(days + 3, 7L) + 1;
    }

    /** The Monday of the week. */
    static long monday(long days) {
        return days - isoDayOfWeek(days) + 1;
    }

    /** The year that the day's ISO week belongs to: that of its Thursday. */
    static int isoYear(long days) {
        Calendar thursday = new Calendar();
        thursday.set(monday(days) + 3);
        return thursday.year;
    }

    static int isoWeek(long days) {
        long thursday = monday(days) + 3;
        return (int) ((thursday - daysOf(isoYear(days), 1, 1)) / 7) + 1;
    }

    int dayOfYear() {
        return (int) (daysOf(year, month, day) - daysOf(year, 1, 1)) + 1;
    }

    static boolean isDay(long days) {
        return days >= LEAST_DAY && days <= MOST_DAY;
    }

    static boolean isTimestamp(long micros) {
        return micros >= LEAST_MICROS && micros < END_MICROS;
    }

    /** The day some months later; one that its month does not have becomes the month's last. */
    long plusMonths(long days, long months) {
        set(days);
        long total = year * 12L + (month - 1) + months;
        long y = Math.floorDiv(total, 12L);
        int m = (int) Math.floorMod(total, 12L) + 1;
        return daysOf(y, m, Math.min(day, monthLength(y, m)));
    }
}
