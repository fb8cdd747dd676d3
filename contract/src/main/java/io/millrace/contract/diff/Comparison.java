package io.millrace.contract.diff;

import io.millrace.contract.ContractSchema;
import io.millrace.contract.ContractSchemaException;
import io.millrace.contract.RecordChecker;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Holds a schema of the new document against what the old one says of the same value. A schema is a conjunction of
 * keywords; each keyword of the new one must follow from the facts of the old one.
 */
final class Comparison {

    private static final Set<String> SAYS_NOTHING = Set.of(
            "$comment",
            "$defs",
            "definitions",
            "$id",
            "$schema",
            "$anchor",
            "title",
            "description",
            "default",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly",
            "$ref",
            "allOf");
    /** So many places compared, and the rest is left open: schemas can be made to have endlessly many cases. */
    private static final int MAX_COMPARED = 20_000;

    private static final int MAX_DEPTH = 300;

    private final Document before;
    private final Document after;
    private int compared;
    private int depth;

    Comparison(Document before, Document after) {
        this.before = before;
        this.after = after;
    }

    Document before() {
        return before;
    }

    /**
     * Compares.
     *
     * @param at the place in the record, as a JSON pointer where {@code *} stands for any name or index
     */
    void compare(Olds olds, Place target, String at, Proof proof) {
        Keyword whole = new Keyword(olds.pointer(), target.pointer(), at, proof);
        if (++compared > MAX_COMPARED || depth > MAX_DEPTH) {
            whole.unknown("there are too many cases to compare");
            return;
        }
        if (proof.begin(olds.key() + " -> " + target.pointer() + (olds.unsure() ? " ?" : ""))) {
            depth++;
            prove(olds, target, at, proof);
            depth--;
        }
    }

    private void prove(Olds olds, Place target, String at, Proof proof) {
        Facts facts = new Facts(before, olds);
        if (facts.never()) {
            return;
        }
        List<Place> choices = facts.choices(olds);
        if (choices.isEmpty()) {
            prove(facts, olds, target, at, proof);
            return;
        }
        Proof whole = proof.fork();
        prove(facts, olds, target, at, whole);
        if (!whole.holds()) {
            for (Place choice : choices) {
                compare(olds.and(choice), target, at, proof);
            }
        }
    }

    private void prove(Facts facts, Olds olds, Place target, String at, Proof proof) {
        Document.Conjunction all = after.conjunction(List.of(target));
        for (Place place : all.unresolved()) {
            new Keyword(olds.pointer(), place.pointer(), at, proof)
                    .unknown("the new schema has a reference that is not followed: to another file, or in a circle");
        }
        for (Place part : all.parts()) {
            if (part.schema().isObject()) {
                part(facts, olds, part, at, proof);
            } else if (!part.schema().asBoolean()) {
                new Keyword(olds.pointer(), part.pointer(), at, proof)
                        .breaks(facts.dim(), "nothing is allowed here any more", "is there at all");
            }
        }
    }

    /** Compares one schema of the new document, its own keywords only. */
    private void part(Facts facts, Olds olds, Place part, String at, Proof proof) {
        JsonNode own = part.own();
        boolean alone = Place.standsAlone(own);
        if (alone && facts.parts().stream().anyMatch(old -> old.own().equals(own) && whole(old, part))) {
            return;
        }
        List<JsonNode> values = facts.finite();
        if (values != null && alone && whole(part, part)) {
            listed(values, own, facts, new Keyword(olds.pointer(), part.pointer(), at, proof));
            return;
        }
        Fields fields = new Fields(this, facts, olds, part, at, proof);
        for (String name : part.schema().propertyNames()) {
            if (!SAYS_NOTHING.contains(name)) {
                Keyword keyword = new Keyword(pointer(facts, olds, name), part.pointer() + "/" + name, at, proof);
                if (!Scalars.compare(name, part.schema(), facts, keyword) && !fields.compare(name, keyword)) {
                    other(name, part, facts, olds, keyword);
                }
            }
        }
    }

    /** Whether two parts that have the same keywords mean the same: some keywords look at what others have looked at. */
    private static boolean whole(Place old, Place part) {
        return (!part.has("unevaluatedProperties") && !part.has("unevaluatedItems"))
                || List.of(old, part).stream().noneMatch(place -> place.has("$ref") || place.has("allOf"));
    }

    private static String pointer(Facts facts, Olds olds, String keyword) {
        return facts.parts().stream()
                .filter(part -> part.has(keyword))
                .map(part -> part.pointer() + "/" + keyword)
                .findFirst()
                .orElse(olds.pointer());
    }

    /** Where the old schema lists all values, each is put to the new one. */
    private static void listed(List<JsonNode> values, JsonNode own, Facts facts, Keyword keyword) {
        RecordChecker checker = checker(own);
        if (checker == null) {
            keyword.unknown("the new schema can't be checked by itself");
            return;
        }
        for (JsonNode value : values) {
            byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
            if (checker.check(text, 0, text.length) != null) {
                keyword.breaks(facts.dim(), "one of the listed values is not taken any more", "is " + value);
            }
        }
    }

    private static @Nullable RecordChecker checker(JsonNode schema) {
        try {
            return ContractSchema.parse(schema.toString().getBytes(StandardCharsets.UTF_8))
                    .checker();
        } catch (ContractSchemaException e) {
            // Part of a schema that was loaded as a whole: not reached, and if it were, nothing would be claimed.
            return null;
        }
    }

    /** Keywords that hold where the old schema has them too, and where a case by case look shows it. */
    private void other(String name, Place part, Facts facts, Olds olds, Keyword keyword) {
        JsonNode value = part.schema().get(name);
        boolean known = facts.parts().stream().anyMatch(old -> sameGroup(name, old.schema(), part.schema()));
        if (known && Place.standsAlone(value) && !name.startsWith("$")) {
            return;
        }
        switch (name) {
            case "anyOf" -> anyOf(part, facts, olds, keyword);
            case "oneOf" -> keyword.unknown("the choices of 'oneOf' changed");
            case "then", "else", "minContains", "maxContains" -> {} // they say nothing alone; see sameGroup
            case "contains", "prefixItems", "unevaluatedItems" -> {
                if (facts.may(Kinds.ARRAY)) {
                    keyword.unknown("'" + name + "' was added or changed");
                }
            }
            case "propertyNames", "dependentRequired", "dependentSchemas", "unevaluatedProperties" -> {
                if (facts.may(Kinds.OBJECT)) {
                    keyword.unknown("'" + name + "' was added or changed");
                }
            }
            default -> keyword.unknown("the keyword '" + name + "' was added or changed, or is not understood");
        }
    }

    /** Whether two schemas have the same keyword with the same companions, so that it means the same. */
    private static boolean sameGroup(String name, JsonNode old, JsonNode part) {
        List<String> group = switch (name) {
            case "if" -> List.of("if", "then", "else");
            case "contains" -> List.of("contains", "minContains", "maxContains");
            case "unevaluatedProperties", "unevaluatedItems" -> List.of();
            default -> List.of(name);
        };
        return !group.isEmpty()
                && group.stream().allMatch(one -> {
                    JsonNode value = part.path(one);
                    return old.path(one).equals(value) && Place.standsAlone(value);
                });
    }

    /** Every value must fit one of the choices: which one, may depend on its kind. */
    private void anyOf(Place part, Facts facts, Olds olds, Keyword keyword) {
        int lost = 0;
        for (int kind = 1; kind <= Kinds.ARRAY; kind <<= 1) {
            if (facts.may(kind) && !fitsOne(part, olds.of(kind), keyword)) {
                lost |= kind;
            }
        }
        if (lost != 0) {
            keyword.unknown("it is not sure that " + Kinds.words(lost) + " still fits one of the choices of 'anyOf'");
        }
    }

    private boolean fitsOne(Place part, Olds olds, Keyword keyword) {
        for (int i = 0; i < part.schema().get("anyOf").size(); i++) {
            Proof tried = keyword.proof().fork();
            compare(olds, part.at("anyOf", i), keyword.at(), tried);
            if (tried.holds()) {
                return true;
            }
        }
        return false;
    }

    /** The JSON schema of each property of a keyword such as {@code properties}. */
    static Set<Map.Entry<String, JsonNode>> entries(Place part, String keyword) {
        return part.schema().path(keyword).properties();
    }
}
