package io.millrace.contract.diff;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.ContractSchema;
import io.millrace.contract.ContractSchemaException;
import io.millrace.contract.RecordChecker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What is said to be compatible is, for as many records as are tried. */
class SchemaDiffPropertiesTest {

    private static final int RECORDS = 60;

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs();
    }

    @Property(tries = 1000)
    void noRecordOfACompatibleOldSchemaFailsTheNewOne(@ForAll("seeds") long seed) throws Exception {
        RandomSchemas random = new RandomSchemas(new Random(seed));
        String before = random.schema();
        String after = random.mutant(before);
        if (SchemaDiff.of(before, after).compatible()) {
            RecordChecker old = checker(before);
            RecordChecker next = checker(after);
            for (int i = 0; i < RECORDS; i++) {
                byte[] record = random.record().getBytes(StandardCharsets.UTF_8);
                if (old.check(record, 0, record.length) == null) {
                    assertThat(next.check(record, 0, record.length))
                            .as("%s, then %s: %s", before, after, new String(record, StandardCharsets.UTF_8))
                            .isNull();
                }
            }
        }
    }

    /** Without this it could keep its word by never saying so, or by records that never fit. */
    @Test
    void compatibleIsSaidOftenAndOfSchemasThatDiffer() throws Exception {
        List<String> compatible = new ArrayList<>();
        int fits = 0;
        for (int seed = 0; seed < 1000; seed++) {
            RandomSchemas random = new RandomSchemas(new Random(seed));
            String before = random.schema();
            String after = random.mutant(before);
            if (!before.equals(after) && SchemaDiff.of(before, after).compatible()) {
                compatible.add(after);
                byte[] record = random.record().getBytes(StandardCharsets.UTF_8);
                fits += checker(before).check(record, 0, record.length) == null ? 1 : 0;
            }
        }
        assertThat(compatible).hasSizeGreaterThan(100);
        assertThat(fits).isGreaterThan(30);
    }

    @Test
    void everySchemaIsCompatibleWithItself() {
        for (int seed = 0; seed < 500; seed++) {
            String schema = new RandomSchemas(new Random(seed)).schema();
            assertThat(SchemaDiff.of(schema, schema).findings()).as(schema).isEmpty();
        }
    }

    private static RecordChecker checker(String schema) throws ContractSchemaException {
        return ContractSchema.parse(schema.getBytes(StandardCharsets.UTF_8)).checker();
    }
}
