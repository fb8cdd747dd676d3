package io.millrace.sql.calcite;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts quotes around everyday words that SQL reserves ({@code date}, {@code order}, {@code row}) where they stand as a
 * column, and remembers where it did so that places can be given in the text as it was written.
 */
final class EverydayWords {

    /** Reserved words that name a type too, so that what stands around them tells which is meant. */
    private static final Set<String> TYPES = Set.of("date", "time", "timestamp", "datetime", "uuid", "row");

    /** Reserved words that are plain columns unless the second word follows; {@code ""} where nothing does. */
    private static final Set<String> BEFORE_BY = Set.of("order", "group", "partition");

    /** Reserved words that no query that Millrace takes needs. */
    private static final Set<String> FREE = Set.of(
            "any",
            "call",
            "current",
            "cursor",
            "default",
            "define",
            "final",
            "friday",
            "measure",
            "monday",
            "new",
            "next",
            "ordinal",
            "over",
            "pattern",
            "range",
            "running",
            "saturday",
            "skip",
            "snapshot",
            "some",
            "stream",
            "sunday",
            "table",
            "thursday",
            "tuesday",
            "unsigned",
            "variant",
            "volatile",
            "wednesday",
            "day",
            "month",
            "year",
            "hour",
            "minute",
            "second",
            "user",
            "value",
            "grant",
            "update",
            "delete",
            "create",
            "drop",
            "explain",
            "describe",
            "match_condition",
            "limit",
            "offset",
            "rows");

    private record Word(String text, int from, int to) {
        String lower() {
            return text.toLowerCase(Locale.ROOT);
        }
    }

    private final String written;
    private final StringBuilder quoted = new StringBuilder();
    /** Offsets in the quoted text of the characters that were put in, ascending. */
    private final List<Integer> inserted = new ArrayList<>();

    EverydayWords(String sql) {
        this.written = sql;
        List<Word> words = words(sql);
        Deque<Boolean> casts = new ArrayDeque<>();
        int copied = 0;
        for (int i = 0; i < words.size(); i++) {
            Word word = words.get(i);
            if (word.text.equals("(")) {
                casts.push(i > 0 && isCast(words.get(i - 1).lower()));
            } else if (word.text.equals(")") && !casts.isEmpty()) {
                casts.pop();
            } else if (isColumn(words, i, !casts.isEmpty() && casts.peek())) {
                quoted.append(sql, copied, word.from);
                inserted.add(quoted.length());
                quoted.append('"').append(word.text);
                inserted.add(quoted.length());
                quoted.append('"');
                copied = word.to;
            }
        }
        quoted.append(sql, copied, sql.length());
    }

    private static boolean isCast(String word) {
        return word.equals("cast") || word.equals("try_cast") || word.equals("safe_cast");
    }

    private static boolean isColumn(List<Word> words, int i, boolean inCast) {
        Word word = words.get(i);
        String name = word.lower();
        String next = i + 1 < words.size() ? words.get(i + 1).lower() : "";
        String before = i > 0 ? words.get(i - 1).lower() : "";
        if (before.equals("interval") || before.equals("extract(") || next.equals("(")) {
            return false;
        }
        if (TYPES.contains(name)) {
            boolean typed = (inCast && before.equals("as")) || before.equals("::") || before.equals("returning");
            boolean literal = next.startsWith("'");
            return !typed && !literal;
        }
        if (BEFORE_BY.contains(name)) {
            return !next.equals("by");
        }
        if (FREE.contains(name)) {
            return !isUnit(words, i) && standsAsOperand(before, next);
        }
        return false;
    }

    /** A unit of time is no column: {@code INTERVAL '1' DAY}, {@code EXTRACT(DAY FROM t)}, {@code FLOOR(t TO DAY)}. */
    private static boolean isUnit(List<Word> words, int i) {
        String before = i > 0 ? words.get(i - 1).lower() : "";
        String twoBefore = i > 1 ? words.get(i - 2).lower() : "";
        boolean interval = before.startsWith("'") && twoBefore.equals("interval");
        boolean extract = before.equals("(") && twoBefore.equals("extract");
        return interval || extract || before.equals("to");
    }

    /** Where a word follows one of these or an operator, and the clause's own word does not, it is an operand. */
    private static boolean standsAsOperand(String before, String next) {
        boolean after = OPERAND_FOLLOWS.contains(before)
                || (!before.isEmpty() && "(,=<>+-*/%|.".indexOf(before.charAt(0)) >= 0);
        boolean ends = next.isEmpty() || !(Character.isDigit(next.charAt(0)) || next.startsWith("'"));
        return after && ends;
    }

    private static final Set<String> OPERAND_FOLLOWS = Set.of(
            "select", "where", "and", "or", "not", "case", "when", "then", "else", "by", "in", "like", "ilike",
            "between", "as", "from", "is", "::", "||", "<>", "!=", "<=", ">=");

    private static List<Word> words(String sql) {
        List<Word> words = new ArrayList<>();
        int i = 0;
        while (i < sql.length()) {
            int to = endOf(sql, i);
            char c = sql.charAt(i);
            boolean comment = sql.startsWith("--", i) || sql.startsWith("/*", i);
            if (!Character.isWhitespace(c) && !comment) {
                words.add(new Word(sql.substring(i, to), i, to));
            }
            i = to;
        }
        return words;
    }

    private static int endOf(String sql, int from) {
        char c = sql.charAt(from);
        if (sql.startsWith("--", from)) {
            int end = sql.indexOf('\n', from);
            return end < 0 ? sql.length() : end;
        }
        if (sql.startsWith("/*", from)) {
            int end = sql.indexOf("*/", from + 2);
            return end < 0 ? sql.length() : end + 2;
        }
        if (c == '\'' || c == '"') {
            int end = sql.indexOf(c, from + 1);
            return end < 0 ? sql.length() : end + 1;
        }
        if (Character.isJavaIdentifierStart(c)) {
            int end = from + 1;
            while (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end))) {
                end++;
            }
            return end;
        }
        for (String operator : List.of("::", "||", "<>", "!=", "<=", ">=")) {
            if (sql.startsWith(operator, from)) {
                return from + operator.length();
            }
        }
        return from + 1;
    }

    /** The text to parse. */
    String quoted() {
        return quoted.toString();
    }

    /** The place in the text as written, line and column from 1, of a place in the quoted text. */
    int[] written(int line, int column) {
        int offset = Math.min(offset(quoted, line) + column - 1, quoted.length());
        int put = 0;
        for (int at : inserted) {
            if (at < offset) {
                put++;
            }
        }
        int place = Math.min(offset - put, written.length());
        int lineStart = written.lastIndexOf('\n', place - 1) + 1;
        int number = 1;
        for (int i = 0; i < lineStart; i++) {
            if (written.charAt(i) == '\n') {
                number++;
            }
        }
        return new int[] {number, place - lineStart + 1};
    }

    private static int offset(CharSequence text, int line) {
        int at = 0;
        for (int left = line - 1; left > 0 && at < text.length(); at++) {
            if (text.charAt(at) == '\n') {
                left--;
            }
        }
        return at;
    }

    /** The word at a place of the quoted text, for messages; null at its end. */
    @Nullable
    String wordAt(int line, int column) {
        int at = offset(quoted, line) + column - 1;
        if (at >= quoted.length()) {
            return null;
        }
        return quoted.substring(at, endOf(quoted.toString(), at));
    }
}
