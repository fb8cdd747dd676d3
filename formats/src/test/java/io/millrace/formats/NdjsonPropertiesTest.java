package io.millrace.formats;

import static io.millrace.formats.Decoded.field;
import static io.millrace.formats.Decoded.lenient;
import static io.millrace.formats.Decoded.projection;
import static io.millrace.formats.Decoded.required;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Projection;
import io.millrace.api.Type;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Generated records, decoded and compared with what an independent parser makes of them. */
class NdjsonPropertiesTest {

    private static final List<Projection> PROJECTIONS = List.of(
            projection(lenient("a", Type.BIGINT), lenient("b", Type.VARCHAR), field("c.d", Type.JSON)),
            projection(field("a", Type.JSON), field("b.a", Type.BIGINT), lenient("b.b.c", Type.decimal(38, 9))),
            projection(field("a", Type.VARCHAR), field("a.b", Type.VARCHAR), lenient("d", Type.DOUBLE)),
            projection(lenient("a", Type.DOUBLE), field("e", Type.BOOLEAN), field("é", Type.decimal(12, 2))),
            projection(lenient("f", Type.array(Type.VARCHAR)), lenient("a", Type.array(Type.array(Type.BIGINT)))),
            projection(required("a", Type.JSON), field("a long name", Type.JSON), field("c", Type.BIGINT)),
            projection(field("nothing", Type.BIGINT)),
            projection());

    private static final Predicate<String> LONG_EXPONENT =
            java.util.regex.Pattern.compile("[0-9][eE][+-]?[0-9]{4}").asPredicate();

    @Provide
    Arbitrary<Projection> projections() {
        return Arbitraries.of(PROJECTIONS);
    }

    /** A few different records, each several times, so that later ones follow the shapes of earlier ones. */
    @Provide
    Arbitrary<List<String>> inputs() {
        return JsonTexts.records()
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .flatMap(kinds -> Arbitraries.of(kinds).list().ofMinSize(1).ofMaxSize(8));
    }

    /** Records of which some have bytes taken out, put in or changed. */
    @Provide
    Arbitrary<List<byte[]>> damaged() {
        Arbitrary<Long> seeds = Arbitraries.longs();
        return Combinators.combine(
                        JsonTexts.records(), seeds, Arbitraries.integers().between(1, 12))
                .as((text, seed, count) -> {
                    Random random = new Random(seed);
                    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                    List<byte[]> records = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        records.add(random.nextInt(3) == 0 ? bytes : mutate(bytes, random));
                    }
                    records.removeIf(NdjsonPropertiesTest::beyondTheOracle);
                    return records;
                });
    }

    /** BigDecimal, and so the oracle, can't read numbers with exponents of many digits, which damage can make. */
    private static boolean beyondTheOracle(byte[] record) {
        return LONG_EXPONENT.test(new String(record, StandardCharsets.ISO_8859_1));
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        String alphabet = "{}[]\",:\\/0123456789+-.eEtrufalsn \t\r'x#\0\u001f";
        List<Byte> result = new ArrayList<>();
        int at = random.nextInt(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            byte other = random.nextInt(4) == 0
                    ? (byte) (0x80 | random.nextInt(0x80))
                    : (byte) alphabet.charAt(random.nextInt(alphabet.length()));
            switch (i == at ? random.nextInt(4) : 4) {
                case 0 -> result.add(other);
                case 1 -> {
                    result.add(other);
                    result.add(bytes[i]);
                }
                case 2 -> {
                    result.add(bytes[i]);
                    result.add(bytes[i]);
                }
                case 3 -> {}
                default -> result.add(bytes[i]);
            }
        }
        byte[] mutated = new byte[result.size()];
        for (int i = 0; i < mutated.length; i++) {
            mutated[i] = result.get(i);
        }
        return mutated;
    }

    private static byte[] lines(List<byte[]> records) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] record : records) {
            out.writeBytes(record);
            out.write('\n');
        }
        return out.toByteArray();
    }

    private static boolean blank(byte[] record) {
        for (byte b : record) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    private static void compareWithOracle(Projection projection, List<byte[]> records, Decoded decoded) {
        int row = 0;
        int bad = 0;
        for (byte[] record : records) {
            if (blank(record)) {
                continue;
            }
            String text = new String(record, StandardCharsets.UTF_8);
            Optional<List<@Nullable Object>> expected = JsonOracle.row(record, projection);
            if (expected.isEmpty()) {
                assertThat(decoded.malformed().size()).as(text).isGreaterThan(bad++);
                continue;
            }
            assertThat(decoded.rows().size()).as(text).isGreaterThan(row);
            assertThat(comparable(decoded.rows().get(row++), expected.get()))
                    .as(text)
                    .isEqualTo(expected.get());
        }
        assertThat(decoded.rows()).hasSize(row);
        assertThat(decoded.malformed()).hasSize(bad);
    }

    /** Parses texts where the oracle has trees, and drops the sign of zero, which the oracle does not have. */
    private static @Nullable Object comparable(@Nullable Object value, @Nullable Object expected) {
        if (value instanceof List<?> list && expected instanceof List<?> others && list.size() == others.size()) {
            List<@Nullable Object> result = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                result.add(comparable(list.get(i), others.get(i)));
            }
            return result;
        }
        if (value instanceof Double number && number == 0) {
            return 0.0;
        }
        return value instanceof String text && expected instanceof JsonNode ? JsonOracle.parse(text) : value;
    }

    private static List<byte[]> bytes(List<String> records) {
        return records.stream()
                .map(record -> record.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @Property(tries = 2000)
    void recordsAreDecodedAsAnIndependentParserReadsThem(
            @ForAll("inputs") List<String> records, @ForAll("projections") Projection projection) {
        List<byte[]> bytes = bytes(records);
        compareWithOracle(projection, bytes, Decoded.of(new Ndjson(), projection, lines(bytes)));
    }

    @Property(tries = 2000)
    void damagedRecordsAreRejectedWhereAnIndependentParserRejectsThem(
            @ForAll("damaged") List<byte[]> records, @ForAll("projections") Projection projection) {
        Decoder decoder = new Ndjson().decoder(projection, new byte[0]);
        compareWithOracle(projection, records, Decoded.of(decoder, lines(records), 0));
    }

    @Property(tries = 1000)
    void chunksOfAnySizeGiveTheSameRows(
            @ForAll("damaged") List<byte[]> records,
            @ForAll("projections") Projection projection,
            @ForAll long seed,
            @ForAll boolean lastNewline) {
        byte[] lines = lines(records);
        Assume.that(lines.length > 0);
        byte[] input = lastNewline ? lines : Arrays.copyOf(lines, lines.length - 1);
        Ndjson format = new Ndjson(3);
        Decoded whole = Decoded.of(format.decoder(projection, new byte[0]), input, 0);
        Decoded chunked = Chunks.of(format.decoder(projection, new byte[0]), input, 0, new Random(seed));
        assertThat(chunked).isEqualTo(whole);
    }

    /** Whatever is cut off a record, what is left is its beginning, unless the record is whole without it. */
    @Property(tries = 1000)
    void theBeginningOfARecordIsTornWhereverItEnds(@ForAll("inputs") List<String> records) {
        String record = records.getFirst().strip();
        byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
        for (int length = 1; length < bytes.length; length++) {
            byte[] beginning = Arrays.copyOf(bytes, length);
            Decoded decoded = Decoded.of(new Ndjson(), projection(), beginning);
            assertThat(decoded.torn()).as("%d bytes of %s", length, record).isTrue();
            assertThat(decoded.consumed()).isZero();
        }
    }
}
