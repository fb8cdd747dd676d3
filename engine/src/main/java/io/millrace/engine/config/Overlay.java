package io.millrace.engine.config;

import io.millrace.engine.yaml.Problems;
import io.millrace.engine.yaml.ScalarType;
import io.millrace.engine.yaml.SourceText;
import io.millrace.engine.yaml.Yaml;
import io.millrace.engine.yaml.Yaml.Scalar.Origin;
import io.millrace.engine.yaml.Yaml.Scalar.Style;
import io.millrace.engine.yaml.YamlReader;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts values over those of a tree, layer by layer. The tree stays one that the binder could have read from a file. */
final class Overlay {
    private final ConfigKeys keys;
    private final Problems problems;
    private Yaml.Mapping root;
    /** Where the texts of this layer begin; what lies before is of the layers below. */
    private int layer;

    Overlay(ConfigKeys keys, Problems problems, Yaml.Mapping root) {
        this.keys = keys;
        this.problems = problems;
        this.root = root;
        nextLayer();
    }

    Yaml.Mapping root() {
        return root;
    }

    /** What is put from now on wins over all that was put before. */
    void nextLayer() {
        layer = problems.nextBase();
    }

    /** A text as the value of a key: a scalar is taken as it is, lists and names with values are written as in YAML. */
    Yaml value(SourceText source, ConfigKey key) {
        if (scalar(key.type()) != null) {
            return scalar(source.base(), source.text(), source.text(), Origin.GIVEN, key);
        }
        Yaml read = YamlReader.read(source, problems);
        return read == null ? scalar(source.base(), "", "", Origin.UNKNOWN, key) : read;
    }

    /** A scalar as the value of a key, in quotes or not as its type needs it. */
    static Yaml.Scalar scalar(int offset, String text, String template, Origin origin, ConfigKey key) {
        ScalarType type = scalar(key.type());
        Style style = type != null && type.quotable() ? Style.DOUBLE_QUOTED : Style.PLAIN;
        return new Yaml.Scalar(offset, text, style, template, origin);
    }

    static @Nullable ScalarType scalar(Type type) {
        return type instanceof Class<?> plain ? ScalarType.of(plain) : null;
    }

    /** Puts a value under a key. Where something stands in the way that is no section, it stays: the binder tells. */
    void put(ConfigKey key, Yaml value) {
        root = put(root, "", key.steps(), value);
    }

    private Yaml.Mapping put(Yaml.Mapping mapping, String path, List<String> steps, Yaml value) {
        String name = steps.getFirst();
        String at = path.isEmpty() ? name : path + "." + name;
        Yaml.Entry before = mapping.entry(name);
        Yaml after = value;
        if (steps.size() > 1) {
            Yaml.Mapping below = section(before, value.offset());
            if (below == null) {
                return mapping;
            }
            after = put(below, at, steps.subList(1, steps.size()), value);
        }
        boolean chosen = keys.isChoice(path);
        // One that was chosen by a layer counts as that layer's: the layers below have no say in it any more.
        Yaml.Scalar key = before == null || chosen ? new Yaml.Scalar(value.offset(), name, Style.PLAIN) : before.key();
        List<Yaml.Entry> entries = new ArrayList<>();
        boolean replaced = false;
        for (Yaml.Entry entry : mapping.entries()) {
            if (entry.key().text().equals(name)) {
                entries.add(new Yaml.Entry(key, after));
                replaced = true;
            } else if (!chosen
                    || entry.key().offset() >= layer
                    || !keys.isSection(path + "." + entry.key().text())) {
                entries.add(entry);
            }
        }
        if (!replaced) {
            entries.add(new Yaml.Entry(key, after));
        }
        return new Yaml.Mapping(mapping.offset(), entries);
    }

    /** What there is of a section; null where something else is there. */
    private static Yaml.@Nullable Mapping section(Yaml.@Nullable Entry before, int offset) {
        if (before == null || (before.value() instanceof Yaml.Scalar scalar && scalar.isNull())) {
            return new Yaml.Mapping(offset, List.of());
        }
        return before.value() instanceof Yaml.Mapping mapping ? mapping : null;
    }
}
