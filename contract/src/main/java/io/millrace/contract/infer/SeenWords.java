package io.millrace.contract.infer;

import io.millrace.contract.NamedFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The strings of one place: of which formats all of them are, and which words they are where those are few. */
final class SeenWords {

    /** So many strings, and no exception, before a format is proposed. */
    static final int ENOUGH_FOR_FORMAT = 5;
    /** So many strings before their words are proposed as all that there are. */
    static final int ENOUGH_FOR_ENUM = 50;

    private static final int MAX_WORDS = 12;
    private static final int MAX_WORD_LENGTH = 32;

    private long count;
    /** Those that fit all strings so far; null before the first string. */
    private @Nullable List<NamedFormat> formats;
    /** How often each word came; null once there are too many or one that is no word. */
    private @Nullable Map<String, Integer> words = new LinkedHashMap<>();

    void add(String text, Room room) {
        count++;
        if (formats == null) {
            formats = new ArrayList<>();
            for (String name : likely(text)) {
                formats.add(room.format(name));
            }
        }
        if (!formats.isEmpty()) {
            formats.removeIf(format -> !format.holds(text));
        }
        if (words != null) {
            if (isWord(text)) {
                words.merge(text, 1, (a, b) -> Math.min(a + b, ENOUGH_FOR_ENUM));
            }
            if (!isWord(text) || words.size() > MAX_WORDS) {
                words = null;
            }
        }
    }

    /** The formats that the first string looks as if it could be of. */
    private static List<String> likely(String text) {
        if (text.indexOf('@') > 0) {
            return List.of("email");
        }
        return switch (text.length()) {
            case 10 -> List.of("date");
            case 36 -> List.of("uuid", "date-time");
            default -> text.length() > 10 && Character.isDigit(text.charAt(0)) ? List.of("date-time") : List.of();
        };
    }

    /** Short and without a digit: what has digits names a thing or a person more often than a kind. */
    private static boolean isWord(String text) {
        return text.length() <= MAX_WORD_LENGTH
                && text.indexOf('@') < 0
                && text.chars().noneMatch(Character::isDigit);
    }

    /** The format that all strings have; null where there is none, or too few strings to tell. */
    @Nullable
    String format() {
        return formats == null || formats.isEmpty() || count < ENOUGH_FOR_FORMAT
                ? null
                : formats.getFirst().name();
    }

    /** All strings that there were; null where they don't look like a closed set. */
    @Nullable
    Set<String> closedSet() {
        if (words == null || words.size() < 2 || count < ENOUGH_FOR_ENUM || count < 10L * words.size()) {
            return null;
        }
        boolean eachOften = words.values().stream().allMatch(times -> times >= 3);
        return eachOften ? words.keySet() : null;
    }
}
