package io.millrace.engine.config;

import io.millrace.engine.yaml.RecordSchema;
import io.millrace.engine.yaml.Vocabulary;
import java.util.Map;

/**
 * The JSON Schema (2020-12) of the configuration file: editors complete and check by it. It refuses nothing that {@link
 * ConfigLoader} takes. A copy is kept with the sources, which a test compares with what this makes.
 */
public final class ConfigSchema {
    private ConfigSchema() {}

    /** The whole schema. */
    public static String json(Class<? extends Record> type) {
        return new RecordSchema(Vocabulary.PLAIN, Map.of()).json("The configuration of Millrace", type);
    }
}
