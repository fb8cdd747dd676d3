package io.millrace.contract.diff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Looks for schemas that come back to themselves without a step into the record, as {@code {"$ref": "#"}} does. */
final class Cycles {

    private static final List<String> IN_PLACE = List.of("allOf", "anyOf", "oneOf");
    private static final List<String> ONE_IN_PLACE = List.of("not", "if", "then", "else");

    private final Document document;
    /** By pointer; true where all ways from there are known to end. */
    private final Map<String, Boolean> ends = new HashMap<>();

    Cycles(Document document) {
        this.document = document;
    }

    boolean found() {
        return found(document.root());
    }

    /** Whatever looks like a schema is taken for one: at worst something harmless is refused. */
    private boolean found(Place place) {
        if (place.schema().isObject() && !ends(place)) {
            return true;
        }
        for (Map.Entry<String, JsonNode> below : place.schema().properties()) {
            if (found(new Place(below.getValue(), place.pointer() + "/" + Place.escape(below.getKey())))) {
                return true;
            }
        }
        for (int i = 0; place.schema().isArray() && i < place.schema().size(); i++) {
            if (found(new Place(place.schema().get(i), place.pointer() + "/" + i))) {
                return true;
            }
        }
        return false;
    }

    private boolean ends(Place place) {
        Boolean known = ends.putIfAbsent(place.pointer(), false);
        if (known != null) {
            return known;
        }
        for (Place next : next(place)) {
            if (next.schema().isObject() && !ends(next)) {
                return false;
            }
        }
        ends.put(place.pointer(), true);
        return true;
    }

    private List<Place> next(Place place) {
        List<Place> next = new ArrayList<>();
        Place target = place.schema().path("$ref").isString()
                ? document.resolve(place.schema().get("$ref").asString())
                : null;
        if (target != null) {
            next.add(target);
        }
        for (String keyword : IN_PLACE) {
            for (int i = 0;
                    place.schema().path(keyword).isArray()
                            && i < place.schema().get(keyword).size();
                    i++) {
                next.add(place.at(keyword, i));
            }
        }
        for (String keyword : ONE_IN_PLACE) {
            if (place.has(keyword)) {
                next.add(place.at(keyword));
            }
        }
        for (String name : place.schema().path("dependentSchemas").propertyNames()) {
            next.add(place.at("dependentSchemas", name));
        }
        return next;
    }
}
