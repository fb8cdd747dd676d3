package io.millrace.engine.yaml;

import io.millrace.api.Doc;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes what a config record says of itself and its components, as a Markdown table, for the reference. */
public final class RecordTable {
    private final StringBuilder out;

    public RecordTable(StringBuilder out) {
        this.out = out;
    }

    /** What the record's own documentation says, and a row for each key, those of sections below it included. */
    public void write(Class<? extends Record> type) {
        write(type, "");
    }

    /** @param prefix comes before each key, such as {@code auth.provider.} */
    public void write(Class<? extends Record> type, String prefix) {
        Doc doc = type.getAnnotation(Doc.class);
        if (doc != null) {
            out.append(doc.value()).append("\n\n");
        }
        out.append("| key | type | default | meaning |\n|---|---|---|---|\n");
        rows(type, prefix);
    }

    private void rows(Class<? extends Record> type, String prefix) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = prefix + Keys.of(component);
            Doc doc = component.getAnnotation(Doc.class);
            if (doc == null) {
                throw new IllegalStateException(component + " of " + type.getName() + " has no @Doc");
            }
            Class<? extends Record> nested = nested(component.getGenericType());
            String byDefault = nested != null || doc.byDefault().isEmpty() ? "" : "`" + doc.byDefault() + "`";
            boolean required = doc.byDefault().isEmpty() && !Keys.optional(component);
            row("`" + key + "`", type(component.getGenericType()), required ? "required" : byDefault, doc.value());
            if (nested != null) {
                rows(nested, component.getType() == List.class ? key + "[]." : key + ".");
            }
        }
    }

    /** The record whose components are keys below a component of a type; null where there is none. */
    private static @Nullable Class<? extends Record> nested(Type type) {
        if (type instanceof ParameterizedType generic) {
            return generic.getRawType() == List.class ? nested(generic.getActualTypeArguments()[0]) : null;
        }
        return Keys.section(type);
    }

    private void row(String... cells) {
        out.append('|');
        for (String cell : cells) {
            out.append(' ').append(cell.replace("|", "\\|").replace("\n", " ")).append(cell.isEmpty() ? "|" : " |");
        }
        out.append('\n');
    }

    private static String type(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] args = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class || generic.getRawType() == Set.class) {
                return "list of " + type(args[0]);
            } else if (generic.getRawType() == Map.class) {
                return "names with " + type(args[1]);
            }
            return "one connector";
        }
        Class<?> plain = (Class<?>) type;
        ScalarType scalar = ScalarType.of(plain);
        if (scalar != null) {
            return scalar.expected();
        } else if (plain == Yaml.class) {
            return "any value";
        } else if (plain.isRecord()) {
            return "settings";
        } else if (!Keys.choices(plain).isEmpty()) {
            return "one of " + String.join(", ", Keys.choices(plain).keySet());
        }
        throw new IllegalStateException("A config record can't have a component of type " + type.getTypeName());
    }
}
