package io.millrace.engine.pipeline;

import io.millrace.api.Doc;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a record's components are as keys of a file. */
final class Keys {
    private Keys() {}

    static List<String> all(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents()).map(Keys::of).toList();
    }

    /** {@code onViolation} is {@code on_violation} in a file. */
    static String of(RecordComponent component) {
        StringBuilder key = new StringBuilder();
        for (char c : component.getName().toCharArray()) {
            if (Character.isUpperCase(c)) {
                key.append('_').append(Character.toLowerCase(c));
            } else {
                key.append(c);
            }
        }
        return key.toString();
    }

    /** The default as YAML; empty where there is none. */
    static String byDefault(RecordComponent component) {
        Doc doc = component.getAnnotation(Doc.class);
        return doc == null ? "" : doc.byDefault();
    }

    /** Whether null is a value that the record takes for a key that is not given. */
    static boolean optional(RecordComponent component) {
        return component.isAnnotationPresent(Nullable.class)
                || component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    static String firstSentence(String doc) {
        int end = doc.indexOf(". ");
        String sentence = end < 0 ? doc : doc.substring(0, end);
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
