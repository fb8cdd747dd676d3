package io.millrace.sql.calcite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** The text of a query, cut into tokens as Calcite's lexer does it. Immutable. */
final class QueryText {

    /** The most of the query that a message quotes. */
    private static final int QUOTED = 60;

    enum Kind {
        WORD,
        /** A name in double quotes. */
        NAME,
        TEXT,
        NUMBER,
        SYMBOL
    }

    /** One token: {@code [from, to)} in the text. Comments and blanks are none. */
    record Token(Kind kind, int from, int to, String text) {

        /** Whether it is this symbol or, in any case, this word. */
        boolean is(String wordOrSymbol) {
            return kind == Kind.WORD
                    ? text.equalsIgnoreCase(wordOrSymbol)
                    : kind == Kind.SYMBOL && text.equals(wordOrSymbol);
        }

        String upper() {
            return text.toUpperCase(Locale.ROOT);
        }
    }

    /** Text, a quoted name or a comment that is never closed: where it begins and what is missing. */
    record Unclosed(int from, String message) {}

    private static final List<String> LONG_SYMBOLS =
            List.of("::", "||", "<>", "!=", "<=", ">=", "=>", "->", "==", "&&");

    private final String sql;
    private final List<Token> tokens = new ArrayList<>();
    private final int[] lineStarts;
    private @Nullable Unclosed unclosed;

    QueryText(String sql) {
        this.sql = sql;
        this.lineStarts = lineStarts(sql);
        int at = 0;
        while (at < sql.length() && unclosed == null) {
            at = next(at);
        }
    }

    private static int[] lineStarts(String sql) {
        int[] starts = new int[16];
        int count = 1;
        for (int i = 0; i < sql.length(); i++) {
            char c = sql.charAt(i);
            if (c == '\n' || (c == '\r' && (i + 1 == sql.length() || sql.charAt(i + 1) != '\n'))) {
                if (count == starts.length) {
                    starts = Arrays.copyOf(starts, 2 * count);
                }
                starts[count++] = i + 1;
            }
        }
        return Arrays.copyOf(starts, count);
    }

    /** Reads the token, the comment or the blank at a place and returns where it ends. */
    private int next(int from) {
        char c = sql.charAt(from);
        if (Character.isWhitespace(c)) {
            return from + 1;
        }
        if (sql.startsWith("--", from) || sql.startsWith("//", from)) {
            int end = from;
            while (end < sql.length() && sql.charAt(end) != '\n' && sql.charAt(end) != '\r') {
                end++;
            }
            return end;
        }
        if (sql.startsWith("/*", from)) {
            int end = sql.indexOf("*/", from + 2);
            return end < 0 ? unclosed(from, "this comment is never closed; a */ is missing") : end + 2;
        }
        if (c == '\'') {
            return quoted(from, c, Kind.TEXT, "this text is never closed; a ' is missing");
        }
        if (c == '"') {
            return quoted(from, c, Kind.NAME, "this name is never closed; a \" is missing");
        }
        if (isWordStart(c)) {
            int end = from + 1;
            while (end < sql.length() && isWordPart(sql.charAt(end))) {
                end++;
            }
            return add(Kind.WORD, from, end);
        }
        if (isDigit(from) || (c == '.' && isDigit(from + 1) && !followsName())) {
            return add(Kind.NUMBER, from, numberEnd(from));
        }
        for (String symbol : LONG_SYMBOLS) {
            if (sql.startsWith(symbol, from)) {
                return add(Kind.SYMBOL, from, from + symbol.length());
            }
        }
        return add(Kind.SYMBOL, from, from + Character.charCount(sql.codePointAt(from)));
    }

    private int add(Kind kind, int from, int to) {
        tokens.add(new Token(kind, from, to, sql.substring(from, to)));
        return to;
    }

    private int unclosed(int from, String message) {
        unclosed = new Unclosed(from, message);
        return sql.length();
    }

    /** A doubled quote stands for itself. */
    private int quoted(int from, char quote, Kind kind, String missing) {
        int end = from;
        do {
            end = sql.indexOf(quote, end + 1) + 1;
            if (end == 0) {
                return unclosed(from, missing);
            }
        } while (end < sql.length() && sql.charAt(end) == quote);
        return add(kind, from, end);
    }

    private int numberEnd(int from) {
        int end = digitsEnd(from);
        if (end < sql.length() && sql.charAt(end) == '.') {
            end = digitsEnd(end + 1);
        }
        if (end < sql.length() && (sql.charAt(end) | 0x20) == 'e') {
            int sign = end + 1 < sql.length() && (sql.charAt(end + 1) == '-' || sql.charAt(end + 1) == '+') ? 1 : 0;
            int exponent = digitsEnd(end + 1 + sign);
            end = exponent > end + 1 + sign ? exponent : end;
        }
        return end;
    }

    private int digitsEnd(int from) {
        int end = from;
        while (isDigit(end)) {
            end++;
        }
        return end;
    }

    private boolean isDigit(int at) {
        return at < sql.length() && sql.charAt(at) >= '0' && sql.charAt(at) <= '9';
    }

    private boolean followsName() {
        return !tokens.isEmpty() && (tokens.getLast().kind == Kind.WORD || tokens.getLast().kind == Kind.NAME);
    }

    private static boolean isWordStart(char c) {
        return c == '_' || c == '$' || Character.isLetter(c);
    }

    private static boolean isWordPart(char c) {
        return isWordStart(c) || Character.isDigit(c);
    }

    String sql() {
        return sql;
    }

    List<Token> tokens() {
        return tokens;
    }

    /** What is never closed; the tokens end before it. Null for a text without such a mistake. */
    @Nullable
    Unclosed unclosed() {
        return unclosed;
    }

    /** The place of an offset, as Calcite counts: lines and columns from 1. */
    SqlParserPos place(int offset) {
        int line = Arrays.binarySearch(lineStarts, offset);
        line = line < 0 ? -line - 2 : line;
        return new SqlParserPos(line + 1, offset - lineStarts[line] + 1);
    }

    /** The offset of a line and a column, both from 1; the nearest there is where there is none. */
    int offset(int line, int column) {
        int index = Math.clamp(line, 1, lineStarts.length) - 1;
        return Math.clamp((long) lineStarts[index] + column - 1, 0, sql.length());
    }

    /** The index of the token that holds an offset or is the first after it; the number of tokens where none is. */
    int tokenAt(int offset) {
        int i = 0;
        while (i < tokens.size() && tokens.get(i).to <= offset) {
            i++;
        }
        return i;
    }

    /** A node as it was written, cut where it is long. */
    String source(SqlNode node) {
        String written = written(node.getParserPosition());
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            boolean blank = Character.isWhitespace(c);
            if (!blank || (!line.isEmpty() && line.charAt(line.length() - 1) != ' ')) {
                line.append(blank ? ' ' : c);
            }
        }
        return line.length() <= QUOTED ? line.toString() : line.substring(0, QUOTED - 3) + "...";
    }

    /** The text from the first to the last character of a node. */
    String written(SqlParserPos place) {
        int from = offset(place.getLineNum(), place.getColumnNum());
        int to = offset(place.getEndLineNum(), place.getEndColumnNum());
        return sql.substring(from, Math.max(from, Math.min(to + 1, sql.length())));
    }
}
