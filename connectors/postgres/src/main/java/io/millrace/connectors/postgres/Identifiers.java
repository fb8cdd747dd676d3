package io.millrace.connectors.postgres;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Names as they are written in SQL: always quoted, so that they keep their case and are never taken for words. */
public final class Identifiers {

    /** PostgreSQL cuts longer names without an error, which could make two of them one. */
    static final int MAX_BYTES = 63;

    private Identifiers() {}

    /** A name in quotes. */
    public static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String quoteAll(List<String> names) {
        return names.stream().map(Identifiers::quote).collect(Collectors.joining(", "));
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** Joins a piece of SQL for each of some columns. */
    static String join(int[] columns, String separator, IntFunction<String> piece) {
        return IntStream.of(columns).mapToObj(piece).collect(Collectors.joining(separator));
    }

    /** Whether PostgreSQL keeps a name as it is. */
    static boolean fits(String name) {
        return !name.isEmpty() && name.indexOf('\0') < 0 && name.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
    }
}
