package io.millrace.sql.calcite;

import io.millrace.api.Type;

/** Which types can be cast to which. */
final class Casts {

    private Casts() {}

    static boolean possible(Type from, Type to) {
        if (from.equals(Type.VARCHAR) || to.equals(Type.VARCHAR)) {
            return !(from instanceof Type.Array) && !(to instanceof Type.Array);
        }
        if (NumericTypes.isNumber(from) && NumericTypes.isNumber(to)) {
            return true;
        }
        if (Conversions.isMoment(from) && Conversions.isMoment(to)) {
            return true;
        }
        boolean flag = from.equals(Type.BOOLEAN) && to.equals(Type.INTEGER);
        return flag || (from.equals(Type.INTEGER) && to.equals(Type.BOOLEAN)) || from.equals(to);
    }
}
