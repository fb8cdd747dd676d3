package io.millrace.engine.yaml;

import io.millrace.engine.yaml.Yaml.Scalar.Style;

/**
 * Finds where each character of a scalar stands in the file, which YAML's parser does not tell: indentation, folding and
 * escapes lie between. Follows the value and the file side by side. Characters that are no white space are met exactly,
 * in every style (a folded line break is one space of the value); white space is met where it begins.
 */
final class ScalarPlaces {
    private final String text;
    private final Style style;
    private int at;

    private ScalarPlaces(String text, Style style, int start) {
        this.text = text;
        this.style = style;
        this.at = start;
    }

    /** For each character of the scalar's template, and for its end, the offset in the file. */
    static int[] of(SourceText source, Yaml.Scalar scalar) {
        int[] places = new ScalarPlaces(source.text(), scalar.style(), scalar.offset() - source.base())
                .follow(scalar.template());
        for (int i = 0; i < places.length; i++) {
            places[i] += source.base();
        }
        return places;
    }

    private int[] follow(String value) {
        int start = at;
        skipOpening();
        int[] places = new int[value.length() + 1];
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean space = c == ' ' || c == '\n' || c == '\t';
            if (!space) {
                skipSpace();
            }
            places[i] = Math.min(at, text.length());
            int length = lengthOf(c);
            if (length >= 0) {
                at += length;
            } else if (!space) {
                // Never met in a document that the parser has read; the place of the whole is not wrong either.
                java.util.Arrays.fill(places, i, places.length, start);
                return places;
            }
        }
        places[value.length()] = Math.min(at, text.length());
        return places;
    }

    private void skipOpening() {
        switch (style) {
            case PLAIN -> {}
            case SINGLE_QUOTED, DOUBLE_QUOTED -> {
                // A tag makes a plain scalar count as quoted; the scalar then begins at the tag.
                if (at < text.length() && text.charAt(at) == '!') {
                    skipTag();
                }
                if (at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '\'')) {
                    at++;
                }
            }
            case LITERAL, FOLDED -> {
                while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
                    at++;
                }
                skipBreak();
            }
        }
    }

    private void skipTag() {
        while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        skipSpace();
    }

    private void skipBreak() {
        if (at + 1 < text.length() && text.charAt(at) == '\r' && text.charAt(at + 1) == '\n') {
            at += 2;
        } else if (at < text.length()) {
            at++;
        }
    }

    private void skipSpace() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
                at++;
            } else if (style == Style.DOUBLE_QUOTED && c == '\\' && isBreak(at + 1)) {
                at++;
            } else {
                return;
            }
        }
    }

    private boolean isBreak(int offset) {
        return offset < text.length() && (text.charAt(offset) == '\n' || text.charAt(offset) == '\r');
    }

    /** How many characters of the file stand here for a character of the value; -1 where it is not here. */
    private int lengthOf(char c) {
        if (at >= text.length()) {
            return -1;
        }
        char here = text.charAt(at);
        if (style == Style.DOUBLE_QUOTED && here == '\\' && at + 1 < text.length() && !isBreak(at + 1)) {
            return switch (text.charAt(at + 1)) {
                case 'x' -> 4;
                case 'u' -> 6;
                // Beyond the basic plane the value has two characters for it; the escape ends with the second.
                case 'U' -> Character.isHighSurrogate(c) ? 0 : 10;
                default -> 2;
            };
        }
        if (c == '\n' && here == '\r') {
            return at + 1 < text.length() && text.charAt(at + 1) == '\n' ? 2 : 1;
        }
        if (here != c) {
            return -1;
        }
        boolean doubled = style == Style.SINGLE_QUOTED && c == '\'';
        return doubled && at + 1 < text.length() && text.charAt(at + 1) == '\'' ? 2 : 1;
    }
}
