package io.millrace.sql.exec;

import io.millrace.api.Type;

/** Chooses the operator for a conversion. */
final class Casts {

    private Casts() {}

    static Node of(Node operand, Type to, boolean orNull) {
        if (operand.type.equals(to)) {
            return operand;
        }
        throw new IllegalArgumentException(operand.type.sql() + " can't be cast to " + to.sql());
    }
}
