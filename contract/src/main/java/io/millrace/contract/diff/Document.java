package io.millrace.contract.diff;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A schema file, and what its references refer to. Immutable. */
final class Document {

    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

    private final JsonNode root;

    Document(JsonNode root) {
        this.root = root;
    }

    /**
     * A schema as a conjunction of schemas, each with its own keywords only.
     *
     * @param parts objects or booleans
     * @param unresolved those with a reference that can't be followed here
     */
    record Conjunction(List<Place> parts, List<Place> unresolved) {}

    Place root() {
        return new Place(root, "");
    }

    /** Whether another document says the same; where one refers to other files, those may differ. */
    boolean same(Document other) {
        return root.equals(other.root)
                && root.findValues("$ref").stream()
                        .allMatch(ref -> ref.isString() && ref.asString().startsWith("#"));
    }

    /** Why the document as a whole is beyond what is understood; null where it is not. */
    @Nullable
    String beyond() {
        JsonNode dialect = root.path("$schema");
        if (dialect.isString() && !dialect.asString().replaceFirst("#$", "").equals(DIALECT)) {
            return "it is of the dialect " + dialect.asString();
        }
        for (JsonNode below : root) {
            if (hasId(below)) {
                return "it has a schema within it with an $id of its own";
            }
        }
        return null;
    }

    /** Why a schema can't be the new one; null where it can. */
    @Nullable
    String endless() {
        return new Cycles(this).found() ? "it refers to itself for the same value" : null;
    }

    private static boolean hasId(JsonNode node) {
        if (node.path("$id").isString()) {
            return true;
        }
        for (JsonNode below : node) {
            if (hasId(below)) {
                return true;
            }
        }
        return false;
    }

    Conjunction conjunction(List<Place> places) {
        Conjunction all = new Conjunction(new ArrayList<>(), new ArrayList<>());
        Set<String> seen = new HashSet<>();
        for (Place place : places) {
            flatten(place, all, seen, List.of());
        }
        return all;
    }

    private void flatten(Place place, Conjunction all, Set<String> seen, List<String> way) {
        if (way.contains(place.pointer())) {
            // It refers to itself for the same value: no record can be checked by it.
            all.unresolved.add(place);
            return;
        }
        if (!seen.add(place.pointer())) {
            return;
        }
        all.parts.add(place);
        if (!place.schema().isObject()) {
            return;
        }
        List<String> further = new ArrayList<>(way);
        further.add(place.pointer());
        if (place.has("$ref")) {
            Place target = resolve(place.schema().get("$ref").asString(""));
            if (target == null) {
                all.unresolved.add(place);
            } else {
                flatten(target, all, seen, further);
            }
        }
        for (int i = 0; i < place.schema().path("allOf").size(); i++) {
            flatten(place.at("allOf", i), all, seen, further);
        }
    }

    /** The place that a reference within this document refers to; null where it refers to another, or by another way. */
    @Nullable
    Place resolve(String ref) {
        if (ref.equals("#")) {
            return root();
        }
        if (!ref.startsWith("#/")) {
            return null;
        }
        String pointer;
        try {
            pointer = URLDecoder.decode(ref.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
        JsonNode found = root.at(pointer);
        return found.isObject() || found.isBoolean() ? new Place(found, pointer) : null;
    }
}
