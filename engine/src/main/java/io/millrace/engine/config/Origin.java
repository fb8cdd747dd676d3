package io.millrace.engine.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the value of a key comes from. Its text is what a person is told. */
public sealed interface Origin {

    /** Nothing says it: the default of the record holds. */
    record Default() implements Origin {
        @Override
        public String toString() {
            return "default";
        }
    }

    /**
     * The configuration file.
     *
     * @param line from 1
     */
    record File(String file, int line) implements Origin {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    /**
     * An environment variable.
     *
     * @param file the file that it names and that the value was read from; null where it is the value itself
     */
    record Variable(String name, @Nullable Path file) implements Origin {
        @Override
        public String toString() {
            return file == null ? name : name + " (" + file + ")";
        }
    }

    /** {@code --set} on the command line. */
    record CommandLine(String key) implements Origin {
        @Override
        public String toString() {
            return "--set " + key;
        }
    }
}
