package io.millrace.api;

/** A change that a pipeline may make to a table that is there and does not fit its rows. */
public enum Evolution {
    /** Adding the columns that it lacks. */
    ADD_COLUMNS,
    /** Giving a column a wider type, which keeps every value that is there as it is. */
    WIDEN_TYPES
}
