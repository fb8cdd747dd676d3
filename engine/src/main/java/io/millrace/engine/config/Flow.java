package io.millrace.engine.config;

import java.util.Collection;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes values on one line, as YAML or as JSON, of which the former is the latter with fewer quotes. */
final class Flow {
    /** Texts that mean themselves without quotes wherever they stand, in lists too. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z/_][A-Za-z0-9/_.*+-]*(:[A-Za-z0-9/_.*+-]+)*");

    /** Texts that YAML takes for something else, or did in an older version. */
    private static final Pattern WORD = Pattern.compile("(?i)true|false|null|yes|no|on|off|y|n");

    private Flow() {}

    static void yaml(@Nullable Object value, StringBuilder out) {
        write(value, out, false);
    }

    static void json(@Nullable Object value, StringBuilder out) {
        write(value, out, true);
    }

    private static void write(@Nullable Object value, StringBuilder out, boolean json) {
        switch (value) {
            case null -> out.append("null");
            case Number number -> out.append(number);
            case Boolean bool -> out.append(bool);
            case Collection<?> items -> {
                String gap = "[";
                for (Object item : items) {
                    write(item, out.append(gap), json);
                    gap = ", ";
                }
                out.append(items.isEmpty() ? "[]" : "]");
            }
            case Map<?, ?> entries -> {
                String gap = "{";
                for (Map.Entry<?, ?> entry : entries.entrySet()) {
                    write(entry.getKey(), out.append(gap), json);
                    write(entry.getValue(), out.append(": "), json);
                    gap = ", ";
                }
                out.append(entries.isEmpty() ? "{}" : "}");
            }
            default -> text(value.toString(), out, json);
        }
    }

    private static void text(String text, StringBuilder out, boolean json) {
        boolean number = text.matches("[0-9]+[A-Za-z]+") && !text.startsWith("0x") && !text.startsWith("0o");
        if (!json
                && (number
                        || (PLAIN.matcher(text).matches() && !WORD.matcher(text).matches()))) {
            out.append(text);
            return;
        }
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f || (c >= 0x80 && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
