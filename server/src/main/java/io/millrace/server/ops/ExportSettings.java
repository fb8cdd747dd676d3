package io.millrace.server.ops;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the standard environment variables of OpenTelemetry ask for. */
public final class ExportSettings {

    private static final String PREFIX = "OTEL_";
    private static final String NONE = "none";

    private ExportSettings() {}

    /**
     * The settings for OpenTelemetry's SDK. An exporter is taken where it is named, or where an address is given that it
     * would send to; and what is sent goes by HTTP, since that is what the JDK can send.
     *
     * @return empty where nothing is to be sent
     */
    public static Optional<Map<String, String>> of(Map<String, String> environment) {
        Map<String, String> settings = new HashMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !value.isBlank()) {
                settings.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value.strip());
            }
        });
        String traces = exporter(settings, "traces");
        String metrics = exporter(settings, "metrics");
        if ("true".equalsIgnoreCase(settings.get("otel.sdk.disabled"))
                || (traces.equals(NONE) && metrics.equals(NONE))) {
            return Optional.empty();
        }
        settings.put("otel.traces.exporter", traces);
        settings.put("otel.metrics.exporter", metrics);
        // What Millrace has to say goes to its standard error.
        settings.put("otel.logs.exporter", NONE);
        settings.putIfAbsent("otel.exporter.otlp.protocol", "http/protobuf");
        if (!settings.getOrDefault("otel.resource.attributes", "").contains("service.name=")) {
            settings.putIfAbsent("otel.service.name", "millrace");
        }
        return Optional.of(settings);
    }

    private static String exporter(Map<String, String> settings, String signal) {
        String named = settings.get("otel." + signal + ".exporter");
        if (named != null) {
            // What Prometheus reads is there in any case.
            return named.equals("prometheus") ? NONE : named;
        }
        boolean addressed = settings.containsKey("otel.exporter.otlp.endpoint")
                || settings.containsKey("otel.exporter.otlp." + signal + ".endpoint");
        return addressed ? "otlp" : NONE;
    }
}
