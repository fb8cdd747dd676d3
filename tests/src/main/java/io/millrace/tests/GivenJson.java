package io.millrace.tests;

import io.millrace.engine.yaml.Yaml;
import io.millrace.formats.JsonQuotes;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Makes JSON of what a test file gives as YAML. */
final class GivenJson {

    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    private GivenJson() {}

    static String of(Yaml node) {
        return switch (node) {
            case Yaml.Scalar scalar -> scalar(scalar);
            case Yaml.Sequence list ->
                list.items().stream().map(GivenJson::of).collect(Collectors.joining(",", "[", "]"));
            case Yaml.Mapping mapping -> object(mapping.entries());
        };
    }

    static String object(List<Yaml.Entry> entries) {
        return entries.stream()
                .map(entry -> quoted(entry.key().text()) + ":" + of(entry.value()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String scalar(Yaml.Scalar scalar) {
        String text = scalar.text();
        if (scalar.isNull()) {
            return "null";
        }
        boolean typed = scalar.style() == Yaml.Scalar.Style.PLAIN
                && (text.equals("true")
                        || text.equals("false")
                        || NUMBER.matcher(text).matches());
        return typed ? text : quoted(text);
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder();
        JsonQuotes.append(out, text);
        return out.toString();
    }
}
