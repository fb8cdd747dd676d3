package io.millrace.sql.exec;

import java.util.Locale;

/** The units of EXTRACT and DATE_TRUNC. */
enum TimeUnit {
    MICROSECOND(1),
    MILLISECOND(1_000),
    SECOND(Calendar.MICROS_PER_SECOND),
    MINUTE(60 * Calendar.MICROS_PER_SECOND),
    HOUR(3600 * Calendar.MICROS_PER_SECOND),
    DAY(Calendar.MICROS_PER_DAY),
    WEEK(0),
    MONTH(0),
    QUARTER(0),
    YEAR(0),
    DECADE(0),
    CENTURY(0),
    MILLENNIUM(0),
    DOW(0),
    ISODOW(0),
    DOY(0),
    ISOYEAR(0),
    EPOCH(0);

    /** Its length in microseconds where that is always the same. */
    final long micros;

    TimeUnit(long micros) {
        this.micros = micros;
    }

    static TimeUnit of(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        for (TimeUnit unit : values()) {
            if (unit.name().equals(upper)) {
                return unit;
            }
        }
        throw new IllegalArgumentException("there is no time unit " + name);
    }

    /** The first day of the unit that a day is in; of units of a day or more. */
    long firstDay(long days, Calendar calendar) {
        calendar.set(days);
        int year = calendar.year;
        return switch (this) {
            case WEEK -> Calendar.monday(days);
            case MONTH -> Calendar.daysOf(year, calendar.month, 1);
            case QUARTER -> Calendar.daysOf(year, (calendar.month - 1) / 3 * 3 + 1, 1);
            case YEAR -> Calendar.daysOf(year, 1, 1);
            // There is no year 0: the first decade AD has nine years, while centuries begin with a year 1.
            case DECADE -> Calendar.daysOf(10L * Math.floorDiv(year, 10), 1, 1);
            case CENTURY -> Calendar.daysOf(100L * Math.floorDiv(year - 1, 100) + 1, 1, 1);
            case MILLENNIUM -> Calendar.daysOf(1000L * Math.floorDiv(year - 1, 1000) + 1, 1, 1);
            case DAY, HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND -> days;
            case DOW, ISODOW, DOY, ISOYEAR, EPOCH ->
                throw new IllegalArgumentException("DATE_TRUNC can't cut to " + this);
        };
    }
}
