package io.millrace.sql.exec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An SQL/JSON path in lax mode, made of names and indexes: {@code $.a.b[0]."c d"}. In lax mode a name reaches into the
 * elements of an array, an index takes a value that is no array for an array of one, and what is missing is nothing.
 */
final class JsonPath {

    /** A member by name or, where that is null, an element by index from 0. */
    private record Step(byte @Nullable [] name, int index) {}

    private final List<Step> steps = new ArrayList<>();
    private final JsonScanner scanner = new JsonScanner();

    /** How many values the last search found. */
    int found;
    /** Where the last of them begins and ends. */
    int start;

    int end;

    /** @throws IllegalArgumentException where it is no such path, with the place */
    JsonPath(String path) {
        Parser parser = new Parser(path);
        parser.parse();
    }

    JsonScanner scanner() {
        return scanner;
    }

    /** Looks in a valid JSON text. */
    void search(byte[] data, int from, int length) {
        scanner.set(data, from, from + length);
        found = 0;
        int at = scanner.skipSpace(from);
        if (at < scanner.end) {
            follow(at, 0);
        }
    }

    private void follow(int at, int step) {
        if (step == steps.size()) {
            found++;
            start = at;
            end = scanner.skipValue(at);
            return;
        }
        Step next = steps.get(step);
        byte first = scanner.data[at];
        if (next.name == null) {
            if (first == '[') {
                element(at, next.index, step);
            } else if (next.index == 0) {
                follow(at, step + 1);
            }
        } else if (first == '{') {
            member(at, next.name, step);
        } else if (first == '[') {
            // Only one level is opened: arrays in arrays have no members.
            int i = scanner.skipSpace(at + 1);
            while (scanner.data[i] != ']') {
                if (scanner.data[i] == '{') {
                    member(i, next.name, step);
                }
                i = afterElement(i);
            }
        }
    }

    private int afterElement(int at) {
        int i = scanner.skipSpace(scanner.skipValue(at));
        return scanner.data[i] == ',' ? scanner.skipSpace(i + 1) : i;
    }

    private void element(int at, int index, int step) {
        int i = scanner.skipSpace(at + 1);
        for (int k = 0; scanner.data[i] != ']'; k++) {
            if (k == index) {
                follow(i, step + 1);
                return;
            }
            i = afterElement(i);
        }
    }

    private void member(int at, byte[] name, int step) {
        int last = -1;
        int i = scanner.skipSpace(at + 1);
        while (scanner.data[i] != '}') {
            int after = scanner.skipString(i);
            // After the name comes a colon.
            int value = scanner.skipSpace(scanner.skipSpace(after) + 1);
            if (scanner.isName(i, after, name)) {
                // Of members of one name the last counts.
                last = value;
            }
            i = afterElement(value);
        }
        if (last >= 0) {
            follow(last, step + 1);
        }
    }

    /** Reads the text of a path. */
    private final class Parser {
        private final String path;
        private int i;

        Parser(String path) {
            this.path = path;
        }

        void parse() {
            skipSpace();
            if (path.startsWith("lax ", i)) {
                i += 4;
                skipSpace();
            } else if (path.startsWith("strict ", i)) {
                throw wrong("strict mode is not supported");
            }
            if (i == path.length() || path.charAt(i++) != '$') {
                throw wrong("a path begins with $");
            }
            skipSpace();
            while (i < path.length()) {
                char c = path.charAt(i++);
                skipSpace();
                if (c == '.') {
                    steps.add(new Step(name().getBytes(StandardCharsets.UTF_8), -1));
                } else if (c == '[') {
                    steps.add(new Step(null, index()));
                } else {
                    i--;
                    throw wrong("expected .name or [index]");
                }
                skipSpace();
            }
        }

        private String name() {
            if (i < path.length() && path.charAt(i) == '"') {
                return quoted();
            }
            int from = i;
            while (i < path.length() && isNamePart(path.charAt(i), i == from)) {
                i++;
            }
            if (i == from) {
                throw wrong("expected a name");
            }
            return path.substring(from, i);
        }

        private static boolean isNamePart(char c, boolean first) {
            return c == '_'
                    || c == '$'
                    || (first ? Character.isLetter(c) : Character.isLetterOrDigit(c))
                    || Character.isSurrogate(c);
        }

        private String quoted() {
            StringBuilder name = new StringBuilder();
            i++;
            while (i < path.length() && path.charAt(i) != '"') {
                char c = path.charAt(i++);
                if (c == '\\' && i < path.length()) {
                    c = path.charAt(i++);
                    if (c != '"' && c != '\\' && c != '/') {
                        throw wrong("unknown escape in a name");
                    }
                }
                name.append(c);
            }
            if (i == path.length()) {
                throw wrong("expected a closing quote");
            }
            i++;
            return name.toString();
        }

        private int index() {
            int from = i;
            int value = 0;
            while (i < path.length() && path.charAt(i) >= '0' && path.charAt(i) <= '9' && i - from < 9) {
                value = value * 10 + path.charAt(i++) - '0';
            }
            int digits = i - from;
            skipSpace();
            if (digits == 0 || i == path.length() || path.charAt(i) != ']') {
                throw wrong("expected an index and ]");
            }
            i++;
            return value;
        }

        private void skipSpace() {
            while (i < path.length() && Character.isWhitespace(path.charAt(i))) {
                i++;
            }
        }

        private IllegalArgumentException wrong(String what) {
            return new IllegalArgumentException("JSON path, character " + (i + 1) + ": " + what);
        }
    }
}
