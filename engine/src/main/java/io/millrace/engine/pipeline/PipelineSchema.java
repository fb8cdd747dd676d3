package io.millrace.engine.pipeline;

import io.millrace.engine.yaml.RecordSchema;
import java.util.Map;

/**
 * The JSON Schema (2020-12) of the pipeline file, with the blocks of the connectors: editors complete and check by it. It
 * refuses nothing that {@link PipelineLoader} takes. A copy is kept with the sources, which a test compares with what this
 * makes.
 */
public final class PipelineSchema {
    /** What the loader holds single keys to, beside what their types say. */
    private static final Map<String, Map<String, Object>> MORE = Map.of(
            "pipeline",
            Map.of("pattern", "^" + PipelineLoader.NAME.pattern() + "$|\\$\\{"),
            "lanes",
            Map.of("minimum", 1, "maximum", PipelineLoader.MAX_LANES));

    private PipelineSchema() {}

    /** The whole schema. */
    public static String json(Connectors connectors) {
        return new RecordSchema(new PipelineVocabulary(connectors), MORE)
                .json("A Millrace pipeline", PipelineFile.class);
    }
}
