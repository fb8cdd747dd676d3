package io.millrace.engine.config;

import io.millrace.api.Secret;
import io.millrace.engine.yaml.Keys;
import io.millrace.engine.yaml.ScalarType;
import io.millrace.engine.yaml.Yaml;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Lists what holds: the values of a bound record with the places that they came from. */
final class Settings {
    private final IntFunction<Origin> origins;
    private final Hidden hidden;
    private final List<Setting> settings = new ArrayList<>();

    /** @param origins where the text at an offset comes from */
    Settings(IntFunction<Origin> origins, Hidden hidden) {
        this.origins = origins;
        this.hidden = hidden;
    }

    /** @param root what the record was bound from */
    List<Setting> of(Record config, Yaml.Mapping root) {
        section(config, root, "");
        return settings;
    }

    private void section(Record config, @Nullable Yaml node, String prefix) {
        for (RecordComponent component : config.getClass().getRecordComponents()) {
            String key = Keys.of(component);
            Object value = value(component, config);
            Yaml given = below(node, key);
            Type type = component.getGenericType();
            if (value instanceof Record record && !Keys.choices(type).isEmpty()) {
                String chosen = Keys.chosen(record);
                section(record, below(given, chosen), prefix + key + "." + chosen + ".");
            } else if (value instanceof Record record && Keys.section(type) != null) {
                section(record, given, prefix + key + ".");
            } else {
                boolean secret = value != null && (Keys.holdsSecret(type) || (given != null && hidden.fromFile(given)));
                settings.add(new Setting(
                        prefix + key,
                        secret ? Secret.HIDDEN : shown(value),
                        given == null ? new Origin.Default() : origins.apply(given.offset()),
                        secret));
            }
        }
    }

    private static @Nullable Object value(RecordComponent component, Record config) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(config);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Reading " + component + " failed", e);
        }
    }

    /** What is given under a key; null where nothing is. */
    private static @Nullable Yaml below(@Nullable Yaml node, String key) {
        Yaml.Entry entry = node instanceof Yaml.Mapping mapping ? mapping.entry(key) : null;
        return entry == null || (entry.value() instanceof Yaml.Scalar scalar && scalar.isNull()) ? null : entry.value();
    }

    private static @Nullable Object shown(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Number number -> number;
            case Boolean bool -> bool;
            case Collection<?> items -> {
                List<@Nullable Object> shown = new ArrayList<>();
                items.forEach(item -> shown.add(shown(item)));
                yield shown;
            }
            case Map<?, ?> entries -> {
                Map<String, @Nullable Object> shown = new LinkedHashMap<>();
                entries.forEach((key, of) -> shown.put(String.valueOf(key), shown(of)));
                yield shown;
            }
            case Record record
            when ScalarType.of(record.getClass()) == null -> {
                Map<String, @Nullable Object> shown = new LinkedHashMap<>();
                for (RecordComponent component : record.getClass().getRecordComponents()) {
                    shown.put(Keys.of(component), shown(value(component, record)));
                }
                yield shown;
            }
            default -> ScalarType.written(value);
        };
    }
}
