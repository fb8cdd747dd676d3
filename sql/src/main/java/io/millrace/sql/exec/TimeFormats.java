package io.millrace.sql.exec;

import io.millrace.api.Type;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Locale;

/** Functions that go through {@code java.time}: formats given by patterns, and time zones. */
final class TimeFormats {

    private TimeFormats() {}

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }

    private static LocalDateTime dateTime(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, Calendar.MICROS_PER_SECOND),
                (int) Math.floorMod(micros, Calendar.MICROS_PER_SECOND) * 1000,
                ZoneOffset.UTC);
    }

    private static long micros(LocalDateTime time) {
        return time.toEpochSecond(ZoneOffset.UTC) * Calendar.MICROS_PER_SECOND + time.get(ChronoField.MICRO_OF_SECOND);
    }

    /** PARSE_TIMESTAMP and PARSE_DATE(format, text). A zone in the text brings the time to UTC. */
    static final class Parse extends RowNode {
        private final DateTimeFormatter formatter;
        private final boolean date;

        Parse(Type type, String pattern, Node text) {
            super(type, text);
            this.formatter = formatter(pattern);
            this.date = type.equals(Type.DATE);
        }

        @Override
        void row(Frame frame, int r) {
            String text = new String(in[0].data, in[0].start[r], in[0].length[r], StandardCharsets.UTF_8);
            try {
                TemporalAccessor parsed = formatter.parse(text);
                LocalDate day = LocalDate.from(parsed);
                LocalTime time = parsed.query(TemporalQueries.localTime());
                if (date) {
                    out.longs[r] = day.toEpochDay();
                } else {
                    long micros = micros(day.atTime(time == null ? LocalTime.MIDNIGHT : time));
                    if (parsed.isSupported(ChronoField.INSTANT_SECONDS)) {
                        Instant instant = Instant.from(parsed);
                        micros = instant.getEpochSecond() * Calendar.MICROS_PER_SECOND + instant.getNano() / 1000;
                    } else if (parsed.isSupported(ChronoField.OFFSET_SECONDS)) {
                        micros -= parsed.get(ChronoField.OFFSET_SECONDS) * Calendar.MICROS_PER_SECOND;
                    }
                    out.longs[r] = micros;
                }
            } catch (DateTimeException e) {
                // Its message holds the text, which is a value of the record.
                fail(frame, r, TransformCode.INVALID_CAST, "a text does not have the format given");
                return;
            }
            if (date ? !Calendar.isDay(out.longs[r]) : !Calendar.isTimestamp(out.longs[r])) {
                overflow(frame, r);
            }
        }
    }

    /** FORMAT_TIMESTAMP(format, value). */
    static final class Format extends RowNode {
        private final DateTimeFormatter formatter;
        private final boolean date;

        Format(String pattern, Node value) {
            super(Type.VARCHAR, value);
            this.formatter = formatter(pattern);
            this.date = value.type.equals(Type.DATE);
        }

        @Override
        void row(Frame frame, int r) {
            long value = in[0].longs[r];
            OffsetDateTime time = date
                    ? LocalDate.ofEpochDay(value).atStartOfDay().atOffset(ZoneOffset.UTC)
                    : dateTime(value).atOffset(ZoneOffset.UTC);
            byte[] text;
            try {
                text = formatter.format(time).getBytes(StandardCharsets.UTF_8);
            } catch (DateTimeException e) {
                // A field of fixed width that the value does not fit.
                invalid(frame, r, "a time can't be written in the format given");
                return;
            }
            copyText(frame, r, text, 0, text.length);
        }
    }

    /** AT_TIME_ZONE: an instant to the clock there, or a clock there to the instant. */
    static final class AtZone extends RowNode {
        private final ZoneRules rules;
        private final boolean toLocal;

        AtZone(Node value, String zone) {
            super(value.type.equals(Type.TIMESTAMP_TZ) ? Type.TIMESTAMP : Type.TIMESTAMP_TZ, value);
            this.toLocal = value.type.equals(Type.TIMESTAMP_TZ);
            try {
                this.rules = ZoneId.of(zone).getRules();
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("there is no time zone " + zone, e);
            }
        }

        @Override
        void row(Frame frame, int r) {
            long value = in[0].longs[r];
            long offset = toLocal ? offsetAt(value) : -offsetOf(dateTime(value));
            out.longs[r] = value + offset * Calendar.MICROS_PER_SECOND;
            if (!Calendar.isTimestamp(out.longs[r])) {
                overflow(frame, r);
            }
        }

        private long offsetAt(long micros) {
            Instant instant = Instant.ofEpochSecond(Math.floorDiv(micros, Calendar.MICROS_PER_SECOND));
            return rules.getOffset(instant).getTotalSeconds();
        }

        /** A clock that is put forward is read as before, one that is put back as after, as in PostgreSQL. */
        private long offsetOf(LocalDateTime local) {
            ZoneOffsetTransition transition = rules.getTransition(local);
            if (transition == null) {
                return rules.getOffset(local).getTotalSeconds();
            }
            ZoneOffset offset = transition.isGap() ? transition.getOffsetBefore() : transition.getOffsetAfter();
            return offset.getTotalSeconds();
        }
    }
}
