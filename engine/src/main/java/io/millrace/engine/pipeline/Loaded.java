package io.millrace.engine.pipeline;

import io.millrace.engine.yaml.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What came of reading a pipeline file. */
public sealed interface Loaded {

    /** The files that it depends on beside the pipeline file, whether they are there or not: schemas. Absolute paths. */
    Set<Path> besides();

    /** A pipeline that can run. */
    record Ok(Pipeline pipeline) implements Loaded {
        @Override
        public Set<Path> besides() {
            return pipeline.schema() == null ? Set.of() : pipeline.schema().files();
        }
    }

    /**
     * A file that can't be used.
     *
     * @param problems all that is wrong with it, in the order of the file; at least one
     */
    record Invalid(List<Problem> problems, Set<Path> besides) implements Loaded {
        public Invalid {
            problems = List.copyOf(problems);
            besides = Set.copyOf(besides);
        }
    }
}
