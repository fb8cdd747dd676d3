package io.millrace.engine.pipeline;

/** Tells whether a place in SQL text is in a comment, in a quoted text or in a quoted name. Fed from left to right. */
final class SqlQuotes {
    private enum State {
        CODE,
        TEXT,
        NAME,
        LINE_COMMENT,
        BLOCK_COMMENT
    }

    private State state = State.CODE;
    /** The first place that is not taken by a token of two characters. */
    private int free;

    /** Moves to a place; each place is told in order, none is left out but those of a parameter. */
    void next(String sql, int at) {
        if (at < free) {
            return;
        }
        char c = sql.charAt(at);
        switch (state) {
            case CODE -> {
                if (c == '\'') {
                    state = State.TEXT;
                } else if (c == '"') {
                    state = State.NAME;
                } else if (sql.startsWith("--", at) || sql.startsWith("//", at)) {
                    state = State.LINE_COMMENT;
                } else if (sql.startsWith("/*", at)) {
                    state = State.BLOCK_COMMENT;
                    free = at + 2;
                }
            }
            // A doubled quote closes and opens again, which comes to the same.
            case TEXT -> state = c == '\'' ? State.CODE : state;
            case NAME -> state = c == '"' ? State.CODE : state;
            case LINE_COMMENT -> state = c == '\n' || c == '\r' ? State.CODE : state;
            case BLOCK_COMMENT -> {
                if (sql.startsWith("*/", at)) {
                    state = State.CODE;
                    free = at + 2;
                }
            }
        }
    }

    boolean comment() {
        return state == State.LINE_COMMENT || state == State.BLOCK_COMMENT;
    }

    /** A value written so that it stays within the quotes that are open here. */
    String escape(String value) {
        return switch (state) {
            case TEXT -> value.replace("'", "''");
            case NAME -> value.replace("\"", "\"\"");
            case CODE, LINE_COMMENT, BLOCK_COMMENT -> value;
        };
    }
}
