package io.millrace.cli.send;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps what is in a record out of what is said about it. A gateway may quote the value that it did not like, and our
 * lines end in terminals and logs, where a person's data has no place.
 */
final class Discretion {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}\\p{M}_]+");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|.)");
    private static final String UNPRINTABLE = "[\\p{C}\\p{Zl}\\p{Zp}\\s]+";
    private static final int LONGEST = 200;
    private static final String HIDDEN = "…";

    private Discretion() {}

    /**
     * The text on one line, each word of it that is also in the records replaced by {@value #HIDDEN}.
     *
     * @param from where the records begin in the bytes
     * @param to where they end
     */
    static String hide(String text, byte[] bytes, int from, int to) {
        String line = text.replaceAll(UNPRINTABLE, " ").strip();
        Set<String> wanted = new HashSet<>();
        WORD.matcher(line).results().forEach(word -> wanted.add(word.group().toLowerCase(Locale.ROOT)));
        Set<String> found = new HashSet<>();
        Matcher words = WORD.matcher(unescaped(new String(bytes, from, to - from, StandardCharsets.UTF_8)));
        while (words.find() && found.size() < wanted.size()) {
            String word = words.group().toLowerCase(Locale.ROOT);
            if (wanted.contains(word)) {
                found.add(word);
            }
        }
        // Cut only now: half a word would not be found in the records.
        return cut(WORD.matcher(line)
                .replaceAll(word -> found.contains(word.group().toLowerCase(Locale.ROOT))
                        ? HIDDEN
                        : Matcher.quoteReplacement(word.group())));
    }

    /** The escapes of JSON texts as what they stand for. */
    private static String unescaped(String json) {
        return ESCAPE.matcher(json).replaceAll(escape -> {
            String code = escape.group(1);
            return code == null ? " " : Matcher.quoteReplacement(Character.toString((char) Integer.parseInt(code, 16)));
        });
    }

    /** The text without what could turn a terminal about, and not too long. */
    static String oneLine(String text) {
        return cut(text.replaceAll(UNPRINTABLE, " ").strip());
    }

    private static String cut(String line) {
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST).strip() + HIDDEN;
    }
}
