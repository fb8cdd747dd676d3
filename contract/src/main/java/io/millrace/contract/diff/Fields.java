package io.millrace.contract.diff;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The keywords that look into objects and arrays: a part of the new schema against the facts of the old one. */
final class Fields {

    private final Comparison comparison;
    private final Facts facts;
    private final Olds olds;
    private final Place part;
    private final String at;
    private final Proof proof;

    Fields(Comparison comparison, Facts facts, Olds olds, Place part, String at, Proof proof) {
        this.comparison = comparison;
        this.facts = facts;
        this.olds = olds;
        this.part = part;
        this.at = at;
        this.proof = proof;
    }

    /** @return false where the keyword is none of these */
    boolean compare(String name, Keyword keyword) {
        switch (name) {
            case "required" -> required(keyword);
            case "properties" -> properties();
            case "additionalProperties" -> additional(keyword);
            case "patternProperties" -> patterns(keyword);
            case "items" -> items(keyword);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void required(Keyword keyword) {
        if (!facts.may(Kinds.OBJECT)) {
            return;
        }
        Set<String> known = facts.required();
        for (JsonNode name : part.schema().get("required")) {
            if (!known.contains(name.asString())) {
                keyword.breaks(facts.dim(), "the field '" + name.asString() + "' is required now", "has no such field");
            }
        }
    }

    private void properties() {
        if (!facts.may(Kinds.OBJECT)) {
            return;
        }
        for (Map.Entry<String, JsonNode> property : Comparison.entries(part, "properties")) {
            into(facts.field(property.getKey()), part.at("properties", property.getKey()), property.getKey(), proof);
        }
    }

    private void into(List<Place> known, Place target, String name, Proof in) {
        Olds inner = Olds.of(known, olds.pointer(), facts.dim());
        comparison.compare(inner, target, at + "/" + Place.escape(name), in);
    }

    /** Fields that the new schema does not name: those that the old one names, and those that neither does. */
    private void additional(Keyword keyword) {
        JsonNode value = part.schema().get("additionalProperties");
        if (!facts.may(Kinds.OBJECT) || (value.isBoolean() && value.asBoolean())) {
            return;
        }
        boolean patterns = !part.schema().path("patternProperties").isEmpty();
        Proof tried = proof.fork();
        for (String name : facts.names()) {
            if (!part.schema().path("properties").has(name)) {
                unnamed(facts.field(name), name, value, keyword, tried);
            }
        }
        unnamed(facts.otherFields(), "*", value, keyword, tried);
        if (tried.holds() || !patterns) {
            proof.addAll(tried);
        } else {
            keyword.unknown("it is not sure which fields 'patternProperties' leaves to 'additionalProperties'");
        }
    }

    private void unnamed(List<Place> known, String name, JsonNode value, Keyword keyword, Proof in) {
        if (!value.isBoolean()) {
            into(known, part.at("additionalProperties"), name, in);
        } else if (!new Facts(comparison.before(), Olds.of(known, olds.pointer(), facts.dim())).never()) {
            boolean any = name.equals("*");
            new Keyword(known.isEmpty() ? olds.pointer() : known.getFirst().pointer(), keyword.newPointer(), at, in)
                    .breaks(
                            facts.dim(),
                            any
                                    ? "fields that are not named are not taken any more"
                                    : "the field '" + name + "' is not taken any more",
                            any ? "has a field that the new schema does not name" : "has that field");
        }
    }

    /** Which names a pattern matches is not looked at: all that there can be must fit. */
    private void patterns(Keyword keyword) {
        JsonNode value = part.schema().get("patternProperties");
        if (!facts.may(Kinds.OBJECT) || facts.says("patternProperties", value)) {
            return;
        }
        Proof tried = proof.fork();
        for (Map.Entry<String, JsonNode> pattern : Comparison.entries(part, "patternProperties")) {
            Place target = part.at("patternProperties", pattern.getKey());
            List<Place> same = facts.pattern(pattern.getKey());
            if (!same.isEmpty()) {
                into(same, target, "*", tried);
                continue;
            }
            for (String name : facts.names()) {
                into(facts.field(name), target, name, tried);
            }
            into(facts.otherFields(), target, "*", tried);
        }
        if (!tried.holds()) {
            keyword.unknown("'patternProperties' was added or changed");
        }
    }

    private void items(Keyword keyword) {
        if (!facts.may(Kinds.ARRAY)) {
            return;
        }
        if (part.has("prefixItems")) {
            JsonNode items = part.schema().get("items");
            JsonNode prefix = part.schema().get("prefixItems");
            boolean same = Place.standsAlone(items)
                    && Place.standsAlone(prefix)
                    && facts.parts().stream()
                            .anyMatch(old -> items.equals(old.schema().get("items"))
                                    && prefix.equals(old.schema().get("prefixItems")));
            if (!same) {
                keyword.unknown("'items' beside 'prefixItems' was added or changed");
            }
            return;
        }
        if (facts.size("maxItems", false, BigDecimal.ONE).signum() > 0) {
            into(facts.items(), part.at("items"), "*", proof);
        }
    }
}
