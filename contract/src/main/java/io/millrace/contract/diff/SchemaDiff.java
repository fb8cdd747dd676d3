package io.millrace.contract.diff;

import io.millrace.contract.RecordText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.exc.JsonNodeException;

/**
 * Whether a new schema takes every record that the old one took. Where it says so, it is proven; what can't be proven is
 * a {@link Finding}. Immutable.
 *
 * @param findings what stands against it, in the order of the new schema; none where the new schema is compatible
 */
public record SchemaDiff(List<Finding> findings) {

    public SchemaDiff {
        findings = List.copyOf(findings);
    }

    /** Whether every record that fits the old schema fits the new one, for certain. */
    public boolean compatible() {
        return findings.isEmpty();
    }

    /**
     * Compares two schemas.
     *
     * @param before the old one, as text that {@link io.millrace.contract.ContractSchema} takes
     * @param after the new one, likewise
     */
    public static SchemaDiff of(String before, String after) {
        Document old = document(before);
        Document next = document(after);
        if (old.same(next)) {
            return new SchemaDiff(List.of());
        }
        @Nullable String beyond = old.beyond();
        String which = "old";
        if (beyond == null) {
            String endless = next.endless();
            beyond = endless == null ? next.beyond() : endless;
            which = "new";
        }
        if (beyond != null) {
            return new SchemaDiff(List.of(new Finding(
                    Finding.Kind.CANT_TELL, "", "", "the " + which + " schema is not understood: " + beyond, "")));
        }
        Proof proof = new Proof();
        try {
            new Comparison(old, next).compare(Olds.of(List.of(old.root()), "", false), next.root(), "", proof);
        } catch (JsonNodeException e) {
            // Whoever checks records passes over such a keyword, or fails at it.
            proof.add(new Finding(
                    Finding.Kind.CANT_TELL, "", "", "a keyword has a value of the wrong kind: " + e.getMessage(), ""));
        }
        return new SchemaDiff(proof.findings().stream().distinct().toList());
    }

    private static Document document(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Document(RecordText.tree(bytes, 0, bytes.length));
    }
}
