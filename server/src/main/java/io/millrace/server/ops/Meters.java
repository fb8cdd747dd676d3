package io.millrace.server.ops;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Everything that is counted. What counts is looked up once, when routes are made or a pipeline starts, and kept: counts go
 * on where routes are replaced. Thread-safe.
 */
public final class Meters {

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "QUERY");

    private record RouteKey(String method, String route) {}

    private final Map<RouteKey, RouteMeter> routes = new ConcurrentHashMap<>();
    private final Map<String, IntakeMeter> intakes = new ConcurrentHashMap<>();
    private final Map<String, PipelineMeter> pipelines = new ConcurrentHashMap<>();
    private final Map<String, Histogram> forces = new ConcurrentHashMap<>();
    private final String scheme;

    /** What a method is called that HTTP does not know. */
    public static final String OTHER = "_OTHER";

    /** @param tls whether requests come by HTTPS */
    public Meters(boolean tls) {
        scheme = tls ? "https" : "http";
    }

    /**
     * Of the requests to a route.
     *
     * @param template the path as it is declared
     */
    public RouteMeter route(String method, String template) {
        return routes.computeIfAbsent(new RouteKey(known(method), template), this::meter);
    }

    /** Of requests to paths or methods that are not there; what they asked for is not kept. */
    public RouteMeter unrouted(String method) {
        return routes.computeIfAbsent(new RouteKey(known(method), ""), this::meter);
    }

    /** A method as metrics and spans name it: any other word may be anything, and is not kept. */
    public static String known(String method) {
        return METHODS.contains(method) ? method : OTHER;
    }

    private RouteMeter meter(RouteKey key) {
        Map<String, String> labels = new TreeMap<>();
        labels.put("http.request.method", key.method());
        labels.put("url.scheme", scheme);
        if (!key.route().isEmpty()) {
            labels.put("http.route", key.route());
        }
        return new RouteMeter(labels);
    }

    /** Of what comes to a stream. */
    public IntakeMeter intake(String stream) {
        return intakes.computeIfAbsent(stream, name -> new IntakeMeter());
    }

    PipelineMeter pipeline(String name) {
        return pipelines.computeIfAbsent(name, key -> new PipelineMeter());
    }

    /** Of writing and forcing groups of one stream to disk. */
    Histogram forces(String stream) {
        return forces.computeIfAbsent(stream, key -> Histogram.ofNanos(Histogram.WORK_SECONDS));
    }

    List<RouteMeter> routes() {
        return List.copyOf(routes.values());
    }

    Map<String, IntakeMeter> intakes() {
        return new TreeMap<>(intakes);
    }

    Map<String, Histogram> forces() {
        return new TreeMap<>(forces);
    }
}
