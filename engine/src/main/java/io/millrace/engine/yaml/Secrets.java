package io.millrace.engine.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values that must not be shown: secrets, and those of a file that came from the environment. Messages of code that
 * knows nothing of this (the SQL compiler, connectors, config records) go through {@link #hide}.
 */
public final class Secrets {
    /** A part of a value that is shorter is hidden only where it stands by itself. */
    private static final int TELLING = 4;

    private final Map<String, String> names = new LinkedHashMap<>();

    /** @param parameter whose value it is; messages show <code>${parameter}</code> in its place */
    public void add(String parameter, String value) {
        hideAs(value, "${" + parameter + "}");
    }

    /** Messages show this in the place of a value. */
    public void hideAs(String value, String shown) {
        if (!value.isBlank()) {
            names.put(value, shown);
        }
    }

    /** A message without the values, nor the words that they are made of. */
    public String hide(String message) {
        if (names.isEmpty()) {
            return message;
        }
        String hidden = message;
        List<Map.Entry<String, String>> longestFirst = new ArrayList<>(names.entrySet());
        longestFirst.sort(Comparator.comparingInt(e -> -e.getKey().length()));
        for (Map.Entry<String, String> secret : longestFirst) {
            String value = secret.getKey();
            hidden = replace(hidden, value, secret.getValue());
            hidden = replace(hidden, value.replace("'", "''"), secret.getValue());
            for (String word : value.split("\\W+", -1)) {
                if (word.length() >= TELLING) {
                    hidden = replace(hidden, word, secret.getValue());
                }
            }
        }
        return hidden;
    }

    private static String replace(String message, String value, String shown) {
        String found = Pattern.quote(value);
        if (value.length() < TELLING) {
            found = "(?<!\\w)" + found + "(?!\\w)";
        }
        return Pattern.compile(found, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                .matcher(message)
                .replaceAll(Matcher.quoteReplacement(shown));
    }
}
