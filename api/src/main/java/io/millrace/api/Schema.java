package io.millrace.api;

import java.io.Serializable;
import java.util.List;

/**
 * The names and types of the columns of a batch, in order. Names keep their case and are unique.
 *
 * @param fields the columns
 */
public record Schema(List<Field> fields) implements Serializable {

    public Schema {
        fields = List.copyOf(fields);
    }

    /**
     * One column.
     *
     * @param name its name, case-sensitive
     * @param type its type
     * @param nullable whether a row may be null
     */
    public record Field(String name, Type type, boolean nullable) implements Serializable {}

    public int size() {
        return fields.size();
    }

    /** The position of the column of this name, or -1. */
    public int indexOf(String name) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }
}
