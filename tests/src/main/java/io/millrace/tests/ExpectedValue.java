package io.millrace.tests;

import io.millrace.api.Type;
import io.millrace.connectors.memory.MemoryTable;
import io.millrace.engine.yaml.Yaml;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Holds a value of a table against one that a test file writes. */
final class ExpectedValue {

    private ExpectedValue() {}

    /** @param found the value as PostgreSQL writes it; null for null */
    static boolean fits(Yaml expected, Type type, @Nullable String found) {
        if (found == null) {
            return expected instanceof Yaml.Scalar scalar && scalar.isNull();
        }
        if (type.equals(Type.JSON)) {
            String json = expected instanceof Yaml.Scalar scalar ? scalar.text() : GivenJson.of(expected);
            return found.equals(MemoryTable.jsonb(json));
        }
        if (!(expected instanceof Yaml.Scalar scalar) || scalar.isNull()) {
            return false;
        }
        String text = scalar.text();
        return switch (type) {
            case Type.Decimal _ -> sameNumber(text, found);
            case Type.Array _ -> text.equals(found);
            case Type.Simple simple ->
                switch (simple) {
                    case INTEGER, BIGINT -> sameNumber(text, found);
                    case DOUBLE -> sameNumber(text, found) || text.equals(found);
                    case BOOLEAN, VARCHAR, DATE, JSON -> text.equals(found);
                    case TIMESTAMP, TIMESTAMP_TZ -> sameTime(text, found);
                };
        };
    }

    private static boolean sameNumber(String expected, String found) {
        try {
            return new BigDecimal(expected).compareTo(new BigDecimal(found)) == 0;
        } catch (NumberFormatException e) {
            // NaN, or a text that is no number: it equals none.
            return false;
        }
    }

    /** {@code T} and {@code Z} may be written as everywhere, and as PostgreSQL has it. */
    private static boolean sameTime(String expected, String found) {
        return expected.replace('T', ' ').replace("Z", "+00").equals(found);
    }
}
