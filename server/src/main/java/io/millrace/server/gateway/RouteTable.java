package io.millrace.server.gateway;

import io.millrace.server.auth.Scope;
import io.millrace.server.http.Route;
import io.millrace.server.ops.Meters;
import io.millrace.server.ops.RouteMeter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where each path leads. Immutable: new routes are a new table. */
final class RouteTable {

    /** Where a request goes. */
    sealed interface Target {

        /** What the caller's token must have; null where no token is needed. */
        @Nullable
        Scope scope();

        /** The path as it is declared. */
        String path();

        /** Counts requests. */
        RouteMeter meter();

        /** Takes events. */
        record Events(IntakeHandler handler, RouteMeter meter) implements Target {
            @Override
            public Scope scope() {
                return Scope.EVENTS_WRITE;
            }

            @Override
            public String path() {
                return handler.intake().path();
            }
        }

        /** Anything else. */
        record Plain(Route route, RouteMeter meter) implements Target {
            @Override
            public @Nullable Scope scope() {
                return route.scope();
            }

            @Override
            public String path() {
                return route.template().text();
            }
        }
    }

    /**
     * What was found for a path.
     *
     * @param target null where the path is there, but not for this method
     * @param parameters of the path
     * @param methods those that are, where there is no target
     */
    record Match(@Nullable Target target, Map<String, String> parameters, TreeSet<String> methods) {}

    private record Template(Route route, Target.Plain target) {}

    /** By path, then by method. */
    private final Map<String, Map<String, Match>> fixed = new HashMap<>();

    private final List<Template> templates = new ArrayList<>();

    /** @throws IllegalArgumentException where two routes are for the same path and method */
    RouteTable(List<IntakeHandler> intakes, List<Route> routes, Meters meters) {
        for (IntakeHandler intake : intakes) {
            String path = intake.intake().path();
            add(path, "POST", new Target.Events(intake, meters.route("POST", path)));
        }
        for (Route route : routes) {
            Target.Plain target = new Target.Plain(
                    route, meters.route(route.method(), route.template().text()));
            if (route.template().parameters().isEmpty()) {
                add(route.template().text(), route.method(), target);
            } else {
                boolean twice = templates.stream()
                        .anyMatch(other -> other.route().method().equals(route.method())
                                && shape(other.route()).equals(shape(route)));
                if (twice) {
                    throw twice(route.method(), route.template().text());
                }
                templates.add(new Template(route, target));
            }
        }
    }

    private static String shape(Route route) {
        return route.template().text().replaceAll("\\{[^}]*}", "{}");
    }

    private void add(String path, String method, Target target) {
        Match match = new Match(target, Map.of(), new TreeSet<>());
        if (fixed.computeIfAbsent(path, p -> new HashMap<>()).put(method, match) != null) {
            throw twice(method, path);
        }
    }

    private static IllegalArgumentException twice(String method, String path) {
        return new IllegalArgumentException(
                method + " " + path + " is declared twice; every path can lead to one place only.");
    }

    /** @return null where nothing is at the path */
    @Nullable
    Match find(String method, String path) {
        String wanted = method.equals("HEAD") ? "GET" : method;
        Map<String, Match> byMethod = fixed.get(path);
        Match match = byMethod == null ? null : byMethod.get(wanted);
        return match != null ? match : search(wanted, path, byMethod);
    }

    private @Nullable Match search(String method, String path, @Nullable Map<String, Match> byMethod) {
        TreeSet<String> methods = new TreeSet<>(byMethod == null ? List.of() : byMethod.keySet());
        for (Template template : templates) {
            Map<String, String> parameters = template.route().template().match(path);
            if (parameters != null) {
                if (template.route().method().equals(method)) {
                    return new Match(template.target(), parameters, methods);
                }
                methods.add(template.route().method());
            }
        }
        return methods.isEmpty() ? null : new Match(null, Map.of(), methods);
    }
}
