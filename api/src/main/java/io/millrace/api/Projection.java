package io.millrace.api;

import java.io.Serializable;
import java.util.List;

/**
 * The fields that a query reads: a source decodes these and no others.
 *
 * @param fields in the order of the columns of the batches to make
 */
public record Projection(List<Field> fields) implements Serializable {

    public Projection {
        fields = List.copyOf(fields);
    }

    /**
     * One field to read.
     *
     * @param path where it is in a record: {@code ["a", "b"]} is field {@code b} of the object in field {@code a}.
     *     Names are case-sensitive. An object on the way that is missing or null makes the field null.
     * @param type the column's type
     * @param nullable whether the field may be null or missing; where not, such a record is rejected
     * @param lenient whether text that can be cast to the type will do (a number in a string); where not, a value of
     *     another kind is rejected
     * @param optional whether a source whose records all have the same fields, such as a CSV file, need not have this one;
     *     then it is null
     */
    public record Field(List<String> path, Type type, boolean nullable, boolean lenient, boolean optional)
            implements Serializable {
        public Field {
            path = List.copyOf(path);
        }

        /** A field that every source must have. */
        public Field(List<String> path, Type type, boolean nullable, boolean lenient) {
            this(path, type, nullable, lenient, false);
        }

        /** The path as it is written in SQL and in messages: {@code a.b.c}. */
        public String name() {
            return String.join(".", path);
        }
    }

    /** The shape of the batches that follow from this projection. */
    public Schema schema() {
        return new Schema(fields.stream()
                .map(f -> new Schema.Field(f.name(), f.type(), f.nullable()))
                .toList());
    }
}
