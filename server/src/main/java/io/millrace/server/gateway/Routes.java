package io.millrace.server.gateway;

import io.millrace.server.http.Route;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that a gateway answers, beside the token endpoint that it has by itself.
 *
 * @param intakes paths that take events
 * @param others all other paths
 */
public record Routes(List<Intake> intakes, List<Route> others) {

    public static final Routes NONE = new Routes(List.of(), List.of());

    public Routes {
        intakes = List.copyOf(intakes);
        others = List.copyOf(others);
    }

    /** These and one more. */
    public Routes and(Intake intake) {
        List<Intake> more = new ArrayList<>(intakes);
        more.add(intake);
        return new Routes(more, others);
    }

    /** These and one more. */
    public Routes and(Route route) {
        List<Route> more = new ArrayList<>(others);
        more.add(route);
        return new Routes(intakes, more);
    }
}
