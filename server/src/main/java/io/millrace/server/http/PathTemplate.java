package io.millrace.server.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A path whose segments are fixed or stand for anything: {@code /users/{id}}. Immutable.
 *
 * @param text as it was written
 * @param segments what is between the slashes
 */
public record PathTemplate(String text, List<Segment> segments) {

    /**
     * A segment of a template.
     *
     * @param text what must stand there; the parameter's name where anything may
     * @param parameter whether anything may
     */
    public record Segment(String text, boolean parameter) {}

    public PathTemplate {
        segments = List.copyOf(segments);
    }

    /** @throws IllegalArgumentException where it is no template, with what is wrong */
    public static PathTemplate parse(String text) {
        if (!text.startsWith("/") || text.matches(".*[?#\\s;%].*")) {
            throw new IllegalArgumentException(
                    "The path " + text + " must begin with / and hold no blank, ?, #, ; or %.");
        }
        List<Segment> segments = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String part : text.substring(1).split("/", -1)) {
            boolean parameter = part.startsWith("{") && part.endsWith("}");
            String name = parameter ? part.substring(1, part.length() - 1) : part;
            if (name.matches(".*[{}].*") || (parameter && (name.isEmpty() || !names.add(name)))) {
                throw new IllegalArgumentException("The path " + text + " has the segment " + part
                        + "; expected text without braces, or a name in braces that is not there twice.");
            }
            segments.add(new Segment(name, parameter));
        }
        return new PathTemplate(text, segments);
    }

    /** The names of its parameters, in order. */
    public List<String> parameters() {
        return segments.stream().filter(Segment::parameter).map(Segment::text).toList();
    }

    /**
     * What stands for the parameters in a path, decoded.
     *
     * @param path still encoded
     * @return null where the path is another one
     */
    public @Nullable Map<String, String> match(String path) {
        Map<String, String> values = new TreeMap<>();
        int from = 1;
        for (int i = 0; i < segments.size(); i++) {
            if (from > path.length()) {
                return null;
            }
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            Segment segment = segments.get(i);
            if (segment.parameter()) {
                if (to == from) {
                    return null;
                }
                values.put(segment.text(), decode(path.substring(from, to)));
            } else if (!segment.text()
                    .regionMatches(
                            0, path, from, Math.max(to - from, segment.text().length()))) {
                return null;
            }
            from = to + 1;
        }
        return from == path.length() + 1 ? values : null;
    }

    /** A plus stays a plus, unlike in forms. The server has checked the percent signs. */
    private static String decode(String text) {
        return text.indexOf('%') < 0 ? text : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return text;
    }
}
