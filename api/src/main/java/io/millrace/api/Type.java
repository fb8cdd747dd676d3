package io.millrace.api;

import java.io.Serializable;

/**
 * The SQL type of a column.
 *
 * <p>The physical layout that goes with each type is given by {@link Column}. Immutable; equality is by value.
 */
public sealed interface Type extends Serializable {

    Type BOOLEAN = Simple.BOOLEAN;
    Type INTEGER = Simple.INTEGER;
    Type BIGINT = Simple.BIGINT;
    Type DOUBLE = Simple.DOUBLE;
    Type VARCHAR = Simple.VARCHAR;
    Type DATE = Simple.DATE;
    Type TIMESTAMP = Simple.TIMESTAMP;
    Type TIMESTAMP_TZ = Simple.TIMESTAMP_TZ;
    Type JSON = Simple.JSON;

    /** The most digits that a DECIMAL can have. */
    int MAX_PRECISION = 38;

    /** The most digits of a DECIMAL whose unscaled value always fits a {@code long}. */
    int MAX_LONG_PRECISION = 18;

    /** Types without parameters. */
    enum Simple implements Type {
        BOOLEAN,
        /** 32-bit signed. */
        INTEGER,
        /** 64-bit signed. */
        BIGINT,
        /** IEEE 754 binary64. */
        DOUBLE,
        /** UTF-8 text of any length. */
        VARCHAR,
        /** Proleptic Gregorian day. */
        DATE,
        /** Date and time of day without a zone, in microseconds. */
        TIMESTAMP,
        /** An instant, in microseconds. */
        TIMESTAMP_TZ {
            @Override
            public String sql() {
                return "TIMESTAMP WITH TIME ZONE";
            }
        },
        /** A JSON value as its UTF-8 text. */
        JSON;

        @Override
        public String sql() {
            return name();
        }
    }

    /**
     * An exact decimal number.
     *
     * @param precision digits in all, 1 to {@value #MAX_PRECISION}
     * @param scale digits after the point, 0 to {@code precision}
     */
    record Decimal(int precision, int scale) implements Type {
        public Decimal {
            if (precision < 1 || precision > MAX_PRECISION || scale < 0 || scale > precision) {
                throw new IllegalArgumentException("DECIMAL(" + precision + "," + scale + ") is out of range");
            }
        }

        /** Whether every unscaled value fits a {@code long}. */
        public boolean fitsLong() {
            return precision <= MAX_LONG_PRECISION;
        }

        @Override
        public String sql() {
            return "DECIMAL(" + precision + ", " + scale + ")";
        }
    }

    /**
     * A list of values of one type; elements may be null.
     *
     * @param element the type of each element
     */
    record Array(Type element) implements Type {
        @Override
        public String sql() {
            return element.sql() + " ARRAY";
        }
    }

    static Type decimal(int precision, int scale) {
        return new Decimal(precision, scale);
    }

    static Type array(Type element) {
        return new Array(element);
    }

    /** The type as it is written in SQL. */
    String sql();
}
