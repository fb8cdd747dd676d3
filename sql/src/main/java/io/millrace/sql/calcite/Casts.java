package io.millrace.sql.calcite;

import io.millrace.api.Type;

/** Which types can be cast to which. */
final class Casts {

    private Casts() {}

    static boolean possible(Type from, Type to) {
        if (from.equals(to)) {
            return true;
        }
        if (from instanceof Type.Array || to instanceof Type.Array) {
            return false;
        }
        if (from.equals(Type.VARCHAR) || to.equals(Type.VARCHAR)) {
            return true;
        }
        if (from.equals(Type.JSON)) {
            // What is taken is the scalar that the JSON is.
            return true;
        }
        if (Conversions.isMoment(from)) {
            return Conversions.isMoment(to);
        }
        // Numbers and truth values, as 1 and 0.
        return isNumeric(from) && isNumeric(to);
    }

    private static boolean isNumeric(Type type) {
        return type.equals(Type.BOOLEAN) || NumericTypes.isNumber(type);
    }
}
