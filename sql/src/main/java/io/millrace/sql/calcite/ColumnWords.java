package io.millrace.sql.calcite;

import io.millrace.sql.calcite.QueryText.Kind;
import io.millrace.sql.calcite.QueryText.Token;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Lets everyday words that SQL keeps for itself ({@code date}, {@code order}, {@code user}) be names of columns.
 *
 * <p>Calcite's parser decides by the word alone. Here the neighbours decide: a word is a column where an operand must
 * stand and what follows ends that operand. Such a word is disguised before the text is parsed, letter by letter and so
 * of the same length, which keeps every place in the text true; afterwards the names in the tree get their letters back.
 */
final class ColumnWords {

    /** A letter plus this is a letter that the parser's lexer takes too ("Latin Extended Additional"). */
    private static final int DISGUISE = 0x1E00;

    /** Words that the parser takes for names nowhere, or for something else than a name. */
    private static final Set<String> RESERVED = Set.of(
            ("ALL ANY ASOF BY CALL CASE CREATE CROSS CURRENT CURRENT_CATALOG CURRENT_DATE CURRENT_PATH CURRENT_ROLE"
                            + " CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER CURSOR DATE DATEADD DATEDIFF"
                            + " DATEPART DATETIME DATE_PART DEFAULT DEFINE DELETE DESCRIBE DISTINCT DROP EXCEPT EXISTS"
                            + " EXPLAIN FALSE FETCH FINAL FRIDAY FROM FULL GRANT GROUP GROUPING HAVING IN INNER INSERT"
                            + " INTERSECT INTERVAL INTO JOIN JSON_SCOPE LATERAL LEFT LIMIT LOCALTIME LOCALTIMESTAMP"
                            + " MATCH_CONDITION MATCH_RECOGNIZE MEASURE MERGE MINUS MONDAY NATURAL NEW NEXT NOT NULL"
                            + " OFFSET ON ORDER ORDINAL OUTER OVER PARTITION PATTERN QUALIFY RANGE RIGHT ROLLUP ROW ROWS"
                            + " RUNNING SAFE_CAST SAFE_OFFSET SAFE_ORDINAL SATURDAY SELECT SESSION_USER SET SKIP"
                            + " SNAPSHOT SOME STREAM SUNDAY SYSTEM_USER TABLE TABLESAMPLE THEN THURSDAY TIME TIMESTAMP"
                            + " TRUE TRY_CAST TUESDAY UNION UNIQUE UNKNOWN UNNEST UNSIGNED UPDATE USER USING UUID VALUE VALUES"
                            + " VARIANT VOLATILE WEDNESDAY WHEN WHERE WINDOW WITH")
                    .split(" "));

    /** Reserved words that mean something by themselves, or begin an operand; columns only beside a dot or after AS. */
    private static final Set<String> OWN_MEANING = Set.of(
            "SELECT",
            "CASE",
            "WHEN",
            "NOT",
            "NULL",
            "TRUE",
            "FALSE",
            "UNKNOWN",
            "CURRENT_CATALOG",
            "CURRENT_DATE",
            "CURRENT_PATH",
            "CURRENT_ROLE",
            "CURRENT_SCHEMA",
            "CURRENT_TIME",
            "CURRENT_TIMESTAMP",
            "CURRENT_USER",
            "LOCALTIME",
            "LOCALTIMESTAMP",
            "SESSION_USER",
            "SYSTEM_USER");

    /** Words after which an operand stands. */
    private static final Set<String> BEFORE_OPERAND = Set.of(
            ("SELECT DISTINCT ALL BY WHERE HAVING ON AND OR NOT WHEN THEN ELSE CASE BETWEEN SYMMETRIC LIKE ILIKE ESCAPE"
                            + " FROM FOR")
                    .split(" "));

    /** Words that can follow an operand. */
    private static final Set<String> AFTER_OPERAND = Set.of(
            ("FROM AS AND OR IS IN NOT BETWEEN LIKE ILIKE SIMILAR RLIKE ESCAPE WHEN THEN ELSE END WHERE GROUP HAVING"
                            + " ORDER LIMIT OFFSET FETCH UNION INTERSECT EXCEPT WINDOW QUALIFY ASC DESC NULLS TO FOR AT"
                            + " RETURNING FILTER OVER")
                    .split(" "));

    private static final Set<String> SYMBOLS_BEFORE_OPERAND =
            Set.of("(", ",", "[", "+", "-", "*", "/", "%", "=", "<", ">", "<>", "!=", "<=", ">=", "||");

    private static final Set<String> SYMBOLS_AFTER_OPERAND = Set.of(
            ",", ")", "[", "]", ";", ".", "::", "+", "-", "*", "/", "%", "=", "<", ">", "<>", "!=", "<=", ">=", "||");

    /** What NOT belongs to where it stands behind an operand. */
    private static final Set<String> AFTER_NOT = Set.of("IN", "BETWEEN", "LIKE", "ILIKE", "SIMILAR", "RLIKE");

    private static final Set<String> CASTS = Set.of("CAST", "TRY_CAST", "SAFE_CAST");

    private final QueryText text;
    private final List<Token> tokens;
    private final boolean[] columns;
    private final String disguised;
    private boolean any;
    /** Whether the FROM of the query has come, so that a second one at its end is a column. */
    private boolean from;

    ColumnWords(QueryText text) {
        this.text = text;
        this.tokens = text.tokens();
        this.columns = new boolean[tokens.size()];
        StringBuilder sql = new StringBuilder(text.sql());
        // The word before each parenthesis that is open, for CAST(... AS type) and FILTER (WHERE ...).
        Deque<String> openers = new ArrayDeque<>();
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.is("(")) {
                openers.push(
                        i > 0 && tokens.get(i - 1).kind() == Kind.WORD
                                ? tokens.get(i - 1).upper()
                                : "");
            } else if (token.is(")")) {
                openers.poll();
            } else if (token.kind() == Kind.WORD
                    && (RESERVED.contains(token.upper()) || isTruncated(i, openers.peek()))) {
                if (!isColumn(i, openers.peek())) {
                    from |= token.is("FROM") && openers.isEmpty();
                    continue;
                }
                columns[i] = true;
                any = true;
                for (int at = token.from(); at < token.to(); at++) {
                    sql.setCharAt(at, (char) (DISGUISE + sql.charAt(at)));
                }
            }
        }
        this.disguised = sql.toString();
    }

    /** The parser takes a word such as {@code day} at the end of DATE_TRUNC for a unit; here the unit comes first. */
    private boolean isTruncated(int i, @Nullable String opener) {
        return opener != null
                && opener.equals("DATE_TRUNC")
                && tokens.get(i - 1).is(",")
                && i + 1 < tokens.size()
                && tokens.get(i + 1).is(")");
    }

    private boolean isColumn(int i, @Nullable String opener) {
        Token word = tokens.get(i);
        Token before = i > 0 ? tokens.get(i - 1) : null;
        if (before == null) {
            return false;
        }
        if (before.is(".")) {
            return true;
        }
        if (before.is("AS")) {
            return opener == null || !CASTS.contains(opener);
        }
        if (!precedesOperand(i - 1, opener)) {
            return false;
        }
        Token next = i + 1 < tokens.size() ? tokens.get(i + 1) : null;
        if (next != null && next.is(".")) {
            return true;
        }
        return !OWN_MEANING.contains(word.upper()) && endsOperand(word.upper(), next, i);
    }

    private boolean precedesOperand(int i, @Nullable String opener) {
        Token token = tokens.get(i);
        return switch (token.kind()) {
            case WORD ->
                !columns[i]
                        && BEFORE_OPERAND.contains(token.upper())
                        // IS NOT DISTINCT FROM
                        && !(token.is("NOT") && i > 0 && tokens.get(i - 1).is("IS"));
            case SYMBOL ->
                SYMBOLS_BEFORE_OPERAND.contains(token.text())
                        && !isStar(i)
                        && !(token.is("(") && opener != null && (opener.equals("FILTER") || opener.equals("OVER")));
            case NAME, TEXT, NUMBER -> false;
        };
    }

    /** Whether an asterisk means all columns or all rows, not a product. */
    private boolean isStar(int i) {
        if (!tokens.get(i).is("*") || i == 0) {
            return false;
        }
        return tokens.get(i - 1).is(".") || precedesOperand(i - 1, null);
    }

    private boolean endsOperand(String word, @Nullable Token next, int i) {
        if (next == null) {
            return from || !word.equals("FROM");
        }
        return switch (next.kind()) {
            case WORD -> AFTER_OPERAND.contains(next.upper()) && (!next.is("NOT") || isAnyOf(i + 2, AFTER_NOT));
            case SYMBOL ->
                SYMBOLS_AFTER_OPERAND.contains(next.text())
                        // DISTINCT -x, DISTINCT *, INTERVAL -'1' DAY
                        && !((next.is("-") || next.is("+") || next.is("*"))
                                && (isQuantifier(word) || (word.equals("INTERVAL") && isText(i + 2))));
            case NAME, TEXT, NUMBER -> false;
        };
    }

    private boolean isAnyOf(int i, Set<String> words) {
        return i < tokens.size()
                && tokens.get(i).kind() == Kind.WORD
                && words.contains(tokens.get(i).upper());
    }

    private boolean isText(int i) {
        return i < tokens.size() && tokens.get(i).kind() == Kind.TEXT;
    }

    private static boolean isQuantifier(String word) {
        return word.equals("DISTINCT") || word.equals("ALL");
    }

    /** Whether the word means something to the parser, so that a column of this name may need quotes. */
    static boolean isReserved(String word) {
        return RESERVED.contains(word);
    }

    /** The text to parse. */
    String disguised() {
        return disguised;
    }

    /** Gives the names in a parsed tree their letters back. */
    void reveal(SqlNode tree) {
        if (!any) {
            return;
        }
        tree.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlIdentifier name) {
                List<String> names = new ArrayList<>();
                List<SqlParserPos> places = new ArrayList<>();
                for (int i = 0; i < name.names.size(); i++) {
                    SqlParserPos place = name.getComponentParserPosition(i);
                    names.add(isDisguised(name.names.get(i), place) ? plain(name.names.get(i)) : name.names.get(i));
                    places.add(place);
                }
                if (!names.equals(name.names)) {
                    name.setNames(names, places);
                }
                return null;
            }
        });
    }

    /** A name may have been written in the very letters of the disguise. */
    private boolean isDisguised(String name, SqlParserPos place) {
        int at = text.offset(place.getLineNum(), place.getColumnNum());
        return !name.isEmpty() && at < text.sql().length() && text.sql().charAt(at) != name.charAt(0);
    }

    /** A name with its letters given back. */
    static String plain(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) < DISGUISE || name.charAt(i) >= DISGUISE + 0x80) {
                return name;
            }
        }
        StringBuilder plain = new StringBuilder(name);
        for (int i = 0; i < name.length(); i++) {
            plain.setCharAt(i, (char) (name.charAt(i) - DISGUISE));
        }
        return plain.toString();
    }
}
