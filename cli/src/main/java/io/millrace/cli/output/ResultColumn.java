package io.millrace.cli.output;

/**
 * A column of a result.
 *
 * @param name as the database calls it; names may repeat
 * @param kind what its values are
 */
record ResultColumn(String name, Kind kind) {

    /** What matters of a column's type to whoever writes it. */
    enum Kind {
        NUMBER,
        BOOLEAN,
        /** JSON as text. */
        JSON,
        /** Everything else, as PostgreSQL writes it. */
        TEXT
    }
}
