package io.millrace.engine.pipeline;

import io.millrace.api.Doc;
import io.millrace.engine.pipeline.PipelineFile.From;
import io.millrace.engine.pipeline.PipelineFile.Into;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes config records from YAML: a record's components are the keys, in snake_case. Everything that does not fit is a
 * problem at its place, and the rest is bound all the same, so that all problems of a file are told at once.
 */
final class Binder {
    /** Keys that are to come, so that a file made for a later Millrace is told so rather than that it has a typo. */
    private static final Set<String> PLANNED =
            Set.of("dedupe", "privacy", "schedule", "after", "on_load", "contract.schema", "contract.additional");

    private static final Set<String> PLANNED_CONNECTORS = Set.of(
            "http",
            "files",
            "kafka",
            "rabbitmq",
            "postgres_cdc",
            "mysql_cdc",
            "mongodb_cdc",
            "jdbc",
            "generate",
            "postgres",
            "clickhouse",
            "duckdb",
            "parquet");

    private final Problems problems;
    private final Connectors connectors;
    private final Secrets secrets;

    Binder(Problems problems, Connectors connectors, Secrets secrets) {
        this.problems = problems;
        this.connectors = connectors;
        this.secrets = secrets;
    }

    /**
     * The components of a record that could be bound, by component name; one that could not is not there.
     *
     * @param path the keys that lead to the mapping; empty for the whole file
     */
    Map<String, @Nullable Object> components(Class<? extends Record> type, Yaml.Mapping mapping, String path) {
        Map<String, RecordComponent> known = new LinkedHashMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            known.put(Keys.of(component), component);
        }
        for (Yaml.Entry entry : mapping.entries()) {
            if (!known.containsKey(entry.key().text())) {
                unknownKey(entry.key(), path, known.keySet());
            }
        }
        Map<String, @Nullable Object> bound = new HashMap<>();
        Set<String> misspelt = misspelt(mapping, known.keySet());
        known.forEach((key, component) -> {
            Yaml.Entry entry = mapping.entry(key);
            String at = path.isEmpty() ? key : path + "." + key;
            if (entry == null || (entry.value() instanceof Yaml.Scalar scalar && scalar.isNull())) {
                if (!misspelt.contains(key)) {
                    absent(
                            component,
                            entry == null ? mapping.offset() : entry.key().offset(),
                            key,
                            path,
                            bound);
                }
            } else {
                Object value = bind(component.getGenericType(), entry.value(), at);
                if (value != null) {
                    bound.put(component.getName(), value);
                }
            }
        });
        return bound;
    }

    /** Keys that an unknown key was probably meant to be; that they are missing is not told on top of it. */
    private static Set<String> misspelt(Yaml.Mapping mapping, Set<String> known) {
        Set<String> meant = new HashSet<>();
        for (Yaml.Entry entry : mapping.entries()) {
            String nearest = known.contains(entry.key().text())
                    ? null
                    : Names.nearest(entry.key().text(), known);
            if (nearest != null) {
                meant.add(nearest);
            }
        }
        return meant;
    }

    private void unknownKey(Yaml.Scalar key, String path, Set<String> known) {
        String name = key.text();
        if (PLANNED.contains(path.isEmpty() ? name : path + "." + name)) {
            problems.add(key.offset(), "\"" + name + "\" is not supported by this version of Millrace");
        } else if (name.equals("<<")) {
            problems.add(key.offset(), "merging mappings with << is not part of YAML 1.2; repeat the keys");
        } else {
            problems.add(key.offset(), "unknown key \"" + name + "\"" + under(path) + Names.hint(name, known));
        }
    }

    private void absent(
            RecordComponent component, int offset, String key, String path, Map<String, @Nullable Object> bound) {
        String byDefault = Keys.byDefault(component);
        if (!byDefault.isEmpty()) {
            // Positions of a default are of no use to anyone: a default that does not fit is a mistake in the code.
            SourceText text = new SourceText("default", byDefault);
            Problems mistakes = new Problems(text);
            Yaml node = YamlReader.read(text, mistakes);
            Object value = node == null
                    ? null
                    : new Binder(mistakes, connectors, secrets).bind(component.getGenericType(), node, key);
            if (value == null || !mistakes.isEmpty()) {
                throw new IllegalStateException("The default of " + component + " does not fit: " + mistakes.sorted());
            }
            bound.put(component.getName(), value);
        } else if (Keys.optional(component)) {
            bound.put(component.getName(), null);
        } else {
            Doc doc = component.getAnnotation(Doc.class);
            String meaning = doc == null ? "" : ": " + Keys.firstSentence(doc.value());
            problems.add(offset, "missing key \"" + key + "\"" + under(path) + meaning);
        }
    }

    /** The value, or null where it does not fit; then a problem says why. */
    private @Nullable Object bind(Type type, Yaml node, String path) {
        if (type instanceof ParameterizedType generic) {
            Type[] args = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                return list(args[0], node, path);
            } else if (generic.getRawType() == Map.class && args[0] == String.class) {
                return map(args[1], node, path);
            } else if (generic.getRawType() == From.class) {
                return chosen(
                        connectors.sources(), "source", node, path, (c, config) -> From.of(c, config), c -> c.config());
            } else if (generic.getRawType() == Into.class) {
                return chosen(
                        connectors.sinks(),
                        "destination",
                        node,
                        path,
                        (c, config) -> Into.of(c, config),
                        c -> c.config());
            }
        } else if (type instanceof Class<?> plain) {
            ScalarType scalar = ScalarType.of(plain);
            if (scalar != null) {
                return scalar(scalar, node, path);
            } else if (plain.isRecord()) {
                return record(plain.asSubclass(Record.class), node, path);
            }
        }
        throw new IllegalStateException("A config record can't have a component of type " + type.getTypeName());
    }

    private @Nullable Object scalar(ScalarType type, Yaml node, String path) {
        if (node instanceof Yaml.Scalar unknown && unknown.origin() == Yaml.Scalar.Origin.UNKNOWN) {
            return null;
        }
        if (node instanceof Yaml.Scalar scalar && (type.quotable() ? !scalar.isNull() : scalar.untyped())) {
            Object value = type.parser().apply(scalar.text());
            if (value != null) {
                return value;
            }
        }
        problems.add(node.offset(), path + ": expected " + type.expected() + ", found " + node.kind());
        return null;
    }

    private @Nullable List<Object> list(Type element, Yaml node, String path) {
        if (!(node instanceof Yaml.Sequence sequence)) {
            problems.add(node.offset(), path + ": expected a list in [ ], found " + node.kind());
            return null;
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            Object value = bind(element, sequence.items().get(i), path + "[" + (i + 1) + "]");
            if (value != null) {
                values.add(value);
            }
        }
        return values.size() < sequence.items().size() ? null : Collections.unmodifiableList(values);
    }

    private @Nullable Map<String, Object> map(Type element, Yaml node, String path) {
        if (!(node instanceof Yaml.Mapping mapping)) {
            problems.add(node.offset(), path + ": expected keys with values, found " + node.kind());
            return null;
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (Yaml.Entry entry : mapping.entries()) {
            Object value = bind(element, entry.value(), path + "." + entry.key().text());
            if (value != null) {
                values.put(entry.key().text(), value);
            }
        }
        return values.size() < mapping.entries().size() ? null : Collections.unmodifiableMap(values);
    }

    private @Nullable Record record(Class<? extends Record> type, Yaml node, String path) {
        Yaml.Mapping mapping;
        if (node instanceof Yaml.Mapping given) {
            mapping = given;
        } else if (node instanceof Yaml.Scalar scalar && scalar.isNull()) {
            mapping = new Yaml.Mapping(node.offset(), List.of());
        } else {
            problems.add(
                    node.offset(),
                    path + ": expected a mapping with " + Names.list(Keys.all(type)) + ", found " + node.kind());
            return null;
        }
        Map<String, @Nullable Object> bound = components(type, mapping, path);
        RecordComponent[] components = type.getRecordComponents();
        for (RecordComponent component : components) {
            if (!bound.containsKey(component.getName())) {
                return null;
            }
        }
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<? extends Record> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(
                    Arrays.stream(components).map(c -> bound.get(c.getName())).toArray());
        } catch (InvocationTargetException e) {
            // A record may refuse values that do not go together; anything else than that is a mistake in its code.
            if (e.getCause() instanceof IllegalArgumentException refused) {
                problems.add(mapping.offset(), path + ": " + secrets.hide(String.valueOf(refused.getMessage())));
                return null;
            }
            throw new IllegalStateException("Making a " + type.getName() + " failed", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Making a " + type.getName() + " failed", e);
        }
    }

    private <K, R> @Nullable R chosen(
            Map<String, K> known,
            String what,
            Yaml node,
            String path,
            java.util.function.BiFunction<K, Record, R> make,
            java.util.function.Function<K, Class<? extends Record>> config) {
        if (!(node instanceof Yaml.Mapping mapping)) {
            String found = node instanceof Yaml.Sequence
                    ? "a list (this version takes exactly one " + what + ")"
                    : node.kind();
            problems.add(
                    node.offset(),
                    path + ": expected a " + what + " with its settings, one of " + Names.list(known.keySet())
                            + ", found " + found);
            return null;
        }
        if (mapping.entries().isEmpty()) {
            problems.add(
                    mapping.offset(), path + ": no " + what + " given; expected one of " + Names.list(known.keySet()));
            return null;
        }
        R first = null;
        for (int i = 0; i < mapping.entries().size(); i++) {
            Yaml.Entry entry = mapping.entries().get(i);
            String name = entry.key().text();
            K connector = known.get(name);
            if (i == 1) {
                problems.add(
                        entry.key().offset(),
                        path + ": \"" + name + "\" is a second " + what + "; this version takes exactly one, and \""
                                + mapping.entries().getFirst().key().text() + "\" is given already");
            } else if (connector == null) {
                problems.add(entry.key().offset(), path + ": " + unknownConnector(what, name, known.keySet()));
            }
            if (connector != null) {
                Record bound = record(config.apply(connector), entry.value(), path + "." + name);
                first = i == 0 && bound != null ? make.apply(connector, bound) : first;
            }
        }
        return first;
    }

    private static String unknownConnector(String what, String name, Set<String> known) {
        return PLANNED_CONNECTORS.contains(name)
                ? "the " + what + " \"" + name + "\" is not supported by this version of Millrace; known: "
                        + Names.list(known)
                : "unknown " + what + " \"" + name + "\"" + Names.hint(name, known);
    }

    private static String under(String path) {
        return path.isEmpty() ? "" : " under " + path;
    }
}
