package io.millrace.engine.yaml;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** What one kind of file knows beside what its records say. */
public interface Vocabulary {
    /** Nothing but the records. */
    Vocabulary PLAIN = new Vocabulary() {
        @Override
        public @Nullable Choice choice(Type type) {
            return null;
        }

        @Override
        public boolean planned(String path) {
            return false;
        }
    };

    /** What a component of a type is chosen from; null where it is no such type. Sealed interfaces need none. */
    @Nullable
    Choice choice(Type type);

    /** Whether a key, by its full path, is to come, so that a file made for a later Millrace is told so. */
    boolean planned(String path);
}
