package io.millrace.sql.calcite;

import io.millrace.api.Nearest;
import io.millrace.sql.calcite.QueryText.Kind;
import io.millrace.sql.calcite.QueryText.Token;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says what is wrong with a text that is no SQL. Calcite answers with every token that could have followed, some six
 * hundred of them; what helps is mostly seen from the two tokens on either side.
 */
final class SyntaxProblems {

    private static final List<String> KEYWORDS = List.of(
            "SELECT",
            "FROM",
            "WHERE",
            "GROUP",
            "BY",
            "AND",
            "OR",
            "NOT",
            "CASE",
            "WHEN",
            "THEN",
            "ELSE",
            "END",
            "AS",
            "BETWEEN",
            "LIKE",
            "CROSS",
            "JOIN",
            "UNNEST",
            "INTERVAL");

    /** Words with which a clause begins, so that what comes before them has ended. */
    private static final Set<String> CLAUSES =
            Set.of("FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "WINDOW");

    /** Symbols after which an operand stands. */
    private static final Set<String> LEADS =
            Set.of(",", "=", "<", ">", "<>", "!=", "<=", ">=", "+", "-", "*", "/", "%", "||", "(");

    /** Symbols of other dialects and languages, and what to write here. */
    private static final Map<String, String> ELSEWHERE = Map.of(
            "==", "equality is written with one =",
            "&&", "write AND",
            "!", "write NOT",
            "`", "a name is quoted with \" instead of `",
            "->", "take values out of JSON with JSON_VALUE(column, '$.name')",
            "#", "take values out of JSON with JSON_VALUE(column, '$.name'); a comment begins with --",
            "?", "parameters are written ${name} in the pipeline file",
            ":", "parameters are written ${name} in the pipeline file; a cast is written CAST(x AS type)",
            "{", "parameters are written ${name} in the pipeline file");

    private final QueryText text;
    private final List<Token> tokens;

    SyntaxProblems(QueryText text) {
        this.text = text;
        this.tokens = text.tokens();
    }

    /** What can be told before the text is parsed; empty where nothing seems wrong. */
    List<Refusal> beforeParsing() {
        QueryText.Unclosed unclosed = text.unclosed();
        if (unclosed != null) {
            return List.of(at(unclosed.from(), unclosed.message()));
        }
        if (tokens.isEmpty()) {
            return List.of(at(0, "the query is empty; write SELECT ... FROM input"));
        }
        List<Refusal> found = new ArrayList<>(parentheses());
        for (int i = 0; i < tokens.size() - 1; i++) {
            if (tokens.get(i).is(";")) {
                found.add(
                        at(
                                tokens.get(i).from(),
                                "a pipeline has one SELECT; leave out the \";\" and what follows it, or write another pipeline"));
                break;
            }
        }
        return found;
    }

    private List<Refusal> parentheses() {
        List<Refusal> found = new ArrayList<>();
        Deque<Token> open = new ArrayDeque<>();
        for (Token token : tokens) {
            if (token.is("(")) {
                open.push(token);
            } else if (token.is(")") && open.poll() == null) {
                found.add(at(token.from(), "this \")\" closes nothing; a \"(\" is missing before it"));
            }
        }
        open.forEach(token -> found.add(at(token.from(), "this \"(\" is never closed; a \")\" is missing")));
        return found;
    }

    private Refusal at(int offset, String message) {
        return new Refusal(text.place(offset), message);
    }

    /**
     * What to say where the parser stopped. It stops at the last token that it is sure of, so that what is wrong is often
     * the next one.
     */
    Refusal unexpected(int offset) {
        int i = text.tokenAt(offset);
        if (i < tokens.size() && i > 0 && isLead(tokens.get(i)) && !isOperandExpected(tokens.get(i - 1))) {
            i++;
        }
        Token before = i > 0 ? tokens.get(i - 1) : null;
        if (i >= tokens.size()) {
            return tooEarly(before);
        }
        Token found = tokens.get(i);
        Token next = i + 1 < tokens.size() ? tokens.get(i + 1) : null;
        String elsewhere = found.kind() == Kind.SYMBOL ? ELSEWHERE.get(found.text()) : null;
        if (elsewhere != null) {
            return at(found.from(), "unexpected " + shown(found) + "; " + elsewhere);
        }
        if (before == null) {
            return at(found.from(), notASelect(found));
        }
        Refusal known = knownMistake(before, found, next);
        return known != null ? known : at(found.from(), "unexpected " + shown(found) + " after " + shown(before));
    }

    /** Whether a token that stands after an operand wants more after it. */
    private boolean isLead(Token token) {
        int i = text.tokenAt(token.from());
        Token next = i + 1 < tokens.size() ? tokens.get(i + 1) : null;
        boolean followed = next != null && canFollow(token, next);
        return !followed
                && (isClause(token)
                        || token.is("AND")
                        || token.is("OR")
                        || (token.kind() == Kind.SYMBOL && LEADS.contains(token.text())));
    }

    private static boolean canFollow(Token lead, Token next) {
        if (lead.is("GROUP") || lead.is("ORDER")) {
            return next.is("BY");
        }
        return switch (next.kind()) {
            case NAME, TEXT, NUMBER -> true;
            case WORD -> !isClause(next) && !next.is("AND") && !next.is("OR") && !next.is("AS");
            case SYMBOL -> next.is("(") || next.is("-") || next.is("+") || (next.is("*") && !lead.is("*"));
        };
    }

    private Refusal tooEarly(@Nullable Token before) {
        if (before == null) {
            return at(0, "the query is empty; write SELECT ... FROM input");
        }
        Token open = openCase();
        if (open != null) {
            return at(open.from(), "this CASE has no END");
        }
        return at(before.from(), "the query ends too early: something is missing after " + shown(before));
    }

    private static String notASelect(Token found) {
        return "a query begins with SELECT, not with " + shown(found)
                + (Nearest.to(found.upper(), List.of("SELECT")) != null && !found.is("SELECT")
                        ? "; did you mean SELECT?"
                        : "");
    }

    private @Nullable Refusal knownMistake(Token before, Token found, @Nullable Token next) {
        if (before.is(",") && (found.is(")") || isClause(found))) {
            return at(before.from(), "nothing follows this comma; leave it out");
        }
        if (before.is("AT") && found.is("TIME")) {
            return at(before.from(), "AT TIME ZONE is written AT_TIME_ZONE(time, 'Europe/Berlin')");
        }
        if ((found.kind() == Kind.TEXT && before.is("INTERVAL"))
                || (before.kind() == Kind.TEXT && isAfterInterval(before))) {
            return at(before.from(), "an interval is a number in quotes and a unit: INTERVAL '1' DAY");
        }
        if (isClause(before) && (isClause(found) || (before.is("GROUP") && !found.is("BY")))) {
            return at(
                    before.from(),
                    before.is("GROUP") ? "GROUP is followed by BY" : "something is missing after " + before.upper());
        }
        String meant = before.kind() == Kind.WORD && !ColumnWords.isReserved(before.upper()) ? keyword(before) : null;
        if (meant != null) {
            return at(before.from(), "unexpected " + shown(before) + "; did you mean " + meant + "?");
        }
        Token open = isClause(found) || found.is(")") ? openCase(found) : null;
        if (open != null) {
            return at(open.from(), "this CASE has no END");
        }
        if (found.kind() == Kind.WORD && isOperandExpected(before)) {
            return at(
                    found.from(),
                    "unexpected " + shown(found) + " after " + shown(before)
                            + (ColumnWords.isReserved(found.upper())
                                    ? "; if it is a column, write it in double quotes"
                                    : ""));
        }
        if (found.kind() == Kind.WORD && keyword(found) != null && next != null) {
            return at(found.from(), "unexpected " + shown(found) + "; did you mean " + keyword(found) + "?");
        }
        if (isName(before) && isName(found)) {
            return at(
                    found.from(),
                    "unexpected " + shown(found) + " after " + shown(before) + "; is a comma missing between them?");
        }
        return null;
    }

    private boolean isAfterInterval(Token literal) {
        int i = text.tokenAt(literal.from());
        return i > 0 && tokens.get(i - 1).is("INTERVAL");
    }

    private static boolean isName(Token token) {
        return token.kind() == Kind.NAME || (token.kind() == Kind.WORD && !ColumnWords.isReserved(token.upper()));
    }

    private static boolean isClause(Token token) {
        return token.kind() == Kind.WORD && CLAUSES.contains(token.upper());
    }

    private static boolean isOperandExpected(Token before) {
        return (before.kind() == Kind.SYMBOL && !before.is(")") && !before.is("]"))
                || isClause(before)
                || before.is("SELECT")
                || before.is("BY");
    }

    /** The keyword that a word is a slip of; null where it is one or near none. */
    private static @Nullable String keyword(Token word) {
        return word.text().length() < 3 || KEYWORDS.contains(word.upper()) ? null : Nearest.to(word.upper(), KEYWORDS);
    }

    private @Nullable Token openCase() {
        return openCase(null);
    }

    /** The last CASE before a token that has no END by then. */
    private @Nullable Token openCase(@Nullable Token until) {
        Deque<Token> open = new ArrayDeque<>();
        for (Token token : tokens) {
            if (until != null && token.from() >= until.from()) {
                break;
            }
            if (token.is("CASE")) {
                open.push(token);
            } else if (token.is("END")) {
                open.poll();
            }
        }
        return open.peek();
    }

    private static String shown(Token token) {
        return switch (token.kind()) {
            case NAME, TEXT ->
                token.text().length() <= 40 ? token.text() : token.text().substring(0, 37) + "...";
            case WORD, NUMBER, SYMBOL -> "\"" + token.text() + "\"";
        };
    }

    /** Calcite's parser understood the words but not where they stand. */
    Refusal misplaced(int offset, String calcite) {
        int i = Math.min(text.tokenAt(offset), tokens.size() - 1);
        Token found = tokens.get(i);
        if (calcite.contains("Non-query expression")) {
            return at(tokens.getFirst().from(), notASelect(tokens.getFirst()));
        }
        if (calcite.contains("Query expression")) {
            return at(
                    found.from(),
                    "a query can't stand within a query; load what it would read into a table of its own and join in"
                            + " the destination");
        }
        if (calcite.contains("ROW expression")) {
            return at(found.from(), "several values in parentheses can't stand here; compare them one by one");
        }
        return at(found.from(), "this can't stand here");
    }
}
