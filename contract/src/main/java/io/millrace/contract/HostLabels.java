package io.millrace.contract;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The labels of a host name, of the right number and lengths. Immutable. */
final class HostLabels {

    private static final int MAX_LABEL = 63;
    private static final int MAX_NAME = 253;

    private final List<String> labels;
    private final boolean needsIdna;

    private HostLabels(List<String> labels, boolean needsIdna) {
        this.labels = labels;
        this.needsIdna = needsIdna;
    }

    /**
     * Takes a name apart.
     *
     * @param international whether labels may be in Unicode, and dots those of other scripts (RFC 3490)
     * @return null where it is no name of a host
     */
    static @Nullable HostLabels of(String name, boolean international) {
        if (name.codePointCount(0, name.length()) > MAX_NAME) {
            return null;
        }
        List<String> labels = new ArrayList<>();
        boolean needsIdna = international;
        for (String label : name.split(international ? "[.\u3002\uff0e\uff61]" : "\\.", -1)) {
            if (label.isEmpty() || label.startsWith("-") || label.endsWith("-")) {
                return null;
            }
            if (!international && (label.length() > MAX_LABEL || !label.chars().allMatch(HostLabels::plain))) {
                return null;
            }
            boolean encoded = label.regionMatches(true, 0, "xn--", 0, 4);
            needsIdna |= encoded;
            String text = encoded ? Punycode.decode(label.substring(4)) : label;
            // An encoded label has something to encode.
            if (text == null
                    || (encoded && (label.length() > MAX_LABEL || text.chars().allMatch(c -> c < 0x80)))) {
                return null;
            }
            labels.add(text);
        }
        return new HostLabels(labels, needsIdna);
    }

    private static boolean plain(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    }

    /** The name with its encoded labels in Unicode. */
    String inUnicode() {
        return String.join(".", labels);
    }

    /** Whether some of it is there for the rules of internationalised names. */
    boolean needsIdna() {
        return needsIdna;
    }

    /** Whether the rule for names with writing from right to left holds (RFC 5893, section 2). */
    boolean directionsAreRight() {
        boolean rightToLeft = labels.stream()
                .anyMatch(label -> label.codePoints()
                        .map(Character::getDirectionality)
                        .anyMatch(d -> right(d) || d == Character.DIRECTIONALITY_ARABIC_NUMBER));
        return !rightToLeft || labels.stream().allMatch(HostLabels::directionIsRight);
    }

    private static boolean right(int direction) {
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }

    private static boolean directionIsRight(String label) {
        int[] directions = label.codePoints().map(Character::getDirectionality).toArray();
        boolean rightToLeft = right(directions[0]);
        if (!rightToLeft && directions[0] != Character.DIRECTIONALITY_LEFT_TO_RIGHT) {
            return false;
        }
        boolean european = false;
        boolean arabic = false;
        int last = directions[0];
        for (int d : directions) {
            european |= d == Character.DIRECTIONALITY_EUROPEAN_NUMBER;
            arabic |= d == Character.DIRECTIONALITY_ARABIC_NUMBER;
            boolean fits = switch (d) {
                case Character.DIRECTIONALITY_EUROPEAN_NUMBER,
                        Character.DIRECTIONALITY_EUROPEAN_NUMBER_SEPARATOR,
                        Character.DIRECTIONALITY_COMMON_NUMBER_SEPARATOR,
                        Character.DIRECTIONALITY_EUROPEAN_NUMBER_TERMINATOR,
                        Character.DIRECTIONALITY_OTHER_NEUTRALS,
                        Character.DIRECTIONALITY_BOUNDARY_NEUTRAL,
                        Character.DIRECTIONALITY_NONSPACING_MARK -> true;
                case Character.DIRECTIONALITY_LEFT_TO_RIGHT -> !rightToLeft;
                case Character.DIRECTIONALITY_RIGHT_TO_LEFT,
                        Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC,
                        Character.DIRECTIONALITY_ARABIC_NUMBER -> rightToLeft;
                default -> false;
            };
            if (!fits) {
                return false;
            }
            if (d != Character.DIRECTIONALITY_NONSPACING_MARK) {
                last = d;
            }
        }
        boolean endsRight = last == Character.DIRECTIONALITY_EUROPEAN_NUMBER
                || (rightToLeft
                        ? right(last) || last == Character.DIRECTIONALITY_ARABIC_NUMBER
                        : last == Character.DIRECTIONALITY_LEFT_TO_RIGHT);
        return endsRight && !(rightToLeft && european && arabic);
    }
}
