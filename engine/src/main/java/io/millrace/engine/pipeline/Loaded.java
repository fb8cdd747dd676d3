package io.millrace.engine.pipeline;

import io.millrace.engine.yaml.Problem;
import java.util.List;

/** What came of reading a pipeline file. */
public sealed interface Loaded {

    /** A pipeline that can run. */
    record Ok(Pipeline pipeline) implements Loaded {}

    /**
     * A file that can't be used.
     *
     * @param problems all that is wrong with it, in the order of the file; at least one
     */
    record Invalid(List<Problem> problems) implements Loaded {
        public Invalid {
            problems = List.copyOf(problems);
        }
    }
}
