package io.millrace.engine.yaml;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes maps, lists, texts, numbers and truth values as JSON that people read: what is short stays on one line. */
final class SchemaText {
    private static final int WIDTH = 100;
    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,18}");

    private final StringBuilder out = new StringBuilder();

    private SchemaText() {}

    static String of(Map<String, Object> value) {
        SchemaText text = new SchemaText();
        text.write(value, "");
        return text.out.append('\n').toString();
    }

    /** A default, which is written as YAML, as it would be in JSON. */
    static Object valueOf(String yaml) {
        SourceText text = new SourceText("default", yaml, SourceKind.VALUE);
        Problems mistakes = new Problems(text);
        Yaml node = YamlReader.read(text, mistakes);
        if (node == null || !mistakes.isEmpty()) {
            throw new IllegalStateException("The default " + yaml + " is no YAML: " + mistakes.sorted());
        }
        return valueOf(node);
    }

    private static Object valueOf(Yaml node) {
        return switch (node) {
            case Yaml.Sequence list ->
                list.items().stream().map(SchemaText::valueOf).toList();
            case Yaml.Mapping mapping -> {
                Map<String, Object> object = new LinkedHashMap<>();
                mapping.entries().forEach(e -> object.put(e.key().text(), valueOf(e.value())));
                yield object;
            }
            case Yaml.Scalar scalar -> {
                String text = scalar.text();
                if (scalar.untyped() && (text.equals("true") || text.equals("false"))) {
                    yield Boolean.valueOf(text);
                }
                yield scalar.untyped() && INTEGER.matcher(text).matches() ? (Object) Long.valueOf(text) : text;
            }
        };
    }

    private void write(Object value, String indent) {
        int before = out.length();
        line(value);
        boolean fits = out.length() - before + indent.length() <= WIDTH;
        if (fits || !(value instanceof Map || value instanceof List)) {
            return;
        }
        out.setLength(before);
        String deeper = indent + "  ";
        boolean object = value instanceof Map;
        out.append(object ? "{" : "[");
        Iterator<?> items = object ? ((Map<?, ?>) value).entrySet().iterator() : ((List<?>) value).iterator();
        while (items.hasNext()) {
            Object item = items.next();
            out.append('\n').append(deeper);
            if (item instanceof Map.Entry<?, ?> entry) {
                quoted(String.valueOf(entry.getKey()));
                out.append(": ");
                write(entry.getValue(), deeper);
            } else {
                write(item, deeper);
            }
            out.append(items.hasNext() ? "," : "");
        }
        out.append('\n').append(indent).append(object ? "}" : "]");
    }

    private void line(Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                String comma = map.isEmpty() ? "{" : "{ ";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(comma);
                    quoted(String.valueOf(entry.getKey()));
                    out.append(": ");
                    line(entry.getValue());
                    comma = ", ";
                }
                out.append(map.isEmpty() ? "{}" : " }");
            }
            case List<?> list -> {
                String comma = "[";
                for (Object item : list) {
                    out.append(comma);
                    line(item);
                    comma = ", ";
                }
                out.append(list.isEmpty() ? "[]" : "]");
            }
            case String text -> quoted(text);
            case Number number -> out.append(number);
            case Boolean truth -> out.append(truth);
            default -> throw new IllegalStateException("no part of a schema: " + value.getClass());
        }
    }

    private void quoted(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
