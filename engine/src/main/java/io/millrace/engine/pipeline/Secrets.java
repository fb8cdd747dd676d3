package io.millrace.engine.pipeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values of a file that came from the environment. Messages of code that knows nothing of this (the SQL compiler,
 * connectors) go through {@link #hide}.
 */
final class Secrets {
    /** A part of a value that is shorter is hidden only where it stands by itself. */
    private static final int TELLING = 4;

    private final Map<String, String> names = new LinkedHashMap<>();

    void add(String parameter, String value) {
        if (!value.isBlank()) {
            names.put(value, parameter);
        }
    }

    /** A message without the values, nor the words that they are made of. */
    String hide(String message) {
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

    private static String replace(String message, String value, String parameter) {
        String found = Pattern.quote(value);
        if (value.length() < TELLING) {
            found = "(?<!\\w)" + found + "(?!\\w)";
        }
        return Pattern.compile(found, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                .matcher(message)
                .replaceAll(Matcher.quoteReplacement("${" + parameter + "}"));
    }
}
