package io.millrace.engine.yaml;

import io.millrace.api.ByteSize;
import io.millrace.api.Doc;
import io.millrace.api.RejectionLimit;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Makes a JSON Schema (2020-12) of what {@link Binder} takes for a config record, for editors. It refuses nothing that
 * the binder takes; what it can't see (whether a text is in quotes, what a parameter stands for), it lets pass.
 */
public final class RecordSchema {
    private static final String PARAMETER = "\\$\\{";

    private final Vocabulary vocabulary;
    private final Map<String, Map<String, Object>> more;

    /** @param more keywords that the records do not say, by the path of the key that they are for */
    public RecordSchema(Vocabulary vocabulary, Map<String, Map<String, Object>> more) {
        this.vocabulary = vocabulary;
        this.more = more;
    }

    /** The schema of a whole file, as JSON, with a newline at its end. */
    public String json(String title, Class<? extends Record> type) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("$comment", "Generated from the config records by 'millrace schema'. Change those, not this.");
        schema.put("title", title);
        schema.putAll(record(type, "", false));
        return SchemaText.of(schema);
    }

    private Map<String, Object> record(Class<? extends Record> type, String path, boolean orNull) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<Object> required = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String key = Keys.of(component);
            properties.put(key, component(component, path.isEmpty() ? key : path + "." + key));
            if (Keys.byDefault(component).isEmpty() && !Keys.optional(component)) {
                required.add(key);
            }
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        Doc doc = type.getAnnotation(Doc.class);
        if (doc != null) {
            schema.put("description", doc.value());
        }
        schema.put("type", orNull ? List.of("object", "null") : "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    private Map<String, Object> component(RecordComponent component, String path) {
        Doc doc = component.getAnnotation(Doc.class);
        if (doc == null) {
            throw new IllegalStateException(component + " has no @Doc");
        }
        boolean optional = Keys.optional(component) || !doc.byDefault().isEmpty();
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", doc.value());
        if (!doc.byDefault().isEmpty()) {
            schema.put("default", SchemaText.valueOf(doc.byDefault()));
        }
        Map<String, Object> value = value(component.getGenericType(), path);
        value.remove("description");
        value.putAll(more.getOrDefault(path, Map.of()));
        schema.putAll(optional ? orNull(value) : value);
        return schema;
    }

    /** A key without a value counts as one that is not given. */
    private static Map<String, Object> orNull(Map<String, Object> schema) {
        Map<String, Object> both = new LinkedHashMap<>(schema);
        if (schema.get("anyOf") instanceof List<?> choices) {
            List<Object> more = new ArrayList<>(choices);
            more.add(Map.of("type", "null"));
            both.put("anyOf", more);
            return both;
        }
        if (!schema.containsKey("type")) {
            return both;
        }
        List<Object> types = new ArrayList<>();
        if (schema.get("type") instanceof List<?> several) {
            types.addAll(several);
        } else {
            types.add(Objects.requireNonNull(schema.get("type")));
        }
        types.add("null");
        both.put("type", types);
        return both;
    }

    private Map<String, Object> value(Type type, String path) {
        if (type instanceof ParameterizedType generic) {
            Type[] args = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class || generic.getRawType() == Set.class) {
                return made("type", "array", "items", value(args[0], path + "[]"));
            } else if (generic.getRawType() == Map.class) {
                return made("type", "object", "additionalProperties", value(args[1], path + ".*"));
            }
        } else if (type instanceof Class<?> plain) {
            Class<? extends Record> section = Keys.section(plain);
            Map<String, Class<? extends Record>> choices = Keys.choices(plain);
            if (plain == Yaml.class) {
                return made();
            } else if (ScalarType.of(plain) != null) {
                return scalar(plain);
            } else if (section != null) {
                return record(section, path, false);
            } else if (!choices.isEmpty()) {
                return chosen(choices, path);
            }
        }
        Choice choice = vocabulary.choice(type);
        if (choice != null) {
            return chosen(choice.known(), path);
        }
        throw new IllegalStateException("A config record can't have a component of type " + type.getTypeName());
    }

    private Map<String, Object> chosen(Map<String, Class<? extends Record>> known, String path) {
        Map<String, Object> properties = new LinkedHashMap<>();
        // A name alone is a choice too, where its record needs nothing more.
        known.forEach((name, config) -> properties.put(name, record(config, path + "." + name, !needsMore(config))));
        return made(
                "type",
                "object",
                "properties",
                properties,
                "minProperties",
                1,
                "maxProperties",
                1,
                "additionalProperties",
                false);
    }

    private static boolean needsMore(Class<? extends Record> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            if (Keys.byDefault(component).isEmpty() && !Keys.optional(component)) {
                return true;
            }
        }
        return false;
    }

    /** Wherever a text may stand for a value, it may because of a parameter in it. */
    private static Map<String, Object> scalar(Class<?> type) {
        if (type == String.class) {
            return made("type", List.of("string", "number", "boolean"));
        } else if (type == boolean.class || type == Boolean.class) {
            return made("type", List.of("boolean", "string"), "pattern", PARAMETER);
        } else if (type == int.class || type == Integer.class) {
            return made(
                    "type",
                    List.of("integer", "string"),
                    "minimum",
                    Integer.MIN_VALUE,
                    "maximum",
                    Integer.MAX_VALUE,
                    "pattern",
                    PARAMETER);
        } else if (type == long.class || type == Long.class) {
            return made(
                    "type",
                    List.of("integer", "string"),
                    "minimum",
                    Long.MIN_VALUE,
                    "maximum",
                    Long.MAX_VALUE,
                    "pattern",
                    PARAMETER);
        } else if (type == double.class || type == Double.class) {
            return made("type", List.of("number", "string"), "pattern", PARAMETER);
        } else if (type == char.class || type == Character.class) {
            return made(
                    "type",
                    List.of("string", "integer"),
                    "minimum",
                    0,
                    "maximum",
                    9,
                    "pattern",
                    "^[\\s\\S]$|" + PARAMETER);
        } else if (type == Duration.class) {
            return made("type", "string", "pattern", amount(ScalarType.durationUnits()));
        } else if (type == Instant.class) {
            return made("type", "string", "pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}|" + PARAMETER);
        } else if (type == ByteSize.class) {
            return made("type", "string", "pattern", amount(ScalarType.sizeUnits()));
        } else if (type == RejectionLimit.class) {
            return made("type", "string", "pattern", "^" + RejectionLimit.FORM + "$|" + PARAMETER);
        } else if (type.isEnum()) {
            List<Object> words = new ArrayList<>();
            for (Object constant : type.getEnumConstants()) {
                words.add(ScalarType.word(constant));
            }
            return made("anyOf", List.of(made("enum", words), made("type", "string", "pattern", PARAMETER)));
        }
        // Paths, URLs and secrets: texts, of which a number is one too.
        return made("type", List.of("string", "number", "boolean"));
    }

    private static String amount(List<String> units) {
        return "^[0-9]{1,18} ?(" + String.join("|", units) + ")$|" + PARAMETER;
    }

    /** Keywords with their values, in turn. */
    private static Map<String, Object> made(Object... keywords) {
        Map<String, Object> schema = new LinkedHashMap<>();
        for (int i = 0; i < keywords.length; i += 2) {
            schema.put((String) keywords[i], keywords[i + 1]);
        }
        return schema;
    }
}
