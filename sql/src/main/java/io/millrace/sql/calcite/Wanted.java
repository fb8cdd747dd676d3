package io.millrace.sql.calcite;

import io.millrace.api.Type;

/** What an operator or a function needs in a place, for messages. */
enum Wanted {
    NUMBER("a number"),
    WHOLE_NUMBER("a whole number"),
    TEXT("text"),
    CONDITION("a condition"),
    TIME("a date or a time"),
    DATE("a date"),
    JSON("JSON"),
    ARRAY("an array");

    private final String words;

    Wanted(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /** A type that would do. */
    Type example() {
        return switch (this) {
            case NUMBER -> Type.BIGINT;
            case WHOLE_NUMBER -> Type.INTEGER;
            case TEXT -> Type.VARCHAR;
            case CONDITION -> Type.BOOLEAN;
            case TIME -> Type.TIMESTAMP;
            case DATE -> Type.DATE;
            case JSON -> Type.JSON;
            case ARRAY -> Type.array(Type.JSON);
        };
    }

    /** What a value of a type is for people. */
    static Wanted of(Type type) {
        return switch (type) {
            case Type.Decimal d -> NUMBER;
            case Type.Array a -> ARRAY;
            case Type.Simple s ->
                switch (s) {
                    case INTEGER, BIGINT, DOUBLE -> NUMBER;
                    case VARCHAR -> TEXT;
                    case BOOLEAN -> CONDITION;
                    case DATE -> DATE;
                    case TIMESTAMP, TIMESTAMP_TZ -> TIME;
                    case JSON -> JSON;
                };
        };
    }
}
