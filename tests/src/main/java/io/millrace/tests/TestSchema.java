package io.millrace.tests;

import io.millrace.engine.yaml.RecordSchema;
import io.millrace.engine.yaml.Vocabulary;
import java.util.Map;

/**
 * The JSON Schema (2020-12) of a test file: editors complete and check by it. It refuses nothing that {@link TestSuite}
 * takes. A copy is kept with the sources, which a test compares with what this makes.
 */
public final class TestSchema {

    /** What the records hold single keys to, beside what their types say. */
    private static final Map<String, Map<String, Object>> MORE = Map.of(
            "tests",
            Map.of("minItems", 1),
            "tests[].parallel",
            Map.of("minimum", 1, "maximum", TestFile.Case.MOST_LANES),
            "tests[].restart_after",
            Map.of("minimum", 1));

    private TestSchema() {}

    /** The whole schema. */
    public static String json() {
        return new RecordSchema(Vocabulary.PLAIN, MORE).json("Tests of a Millrace pipeline", TestFile.class);
    }
}
