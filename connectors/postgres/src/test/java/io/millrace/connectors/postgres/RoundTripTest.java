package io.millrace.connectors.postgres;

import static io.millrace.connectors.postgres.Rows.batch;
import static io.millrace.connectors.postgres.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
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

final class RoundTripTest {

    private static final long EPOCH_MICROS = 946_684_800_000_000L;
    private static final int EPOCH_DAYS = 10_957;
    private static final BigInteger MOST = BigInteger.TEN.pow(38).subtract(BigInteger.ONE);

    private static final List<Col> COLUMNS = List.of(
            value("n", Type.INTEGER),
            value("b", Type.BOOLEAN),
            value("l", Type.BIGINT),
            value("d9", Type.decimal(9, 3)),
            value("d18", Type.decimal(18, 18)),
            value("d38", Type.decimal(38, 5)),
            value("dd", Type.DOUBLE),
            value("t", Type.VARCHAR),
            value("day", Type.DATE),
            value("ts", Type.TIMESTAMP),
            value("tz", Type.TIMESTAMP_TZ),
            value("j", Type.JSON),
            value("al", Type.array(Type.BIGINT)),
            value("at", Type.array(Type.VARCHAR)),
            value("ad", Type.array(Type.decimal(38, 0))));

    private static final TableShape SHAPE = new TableShape(COLUMNS, List.of(), Mode.APPEND, null);

    /** Without the arrays, whose rows are never given as parameters. */
    private static final TableShape FLAT =
            new TableShape(COLUMNS.subList(0, COLUMNS.size() - 3), List.of(), Mode.APPEND, null);

    /** Every column as text that is exact: dates and times by their binary form, doubles by their bits. */
    private static final String READ = """
            SELECT n, b, l, d9, d18, d38, encode(float8send(dd), 'hex'), t,
                   ('x' || encode(date_send(day), 'hex'))::bit(32)::int,
                   ('x' || encode(timestamp_send(ts), 'hex'))::bit(64)::bigint,
                   ('x' || encode(timestamptz_send(tz), 'hex'))::bit(64)::bigint,
                   j
            """;

    private static final String READ_ARRAYS = ", array_to_json(al), array_to_json(at), array_to_json(ad)";

    private static TestServer.@Nullable Database database;
    private static @Nullable Pipeline pipeline;
    private static @Nullable Pipeline flat;

    @BeforeContainer
    static void open() throws Exception {
        database = TestServer.Database.create();
        pipeline = Pipeline.into(database, "every_type", SHAPE);
        flat = Pipeline.into(database, "flat_types", FLAT);
    }

    @AfterContainer
    static void close() {
        opened(pipeline).close();
        opened(flat).close();
        there().drop();
    }

    private static Pipeline opened(@Nullable Pipeline opened) {
        return java.util.Objects.requireNonNull(opened);
    }

    private static TestServer.Database there() {
        return java.util.Objects.requireNonNull(database);
    }

    private static Col value(String name, Type type) {
        return new Col(name, type, true, Merge.VALUE);
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void everyValueOfEveryTypeComesBackAsItWas(@ForAll("rows") List<List<@Nullable Object>> rows) throws Exception {
        there().execute("TRUNCATE every_type, flat_types");
        List<List<@Nullable Object>> numbered = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            List<@Nullable Object> row = new ArrayList<>(rows.get(i));
            row.addFirst(i);
            numbered.add(row);
        }
        List<List<@Nullable Object>> withoutArrays = new ArrayList<>();
        numbered.forEach(row -> withoutArrays.add(row.subList(0, FLAT.columns().size())));

        opened(pipeline).commit(batch(SHAPE, numbered));
        opened(flat).commit(batch(FLAT, withoutArrays));

        assertThat(there().rows(READ + READ_ARRAYS + " FROM every_type ORDER BY n"))
                .isEqualTo(numbered.stream().map(RoundTripTest::expected).toList());
        assertThat(there().rows(READ + " FROM flat_types ORDER BY n"))
                .isEqualTo(withoutArrays.stream().map(RoundTripTest::expected).toList());
    }

    private static String expected(List<@Nullable Object> row) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            Object value = row.get(i);
            texts.add(value == null ? "null" : expected(i, value));
        }
        return String.join("|", texts);
    }

    private static String expected(int column, Object value) {
        return switch (SHAPE.columns().get(column).name()) {
            case "b" -> value.equals(true) ? "t" : "f";
            case "d9" -> BigDecimal.valueOf((long) value, 3).toPlainString();
            case "d18" -> BigDecimal.valueOf((long) value, 18).toPlainString();
            case "d38" -> new BigDecimal((BigInteger) value, 5).toPlainString();
            case "dd" -> "%016x".formatted(Double.doubleToLongBits((double) value));
            case "day" -> Long.toString((long) value - EPOCH_DAYS);
            case "ts", "tz" -> Long.toString((long) value - EPOCH_MICROS);
            case "al", "ad" -> value.toString().replace(", ", ",");
            case "at" ->
                ((List<?>) value)
                        .stream()
                                .map(text -> text == null ? "null" : "\"" + text + "\"")
                                .collect(java.util.stream.Collectors.joining(",", "[", "]"));
            default -> value.toString();
        };
    }

    @Provide
    static Arbitrary<List<List<@Nullable Object>>> rows() {
        Arbitrary<Object> decimal38 =
                Arbitraries.bigIntegers().between(MOST.negate(), MOST).map(v -> v);
        Arbitrary<Object> letters =
                Arbitraries.strings().withChars("aZ09 äß€").ofMaxLength(40).map(v -> v);
        List<Arbitrary<Object>> columns = List.of(
                Arbitraries.of(true, false).map(v -> v),
                Arbitraries.longs().map(v -> v),
                Arbitraries.longs().between(-999_999_999, 999_999_999).map(v -> v),
                Arbitraries.longs()
                        .between(-999_999_999_999_999_999L, 999_999_999_999_999_999L)
                        .map(v -> v),
                decimal38,
                Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, 0.1)
                        .map(v -> v),
                text().map(v -> v),
                Arbitraries.longs()
                        .between(-2_451_545L + EPOCH_DAYS, 2_145_031_948L + EPOCH_DAYS)
                        .map(v -> v),
                times().map(v -> v),
                times().map(v -> v),
                Arbitraries.of(
                                "{}",
                                "[]",
                                "null",
                                "1.50",
                                "\"\\u00e4\\\"\"",
                                "{\"a\": [1, {\"b\": null}]}",
                                "1e3",
                                "-0.0")
                        .map(RoundTripTest::asStored)
                        .map(v -> v),
                Arbitraries.longs().injectNull(0.2).list().ofMaxSize(5).map(v -> v),
                letters.injectNull(0.2).list().ofMaxSize(5).map(v -> v),
                decimal38.injectNull(0.2).list().ofMaxSize(5).map(v -> v));
        return Combinators.combine(columns.stream().map(c -> c.injectNull(0.15)).toList())
                .as(values -> (List<@Nullable Object>) new ArrayList<@Nullable Object>(values))
                .list()
                .ofMinSize(1)
                .ofMaxSize(30);
    }

    /** Text without the one character that PostgreSQL's text can't hold, and without halves of characters. */
    private static Arbitrary<String> text() {
        return Arbitraries.strings()
                .ofMaxLength(300)
                .map(text -> text.codePoints()
                        .filter(c -> c != 0 && (c < 0xD800 || c > 0xDFFF))
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString());
    }

    private static Arbitrary<Long> times() {
        return Arbitraries.longs().between(-211_813_488_000_000_000L + EPOCH_MICROS, Long.MAX_VALUE);
    }

    /** The text of a jsonb differs from what was written, its value does not: written as it will be read. */
    private static String asStored(String json) {
        return there().rows("SELECT '" + json + "'::jsonb").getFirst();
    }

    @Example
    void valuesReadAsAPersonExpectsThem() throws Exception {
        there().execute("TRUNCATE every_type");
        opened(pipeline)
                .commit(batch(
                        SHAPE,
                        row(
                                1,
                                true,
                                -5L,
                                1_500L,
                                1L,
                                new BigInteger("-1234567890123456789012345"),
                                0.1,
                                "Grüße",
                                20_000L,
                                1_700_000_000_123_456L,
                                1_700_000_000_000_000L,
                                "{\"b\":1,\"a\":[true]}",
                                List.of(1L, 2L),
                                List.of("x"),
                                List.of())));

        assertThat(there().rows("SELECT b, l, d9, d18, d38, dd, t, day, ts, tz AT TIME ZONE 'UTC', j, al, at, ad"
                        + " FROM every_type"))
                .containsExactly("t|-5|1.500|0.000000000000000001|-12345678901234567890.12345|0.1|Grüße|2024-10-04"
                        + "|2023-11-14 22:13:20.123456|2023-11-14 22:13:20|{\"a\": [true], \"b\": 1}|{1,2}|{x}|{}");
    }
}
