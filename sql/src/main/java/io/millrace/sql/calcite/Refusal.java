package io.millrace.sql.calcite;

import org.apache.calcite.sql.parser.SqlParserPos;

/** Ends the check of one part of a query; the other parts are checked all the same. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient SqlParserPos place;

    Refusal(SqlParserPos place, String message) {
        super(message, null, false, false);
        this.place = place;
    }

    SqlParserPos place() {
        return place;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
