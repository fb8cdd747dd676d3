package io.millrace.server.ops;

import io.millrace.engine.live.PipelineStatus;
import io.millrace.engine.yaml.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pipelines of a server, as they are when asked. Thread-safe. */
public interface Observed {

    /** How each pipeline that runs does. */
    List<PipelineStatus> statuses();

    /** Files that can't be used as they are now. */
    Map<Path, List<Problem>> refused();

    /** Why the folder of pipelines can't be read now; empty where it can. */
    Optional<String> unreadable();

    /** What the last check of each pipeline's books has found, by its name; those not checked yet are left out. */
    Map<String, Balance> balances();

    /** The stream of the log that a pipeline reads, by the pipeline's name; those that read no log are left out. */
    Map<String, String> streams();
}
