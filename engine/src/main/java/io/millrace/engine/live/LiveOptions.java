package io.millrace.engine.live;

import io.millrace.api.Source;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.run.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What live pipelines share.
 *
 * @param home where Millrace keeps everything of its own
 * @param set values of parameters, by name; they win over the environment
 * @param environment environment variables
 * @param sources opens the source of a pipeline
 * @param following how runs go on, and as whom
 * @param runIds names each run in the ledger
 * @param lookEvery how often the folder is looked at
 * @param clock tells the time at which records are received
 * @param random spreads retries
 */
public record LiveOptions(
        Path home,
        Map<String, String> set,
        Map<String, String> environment,
        Sources sources,
        Job.Following following,
        Supplier<String> runIds,
        Duration lookEvery,
        InstantSource clock,
        RandomGenerator random) {

    /** Opens the source of a pipeline, for following it where that is possible. */
    public interface Sources {
        Source open(Pipeline pipeline) throws IOException;
    }
}
