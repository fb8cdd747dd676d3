package io.millrace.contract.infer;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What was seen in one place of all records. Not thread-safe. */
final class Seen {

    private long values;
    long nulls;
    long booleans;
    long integers;
    /** Numbers that are no integers, or not written as one. */
    long fractions;

    long strings;
    long objects;
    long arrays;

    final SeenWords words = new SeenWords();
    /** By name, in the order in which they were first seen. */
    private final Map<String, Seen> fields = new LinkedHashMap<>();
    /** Whether there were more names, or longer ones, than are kept. */
    private boolean crowded;

    private @Nullable Seen items;

    @Nullable
    BigDecimal minimum;

    @Nullable
    BigDecimal maximum;

    int minLength = Integer.MAX_VALUE;
    int maxLength;
    int minItems = Integer.MAX_VALUE;
    int maxItems;

    void add(JsonNode value, int depth, Room room) {
        values++;
        switch (value.getNodeType()) {
            case BOOLEAN -> booleans++;
            case NUMBER -> number(value);
            case STRING -> string(value.asString(), room);
            case OBJECT -> object(value, depth, room);
            case ARRAY -> array(value, depth, room);
            default -> nulls++;
        }
    }

    private void number(JsonNode value) {
        if (value.isIntegralNumber()) {
            integers++;
        } else {
            fractions++;
        }
        BigDecimal number = value.decimalValue();
        minimum = minimum == null || number.compareTo(minimum) < 0 ? number : minimum;
        maximum = maximum == null || number.compareTo(maximum) > 0 ? number : maximum;
    }

    private void string(String text, Room room) {
        strings++;
        int length = text.codePointCount(0, text.length());
        minLength = Math.min(minLength, length);
        maxLength = Math.max(maxLength, length);
        words.add(text, room);
    }

    private void object(JsonNode value, int depth, Room room) {
        objects++;
        if (depth >= Room.MAX_DEPTH) {
            crowded = true;
            return;
        }
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            Seen seen = fields.get(field.getKey());
            if (seen == null) {
                if (field.getKey().length() > Room.MAX_NAME_LENGTH || fields.size() >= Room.MAX_NAMES || !room.take()) {
                    crowded = true;
                    continue;
                }
                seen = new Seen();
                fields.put(field.getKey(), seen);
            }
            seen.add(field.getValue(), depth + 1, room);
        }
    }

    private void array(JsonNode value, int depth, Room room) {
        arrays++;
        minItems = Math.min(minItems, value.size());
        maxItems = Math.max(maxItems, value.size());
        if (depth >= Room.MAX_DEPTH) {
            return;
        }
        for (JsonNode item : value) {
            if (items == null) {
                // Room that is gone never comes back: entries are looked at from the first one on, or never.
                if (!room.take()) {
                    return;
                }
                items = new Seen();
            }
            items.add(item, depth + 1, room);
        }
    }

    /** Adds a field that was looked at elsewhere. */
    void field(String name, Seen seen) {
        fields.put(name, seen);
    }

    /** Says how many objects the fields were looked at in. */
    void objects(long count) {
        values = count;
        objects = count;
    }

    long values() {
        return values;
    }

    Map<String, Seen> fields() {
        return fields;
    }

    @Nullable
    Seen items() {
        return items;
    }

    /**
     * Whether the names of the object are more likely keys, such as the ids of people, than fields: there are more of them
     * than are kept, or many, of which hardly any object has more than a few.
     */
    boolean isMap() {
        if (crowded && fields.size() >= Room.MAX_NAMES) {
            return true;
        }
        long rare = fields.values().stream()
                .filter(field -> field.values * 20 < objects)
                .count();
        return fields.size() > 50 && rare * 10 >= fields.size() * 9L;
    }
}
