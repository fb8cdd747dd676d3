package io.millrace.engine.yaml;

import io.millrace.api.Doc;
import io.millrace.api.Secret;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What records and their components are as keys of a file. */
public final class Keys {
    private Keys() {}

    public static List<String> all(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents()).map(Keys::of).toList();
    }

    /** {@code onViolation} is {@code on_violation} in a file. */
    public static String of(RecordComponent component) {
        return snakeCase(component.getName());
    }

    private static String snakeCase(String name) {
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isUpperCase(c)) {
                key.append(key.isEmpty() ? "" : "_").append(Character.toLowerCase(c));
            } else {
                key.append(c);
            }
        }
        return key.toString();
    }

    /** The default as YAML; empty where there is none. */
    public static String byDefault(RecordComponent component) {
        Doc doc = component.getAnnotation(Doc.class);
        return doc == null ? "" : doc.byDefault();
    }

    /** Whether null is a value that the record takes for a key that is not given. */
    public static boolean optional(RecordComponent component) {
        return component.isAnnotationPresent(Nullable.class)
                || component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    /** The record whose components are the keys below one of a type; null where the type is a single value or a list. */
    public static @Nullable Class<? extends Record> section(Type type) {
        return type instanceof Class<?> plain && plain.isRecord() && ScalarType.of(plain) == null
                ? plain.asSubclass(Record.class)
                : null;
    }

    /**
     * The records that a sealed interface leaves the choice of, by the key that chooses them: {@code BuiltIn} is {@code
     * built_in}. Empty where the type is none.
     */
    public static Map<String, Class<? extends Record>> choices(Type type) {
        Map<String, Class<? extends Record>> choices = new LinkedHashMap<>();
        if (type instanceof Class<?> plain && plain.isSealed() && plain.isInterface() && plain != Yaml.class) {
            for (Class<?> permitted : plain.getPermittedSubclasses()) {
                choices.put(snakeCase(permitted.getSimpleName()), permitted.asSubclass(Record.class));
            }
        }
        return choices;
    }

    /** The key that chooses a record among others. */
    public static String chosen(Record record) {
        return snakeCase(record.getClass().getSimpleName());
    }

    /** Whether a value of a type is a secret or has one in it. */
    public static boolean holdsSecret(Type type) {
        if (type instanceof ParameterizedType generic) {
            return Arrays.stream(generic.getActualTypeArguments()).anyMatch(Keys::holdsSecret);
        }
        Class<? extends Record> section = section(type);
        return type == Secret.class
                || (section != null
                        && Arrays.stream(section.getRecordComponents())
                                .anyMatch(component -> holdsSecret(component.getGenericType())))
                || choices(type).values().stream().anyMatch(Keys::holdsSecret);
    }

    public static String firstSentence(String doc) {
        int end = doc.indexOf(". ");
        String sentence = end < 0 ? doc : doc.substring(0, end);
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
