package io.millrace.sql.calcite;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.apache.calcite.sql.SqlNode;

/** Checks the little languages that stand in texts of a query: regular expressions and paths into JSON. */
final class Patterns {

    private Patterns() {}

    static void checkRegex(SqlNode node, String pattern) {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new Refusal(
                    node.getParserPosition(),
                    "this is no regular expression (RE2): " + e.getDescription() + " in " + e.getPattern());
        }
    }

    /** A path of names and indexes: {@code $.a.b[0]."c d"}. */
    static void checkJsonPath(SqlNode node, String path) {
        int at = skipSpace(path, 0);
        if (path.startsWith("lax ", at)) {
            at = skipSpace(path, at + 4);
        }
        if (at == path.length() || path.charAt(at) != '$') {
            throw wrong(node, path, "it begins with $");
        }
        at = skipSpace(path, at + 1);
        while (at < path.length()) {
            char c = path.charAt(at);
            int next = skipSpace(path, at + 1);
            at = skipSpace(path, c == '.' ? name(node, path, next) : c == '[' ? index(node, path, next) : -1, node);
        }
    }

    private static int skipSpace(String path, int at, SqlNode node) {
        if (at < 0) {
            throw wrong(node, path, "after $ come names and indexes");
        }
        return skipSpace(path, at);
    }

    private static int skipSpace(String path, int at) {
        int i = at;
        while (i < path.length() && Character.isWhitespace(path.charAt(i))) {
            i++;
        }
        return i;
    }

    private static int name(SqlNode node, String path, int from) {
        int i = from;
        if (i < path.length() && path.charAt(i) == '"') {
            i++;
            while (i < path.length() && path.charAt(i) != '"') {
                if (path.charAt(i) == '\\' && (i + 1 == path.length() || "\"\\/".indexOf(path.charAt(++i)) < 0)) {
                    throw wrong(node, path, "a name has an unknown escape");
                }
                i++;
            }
            if (i >= path.length()) {
                throw wrong(node, path, "a name is never closed");
            }
            return i + 1;
        }
        while (i < path.length() && isNamePart(path.charAt(i), i == from)) {
            i++;
        }
        if (i == from) {
            throw wrong(
                    node, path, "a name is missing after the point; one with other characters is quoted, $.\"a-b\"");
        }
        return i;
    }

    private static boolean isNamePart(char c, boolean first) {
        return c == '_'
                || c == '$'
                || (first ? Character.isLetter(c) : Character.isLetterOrDigit(c))
                || Character.isSurrogate(c);
    }

    private static int index(SqlNode node, String path, int from) {
        int i = from;
        while (i < path.length() && path.charAt(i) >= '0' && path.charAt(i) <= '9') {
            i++;
        }
        int digits = i - from;
        i = skipSpace(path, i);
        if (digits == 0 || digits > 9 || i == path.length() || path.charAt(i) != ']') {
            throw wrong(node, path, "an index is a number in brackets, from 0");
        }
        return i + 1;
    }

    private static Refusal wrong(SqlNode node, String path, String what) {
        return new Refusal(
                node.getParserPosition(), "'" + path + "' is no path into JSON, such as '$.items[0].name': " + what);
    }
}
