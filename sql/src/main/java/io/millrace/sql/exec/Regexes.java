package io.millrace.sql.exec;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.millrace.api.Type;
import java.nio.charset.StandardCharsets;

/** Regular expressions in RE2 syntax: the time is linear in the text whatever the pattern. */
final class Regexes {

    private Regexes() {}

    static Pattern compile(String pattern) {
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("the regular expression is not valid: " + e.getMessage(), e);
        }
    }

    private static String string(Vec vec, int r) {
        return new String(vec.data, vec.start[r], vec.length[r], StandardCharsets.UTF_8);
    }

    static final class RegexpLike extends RowNode {
        private final Pattern pattern;

        RegexpLike(Node text, String pattern) {
            super(Type.BOOLEAN, text);
            this.pattern = compile(pattern);
        }

        @Override
        void row(Frame frame, int r) {
            out.longs[r] = pattern.matcher(string(in[0], r)).find() ? 1 : 0;
        }
    }

    /** The first match or null. */
    static final class RegexpSubstr extends RowNode {
        private final Pattern pattern;

        RegexpSubstr(Node text, String pattern) {
            super(Type.VARCHAR, text);
            this.pattern = compile(pattern);
        }

        @Override
        void row(Frame frame, int r) {
            Matcher matcher = pattern.matcher(string(in[0], r));
            if (matcher.find()) {
                byte[] found = matcher.group().getBytes(StandardCharsets.UTF_8);
                copyText(frame, r, found, 0, found.length);
            } else {
                out.setNull(r);
            }
        }
    }

    /** Replaces every match; in the replacement {@code \1} to {@code \9} are groups and {@code \&} the whole. */
    static final class RegexpReplace extends RowNode {
        private final Pattern pattern;
        private final StringBuilder made = new StringBuilder();

        RegexpReplace(Node text, String pattern, Node replacement) {
            super(Type.VARCHAR, text, replacement);
            this.pattern = compile(pattern);
        }

        @Override
        void row(Frame frame, int r) {
            String text = string(in[0], r);
            Matcher matcher = pattern.matcher(text);
            if (!matcher.find()) {
                copyText(frame, r, in[0].data, in[0].start[r], in[0].length[r]);
                return;
            }
            String replacement = string(in[1], r);
            made.setLength(0);
            int from = 0;
            do {
                made.append(text, from, matcher.start());
                append(matcher, replacement);
                from = matcher.end();
                if (made.length() > Frame.MAX_TEXT_BYTES) {
                    frame.tooLong(r);
                    out.setNull(r);
                    return;
                }
            } while (matcher.find());
            made.append(text, from, text.length());
            byte[] bytes = made.toString().getBytes(StandardCharsets.UTF_8);
            copyText(frame, r, bytes, 0, bytes.length);
        }

        private void append(Matcher matcher, String replacement) {
            for (int i = 0; i < replacement.length(); i++) {
                char c = replacement.charAt(i);
                if (c != '\\' || i + 1 == replacement.length()) {
                    made.append(c);
                    continue;
                }
                char next = replacement.charAt(++i);
                if (next == '&' || (next >= '0' && next <= '9')) {
                    int group = next == '&' ? 0 : next - '0';
                    String found = group <= matcher.groupCount() ? matcher.group(group) : null;
                    made.append(found == null ? "" : found);
                } else if (next == '\\') {
                    made.append('\\');
                } else {
                    made.append(c).append(next);
                }
            }
        }
    }
}
