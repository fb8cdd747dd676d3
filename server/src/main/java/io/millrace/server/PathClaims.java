package io.millrace.server;

import io.millrace.connectors.http.HttpConnector;
import io.millrace.server.http.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Who serves which path. Where several pipelines want the same one, it stays with the one that has it, and otherwise goes
 * to the first; the others go on without it. Used by one thread at a time.
 */
final class PathClaims {

    /** The pipeline that serves each method and path. */
    private Map<String, String> owners = Map.of();

    /** A path that a pipeline wants to serve. */
    record Claim(String pipeline, Route route) {

        /** What would lead to the same place: the names of parameters don't matter. */
        String place() {
            return route.method() + " " + route.template().text().replaceAll("\\{[^}]*}", "{}");
        }
    }

    /**
     * The routes that are served from now on.
     *
     * @param intakes paths of intakes, which have paths of their own below them
     * @param refused is told of each path that is not served: the pipeline and why
     */
    List<Route> settle(List<Claim> claims, List<String> intakes, BiConsumer<String, String> refused) {
        Map<String, Claim> settled = new LinkedHashMap<>();
        for (boolean before : new boolean[] {true, false}) {
            for (Claim claim : claims) {
                boolean had = claim.pipeline().equals(owners.get(claim.place()));
                if (had == before) {
                    settle(claim, settled, intakes, refused);
                }
            }
        }
        Map<String, String> next = new HashMap<>();
        settled.forEach((place, claim) -> next.put(place, claim.pipeline()));
        owners = next;
        List<Route> routes = new ArrayList<>();
        settled.values().forEach(claim -> routes.add(claim.route()));
        return routes;
    }

    private static void settle(
            Claim claim, Map<String, Claim> settled, List<String> intakes, BiConsumer<String, String> refused) {
        String path = claim.route().template().text();
        boolean progress = intakes.stream().anyMatch(intake -> path.equals(intake + "/_progress"));
        if (HttpConnector.reserved(path) || progress) {
            refused.accept(claim.pipeline(), path + " is one of the server's own. Choose another.");
            return;
        }
        Claim there = settled.putIfAbsent(claim.place(), claim);
        if (there != null) {
            String who = there.pipeline().equals(claim.pipeline())
                    ? "it serves it already"
                    : "the pipeline \"" + there.pipeline() + "\" serves it already";
            refused.accept(claim.pipeline(), path + " leads to one place only, and " + who + ". Choose another.");
        }
    }
}
