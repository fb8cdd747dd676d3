package io.millrace.sql.oracle;

import io.millrace.api.Column;
import io.millrace.api.Type;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What became of one expression for one row.
 *
 * @param value the value as text: numbers plainly, dates as days and times as microseconds since 1970; null for null
 * @param error why there is none; null where there is
 */
record Answer(@Nullable String value, @Nullable String error) {

    static Answer of(@Nullable String value) {
        return new Answer(value, null);
    }

    static Answer failed(String why) {
        return new Answer(null, why);
    }

    static Answer of(Column column, int row) {
        if (column.isNull(row)) {
            return of(null);
        }
        return of(
                switch (column) {
                    case Column.Longs c ->
                        switch (c.type()) {
                            case Type.Decimal d ->
                                BigDecimal.valueOf(c.values()[row], d.scale()).toPlainString();
                            case Type.Simple s when s == Type.Simple.BOOLEAN -> c.values()[row] != 0 ? "true" : "false";
                            case Type t -> Long.toString(c.values()[row]);
                        };
                    case Column.Wides c ->
                        new BigDecimal(c.unscaled(row), ((Type.Decimal) c.type()).scale()).toPlainString();
                    case Column.Doubles c -> Double.toString(c.values()[row]);
                    case Column.Texts c -> c.string(row);
                    case Column.Arrays c -> throw new IllegalArgumentException("arrays are compared by their elements");
                });
    }

    /** Whether both say the same: the same value, both null, or both refused, for whatever reason. */
    boolean agrees(Answer other, Term term) {
        if (error != null || other.error != null) {
            return error != null && other.error != null;
        }
        if (value == null || other.value == null) {
            return value == null && other.value == null;
        }
        if (!term.type().equals(Type.DOUBLE)) {
            return value.equals(other.value);
        }
        double a = Double.parseDouble(value);
        double b = Double.parseDouble(other.value);
        return Double.compare(a, b) == 0
                || (!term.exact() && Math.abs(a - b) <= 2 * Math.max(Math.ulp(a), Math.ulp(b)));
    }

    String kind() {
        return error != null ? "error" : value == null ? "null" : "value";
    }

    @Override
    public String toString() {
        return error != null ? "refused (" + error + ")" : value == null ? "NULL" : "'" + value + "'";
    }
}
