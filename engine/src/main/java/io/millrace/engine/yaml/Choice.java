package io.millrace.engine.yaml;

import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * A component that is one of several records, each under its name: {@code into: { postgres: ... }}.
 *
 * @param what how messages name it, such as {@code source}
 * @param known the records, by name
 * @param planned names that are to come, so that a file made for a later Millrace is told so
 * @param make makes the component from the name and the record
 */
public record Choice(
        String what,
        Map<String, Class<? extends Record>> known,
        Set<String> planned,
        BiFunction<String, Record, Object> make) {}
