package io.millrace.engine.pipeline;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node of a YAML document with the offset at which it begins. Aliases have been replaced by what they stand for. */
sealed interface Yaml {

    int offset();

    /** How messages name this kind of node. */
    String kind();

    /**
     * A single value.
     *
     * @param text the value, parameters resolved
     * @param style how it is written
     * @param template the value before parameters were resolved; the same object as {@code text} where there are none
     * @param origin where the text is from
     */
    record Scalar(int offset, String text, Style style, String template, Origin origin) implements Yaml {

        enum Origin {
            /** The file itself and {@code --set}. */
            GIVEN,
            /** In part the environment: only the template may be shown. */
            ENVIRONMENT,
            /** A parameter has no value, which is a problem already; the text means nothing. */
            UNKNOWN
        }

        enum Style {
            PLAIN,
            SINGLE_QUOTED,
            DOUBLE_QUOTED,
            LITERAL,
            FOLDED
        }

        Scalar(int offset, String text, Style style) {
            this(offset, text, style, text, Origin.GIVEN);
        }

        boolean substituted() {
            return !text.equals(template);
        }

        /** Whether this is YAML's null: nothing at all, {@code ~} or {@code null}. */
        boolean isNull() {
            return style == Style.PLAIN
                    && origin != Origin.UNKNOWN
                    && switch (text) {
                        case "", "~", "null", "Null", "NULL" -> true;
                        default -> false;
                    };
        }

        /** Whether the text may be read as a number, a truth value and so on; a quoted text may not. */
        boolean untyped() {
            // Inside { } a value with a parameter can only be written in quotes.
            return style == Style.PLAIN || substituted();
        }

        @Override
        public String kind() {
            if (isNull()) {
                return "nothing";
            }
            if (origin == Origin.ENVIRONMENT) {
                return quoted(template) + " (its value comes from the environment and is not shown)";
            }
            return style == Style.PLAIN ? quoted(text) : "the text " + quoted(text);
        }

        private static String quoted(String text) {
            int newline = text.indexOf('\n');
            String line = newline < 0 ? text : text.substring(0, newline) + "...";
            return "\"" + (line.length() > 60 ? line.substring(0, 57) + "..." : line) + "\"";
        }
    }

    /** A list. */
    record Sequence(int offset, List<Yaml> items) implements Yaml {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /** Keys with values, in the order of the file; each key is there once. */
    record Mapping(int offset, List<Entry> entries) implements Yaml {

        @Nullable
        Entry entry(String key) {
            for (Entry entry : entries) {
                if (entry.key().text().equals(key)) {
                    return entry;
                }
            }
            return null;
        }

        @Override
        public String kind() {
            return "a mapping";
        }
    }

    /** One key with its value. */
    record Entry(Scalar key, Yaml value) {}
}
