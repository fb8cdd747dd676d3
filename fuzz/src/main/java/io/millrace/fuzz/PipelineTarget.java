package io.millrace.fuzz;

import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.pipeline.Loaded;
import io.millrace.engine.pipeline.PipelineLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Any bytes as a pipeline file: it is a pipeline, or there is a list of what is wrong. */
public final class PipelineTarget {

    private static final PipelineLoader LOADER = new PipelineLoader(Connectors.installed());
    private static final Path FILE = Scratch.folder().resolve("fuzz.yaml");

    private PipelineTarget() {}

    /** Loads what it needs before the clock of the first input runs: instrumented, that takes many seconds. */
    public static void fuzzerInitialize() {
        SqlTarget.fuzzerInitialize();
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Files.write(FILE, input);
        Loaded loaded = LOADER.load(FILE, Map.of("NAME", "value"), Map.of("OTHER", "1"));
        if (loaded instanceof Loaded.Invalid invalid && invalid.problems().isEmpty()) {
            throw new AssertionError("invalid without a problem");
        }
    }
}
