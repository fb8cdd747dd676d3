package io.millrace.engine.config;

import io.millrace.engine.yaml.Problem;
import java.util.List;

/**
 * What came of reading the configuration.
 *
 * @param <R> the record that it is bound to
 */
public sealed interface Configured<R extends Record> {

    /**
     * A configuration that can be used.
     *
     * @param settings every key with its value and where that comes from, in the order of the record
     */
    record Ok<R extends Record>(R config, List<Setting> settings) implements Configured<R> {
        public Ok {
            settings = List.copyOf(settings);
        }
    }

    /**
     * A configuration that can't be used.
     *
     * @param problems all that is wrong: of the file, then of variables, then of the command line; at least one
     */
    record Invalid<R extends Record>(List<Problem> problems) implements Configured<R> {
        public Invalid {
            problems = List.copyOf(problems);
        }
    }
}
