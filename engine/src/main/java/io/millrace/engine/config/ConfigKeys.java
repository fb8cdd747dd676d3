package io.millrace.engine.config;

import io.millrace.engine.yaml.Keys;
import io.millrace.engine.yaml.Names;
import io.millrace.engine.yaml.ScalarType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All keys of a config record. Immutable. */
final class ConfigKeys {
    private final Map<String, ConfigKey> keys = new LinkedHashMap<>();
    private final Set<String> sections = new HashSet<>();
    private final Set<String> choices = new HashSet<>();

    ConfigKeys(Class<? extends Record> type) {
        below(type, "");
    }

    private void below(Class<? extends Record> type, String prefix) {
        for (RecordComponent component : type.getRecordComponents()) {
            String path = prefix + Keys.of(component);
            Type of = component.getGenericType();
            Class<? extends Record> section = Keys.section(of);
            Map<String, Class<? extends Record>> choice = Keys.choices(of);
            if (section != null) {
                sections.add(path);
                below(section, path + ".");
            } else if (!choice.isEmpty()) {
                sections.add(path);
                choices.add(path);
                choice.forEach((name, record) -> {
                    sections.add(path + "." + name);
                    below(record, path + "." + name + ".");
                });
            } else {
                ConfigKey key = new ConfigKey(path, of);
                boolean many = of instanceof ParameterizedType generic
                        && List.<Type>of(List.class, Set.class, Map.class).contains(generic.getRawType());
                if (!many && (!(of instanceof Class<?> plain) || ScalarType.of(plain) == null)) {
                    throw new IllegalStateException("A config record can't have a component of type " + of);
                }
                if (Variables.reserved(key.variable())) {
                    throw new IllegalStateException(
                            path + " can't be a key: " + key.variable() + " means something else already");
                }
                keys.put(path, key);
            }
        }
    }

    Collection<ConfigKey> all() {
        return keys.values();
    }

    @Nullable
    ConfigKey find(String path) {
        return keys.get(path);
    }

    /** Whether one of several records is chosen by the key below a path. */
    boolean isChoice(String path) {
        return choices.contains(path);
    }

    boolean isSection(String path) {
        return sections.contains(path);
    }

    /** The keys that a variable sets: none where it is unknown, several where their paths differ in points only. */
    List<ConfigKey> ofVariable(String name) {
        return keys.values().stream().filter(key -> key.variable().equals(name)).toList();
    }

    /** Says that there is no such key, and which was probably meant. */
    String unknown(String path) {
        if (isSection(path)) {
            List<String> below = keys.keySet().stream()
                    .filter(key -> key.startsWith(path + "."))
                    .toList();
            return "\"" + path + "\" is a section; its keys are " + Names.list(below);
        }
        String nearest = Names.nearest(path, keys.keySet());
        return "there is no setting \"" + path + "\""
                + (nearest == null
                        ? "; 'millrace config' lists all that there are"
                        : "; did you mean \"" + nearest + "\"?");
    }

    /** Some key, for messages. */
    String example() {
        return "\"" + keys.values().iterator().next().steps().getFirst() + "\"";
    }
}
