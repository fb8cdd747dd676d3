package io.millrace.server;

import io.millrace.engine.pipeline.Pipeline;
import io.millrace.server.http.Schema;
import io.millrace.server.openapi.TypeSchemas;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What pipelines take for an event. */
final class EventSchemas {

    private EventSchemas() {}

    /** What a single one takes. */
    private static Schema schema(Pipeline pipeline) {
        Schema byColumns = TypeSchemas.event(pipeline.input());
        return pipeline.schema() == null
                ? byColumns
                : pipeline.schema().shown().map(Schema::new).orElse(byColumns);
    }

    /** What all pipelines that read a stream take. */
    static Schema schema(List<Pipeline> pipelines) {
        List<Schema> schemas = new ArrayList<>();
        for (Pipeline pipeline : pipelines) {
            Schema schema = schema(pipeline);
            if (!schemas.contains(schema)) {
                schemas.add(schema);
            }
        }
        return schemas.size() == 1
                ? schemas.getFirst()
                : Schema.of("object")
                        .with("allOf", schemas.stream().map(Schema::keywords).toList());
    }

    static Map<String, Object> example(List<Pipeline> pipelines) {
        Map<String, Object> example = new LinkedHashMap<>();
        pipelines.forEach(pipeline -> TypeSchemas.example(pipeline.input()).forEach(example::putIfAbsent));
        return example;
    }
}
