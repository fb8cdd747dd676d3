package io.millrace.connectors.postgres;

import static io.millrace.connectors.postgres.Rows.batch;
import static io.millrace.connectors.postgres.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Batch;
import io.millrace.api.Sink;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

final class RefusalTest {

    private static TestServer.@Nullable Database database;

    @BeforeContainer
    static void open() {
        database = TestServer.Database.create();
    }

    @AfterContainer
    static void close() {
        there().drop();
    }

    private static TestServer.Database there() {
        return Objects.requireNonNull(database);
    }

    private static TableShape shape(Type type, boolean nullable) {
        return new TableShape(
                List.of(new Col("k", Type.VARCHAR, true, Merge.KEY), new Col("v", type, nullable, Merge.VALUE)),
                List.of(),
                Mode.UPSERT,
                null);
    }

    private static List<String> codes(Type type, @Nullable Object... values) {
        TableShape shape = shape(type, true);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (Object value : values) {
            rows.add(row("k" + rows.size(), value));
        }
        return new CopyStaging(shape)
                .check(batch(shape, rows)).stream()
                        .map(refused -> refused.row() + " " + refused.code() + " " + refused.field())
                        .toList();
    }

    @Example
    void aRowThatPostgresCanNotHoldIsRefusedAndItsNeighboursAreLoaded() throws Exception {
        TableShape shape = shape(Type.VARCHAR, false);
        try (Pipeline pipeline = Pipeline.into(there(), "refusing", shape)) {
            Sink.Staging staging = pipeline.sink().stage(shape);
            List<Sink.Refused> refused = staging.check(batch(
                    shape,
                    row("a", "fine"),
                    row("b", "nu\0l"),
                    row(null, "no key"),
                    row("c", null),
                    row("x".repeat(2_600), "long key"),
                    row("d", new byte[] {'o', (byte) 0xC3}),
                    row("e", "also fine")));

            assertThat(refused.stream().map(r -> r.row() + " " + r.code() + " " + r.field()))
                    .containsExactly(
                            "1 text_with_nul v",
                            "2 null_key k",
                            "3 null_value v",
                            "4 key_too_long k",
                            "5 invalid_utf8 v");
            assertThat(refused.getFirst().message())
                    .isEqualTo("column v holds the character U+0000, which PostgreSQL's text can't");
            staging.add(batch(shape, row("a", "fine"), row("e", "also fine")));
            pipeline.sink()
                    .commit(new io.millrace.api.Commit(
                            "run",
                            List.of(staging),
                            List.of(pipeline.move(new io.millrace.api.Commit.Counts(7, 2, 5, 0)))));
            assertThat(there().rows("SELECT * FROM refusing ORDER BY k")).containsExactly("a|fine", "e|also fine");
        }
    }

    @Example
    void theLongestKeyThatIsTakenFitsAnIndex() throws Exception {
        TableShape shape = shape(Type.BIGINT, true);
        java.util.Random random = new java.util.Random(1);
        String incompressible = random.ints(RowEncoder.MAX_KEY_BYTES - Integer.BYTES, 33, 127)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        try (Pipeline pipeline = Pipeline.into(there(), "long_key", shape)) {
            pipeline.commit(batch(shape, row(incompressible, 1)));
        }
        assertThat(there().rows("SELECT length(k) FROM long_key"))
                .containsExactly(Integer.toString(incompressible.length()));
    }

    @Example
    void numbersAndTimesBeyondTheirColumnAreRefused() {
        BigInteger limit = BigInteger.TEN.pow(38);
        assertThat(codes(Type.decimal(38, 2), limit, limit.negate(), limit.subtract(BigInteger.ONE)))
                .containsExactly("0 number_out_of_range v", "1 number_out_of_range v");
        assertThat(codes(Type.decimal(3, 1), 1_000, 999, -1_000, Long.MIN_VALUE))
                .containsExactly("0 number_out_of_range v", "2 number_out_of_range v", "3 number_out_of_range v");
        assertThat(codes(Type.INTEGER, 1L << 31, -(1L << 31))).containsExactly("0 number_out_of_range v");
        assertThat(codes(Type.DATE, -2_440_589, -2_440_588, 2_145_042_905L, 2_145_042_906L))
                .containsExactly("0 date_out_of_range v", "3 date_out_of_range v");
        assertThat(codes(Type.TIMESTAMP, Long.MIN_VALUE, -210_866_803_200_000_001L, -210_866_803_200_000_000L))
                .containsExactly("0 timestamp_out_of_range v", "1 timestamp_out_of_range v");
        assertThat(codes(Type.array(Type.VARCHAR), List.of("ok"), List.of("ok", "nu\0l")))
                .containsExactly("1 text_with_nul v");
    }

    @Example
    void retractionsAreRefusedWhereRowsAreNotMerged() {
        TableShape shape = shape(Type.BIGINT, true);
        Batch rows = batch(shape, row("a", 1), row("b", 2), row("c", 3));
        Batch weighted = new Batch(rows.schema(), rows.columns(), 3, new int[] {1, -1, 0});
        CopyStaging staging = new CopyStaging(shape);

        assertThat(staging.check(weighted).stream().map(r -> r.row() + " " + r.code()))
                .containsExactly("1 retraction");
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void jsonIsRefusedExactlyWhereTheServerWouldRefuseIt(@ForAll("almostJson") List<String> texts) {
        verdictsAreThoseOfTheServer(texts);
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void numbersInJsonAreRefusedExactlyWhereTheServerWouldRefuseThem(@ForAll("numbers") List<String> texts) {
        verdictsAreThoseOfTheServer(texts);
    }

    /** The judge is the server: what we let pass it must take, and what we hold back it must refuse. */
    private static void verdictsAreThoseOfTheServer(List<String> texts) {
        String values = texts.stream().map(Identifiers::literal).collect(Collectors.joining("), ("));
        List<String> valid = there().rows("SELECT pg_input_is_valid(v, 'jsonb') FROM (VALUES (" + values + ")) x(v)");
        JsonbText json = new JsonbText();

        for (int i = 0; i < valid.size(); i++) {
            byte[] bytes = texts.get(i).getBytes(StandardCharsets.UTF_8);
            assertThat(json.check(bytes, 0, bytes.length) == JsonbText.Verdict.GOOD ? "t" : "f")
                    .as("verdict on %s", texts.get(i))
                    .isEqualTo(valid.get(i));
        }
    }

    /** Numbers around the limits of {@code numeric}, with zeros at either end. */
    @Provide
    static Arbitrary<List<String>> numbers() {
        Arbitrary<String> integer = Arbitraries.of("0", "-0", "1", "-9", "10", "12345", "1000000");
        Arbitrary<String> fraction = Arbitraries.of("", ".0", ".5", ".50", ".05", ".000", ".0001", ".00000100");
        Arbitrary<Integer> limit = Arbitraries.of(0, 131_072, -16_383, 1_073_741_823, -1_073_741_823, 2_147_483_647);
        Arbitrary<String> exponent = Combinators.combine(
                        limit, Arbitraries.integers().between(-9, 9))
                .as((around, apart) -> (long) around + apart)
                .map(sum -> "e" + sum);
        return Combinators.combine(integer, fraction, exponent)
                .as((a, b, c) -> a + b + c)
                .list()
                .ofMinSize(20)
                .ofMaxSize(40);
    }

    @Provide
    static Arbitrary<List<String>> almostJson() {
        Arbitrary<String> token = Arbitraries.of(
                "{",
                "}",
                "[",
                "]",
                ",",
                ":",
                "\"a\"",
                "\"\"",
                "1",
                "-0",
                "01",
                "1.5",
                "1.",
                ".5",
                "1e5",
                "1e",
                "-",
                "+1",
                "1e131071",
                "1e131072",
                "1e-16383",
                "1e-16384",
                "1.5e-16383",
                "true",
                "false",
                "null",
                "nul",
                "NaN",
                "\"\\u0000\"",
                "\"\\ud83d\\ude00\"",
                "\"\\ud83d\"",
                "\"\\ude00\"",
                "\"\\ud83dx\"",
                "\"\\x\"",
                "\"\\u00zz\"",
                "\"\\n\"",
                "\"\n\"",
                "\"ä\"",
                " ",
                "\t",
                "\"a\":1",
                "\"a\":",
                "\"",
                "\u00a0");
        Arbitrary<String> shuffled = token.list().ofMaxSize(6).map(tokens -> String.join("", tokens));
        Arbitrary<String> nested = token.map(t -> "{\"k\": [" + t + ", {\"x\":" + t + "}]}");
        return Arbitraries.oneOf(shuffled, nested, token).list().ofMinSize(20).ofMaxSize(40);
    }

    @Example
    void jsonThatIsNestedTooDeepIsRefusedAndTheDeepestThatPassesIsTaken() throws Exception {
        TableShape shape = shape(Type.JSON, true);
        String deepest = "[".repeat(JsonbText.MAX_DEPTH) + "]".repeat(JsonbText.MAX_DEPTH);
        assertThat(codes(Type.JSON, deepest, "[" + deepest + "]", "{\"a\":" + deepest + "}"))
                .containsExactly("1 json_too_deep v", "2 json_too_deep v");
        try (Pipeline pipeline = Pipeline.into(there(), "deep", shape)) {
            pipeline.commit(batch(shape, row("a", deepest)));
        }
        assertThat(there().rows("SELECT length(v::text) FROM deep"))
                .containsExactly(Integer.toString(deepest.length()));
    }

    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
    void textIsCheckedAsAStrictDecoderDoes(@ForAll("almostText") byte[] bytes) {
        Texts.Verdict expected;
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            expected = text.indexOf('\0') >= 0 ? Texts.Verdict.NUL : Texts.Verdict.GOOD;
        } catch (CharacterCodingException e) {
            expected = Texts.Verdict.MALFORMED;
        }
        Texts.Verdict verdict = Texts.check(bytes, 0, bytes.length);
        // Text with both faults may be told by either.
        boolean hasNul = new String(bytes, StandardCharsets.ISO_8859_1).indexOf('\0') >= 0;
        assertThat(verdict == expected || (hasNul && verdict == Texts.Verdict.NUL))
                .as("%s for %s, expected %s", verdict, java.util.HexFormat.of().formatHex(bytes), expected)
                .isTrue();
    }

    @Provide
    static Arbitrary<byte[]> almostText() {
        Arbitrary<String> pieces = Arbitraries.of(
                "61",
                "6161616161616161",
                "00",
                "c3a4",
                "c3",
                "e282ac",
                "e282",
                "eda080",
                "ee8080",
                "f09f9880",
                "f09f98",
                "f4908080",
                "f48fbfbf",
                "c080",
                "e08080",
                "f0808080",
                "80",
                "ff",
                "ed9fbf",
                "e0a080",
                "20");
        return pieces.list().ofMaxSize(8).map(hex -> java.util.HexFormat.of().parseHex(String.join("", hex)));
    }
}
