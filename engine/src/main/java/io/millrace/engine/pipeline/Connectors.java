package io.millrace.engine.pipeline;

import io.millrace.api.SinkConnector;
import io.millrace.api.SourceConnector;
import java.util.Collections;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * The connectors that pipeline files can name.
 *
 * @param sources by the word under {@code from:}
 * @param sinks by the word under {@code into:}
 */
public record Connectors(Map<String, SourceConnector<?>> sources, Map<String, SinkConnector<?>> sinks) {

    public Connectors {
        sources = Collections.unmodifiableMap(new TreeMap<>(sources));
        sinks = Collections.unmodifiableMap(new TreeMap<>(sinks));
    }

    /** Those on the class path, found by {@link ServiceLoader}. */
    public static Connectors installed() {
        Map<String, SourceConnector<?>> sources = new TreeMap<>();
        for (SourceConnector<?> connector : ServiceLoader.load(SourceConnector.class)) {
            sources.put(connector.name(), connector);
        }
        Map<String, SinkConnector<?>> sinks = new TreeMap<>();
        for (SinkConnector<?> connector : ServiceLoader.load(SinkConnector.class)) {
            sinks.put(connector.name(), connector);
        }
        return new Connectors(sources, sinks);
    }
}
