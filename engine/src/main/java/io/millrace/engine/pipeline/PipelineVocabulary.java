package io.millrace.engine.pipeline;

import io.millrace.api.SinkConnector;
import io.millrace.api.SourceConnector;
import io.millrace.engine.pipeline.PipelineFile.From;
import io.millrace.engine.pipeline.PipelineFile.Into;
import io.millrace.engine.yaml.Choice;
import io.millrace.engine.yaml.Vocabulary;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a pipeline file knows beside its records: connectors by their names, and keys that are to come. */
final class PipelineVocabulary implements Vocabulary {
    private static final Set<String> PLANNED = Set.of("privacy", "schedule", "after", "on_load");

    private static final Set<String> PLANNED_CONNECTORS = Set.of(
            "http",
            "files",
            "kafka",
            "rabbitmq",
            "postgres_cdc",
            "mysql_cdc",
            "mongodb_cdc",
            "jdbc",
            "generate",
            "postgres",
            "clickhouse",
            "duckdb",
            "parquet");

    private final Connectors connectors;

    PipelineVocabulary(Connectors connectors) {
        this.connectors = connectors;
    }

    @Override
    public @Nullable Choice choice(Type type) {
        Type raw = type instanceof ParameterizedType generic ? generic.getRawType() : type;
        if (raw == From.class) {
            Map<String, SourceConnector<?>> sources = connectors.sources();
            return new Choice(
                    "source",
                    configs(sources, SourceConnector::config),
                    PLANNED_CONNECTORS,
                    (name, config) -> From.of(Objects.requireNonNull(sources.get(name)), config));
        } else if (raw == Into.class) {
            Map<String, SinkConnector<?>> sinks = connectors.sinks();
            return new Choice(
                    "destination",
                    configs(sinks, SinkConnector::config),
                    PLANNED_CONNECTORS,
                    (name, config) -> Into.of(Objects.requireNonNull(sinks.get(name)), config));
        }
        return null;
    }

    @Override
    public boolean planned(String path) {
        return PLANNED.contains(path);
    }

    private static <C> Map<String, Class<? extends Record>> configs(
            Map<String, C> connectors, Function<C, Class<? extends Record>> config) {
        Map<String, Class<? extends Record>> configs = new LinkedHashMap<>();
        connectors.forEach((name, connector) -> configs.put(name, config.apply(connector)));
        return configs;
    }
}
