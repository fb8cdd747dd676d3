package io.millrace.engine.run;

import io.millrace.api.Schema;
import java.util.List;

/**
 * Records have fields that the contract does not name, and that are to become columns. It ends the attempt: what
 * was read before is committed, and these are read again once they have columns.
 */
final class FieldsFound extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Schema.Field> columns;

    /** @param columns for each field, that which it is to be; at least one */
    FieldsFound(List<Schema.Field> columns) {
        super("fields that the contract does not name: " + columns, null, false, false);
        this.columns = List.copyOf(columns);
    }

    List<Schema.Field> columns() {
        return columns;
    }
}
