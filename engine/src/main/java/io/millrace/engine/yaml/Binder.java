package io.millrace.engine.yaml;

import io.millrace.api.Doc;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes config records from YAML: a record's components are the keys, in snake_case, and a sealed interface of records is
 * a mapping with one key, the name of the record; a component of type {@link Yaml} takes whatever is there. Everything that does not fit is a
 * problem at its place, and the rest is bound all the same, so that all problems of a file are told at once.
 */
public final class Binder {
    private final Problems problems;
    private final Vocabulary vocabulary;
    private final Secrets secrets;

    /** @param secrets what messages of the records may not quote */
    public Binder(Problems problems, Vocabulary vocabulary, Secrets secrets) {
        this.problems = problems;
        this.vocabulary = vocabulary;
        this.secrets = secrets;
    }

    /**
     * The components of a record that could be bound, by component name; one that could not is not there.
     *
     * @param path the keys that lead to the mapping; empty for the whole file
     */
    public Map<String, @Nullable Object> components(Class<? extends Record> type, Yaml.Mapping mapping, String path) {
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
            String at = below(path, key);
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
        if (vocabulary.planned(below(path, name))) {
            problems.add(key.offset(), "\"" + name + "\" is not supported by this version of Millrace");
        } else if (name.equals("<<")) {
            problems.add(key.offset(), "merging mappings with << is not part of YAML 1.2; repeat the keys");
        } else {
            problems.add(key.offset(), "unknown key " + shown(key) + under(path) + Names.hint(name, known));
        }
    }

    private void absent(
            RecordComponent component, int offset, String key, String path, Map<String, @Nullable Object> bound) {
        String byDefault = Keys.byDefault(component);
        if (!byDefault.isEmpty()) {
            // Positions of a default are of no use to anyone: a default that does not fit is a mistake in the code.
            SourceText text = new SourceText("default", byDefault, SourceKind.VALUE);
            Problems mistakes = new Problems(text);
            Yaml node = YamlReader.read(text, mistakes);
            Object value = node == null
                    ? null
                    : new Binder(mistakes, vocabulary, secrets).bind(component.getGenericType(), node, key);
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
        if (node instanceof Yaml.Scalar unknown && unknown.origin() == Yaml.Scalar.Origin.UNKNOWN) {
            return null;
        }
        if (type == Yaml.class) {
            return node;
        }
        if (type instanceof ParameterizedType generic) {
            Type[] args = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                return list(args[0], node, path);
            } else if (generic.getRawType() == Set.class) {
                List<Object> items = list(args[0], node, path);
                return items == null ? null : Collections.unmodifiableSet(new LinkedHashSet<>(items));
            } else if (generic.getRawType() == Map.class && args[0] == String.class) {
                return map(args[1], node, path);
            }
        } else if (type instanceof Class<?> plain) {
            ScalarType scalar = ScalarType.of(plain);
            Class<? extends Record> section = Keys.section(plain);
            Map<String, Class<? extends Record>> choices = Keys.choices(plain);
            if (scalar != null) {
                return scalar(scalar, node, path);
            } else if (section != null) {
                return record(section, node, path);
            } else if (!choices.isEmpty()) {
                return chosen(new Choice("section", choices, Set.of(), (name, record) -> record), type, node, path);
            }
        }
        Choice choice = vocabulary.choice(type);
        if (choice != null) {
            return chosen(choice, type, node, path);
        }
        throw new IllegalStateException("A config record can't have a component of type " + type.getTypeName());
    }

    private @Nullable Object scalar(ScalarType type, Yaml node, String path) {
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
            problems.add(node.offset(), path + ": expected a list in [ ], found " + found(node, element));
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
            problems.add(node.offset(), path + ": expected keys with values, found " + found(node, element));
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

    /** The record that a mapping makes, or null where something does not fit; then problems say what. */
    public @Nullable Record record(Class<? extends Record> type, Yaml node, String path) {
        Yaml.Mapping mapping;
        if (node instanceof Yaml.Mapping given) {
            mapping = given;
        } else if (node instanceof Yaml.Scalar scalar && scalar.isNull()) {
            mapping = new Yaml.Mapping(node.offset(), List.of());
        } else {
            problems.add(
                    node.offset(),
                    told(
                            path,
                            "expected a mapping with " + Names.list(Keys.all(type)) + ", found " + found(node, type)));
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
                problems.add(mapping.offset(), told(path, secrets.hide(String.valueOf(refused.getMessage()))));
                return null;
            }
            throw new IllegalStateException("Making a " + type.getName() + " failed", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Making a " + type.getName() + " failed", e);
        }
    }

    private @Nullable Object chosen(Choice choice, Type type, Yaml node, String path) {
        String what = choice.what();
        Set<String> known = choice.known().keySet();
        if (!(node instanceof Yaml.Mapping mapping)) {
            String found = node instanceof Yaml.Sequence
                    ? "a list (this version takes exactly one " + what + ")"
                    : found(node, type);
            problems.add(
                    node.offset(),
                    path + ": expected a " + what + " with its settings, one of " + Names.list(known) + ", found "
                            + found);
            return null;
        }
        if (mapping.entries().isEmpty()) {
            problems.add(mapping.offset(), path + ": no " + what + " given; expected one of " + Names.list(known));
            return null;
        }
        Object first = null;
        for (int i = 0; i < mapping.entries().size(); i++) {
            Yaml.Entry entry = mapping.entries().get(i);
            String name = entry.key().text();
            Class<? extends Record> config = choice.known().get(name);
            if (i == 1) {
                problems.add(
                        entry.key().offset(),
                        path + ": " + shown(entry.key()) + " is a second " + what
                                + "; this version takes exactly one, and "
                                + shown(mapping.entries().getFirst().key()) + " is given already");
            } else if (config == null) {
                problems.add(entry.key().offset(), path + ": " + unknown(choice, entry.key()));
            }
            if (config != null) {
                Record bound = record(config, entry.value(), path + "." + name);
                first = i == 0 && bound != null ? choice.make().apply(name, bound) : first;
            }
        }
        return first;
    }

    private String unknown(Choice choice, Yaml.Scalar name) {
        Set<String> known = choice.known().keySet();
        return choice.planned().contains(name.text())
                ? "the " + choice.what() + " \"" + name.text()
                        + "\" is not supported by this version of Millrace; known: " + Names.list(known)
                : "unknown " + choice.what() + " " + shown(name) + Names.hint(name.text(), known);
    }

    private String shown(Yaml.Scalar key) {
        return problems.sourceAt(key.offset()).kind().shown(key.text());
    }

    /** What is there instead; a text not in words where a secret may have got to the wrong place. */
    private static String found(Yaml node, Type expected) {
        return node instanceof Yaml.Scalar scalar && !scalar.isNull() && Keys.holdsSecret(expected)
                ? "a text, which is not shown since secrets may be in it"
                : node.kind();
    }

    private static String told(String path, String message) {
        return path.isEmpty() ? message : path + ": " + message;
    }

    private static String below(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String under(String path) {
        return path.isEmpty() ? "" : " under " + path;
    }
}
