package io.millrace.formats;

import static io.millrace.formats.Decoded.field;
import static io.millrace.formats.Decoded.lenient;
import static io.millrace.formats.Decoded.projection;
import static io.millrace.formats.Decoded.required;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Projection;
import io.millrace.api.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NdjsonTest {

    private static final Projection REVENUE =
            projection(required("userId", Type.VARCHAR), field("name", Type.VARCHAR), field("value", Type.BIGINT));

    private static Decoded decode(Projection projection, String input) {
        return Decoded.of(new Ndjson(), projection, input);
    }

    @Test
    void readsTheProjectedFieldsOfEveryLine() {
        Decoded decoded = decode(REVENUE, """
                {"userId":"user1","name":"add_revenue","value":98}
                {"userId":"user2","name":"subtract_revenue","value":-5}
                {"value":1234567890123,"name":null,"userId":""}
                { "userId" : "u3" , "extra" : {"a":[1,2,{"b":null}]} }
                """);
        assertThat(decoded.malformed()).isEmpty();
        assertThat(decoded.rows())
                .containsExactly(
                        List.of("user1", "add_revenue", 98L),
                        List.of("user2", "subtract_revenue", -5L),
                        Arrays.asList("", null, 1234567890123L),
                        Arrays.asList("u3", null, null));
        assertThat(decoded.records().get(1))
                .isEqualTo("{\"userId\":\"user2\",\"name\":\"subtract_revenue\",\"value\":-5}");
    }

    @Test
    void aBadRecordCostsNoOther() {
        Decoded decoded = decode(REVENUE, """
                {"userId":"a","value":1}
                {"userId":"b","value":01}
                {"userId":"c","value":3}
                {"userId":7}
                {"value":3}
                {"userId":"d","value":4}
                """);
        assertThat(decoded.rows()).extracting(List::getFirst).containsExactly("a", "c", "d");
        assertThat(decoded.malformed())
                .extracting(Decoded.Bad::code)
                .containsExactly("malformed_json", "wrong_type", "missing_field");
        assertThat(decoded.malformed().getFirst().message())
                .isEqualTo("byte 24: expected a number without leading zeros, found a digit");
        assertThat(decoded.malformed().get(1).message()).isEqualTo("byte 11: expected VARCHAR, found a number");
        assertThat(decoded.malformed().get(1).field()).isEqualTo("userId");
    }

    @Test
    void theLastOfDuplicateNamesWins() {
        Projection nested = projection(field("a.b", Type.BIGINT), field("a.c", Type.BIGINT), field("d", Type.BIGINT));
        Decoded decoded = decode(nested, """
                {"a":{"b":1,"c":2},"d":3}
                {"d":3,"a":{}}
                {"a":{"b":1,"c":2},"d":3,"a":{}}
                {"a":{"b":1,"c":2},"d":3,"a":{"b":9}}
                {"a":{"b":1,"c":2},"d":3,"a":null}
                {"d":"x","d":5}
                {"a":5,"a":{"c":1}}
                {"a":5}
                """);
        assertThat(decoded.rows())
                .containsExactly(
                        Arrays.asList(1L, 2L, 3L),
                        Arrays.asList(null, null, 3L),
                        Arrays.asList(null, null, 3L),
                        Arrays.asList(9L, null, 3L),
                        Arrays.asList(null, null, 3L),
                        Arrays.asList(null, null, 5L),
                        Arrays.asList(null, 1L, null));
        assertThat(decoded.malformed()).extracting(Decoded.Bad::code).containsExactly("wrong_type");
    }

    @Test
    void escapesAreTakenOutOfNamesAndTexts() {
        Decoded decoded = decode(projection(field("né\"", Type.VARCHAR), field("x", Type.VARCHAR)), """
                {"n\\u00e9\\"":"a\\n\\u20AC\\ud83d\\ude00\\/","x":"plain"}
                {"né\\"":"später","x":"\\t"}
                """);
        assertThat(decoded.rows()).containsExactly(List.of("a\n€😀/", "plain"), List.of("später", "\t"));
    }

    @Test
    void numbersAreExact() {
        Projection numbers = projection(
                field("i", Type.INTEGER),
                field("l", Type.BIGINT),
                field("d", Type.decimal(10, 2)),
                field("w", Type.decimal(38, 4)),
                field("f", Type.DOUBLE));
        Decoded decoded = decode(numbers, """
                {"i":98.0,"l":1e2,"d":12345678.9,"w":-1234567890123456789012345678901234.5678,"f":0.1}
                {"i":-2147483648,"l":-9223372036854775808,"d":0.010,"w":1e33,"f":-0.0}
                {"l":9223372036854775807,"f":1.7976931348623157e308}
                {"l":0e1000000000,"d":1200e-4,"f":1e-1000000000}
                {"i":2147483648}
                {"i":1.5}
                {"l":9223372036854775808}
                {"l":1e1000000000}
                {"l":1e-1000000000}
                {"d":100000000}
                {"d":0.001}
                {"f":1e309}
                """);
        assertThat(decoded.rows())
                .containsExactly(
                        List.of(
                                98L,
                                100L,
                                new BigDecimal("12345678.90"),
                                new BigDecimal("-1234567890123456789012345678901234.5678"),
                                0.1),
                        List.of(
                                -2147483648L,
                                Long.MIN_VALUE,
                                new BigDecimal("0.01"),
                                new BigDecimal("1e33").setScale(4),
                                -0.0),
                        Arrays.asList(null, Long.MAX_VALUE, null, null, Double.MAX_VALUE),
                        Arrays.asList(null, 0L, new BigDecimal("0.12"), null, 0.0));
        assertThat(decoded.malformed())
                .extracting(Decoded.Bad::code)
                .containsExactly(
                        "number_out_of_range",
                        "inexact_number",
                        "number_out_of_range",
                        "number_out_of_range",
                        "inexact_number",
                        "number_out_of_range",
                        "inexact_number",
                        "number_out_of_range");
    }

    @Test
    void wholeNumbersOfEveryLengthAreRead() {
        StringBuilder input = new StringBuilder();
        List<Long> expected = new ArrayList<>();
        for (int length = 1; length <= 20; length++) {
            for (String digits : List.of("1234567890".repeat(2), "9".repeat(20), "1" + "0".repeat(19))) {
                for (String sign : List.of("", "-")) {
                    String number = sign + digits.substring(0, length);
                    input.append("{\"value\":").append(number).append(",\"userId\":\"u\"}\n");
                    if (new BigInteger(number).bitLength() < 64) {
                        expected.add(Long.parseLong(number));
                    }
                }
            }
        }
        Decoded decoded = decode(REVENUE, input.toString());
        assertThat(decoded.rows()).extracting(row -> row.get(2)).isEqualTo(expected);
        assertThat(decoded.malformed()).extracting(Decoded.Bad::code).containsOnly("number_out_of_range");
        assertThat(decoded.rows().size() + decoded.malformed().size()).isEqualTo(120);
    }

    @Test
    void datesAndTimesAreHeldToTheCalendar() {
        Projection times = projection(field("d", Type.DATE), field("t", Type.TIMESTAMP), field("z", Type.TIMESTAMP_TZ));
        for (LocalDate day = LocalDate.of(1, 1, 1); day.getYear() < 9999; day = day.plusDays(997)) {
            Decoded decoded = decode(times, "{\"d\":\"" + day + "\"}\n");
            assertThat(decoded.rows()).containsExactly(Arrays.asList(day.toEpochDay(), null, null));
        }
        for (String bad : List.of(
                "{\"d\":\"2023-02-29\"}",
                "{\"d\":\"2023-13-01\"}",
                "{\"d\":\"2023-00-01\"}",
                "{\"d\":\"2023-04-31\"}",
                "{\"d\":\"1900-02-29\"}",
                "{\"d\":\"0000-01-01\"}",
                "{\"d\":\"2023-1-01\"}",
                "{\"d\":\"2023-01-01T00:00:00\"}",
                "{\"d\":\" 2023-01-01\"}",
                "{\"t\":\"2023-01-01\"}",
                "{\"t\":\"2023-01-01T24:00:00\"}",
                "{\"t\":\"2023-01-01T00:60:00\"}",
                "{\"t\":\"2023-01-01T00:00:60\"}",
                "{\"t\":\"2023-01-01T00:00:00Z\"}",
                "{\"t\":\"2023-01-01T00:00:00.\"}",
                "{\"t\":\"2023-01-01T00:00:00.1234567\"}",
                "{\"t\":\"2023-01-01_00:00:00\"}",
                "{\"z\":\"2023-01-01T00:00:00\"}",
                "{\"z\":\"2023-01-01T00:00:00+\"}",
                "{\"z\":\"2023-01-01T00:00:00+1\"}",
                "{\"z\":\"2023-01-01T00:00:00+25:00\"}",
                "{\"z\":\"2023-01-01T00:00:00+01:60\"}",
                "{\"z\":\"2023-01-01T00:00:00ZZ\"}")) {
            Decoded decoded = decode(times, bad + "\n");
            assertThat(decoded.malformed())
                    .as(bad)
                    .extracting(Decoded.Bad::code)
                    .containsExactly("cast_failed");
        }
        Decoded decoded = decode(times, """
                {"t":"2023-01-01T00:00:00.123456000","z":"2023-01-01t12:34:56.7z"}
                {"t":"2023-01-01 00:00","z":"2023-01-01T12:34:56+05:30"}
                {"t":"0001-01-01T00:00:00.000001","z":"9999-12-31T23:59:59.999999-12:00"}
                """);
        assertThat(decoded.rows())
                .extracting(row -> row.subList(1, 3))
                .containsExactly(
                        List.of(1_672_531_200_123_456L, micros("2023-01-01T12:34:56.7Z")),
                        List.of(1_672_531_200_000_000L, micros("2023-01-01T07:04:56Z")),
                        List.of(micros("0001-01-01T00:00:00.000001Z"), micros("+10000-01-01T11:59:59.999999Z")));
    }

    private static long micros(String instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(instant));
    }

    @Test
    void otherTypesAreReadFromTheirJsonForms() {
        Projection types = projection(
                field("b", Type.BOOLEAN),
                field("d", Type.DATE),
                field("t", Type.TIMESTAMP),
                field("z", Type.TIMESTAMP_TZ),
                field("j", Type.JSON),
                field("a", Type.array(Type.array(Type.VARCHAR))));
        Decoded decoded = decode(types, """
                {"b":true,"d":"1970-01-02","t":"1970-01-01T00:00:01.5","z":"1970-01-01 01:00:00+01:00",\
                "j": { "x" : [1, 2] } ,"a":[["p","\\u0041"],null,[],[null]]}
                """);
        assertThat(decoded.malformed()).isEmpty();
        assertThat(decoded.rows())
                .containsExactly(List.of(
                        true,
                        1L,
                        1_500_000L,
                        0L,
                        "{ \"x\" : [1, 2] }",
                        Arrays.asList(List.of("p", "A"), null, List.of(), Arrays.asList((Object) null))));
    }

    @Test
    void lenientFieldsCastText() {
        Projection types = projection(
                lenient("v", Type.VARCHAR),
                lenient("n", Type.BIGINT),
                lenient("b", Type.BOOLEAN),
                lenient("z", Type.TIMESTAMP_TZ));
        Decoded decoded = decode(types, """
                {"v":12.50,"n":" 42 ","b":"True","z":"1970-01-01 00:00"}
                {"v":[1, 2],"n":"x"}
                {"v":true,"n":true}
                {"v":{"a" : 1},"n":null}
                """);
        assertThat(decoded.rows())
                .containsExactly(List.of("12.50", 42L, true, 0L), Arrays.asList("{\"a\" : 1}", null, null, null));
        assertThat(decoded.malformed()).extracting(Decoded.Bad::code).containsExactly("cast_failed", "wrong_type");
    }

    @Test
    void theBeginningOfARecordAtTheEndIsTornAndNotConsumed() {
        String whole = "{\"userId\":\"a\"}\n";
        for (String torn : List.of("{", "{\"userId\":\"b\",\"value\":1", "{\"userId\":\"\\ud83d", "{\"value\":tr")) {
            Decoded decoded = decode(REVENUE, whole + torn);
            assertThat(decoded.torn()).isTrue();
            assertThat(decoded.consumed()).isEqualTo(whole.length());
            assertThat(decoded.rows()).hasSize(1);
            assertThat(decoded.malformed()).isEmpty();
        }
        Decoded malformed = decode(REVENUE, whole + "{\"userId\":x");
        assertThat(malformed.torn()).isFalse();
        assertThat(malformed.malformed()).hasSize(1);
        Decoded valid = decode(REVENUE, whole + "{\"userId\":\"b\"}");
        assertThat(valid.rows()).hasSize(2);
        assertThat(valid.torn()).isFalse();
    }

    @Test
    void blankLinesMarksAndCarriageReturnsAreNoRecords() {
        Decoded decoded = decode(REVENUE, "\ufeff{\"userId\":\"a\"}\r\n\r\n \t\n{\"userId\":\"b\"}\r\n\n");
        assertThat(decoded.malformed()).isEmpty();
        assertThat(decoded.records()).containsExactly("{\"userId\":\"a\"}", "{\"userId\":\"b\"}");
    }
}
