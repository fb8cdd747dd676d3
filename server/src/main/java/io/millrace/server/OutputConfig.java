package io.millrace.server;

import io.millrace.api.Doc;

/**
 * How a server says what happens.
 *
 * @param format the form of each line
 */
@Doc("What `millrace up` writes to its standard error.")
public record OutputConfig(
        @Doc(value = "`text` is for people; `json` is one object a line, for what collects logs.", byDefault = "text")
        Format format) {

    /** The form of a line. */
    public enum Format {
        /** The time and a sentence. */
        TEXT,
        /** An object with time, level, event, message and, where there is one, pipeline and trace_id. */
        JSON
    }
}
