package io.millrace.contract.diff;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The old schemas that a value fits, all of them.
 *
 * @param places none where any value will do
 * @param pointer where the old file speaks of the value, or would
 * @param unsure whether the old file may say more of the value than these places do
 */
record Olds(List<Place> places, String pointer, boolean unsure) {

    static Olds of(List<Place> places, String otherwise, boolean unsure) {
        return new Olds(places, places.isEmpty() ? otherwise : places.getFirst().pointer(), unsure);
    }

    /** With one more, which is one of several that there could be. */
    Olds and(Place place) {
        List<Place> more = new ArrayList<>(places);
        more.add(place);
        return new Olds(more, pointer, unsure);
    }

    /** Restricted to values of one kind. */
    Olds of(int kind) {
        return and(new Place(
                JsonNodeFactory.instance.objectNode().put("type", Kinds.type(kind)),
                pointer + " as " + Kinds.type(kind)));
    }

    String key() {
        return places.stream().map(Place::pointer).sorted().distinct().reduce("", (a, b) -> a + " & " + b);
    }
}
