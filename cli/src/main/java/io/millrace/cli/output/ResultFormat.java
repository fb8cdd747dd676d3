package io.millrace.cli.output;

import java.io.PrintStream;

/** How the rows of a query are written. */
public enum ResultFormat {
    /** Aligned for the eye. */
    TABLE {
        @Override
        public ResultWriter writer(PrintStream out, boolean styled) {
            return new TableWriter(out, styled);
        }
    },
    /** RFC 4180; NULL is an empty field, an empty text is {@code ""}. */
    CSV {
        @Override
        public ResultWriter writer(PrintStream out, boolean styled) {
            return new CsvWriter(out);
        }
    },
    /** An array of objects, one a line; numbers as exact as the database has them. */
    JSON {
        @Override
        public ResultWriter writer(PrintStream out, boolean styled) {
            return new JsonWriter(out);
        }
    };

    /** @param styled whether {@code out} understands terminal styles */
    public abstract ResultWriter writer(PrintStream out, boolean styled);
}
