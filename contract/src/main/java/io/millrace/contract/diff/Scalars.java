package io.millrace.contract.diff;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The keywords that look at a value without looking into it. */
final class Scalars {

    private static final BigDecimal NO_LIMIT = new BigDecimal("1e1000");

    private Scalars() {}

    /** @return false where the keyword is none of these */
    static boolean compare(String name, JsonNode part, Facts facts, Keyword keyword) {
        JsonNode value = part.get(name);
        switch (name) {
            case "type" -> type(value, facts, keyword);
            case "enum", "const" -> {
                // Where the old schema lists its values, they are put to the new one before it comes to this.
                if (!facts.says(name, value)) {
                    keyword.breaks(
                            facts.dim() || facts.finite() != null,
                            "only listed values are taken now",
                            "is none of " + shortened(value));
                }
            }
            case "minimum", "exclusiveMinimum" -> bound(name, value, facts.lower(), 1, "is less than ", facts, keyword);
            case "maximum", "exclusiveMaximum" ->
                bound(name, value, facts.upper(), -1, "is more than ", facts, keyword);
            case "multipleOf" -> {
                if (facts.may(Kinds.NUMBER) && !facts.multipleOf(value.decimalValue())) {
                    keyword.breaks(
                            facts.dim(), "only multiples of " + value + " are taken now", "is no multiple of " + value);
                }
            }
            case "minLength" -> size(name, value, true, Kinds.STRING, "characters", facts, keyword);
            case "maxLength" -> size(name, value, false, Kinds.STRING, "characters", facts, keyword);
            case "minItems" -> size(name, value, true, Kinds.ARRAY, "entries", facts, keyword);
            case "maxItems" -> size(name, value, false, Kinds.ARRAY, "entries", facts, keyword);
            case "minProperties", "maxProperties" ->
                size(name, value, name.equals("minProperties"), Kinds.OBJECT, "fields", facts, keyword);
            case "pattern" -> {
                if (facts.may(Kinds.STRING) && !facts.says(name, value)) {
                    keyword.breaks(
                            facts.dim(),
                            "strings must match " + shortened(value) + " now",
                            "is a string that does not match it");
                }
            }
            case "format" -> {
                if (facts.may(Kinds.STRING) && !facts.says(name, value)) {
                    keyword.breaks(
                            facts.dim(),
                            "strings must be of the format " + value + " now",
                            "is a string of another format");
                }
            }
            case "uniqueItems" -> {
                boolean few = facts.size("maxItems", false, NO_LIMIT).compareTo(BigDecimal.ONE) <= 0;
                if (value.asBoolean() && facts.may(Kinds.ARRAY) && !few && !facts.says(name, value)) {
                    keyword.breaks(facts.dim(), "no two entries may be alike now", "has the same entry twice");
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void type(JsonNode value, Facts facts, Keyword keyword) {
        int lost = facts.types() & ~Kinds.ofType(value);
        if (lost != 0) {
            String words = Kinds.words(lost);
            keyword.breaks(facts.dim(), words + " is not taken any more", "is " + words);
        }
    }

    private static void bound(
            String name,
            JsonNode value,
            Facts.@Nullable Bound known,
            int direction,
            String example,
            Facts facts,
            Keyword keyword) {
        Facts.Bound bound = new Facts.Bound(value.decimalValue(), name.startsWith("exclusive"));
        if (facts.may(Kinds.NUMBER) && (known == null || !known.implies(bound, direction))) {
            String change = known == null
                    ? "numbers have the bound '" + name + "' " + value + " now"
                    : "'" + name + "' " + value + " is narrower than before";
            keyword.breaks(facts.dim(), change, example + value + (bound.exclusive() ? ", or that" : ""));
        }
    }

    private static void size(
            String name, JsonNode value, boolean least, int kind, String what, Facts facts, Keyword keyword) {
        if (!facts.may(kind)) {
            return;
        }
        BigDecimal known = facts.size(name, least, least ? BigDecimal.ZERO : NO_LIMIT);
        if (name.equals("minProperties")) {
            known = known.max(BigDecimal.valueOf(facts.required().size()));
        } else if (name.equals("maxProperties") && facts.closed()) {
            known = known.min(BigDecimal.valueOf(facts.names().size()));
        }
        int order = known.compareTo(value.decimalValue());
        if (least ? order < 0 : order > 0) {
            boolean none = known.compareTo(NO_LIMIT) == 0 || (least && known.signum() == 0);
            keyword.breaks(
                    facts.dim(),
                    "'" + name + "' is " + value + " now, " + (none ? "and was not there" : "and was " + known),
                    "has " + (least ? "fewer than " : "more than ") + value + " " + what);
        }
    }

    private static String shortened(JsonNode value) {
        String text = value.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
