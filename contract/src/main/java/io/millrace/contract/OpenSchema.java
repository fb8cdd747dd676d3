package io.millrace.contract;

import io.millrace.api.RecordBatch;
import io.millrace.api.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A {@link ContractSchema} that tells, of records that fit it, which fields it does not name. Only fields of the record
 * itself count, not those of objects within it. Immutable and thread-safe; the checkers that it gives are not.
 */
public final class OpenSchema {

    private final ContractSchema lenient;

    /** What fits it fits the other too, and has no field that is not named. */
    private final ContractSchema strict;

    private final @Nullable Set<String> names;

    /** @param names all that are named; null where only the schema as a whole can tell */
    OpenSchema(ContractSchema lenient, ContractSchema strict, @Nullable Set<String> names) {
        this.lenient = lenient;
        this.strict = strict;
        this.names = names;
    }

    /** Whether a record without unnamed fields is checked at the speed of decoding. */
    public boolean fast() {
        return strict.fast();
    }

    /** A checker for records, for one thread at a time. */
    public Checker checker() {
        return new Checker(strict.checker(), lenient.checker(), strict.fast(), names);
    }

    /**
     * A field that the schema does not name.
     *
     * @param name as the record has it
     * @param type of a column that holds the value: VARCHAR, BOOLEAN, BIGINT, or JSON for all others
     */
    public record Unnamed(String name, Type type) {}

    /** Holds records to the schema. Records without unnamed fields cost what they cost without the look for those. */
    public static final class Checker {
        private final RecordChecker strict;
        private final RecordChecker lenient;
        private final boolean fast;
        private final @Nullable Set<String> names;
        private List<Unnamed> unnamed = List.of();

        private Checker(RecordChecker strict, RecordChecker lenient, boolean fast, @Nullable Set<String> names) {
            this.strict = strict;
            this.lenient = lenient;
            this.fast = fast;
            this.names = names;
        }

        /**
         * The unnamed fields of the record that was checked last and fits, without those that are null; mostly none.
         */
        public List<Unnamed> unnamed() {
            return unnamed;
        }

        /** As {@link RecordChecker#check(RecordBatch.Text)}. */
        public @Nullable Violation check(RecordBatch.Text record) {
            return record.textual()
                    ? checkTexts(record.bytes(), record.from(), record.to())
                    : check(record.bytes(), record.from(), record.to());
        }

        /** As {@link RecordChecker#check(byte[], int, int)}. */
        public @Nullable Violation check(byte[] b, int from, int to) {
            unnamed = List.of();
            if (fast ? strict.fits(b, from, to) : strict.check(b, from, to) == null) {
                return null;
            }
            Violation violation = lenient.check(b, from, to);
            if (violation == null) {
                look(JsonTree.parse(b, from, to), false);
            }
            return violation;
        }

        /** As {@link RecordChecker#checkTexts}. All unnamed fields are VARCHAR. */
        public @Nullable Violation checkTexts(byte[] b, int from, int to) {
            unnamed = List.of();
            if (strict.checkTexts(b, from, to) == null) {
                return null;
            }
            Violation violation = lenient.checkTexts(b, from, to);
            if (violation == null) {
                look(JsonTree.parse(b, from, to), true);
            }
            return violation;
        }

        private void look(JsonNode record, boolean textual) {
            if (!(record instanceof ObjectNode object)) {
                return;
            }
            List<Unnamed> found = new ArrayList<>();
            unnamed(object, textual).forEach((name, value) -> {
                if (!value.isNull()) {
                    found.add(new Unnamed(name, textual ? Type.VARCHAR : type(value)));
                }
            });
            unnamed = found;
        }

        private Map<String, JsonNode> unnamed(ObjectNode object, boolean textual) {
            Map<String, JsonNode> found = new LinkedHashMap<>();
            Set<String> known = names;
            if (known != null) {
                object.properties().forEach(field -> {
                    if (!known.contains(field.getKey())) {
                        found.put(field.getKey(), field.getValue());
                    }
                });
                return found;
            }
            // The schema names them one at a time: each is taken away, so that it names the next.
            ObjectNode rest = object.deepCopy();
            for (String name = refused(rest, textual); name != null; name = refused(rest, textual)) {
                found.put(name, rest.remove(name));
            }
            return found;
        }

        /** A field of the record itself that the strict schema does not know. */
        private @Nullable String refused(ObjectNode record, boolean textual) {
            Violation violation = textual ? strict.checkTexts(record) : strict.check(record);
            if (violation == null
                    || !violation.code().equals(ContractCode.CONTRACT_UNKNOWN_FIELD.code())
                    || violation.pointer().lastIndexOf('/') != 0) {
                return null;
            }
            String name = violation.pointer().substring(1).replace("~1", "/").replace("~0", "~");
            return record.has(name) ? name : null;
        }

        private static Type type(JsonNode value) {
            return switch (value.getNodeType()) {
                case STRING -> Type.VARCHAR;
                case BOOLEAN -> Type.BOOLEAN;
                case NUMBER -> value.isIntegralNumber() && value.canConvertToLong() ? Type.BIGINT : Type.JSON;
                default -> Type.JSON;
            };
        }
    }
}
