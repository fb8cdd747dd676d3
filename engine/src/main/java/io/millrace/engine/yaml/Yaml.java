package io.millrace.engine.yaml;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node of a YAML document with the offset at which it begins. Aliases have been replaced by what they stand for. */
public sealed interface Yaml {

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

        public enum Origin {
            /** The file itself and {@code --set}. */
            GIVEN,
            /** In part the environment: only the template may be shown. */
            ENVIRONMENT,
            /** In part a file of secrets: neither shown nor printed. */
            FILE,
            /** A parameter has no value, which is a problem already; the text means nothing. */
            UNKNOWN
        }

        public enum Style {
            PLAIN,
            SINGLE_QUOTED,
            DOUBLE_QUOTED,
            LITERAL,
            FOLDED
        }

        public Scalar(int offset, String text, Style style) {
            this(offset, text, style, text, Origin.GIVEN);
        }

        /** Whether parameters were resolved in it. */
        public boolean substituted() {
            return !text.equals(template);
        }

        /** Whether this is YAML's null: nothing at all, {@code ~} or {@code null}. */
        public boolean isNull() {
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

        /** For each character of the template, and for its end, the offset in the text. */
        public int[] places(SourceText source) {
            return ScalarPlaces.of(source, this);
        }

        @Override
        public String kind() {
            if (isNull()) {
                return "nothing";
            }
            return switch (origin) {
                case ENVIRONMENT -> quoted(template) + " (its value comes from the environment and is not shown)";
                case FILE -> quoted(template) + " (its value comes from a file and is not shown)";
                case GIVEN, UNKNOWN -> style == Style.PLAIN ? quoted(text) : "the text " + quoted(text);
            };
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

        public @Nullable Entry entry(String key) {
            for (Entry entry : entries) {
                if (entry.key().text().equals(key)) {
                    return entry;
                }
            }
            return null;
        }

        /**
         * The offset of the value under a path such as {@code into.postgres.key[2]} (items count from 1), or of the
         * nearest thing around it where the file does not say it.
         */
        public int place(String path) {
            return Places.of(this, path);
        }

        @Override
        public String kind() {
            return "a mapping";
        }
    }

    /** One key with its value. */
    record Entry(Scalar key, Yaml value) {}
}
