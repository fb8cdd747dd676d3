package io.millrace.contract.diff;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.NullNode;

/**
 * What is known of a value because it fits the old schema. Each fact is true of every such value; that some are not seen
 * makes answers less sure and never wrong.
 */
final class Facts {

    /** What may restrict values further than is seen here. */
    private static final Set<String> DIM = Set.of(
            "anyOf",
            "oneOf",
            "not",
            "if",
            "dependentRequired",
            "dependentSchemas",
            "patternProperties",
            "propertyNames",
            "unevaluatedProperties",
            "unevaluatedItems",
            "contains",
            "prefixItems",
            "pattern",
            "format",
            "multipleOf",
            "$dynamicRef");

    private static final int MAX_SCALE = 1000;

    private final List<Place> parts = new ArrayList<>();
    private final boolean never;
    private final boolean dim;

    Facts(Document document, Olds olds) {
        Document.Conjunction all = document.conjunction(olds.places());
        boolean none = false;
        boolean unsure = olds.unsure() || !all.unresolved().isEmpty();
        for (Place part : all.parts()) {
            if (part.schema().isBoolean()) {
                none |= !part.schema().asBoolean();
            } else {
                parts.add(part);
                // Whatever fits one of the choices of anyOf fits it; of oneOf that is not so.
                unsure |= part.schema().propertyNames().stream()
                        .anyMatch(keyword ->
                                DIM.contains(keyword) && !(keyword.equals("anyOf") && made(part, keyword, olds)));
            }
        }
        dim = unsure;
        never = none || types() == 0;
    }

    List<Place> parts() {
        return parts;
    }

    /** Whether no value at all fits. */
    boolean never() {
        return never;
    }

    /** Whether there may be more facts than are seen here. */
    boolean dim() {
        return dim;
    }

    /** The kinds that a value may be of. */
    int types() {
        int types = Kinds.ALL;
        for (Place part : parts) {
            if (part.has("type")) {
                types &= Kinds.ofType(part.schema().get("type"));
            }
            if (part.has("const")) {
                types &= Kinds.ofValue(part.schema().get("const"));
            }
            if (part.has("enum")) {
                int listed = 0;
                for (JsonNode value : part.schema().get("enum")) {
                    listed |= Kinds.ofValue(value);
                }
                types &= listed;
            }
        }
        return types;
    }

    boolean may(int kinds) {
        return (types() & kinds) != 0;
    }

    /** All values that there can be; null where they are not listed. */
    @Nullable
    List<JsonNode> finite() {
        List<JsonNode> values = null;
        for (Place part : parts) {
            if (part.has("const")) {
                values = List.of(part.schema().get("const"));
            } else if (part.has("enum")) {
                values = new ArrayList<>();
                part.schema().get("enum").forEach(values::add);
            }
        }
        int types = types();
        if (values != null) {
            return values.stream()
                    .filter(value -> (types & Kinds.ofValue(value)) != 0)
                    .toList();
        }
        if ((types & ~(Kinds.NULL | Kinds.BOOLEAN)) != 0) {
            return null;
        }
        values = new ArrayList<>();
        if ((types & Kinds.NULL) != 0) {
            values.add(NullNode.getInstance());
        }
        if ((types & Kinds.BOOLEAN) != 0) {
            values.add(BooleanNode.TRUE);
            values.add(BooleanNode.FALSE);
        }
        return values;
    }

    /** A bound of a number. */
    record Bound(BigDecimal value, boolean exclusive) {

        /** @param direction 1 where this and the other are lower bounds, -1 where they are upper ones */
        boolean implies(Bound other, int direction) {
            int order = value.compareTo(other.value) * direction;
            return order > 0 || (order == 0 && (exclusive || !other.exclusive));
        }
    }

    @Nullable
    Bound lower() {
        return bound("minimum", "exclusiveMinimum", 1, RoundingMode.CEILING);
    }

    @Nullable
    Bound upper() {
        return bound("maximum", "exclusiveMaximum", -1, RoundingMode.FLOOR);
    }

    private @Nullable Bound bound(String keyword, String exclusive, int direction, RoundingMode inwards) {
        Bound best = null;
        for (Place part : parts) {
            for (String one : List.of(keyword, exclusive)) {
                if (part.has(one)) {
                    Bound found = new Bound(part.schema().get(one).decimalValue(), one.equals(exclusive));
                    best = best == null || found.implies(best, direction) ? found : best;
                }
            }
        }
        if (best == null || may(Kinds.FRACTION) || Math.abs((long) best.value.scale()) > MAX_SCALE) {
            return best;
        }
        BigDecimal whole = best.value.setScale(0, inwards);
        boolean touches = best.exclusive && whole.compareTo(best.value) == 0;
        return new Bound(touches ? whole.add(BigDecimal.valueOf(direction)) : whole, false);
    }

    /** The largest value of a keyword, or the smallest; {@code otherwise} where there is none. */
    BigDecimal size(String keyword, boolean largest, BigDecimal otherwise) {
        BigDecimal best = otherwise;
        for (Place part : parts) {
            if (part.has(keyword)) {
                BigDecimal size = part.schema().get(keyword).decimalValue();
                best = largest ? best.max(size) : best.min(size);
            }
        }
        return best;
    }

    boolean multipleOf(BigDecimal divisor) {
        if (Math.abs((long) divisor.scale()) > MAX_SCALE) {
            return false;
        }
        if (!may(Kinds.FRACTION) && divides(divisor, BigDecimal.ONE)) {
            return true;
        }
        return parts.stream()
                .filter(part -> part.has("multipleOf"))
                .map(part -> part.schema().get("multipleOf").decimalValue())
                .anyMatch(known -> Math.abs((long) known.scale()) <= MAX_SCALE && divides(divisor, known));
    }

    private static boolean divides(BigDecimal divisor, BigDecimal number) {
        return divisor.signum() > 0 && number.remainder(divisor).signum() == 0;
    }

    /** Whether a part has the same keyword with the same value, which must mean the same wherever it stands. */
    boolean says(String keyword, JsonNode value) {
        return Place.standsAlone(value)
                && parts.stream().anyMatch(part -> value.equals(part.schema().get(keyword)));
    }

    Set<String> required() {
        Set<String> names = new HashSet<>();
        for (Place part : parts) {
            part.schema().path("required").forEach(name -> names.add(name.asString()));
        }
        return names;
    }

    /** The names that some part has a schema for. */
    Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (Place part : parts) {
            names.addAll(part.schema().path("properties").propertyNames());
        }
        return names;
    }

    /** Whether there are no fields but those that are named. */
    boolean closed() {
        return parts.stream()
                .anyMatch(part -> part.schema().path("additionalProperties").isBoolean()
                        && !part.schema().path("additionalProperties").asBoolean()
                        && part.schema().path("patternProperties").isEmpty());
    }

    /** What is known of the field of that name, where there is one. */
    List<Place> field(String name) {
        List<Place> known = new ArrayList<>();
        for (Place part : parts) {
            if (part.schema().path("properties").has(name)) {
                known.add(part.at("properties", name));
            } else if (part.has("additionalProperties")
                    && part.schema().path("patternProperties").isEmpty()) {
                known.add(part.at("additionalProperties"));
            }
        }
        return known;
    }

    /** What is known of fields whose names match that very pattern. */
    List<Place> pattern(String pattern) {
        return parts.stream()
                .filter(part -> part.schema().path("patternProperties").has(pattern))
                .map(part -> part.at("patternProperties", pattern))
                .toList();
    }

    /** What is known of fields that no part names. */
    List<Place> otherFields() {
        return parts.stream()
                .filter(part -> part.has("additionalProperties")
                        && part.schema().path("patternProperties").isEmpty())
                .map(part -> part.at("additionalProperties"))
                .toList();
    }

    /** What is known of every entry of an array. */
    List<Place> items() {
        return parts.stream()
                .filter(part -> part.has("items") && !part.has("prefixItems"))
                .map(part -> part.at("items"))
                .toList();
    }

    /** The choices of which every value fits at least one; none where there are no choices that are not made already. */
    List<Place> choices(Olds olds) {
        for (Place part : parts) {
            for (String keyword : List.of("anyOf", "oneOf")) {
                if (part.has(keyword) && !made(part, keyword, olds)) {
                    List<Place> choices = new ArrayList<>();
                    for (int i = 0; i < part.schema().get(keyword).size(); i++) {
                        choices.add(part.at(keyword, i));
                    }
                    return choices;
                }
            }
        }
        return List.of();
    }

    private static boolean made(Place part, String keyword, Olds olds) {
        String before = part.pointer() + "/" + keyword + "/";
        return olds.places().stream()
                .map(Place::pointer)
                .anyMatch(pointer -> pointer.startsWith(before) && pointer.indexOf('/', before.length()) < 0);
    }
}
