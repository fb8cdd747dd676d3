package io.millrace.contract;

import java.util.Map;
import java.util.regex.PatternSyntaxException;

/**
 * Translates a regular expression of ECMA-262 (Unicode mode, no flags) for RE2/J and for the JDK, which read some of it
 * differently: {@code $} before a last newline, what {@code .} and {@code \s} are, brackets within brackets, names of
 * properties. What ECMA-262 has not, as {@code \Z}, is an error, whether or not the others would take it.
 */
final class EcmaPattern {

    private static final String SPACE =
            "\\x{9}-\\x{d}\\x{20}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";
    private static final String NO_SPACE =
            "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}"
                    + "\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}"
                    + "\\x{ff00}-\\x{10ffff}";

    private static final Map<String, String> CATEGORIES = Map.ofEntries(
            Map.entry("Letter", "L"),
            Map.entry("Lowercase_Letter", "Ll"),
            Map.entry("Uppercase_Letter", "Lu"),
            Map.entry("Titlecase_Letter", "Lt"),
            Map.entry("Modifier_Letter", "Lm"),
            Map.entry("Other_Letter", "Lo"),
            Map.entry("Mark", "M"),
            Map.entry("Combining_Mark", "M"),
            Map.entry("Nonspacing_Mark", "Mn"),
            Map.entry("Spacing_Mark", "Mc"),
            Map.entry("Enclosing_Mark", "Me"),
            Map.entry("Number", "N"),
            Map.entry("Decimal_Number", "Nd"),
            Map.entry("digit", "Nd"),
            Map.entry("Letter_Number", "Nl"),
            Map.entry("Other_Number", "No"),
            Map.entry("Punctuation", "P"),
            Map.entry("punct", "P"),
            Map.entry("Connector_Punctuation", "Pc"),
            Map.entry("Dash_Punctuation", "Pd"),
            Map.entry("Open_Punctuation", "Ps"),
            Map.entry("Close_Punctuation", "Pe"),
            Map.entry("Initial_Punctuation", "Pi"),
            Map.entry("Final_Punctuation", "Pf"),
            Map.entry("Other_Punctuation", "Po"),
            Map.entry("Symbol", "S"),
            Map.entry("Math_Symbol", "Sm"),
            Map.entry("Currency_Symbol", "Sc"),
            Map.entry("Modifier_Symbol", "Sk"),
            Map.entry("Other_Symbol", "So"),
            Map.entry("Separator", "Z"),
            Map.entry("Space_Separator", "Zs"),
            Map.entry("Line_Separator", "Zl"),
            Map.entry("Paragraph_Separator", "Zp"),
            Map.entry("Other", "C"),
            Map.entry("Control", "Cc"),
            Map.entry("cntrl", "Cc"),
            Map.entry("Format", "Cf"));

    private final String regex;
    private final StringBuilder linear = new StringBuilder();
    private final StringBuilder backtracking = new StringBuilder();
    private boolean backtracks;
    private int p;

    EcmaPattern(String regex) {
        this.regex = regex;
        boolean quantifiable = false;
        while (p < regex.length()) {
            quantifiable = term(quantifiable);
        }
    }

    /** Whether it has what RE2 can't do. */
    boolean backtracks() {
        return backtracks;
    }

    /** The expression for RE2/J, without groups that capture. */
    String linear() {
        return linear.toString();
    }

    /** The expression for the JDK. */
    String backtracking() {
        return backtracking.toString();
    }

    private void both(String text) {
        linear.append(text);
        backtracking.append(text);
    }

    private PatternSyntaxException wrong(String what) {
        return new PatternSyntaxException(what, regex, p);
    }

    /** Reads one term; returns whether a quantifier may follow it. */
    private boolean term(boolean quantifiable) {
        char c = regex.charAt(p);
        switch (c) {
            case '*', '+', '?' -> {
                if (!quantifiable) {
                    throw wrong("nothing to repeat");
                }
                p++;
                quantifier(String.valueOf(c));
                return false;
            }
            case '{' -> {
                int end = bounds();
                if (end < 0) {
                    p++;
                    both("\\{");
                    return true;
                }
                if (!quantifiable) {
                    throw wrong("nothing to repeat");
                }
                String bounds = regex.substring(p, end);
                p = end;
                quantifier(bounds);
                return false;
            }
            case '(' -> {
                group();
                return false;
            }
            case '[' -> {
                brackets();
                return true;
            }
            case '\\' -> {
                return escape(false);
            }
            case '.' -> both("[^\\n\\r\\x{2028}\\x{2029}]");
            case '$' -> both("\\z");
            case '^', '|' -> both(String.valueOf(c));
            case ']', '}' -> both("\\" + c);
            default -> {
                int point = regex.codePointAt(p);
                p += Character.charCount(point) - 1;
                // Written as it is: letters, digits, ')' and other punctuation that means nothing more.
                both(Character.toString(point));
            }
        }
        p++;
        return c != '^' && c != '$' && c != '|';
    }

    private void quantifier(String text) {
        both(text);
        if (p < regex.length() && regex.charAt(p) == '?') {
            both("?");
            p++;
        }
    }

    /** The end of {n}, {n,} or {n,m} at p, or -1. */
    private int bounds() {
        int q = p + 1;
        int digits = q;
        while (q < regex.length() && digit(regex.charAt(q))) {
            q++;
        }
        if (q == digits) {
            return -1;
        }
        if (q < regex.length() && regex.charAt(q) == ',') {
            q++;
            while (q < regex.length() && digit(regex.charAt(q))) {
                q++;
            }
        }
        return q < regex.length() && regex.charAt(q) == '}' ? q + 1 : -1;
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private void group() {
        if (!regex.startsWith("(?", p)) {
            p++;
            linear.append("(?:");
            backtracking.append('(');
            return;
        }
        for (String around : new String[] {"(?=", "(?!", "(?<=", "(?<!"}) {
            if (regex.startsWith(around, p)) {
                backtracks = true;
                both(around);
                p += around.length();
                return;
            }
        }
        if (regex.startsWith("(?:", p)) {
            both("(?:");
            p += 3;
        } else if (regex.startsWith("(?<", p) && regex.indexOf('>', p) > 0) {
            int end = regex.indexOf('>', p) + 1;
            linear.append("(?:");
            backtracking.append(regex, p, end);
            p = end;
        } else {
            throw wrong("an unknown kind of group");
        }
    }

    private void brackets() {
        int from = p++;
        boolean not = p < regex.length() && regex.charAt(p) == '^';
        if (not) {
            p++;
        }
        if (p < regex.length() && regex.charAt(p) == ']') {
            p++;
            both(not ? "[\\x{0}-\\x{10ffff}]" : "[^\\x{0}-\\x{10ffff}]");
            return;
        }
        both(not ? "[^" : "[");
        while (p < regex.length() && regex.charAt(p) != ']') {
            char c = regex.charAt(p);
            if (c == '\\') {
                escape(true);
            } else if (c == '[' || c == '&' || c == '^' || c == '~') {
                both("\\" + c);
                p++;
            } else {
                int point = regex.codePointAt(p);
                both(Character.toString(point));
                p += Character.charCount(point);
            }
        }
        if (p >= regex.length()) {
            p = from;
            throw wrong("brackets that are not closed");
        }
        both("]");
        p++;
    }

    /** Reads an escape; returns whether a quantifier may follow it. */
    private boolean escape(boolean inBrackets) {
        p++;
        if (p >= regex.length()) {
            throw wrong("nothing after a backslash");
        }
        char c = regex.charAt(p++);
        switch (c) {
            case 'd', 'D', 'w', 'W', 't', 'n', 'r', 'f' -> both("\\" + c);
            case 'v' -> both("\\x{b}");
            case 's' -> both(inBrackets ? SPACE : "[" + SPACE + "]");
            case 'S' -> both(inBrackets ? NO_SPACE : "[" + NO_SPACE + "]");
            case 'b' -> {
                both(inBrackets ? "\\x{8}" : "\\b");
                return inBrackets;
            }
            case 'B' -> {
                if (inBrackets) {
                    throw wrong("\\B in brackets");
                }
                both("\\B");
                return false;
            }
            case 'c' -> {
                char letter = p < regex.length() ? regex.charAt(p++) : 0;
                if ((letter | 0x20) < 'a' || (letter | 0x20) > 'z') {
                    throw wrong("no letter after \\c");
                }
                code(letter & 0x1f);
            }
            case 'x' -> code(hex(2));
            case 'u' -> code(unicode());
            case 'p', 'P' -> property(c);
            case '0' -> code(0);
            case 'k' -> {
                backtracks = true;
                int end = regex.indexOf('>', p);
                if (inBrackets || end < 0 || regex.charAt(p) != '<') {
                    throw wrong("no name of a group after \\k");
                }
                both("\\k" + regex.substring(p, end + 1));
                p = end + 1;
            }
            default -> {
                if (digit(c)) {
                    if (inBrackets) {
                        throw wrong("a reference to a group in brackets");
                    }
                    backtracks = true;
                    both("\\" + c);
                } else if (Character.isLetter(c)) {
                    throw wrong("an escape that ECMA-262 does not have");
                } else if (c < 0x80) {
                    both("\\" + c);
                } else {
                    both(String.valueOf(c));
                }
            }
        }
        return true;
    }

    private void code(int point) {
        both("\\x{" + Integer.toHexString(point) + "}");
    }

    private int hex(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = p < regex.length() ? Character.digit(regex.charAt(p++), 16) : -1;
            if (digit < 0) {
                throw wrong("no hexadecimal digit");
            }
            value = value * 16 + digit;
        }
        return value;
    }

    private int unicode() {
        if (p < regex.length() && regex.charAt(p) == '{') {
            int end = regex.indexOf('}', p);
            if (end < 0 || end - p > 7 || end - p < 2) {
                throw wrong("no code point in \\u{}");
            }
            p++;
            int point = hex(end - p);
            p = end + 1;
            if (point > Character.MAX_CODE_POINT) {
                throw wrong("no code point");
            }
            return point;
        }
        int unit = hex(4);
        if (Character.isHighSurrogate((char) unit) && regex.startsWith("\\u", p)) {
            int mark = p;
            p += 2;
            int low = hex(4);
            if (Character.isLowSurrogate((char) low)) {
                return Character.toCodePoint((char) unit, (char) low);
            }
            p = mark;
        }
        return unit;
    }

    private void property(char kind) {
        int end = regex.indexOf('}', p);
        if (end < 0 || regex.charAt(p) != '{') {
            throw wrong("no property after \\" + kind);
        }
        String name = regex.substring(p + 1, end);
        p = end + 1;
        int equals = name.indexOf('=');
        String value = name.substring(equals + 1);
        String key = equals < 0 ? "" : name.substring(0, equals);
        switch (key) {
            case "", "General_Category", "gc" -> {
                String category = CATEGORIES.getOrDefault(value, value);
                if (category.length() > 2) {
                    // A binary property, which only the JDK knows.
                    backtracks = true;
                    category = "Is" + category;
                }
                both("\\" + kind + "{" + category + "}");
            }
            case "Script", "sc", "Script_Extensions", "scx" -> {
                linear.append('\\').append(kind).append('{').append(value).append('}');
                backtracking
                        .append('\\')
                        .append(kind)
                        .append("{Is")
                        .append(value)
                        .append('}');
            }
            default -> throw wrong("an unknown property");
        }
    }
}
