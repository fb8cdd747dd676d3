package io.millrace.cli;

import org.postgresql.util.ServerErrorMessage;

/** What PostgreSQL says against a statement, with the place in it. */
final class SqlMistake {

    private SqlMistake() {}

    static String describe(String sql, ServerErrorMessage error) {
        StringBuilder text = new StringBuilder(String.valueOf(error.getMessage()));
        // In characters from 1, 0 where no place is known.
        int position = error.getPosition();
        if (position > 0 && position <= sql.codePointCount(0, sql.length()) + 1) {
            int at = sql.offsetByCodePoints(0, position - 1);
            int from = sql.lastIndexOf('\n', at - 1) + 1;
            int to = sql.indexOf('\n', at);
            text.append("\n  ")
                    .append(sql, from, to < 0 ? sql.length() : to)
                    .append("\n  ")
                    .append(" ".repeat(sql.codePointCount(from, at)))
                    .append('^');
        }
        if (error.getDetail() != null) {
            text.append("\n  ").append(error.getDetail());
        }
        if (error.getHint() != null) {
            text.append("\n  ").append(error.getHint());
        }
        return text.toString();
    }
}
