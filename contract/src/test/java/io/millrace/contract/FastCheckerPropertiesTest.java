package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The fast checker and the library, asked about the same generated records by the same generated schemas. */
class FastCheckerPropertiesTest {

    private static final int RECORDS = 40;

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs();
    }

    @Property(tries = 1500)
    void whatTheFastCheckerTakesTheLibraryTakes(@ForAll("seeds") long seed) throws Exception {
        Random random = new Random(seed);
        Texts texts = new Texts(random);
        String schema = texts.schema();
        ContractSchema compiled = compile(schema);
        assertThat(compiled.fast()).as(schema).isTrue();
        for (int i = 0; i < RECORDS; i++) {
            agree(compiled, schema, texts.record());
        }
    }

    @Property(tries = 500)
    void andOfDamagedRecordsToo(@ForAll("seeds") long seed) throws Exception {
        Random random = new Random(seed);
        Texts texts = new Texts(random);
        String schema = texts.schema();
        ContractSchema compiled = compile(schema);
        for (int i = 0; i < RECORDS; i++) {
            byte[] record = texts.record().getBytes(StandardCharsets.UTF_8);
            record[random.nextInt(record.length)] = (byte) random.nextInt(256);
            agree(compiled, schema, new String(record, StandardCharsets.ISO_8859_1), record);
        }
    }

    /** Without this the fast checker could agree by never being sure. */
    @Test
    void mostRecordsThatFitAreTakenByTheFastChecker() throws Exception {
        int fit = 0;
        int fast = 0;
        for (int seed = 0; seed < 200; seed++) {
            Texts texts = new Texts(new Random(seed));
            ContractSchema compiled = compile(texts.schema());
            for (int i = 0; i < RECORDS; i++) {
                byte[] b = texts.record().getBytes(StandardCharsets.UTF_8);
                if (compiled.checker().examine(b, 0, b.length) == null) {
                    fit++;
                    fast += fast(compiled).fits(b, 0, b.length) ? 1 : 0;
                }
            }
        }
        assertThat(fit).isGreaterThan(500);
        assertThat(fast).isGreaterThan(fit / 2);
    }

    private static ContractSchema compile(String schema) throws Exception {
        return ContractSchema.compile("file:///schema.json", schema.getBytes(StandardCharsets.UTF_8), Map.of(), true);
    }

    @Property(tries = 5_000)
    void aTextThatLooksLikeItsFormatIsOfIt(@ForAll("seeds") long seed) throws Exception {
        Random random = new Random(seed);
        String[] plain = {
            "2024-02-29",
            "2023-04-30T23:59:59.123+05:30",
            "12345678-9abc-def0-1234-56789abcdef0",
            "ann.b@ex.com",
            "10.0.0.255"
        };
        StringBuilder text = new StringBuilder(plain[random.nextInt(plain.length)]);
        for (int i = random.nextInt(3); i > 0 && !text.isEmpty(); i--) {
            int at = random.nextInt(text.length());
            char other = "0123459.:-+@TZtzaA_".charAt(random.nextInt(19));
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, other);
                case 1 -> text.insert(at, other);
                default -> text.deleteCharAt(at);
            }
        }
        String format = Texts.FORMATS[random.nextInt(Texts.FORMATS.length)];
        String schema = "{\"format\":\"" + format + "\"}";
        agree(compile(schema), schema, "\"" + text + "\"");
    }

    private static FastChecker fast(ContractSchema schema) {
        return Objects.requireNonNull(schema.fastChecker());
    }

    private static void agree(ContractSchema schema, String text, String record) {
        agree(schema, text, record, record.getBytes(StandardCharsets.UTF_8));
    }

    private static void agree(ContractSchema schema, String text, String record, byte[] bytes) {
        byte[] around = new byte[bytes.length + 40];
        Arrays.fill(around, (byte) '9');
        System.arraycopy(bytes, 0, around, 20, bytes.length);
        int to = 20 + bytes.length;
        if (fast(schema).fits(around, 20, to)) {
            assertThat(schema.checker().examine(around, 20, to))
                    .as("schema %s, record %s", text, record)
                    .isNull();
        }
        assertThat(schema.checker().check(around, 20, to))
                .as("schema %s, record %s", text, record)
                .isEqualTo(schema.checker().examine(around, 20, to));
    }
}
