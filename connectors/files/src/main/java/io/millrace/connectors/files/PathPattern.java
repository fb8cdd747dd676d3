package io.millrace.connectors.files;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A path with wildcards, folder by folder: {@code *}, {@code ?}, {@code **} and, before it is taken apart, {@code
 * {a,b}}.
 *
 * @param absolute whether it begins at the root
 * @param segments what lies between the slashes; never empty
 */
record PathPattern(boolean absolute, List<Segment> segments) {
    /** How many patterns braces may stand for: {a,b}{a,b}... doubles with each. */
    static final int MOST_ALTERNATIVES = 1000;

    /**
     * One name of a path.
     *
     * @param literal the name where it has no wildcards
     * @param pattern what names must match; null where {@code anyFolders}
     * @param anyFolders {@code **}: any number of folders, none too
     */
    record Segment(@Nullable String literal, @Nullable Pattern pattern, boolean anyFolders) {
        boolean matches(String name) {
            return pattern == null
                    ? !name.startsWith(".")
                    : pattern.matcher(name).matches();
        }
    }

    static boolean isPattern(String path) {
        return path.indexOf('*') >= 0 || path.indexOf('?') >= 0 || alternatives(path, new ArrayList<>());
    }

    /**
     * The patterns that a text stands for, braces resolved.
     *
     * @throws IllegalArgumentException where there are more than {@link #MOST_ALTERNATIVES}
     */
    static List<PathPattern> of(String text) {
        List<PathPattern> patterns = new ArrayList<>();
        for (String plain : expand(text)) {
            List<Segment> segments = new ArrayList<>();
            for (String part : plain.split("/", -1)) {
                if (!part.isEmpty() && !part.equals(".")) {
                    segments.add(segment(part));
                }
            }
            if (!segments.isEmpty()) {
                if (segments.getLast().anyFolders()) {
                    segments.add(segment("*"));
                }
                patterns.add(new PathPattern(plain.startsWith("/"), List.copyOf(segments)));
            }
        }
        return patterns;
    }

    private static Segment segment(String text) {
        if (text.equals("**")) {
            return new Segment(null, null, true);
        } else if (text.indexOf('*') < 0 && text.indexOf('?') < 0) {
            return new Segment(text, Pattern.compile(Pattern.quote(text)), false);
        }
        // As in a shell, a wildcard at the beginning does not stand for the dot of a hidden file.
        StringBuilder regex = new StringBuilder(text.startsWith(".") ? "" : "(?!\\.)");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(Character.toString(c)));
            }
        });
        return new Segment(null, Pattern.compile(regex.toString(), Pattern.DOTALL), false);
    }

    private static List<String> expand(String text) {
        List<String> pending = new ArrayList<>(List.of(text));
        List<String> done = new ArrayList<>();
        while (!pending.isEmpty()) {
            String next = pending.removeFirst();
            List<String> resolved = new ArrayList<>();
            if (alternatives(next, resolved)) {
                pending.addAll(0, resolved);
            } else {
                done.add(next);
            }
            if (pending.size() + done.size() > MOST_ALTERNATIVES) {
                throw new IllegalArgumentException("the braces stand for more than " + MOST_ALTERNATIVES + " paths");
            }
        }
        return done;
    }

    /** Resolves the first pair of braces with a comma in it; false where there is none. */
    private static boolean alternatives(String text, List<String> into) {
        for (int open = text.indexOf('{'); open >= 0; open = text.indexOf('{', open + 1)) {
            List<Integer> cuts = new ArrayList<>(List.of(open));
            int depth = 0;
            for (int i = open; i < text.length(); i++) {
                char c = text.charAt(i);
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
                if (c == ',' && depth == 1) {
                    cuts.add(i);
                } else if (depth == 0) {
                    cuts.add(i);
                    break;
                }
            }
            if (depth == 0 && cuts.size() > 2) {
                String before = text.substring(0, open);
                String after = text.substring(cuts.getLast() + 1);
                for (int c = 0; c + 1 < cuts.size(); c++) {
                    into.add(before + text.substring(cuts.get(c) + 1, cuts.get(c + 1)) + after);
                }
                return true;
            }
        }
        return false;
    }
}
