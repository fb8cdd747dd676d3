package io.millrace.tests;

import io.millrace.engine.yaml.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes JSON of what a test file gives as YAML. */
final class GivenJson {

    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    private GivenJson() {}

    static String of(Yaml node) {
        return switch (node) {
            case Yaml.Scalar scalar -> scalar(scalar);
            case Yaml.Sequence list ->
                list.items().stream().map(GivenJson::of).collect(Collectors.joining(",", "[", "]"));
            case Yaml.Mapping mapping ->
                mapping.entries().stream()
                        .map(entry -> quoted(entry.key().text()) + ":" + of(entry.value()))
                        .collect(Collectors.joining(",", "{", "}"));
        };
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
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    /** A blank line is no record. */
    static void addLine(String line, List<byte[]> records) {
        if (!line.isBlank()) {
            records.add(line.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Adds the lines of a file byte for byte; returns why it can't be read, or null. */
    static @Nullable String addFile(Path file, List<byte[]> records) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            int start = 0;
            for (int i = 0; i <= bytes.length; i++) {
                if (i == bytes.length || bytes[i] == '\n') {
                    byte[] line = Arrays.copyOfRange(bytes, start, i);
                    if (!new String(line, StandardCharsets.ISO_8859_1).isBlank()) {
                        records.add(line);
                    }
                    start = i + 1;
                }
            }
            return null;
        } catch (NoSuchFileException e) {
            return "there is no file " + file;
        } catch (IOException e) {
            return file + " can't be read: " + e.getMessage();
        }
    }
}
