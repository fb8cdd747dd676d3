package io.millrace.contract;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;

/**
 * The regular expressions of {@code pattern}, {@code patternProperties} and the format {@code regex}: as ECMA-262 has them
 * in Unicode mode, found anywhere in the string, and never slower than a record deserves.
 *
 * <p>RE2 takes what needs no backtracking, in time linear in the string. It knows no lookaround and no references back to
 * groups; those go to the JDK's matcher, which may look at a string's characters {@link #MAX_LOOKS} times and no more. The
 * count makes the verdict the same on every machine, which a limit of time would not.
 */
final class Patterns implements RegularExpressionFactory {

    /** How often the backtracking matcher may look at a character for one string: some ten milliseconds. */
    static final int MAX_LOOKS = 1_000_000;

    /** A match was given up. */
    static final class TooCostly extends RuntimeException {

        private static final long serialVersionUID = 1;

        TooCostly() {
            super("a pattern takes too many steps", null, false, false);
        }
    }

    @Override
    public RegularExpression getRegularExpression(String regex) {
        EcmaPattern pattern = new EcmaPattern(regex);
        if (!pattern.backtracks()) {
            try {
                com.google.re2j.Pattern linear = com.google.re2j.Pattern.compile(pattern.linear());
                return text -> linear.matcher(text).find();
            } catch (com.google.re2j.PatternSyntaxException e) {
                // Such as more than 1000 repetitions: right, but not for RE2. The JDK has the last word.
            }
        }
        java.util.regex.Pattern backtracking = java.util.regex.Pattern.compile(pattern.backtracking());
        return text -> find(backtracking, text);
    }

    private static boolean find(java.util.regex.Pattern pattern, String text) {
        try {
            return pattern.matcher(new Looks(text)).find();
        } catch (StackOverflowError e) {
            // The JDK's matcher recurses for repeated groups; a long string exhausts the stack before the steps.
            throw new TooCostly();
        }
    }

    /** A text that counts how often it is looked at. */
    private static final class Looks implements CharSequence {

        private final String text;
        private int left = MAX_LOOKS;

        Looks(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new TooCostly();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
