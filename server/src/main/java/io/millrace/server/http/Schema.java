package io.millrace.server.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a value may be, as JSON Schema (2020-12) says it. Immutable.
 *
 * @param keywords in their order; texts, numbers, lists and maps of these
 */
public record Schema(Map<String, Object> keywords) {

    /** Any value. */
    public static final Schema ANYTHING = new Schema(Map.of());

    public Schema {
        keywords = Collections.unmodifiableMap(new LinkedHashMap<>(keywords));
    }

    /** A value of a type: {@code string}, {@code integer}, {@code number}, {@code boolean}, {@code object}. */
    public static Schema of(String type) {
        return new Schema(Map.of("type", type));
    }

    public static Schema string() {
        return of("string");
    }

    /** A whole number, with its ends. */
    public static Schema integer(long from, long to) {
        return of("integer").with("minimum", from).with("maximum", to);
    }

    /** One of some texts. */
    public static Schema oneOf(String... texts) {
        return string().with("enum", List.of(texts));
    }

    /** One of some kinds of values, which exclude each other. */
    public static Schema either(Schema... schemas) {
        return new Schema(
                Map.of("oneOf", Arrays.stream(schemas).map(Schema::keywords).toList()));
    }

    public static Schema array(Schema items) {
        return of("array").with("items", items.keywords());
    }

    /** An object whose members are all named by one scheme and alike. */
    public static Schema mapOf(Schema values) {
        return of("object").with("additionalProperties", values.keywords());
    }

    /** An object that may have other members, too. */
    public static Schema object(Map<String, Schema> members, List<String> required) {
        Map<String, Object> properties = new LinkedHashMap<>();
        members.forEach((name, schema) -> properties.put(name, schema.keywords()));
        Schema schema = of("object").with("properties", properties);
        return required.isEmpty() ? schema : schema.with("required", required);
    }

    /** An object with these members, always, and no others. */
    public static Schema exactly(Map<String, Schema> members) {
        return object(members, List.copyOf(members.keySet())).with("additionalProperties", false);
    }

    /** This with one keyword more, or with another value for it. */
    public Schema with(String keyword, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(keywords);
        more.put(keyword, value);
        return new Schema(more);
    }

    public Schema described(String description) {
        return with("description", description);
    }

    /** This, or null. */
    public Schema orNull() {
        if (keywords.isEmpty()) {
            return this;
        }
        if (keywords.get("type") instanceof String type && !keywords.containsKey("enum")) {
            return with("type", List.of(type, "null"));
        }
        List<Object> both = new ArrayList<>();
        both.add(keywords);
        both.add(Map.of("type", "null"));
        return new Schema(Map.of("anyOf", both));
    }
}
