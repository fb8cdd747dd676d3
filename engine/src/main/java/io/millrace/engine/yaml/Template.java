package io.millrace.engine.yaml;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes a text with <code>${NAME}</code> and <code>${NAME:default}</code> in it apart. <code>$${</code> stands for
 * <code>${</code>.
 */
public final class Template {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
    private static final String HOW = "a parameter is written ${NAME} or ${NAME:default}";

    private Template() {}

    /** Hears of the parts, from left to right. Places are indexes in the text. */
    public interface Parts {
        /** Asked for every place at which a parameter could begin: whether none can, as in a comment. */
        default boolean comment(int at) {
            return false;
        }

        /** A stretch that stands for itself. */
        void text(int from, String copied);

        /** @param fallback null where there is none */
        void parameter(int at, String name, @Nullable String fallback);

        /** Something that is no parameter though it begins like one. */
        void wrong(int at, String message);
    }

    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Tells the parts of a text. */
    public static void read(String template, Parts parts) {
        int copied = 0;
        int at = 0;
        while (at < template.length()) {
            boolean comment = parts.comment(at);
            if (template.startsWith("$${", at) && !comment) {
                parts.text(copied, template.substring(copied, at));
                // The first $ is left out.
                copied = at + 1;
                at += 3;
            } else if (template.startsWith("${", at) && !comment) {
                parts.text(copied, template.substring(copied, at));
                int end = template.indexOf('}', at);
                if (end < 0) {
                    parts.wrong(at, "\"${\" without \"}\"; " + HOW);
                    return;
                }
                parameter(at, template.substring(at + 2, end), parts);
                at = end + 1;
                copied = at;
            } else {
                at++;
            }
        }
        parts.text(copied, template.substring(copied));
    }

    private static void parameter(int at, String inside, Parts parts) {
        Matcher matcher = NAME.matcher(inside);
        if (!matcher.lookingAt() || (matcher.end() < inside.length() && inside.charAt(matcher.end()) != ':')) {
            // What stands there is not repeated: it can be the beginning of a password.
            parts.wrong(at, HOW + ", and this is neither; for the characters themselves write $${");
            return;
        }
        if (inside.contains("${")) {
            parts.wrong(at, "a default can't refer to another parameter");
        }
        parts.parameter(
                at, matcher.group(), matcher.end() == inside.length() ? null : inside.substring(matcher.end() + 1));
    }
}
