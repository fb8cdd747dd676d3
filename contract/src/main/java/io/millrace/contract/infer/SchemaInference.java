package io.millrace.contract.infer;

import io.millrace.contract.RecordText;
import io.millrace.contract.Violation;
import io.millrace.formats.ReasonCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Looks at records, one after another, and proposes a JSON Schema (2020-12) that accepts each of them. Its memory is
 * bounded, however many records there are: it keeps counts, not records. Nothing of the records' values gets into the
 * proposal but the words of an {@code enum} and, where asked for, bounds. Not thread-safe.
 */
public final class SchemaInference {

    private final boolean ranges;
    private final RecordText text = new RecordText();
    private final Room room = new Room();
    private final Seen records = new Seen();
    /** Records that came as rows of text; by the name of the column. */
    private final Map<String, TextColumn> columns = new LinkedHashMap<>();

    private long rows;

    /** @param ranges whether to propose bounds too: of numbers, of the lengths of strings, and of the sizes of arrays */
    public SchemaInference(boolean ranges) {
        this.ranges = ranges;
    }

    /**
     * Looks at the JSON record {@code b[from..to)}, without its newline.
     *
     * @return why it is no record and was left out; null where it is one
     */
    public @Nullable Violation add(byte[] b, int from, int to) {
        Violation violation = text.violation(b, from, to);
        if (violation != null) {
            return violation;
        }
        JsonNode record = RecordText.tree(b, from, to);
        if (!record.isObject()) {
            return new Violation("", null, ReasonCode.NOT_AN_OBJECT.code(), "expected an object, found another value");
        }
        records.add(record, 0, room);
        return null;
    }

    /**
     * Looks at a record that has nothing but text, as CSV has it.
     *
     * @param names the names of its fields, no two alike
     * @param values as many; null for a field without a value
     */
    public void add(List<String> names, List<@Nullable String> values) {
        rows++;
        for (int i = 0; i < names.size(); i++) {
            columns.computeIfAbsent(names.get(i), name -> new TextColumn()).add(values.get(i), room);
        }
    }

    /** How many records it has looked at. */
    public long records() {
        return records.values() + rows;
    }

    /**
     * The proposal, as text to put into a file.
     *
     * @param title the schema's title; null for none
     * @param leftOut how many records could not be read; said in the schema
     * @throws IllegalStateException there was no record
     */
    public String propose(@Nullable String title, long leftOut) {
        if (records() == 0) {
            throw new IllegalStateException("there is no record to propose a schema from");
        }
        ObjectNode schema = PrettyJson.object();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("$comment", comment(leftOut));
        if (title != null) {
            schema.put("title", title);
        }
        Seen all = records;
        if (rows > 0) {
            all = new Seen();
            for (Map.Entry<String, TextColumn> column : columns.entrySet()) {
                all.field(column.getKey(), column.getValue().chosen());
            }
            all.objects(rows);
        }
        schema.setAll(new Proposal(ranges).of(all));
        return PrettyJson.write(schema);
    }

    private String comment(long leftOut) {
        String seen = String.format(
                Locale.ROOT,
                "Proposed by 'millrace contract infer' from %,d record%s",
                records(),
                records() == 1 ? "" : "s");
        return leftOut == 0 ? seen + "." : String.format(Locale.ROOT, "%s; %,d more could not be read.", seen, leftOut);
    }
}
