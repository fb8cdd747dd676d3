package io.millrace.cli;

import io.millrace.api.SinkException;
import io.millrace.connectors.postgres.PostgresConfig;
import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.engine.pipeline.Pipeline;
import java.nio.file.Path;
import java.util.Map;

/** Finds the database of a pipeline. */
final class PipelineDestination {

    private PipelineDestination() {}

    /** Whether a user who writes this means a pipeline file, and not the name of a pipeline. */
    static boolean isFile(String text) {
        return text.endsWith(".yaml") || text.endsWith(".yml") || text.indexOf('/') >= 0;
    }

    /** The destination that a pipeline loads into, for looking at it. */
    static PostgresDestination attach(Pipeline pipeline, Map<String, String> environment, Path home)
            throws SinkException, InterruptedException, UserException {
        if (pipeline.file().into().config() instanceof PostgresConfig postgres) {
            return PostgresDestination.attach(postgres.url(), environment, home);
        }
        throw UserException.failed("the destination \""
                + pipeline.file().into().connector().name() + "\" keeps no ledger that can be read");
    }
}
