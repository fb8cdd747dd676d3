package io.millrace.server;

import io.millrace.engine.pipeline.Pipeline;
import io.millrace.server.http.Schema;
import io.millrace.server.openapi.TypeSchemas;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
        pipelines.forEach(pipeline -> example(pipeline).forEach(example::putIfAbsent));
        return example;
    }

    /** By the types of columns, but where the schema gives values itself, one of these. */
    private static Map<String, Object> example(Pipeline pipeline) {
        Map<String, Object> example = new LinkedHashMap<>(TypeSchemas.example(pipeline.input()));
        if (pipeline.schema() != null
                && pipeline.schema()
                                .shown()
                                .map(schema -> schema.get("properties"))
                                .orElse(null)
                        instanceof Map<?, ?> properties) {
            properties.forEach((name, property) -> {
                Object given = property instanceof Map<?, ?> keywords ? given(keywords) : null;
                if (given != null) {
                    example.replace(String.valueOf(name), given);
                }
            });
        }
        return example;
    }

    private static @Nullable Object given(Map<?, ?> keywords) {
        if (keywords.get("const") != null) {
            return keywords.get("const");
        }
        for (String several : List.of("examples", "enum")) {
            if (keywords.get(several) instanceof List<?> values && !values.isEmpty()) {
                return values.getFirst();
            }
        }
        return null;
    }
}
