package io.millrace.formats;

import static io.millrace.formats.Decoded.field;
import static io.millrace.formats.Decoded.projection;
import static io.millrace.formats.Decoded.required;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Projection;
import io.millrace.api.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CsvTest {

    private static final Projection USERS =
            projection(required("user", Type.VARCHAR), field("value", Type.BIGINT), field("note", Type.VARCHAR));

    private static Decoded decode(String input) {
        return Decoded.of(new Csv(), USERS, input);
    }

    @Test
    void readsColumnsByTheNamesInTheHeader() {
        Decoded decoded =
                decode("\ufeffnote,\"value\",x,user\r\n,1,,anna\r\n\"\",-2,\"y\",\"be\"\"n,\r\n\"\n\nüñ,,z,c");
        assertThat(decoded.malformed()).isEmpty();
        assertThat(decoded.rows())
                .containsExactly(
                        Arrays.asList("anna", 1L, null),
                        List.of("be\"n,\r\n", -2L, ""),
                        Arrays.asList("c", null, "üñ"));
        assertThat(decoded.records().getFirst()).isEqualTo(",1,,anna");
    }

    @Test
    void withoutAHeaderTheColumnsAreNamedByTheOptions() {
        Csv csv = new Csv('|', null, false, List.of("user", "value", "note"));
        Decoded decoded = Decoded.of(csv, USERS, "a|1|\"x\nb|2|\"\n");
        assertThat(decoded.rows()).containsExactly(List.of("a", 1L, "\"x"), List.of("b", 2L, "\""));
        assertThat(csv.splittable()).isTrue();
        assertThat(new Csv().splittable()).isFalse();
    }

    @Test
    void castsTextToTheTypesOfTheColumns() {
        Projection all = projection(
                field("i", Type.INTEGER),
                field("d", Type.decimal(6, 2)),
                field("w", Type.decimal(30, 1)),
                field("f", Type.DOUBLE),
                field("b", Type.BOOLEAN),
                field("t", Type.DATE),
                field("ts", Type.TIMESTAMP),
                field("tz", Type.TIMESTAMP_TZ),
                field("j", Type.JSON),
                field("a", Type.array(Type.BIGINT)));
        String header = "i,d,w,f,b,t,ts,tz,j,a\n";
        Decoded decoded = Decoded.of(new Csv(), all, header + """
                42,1.5,12345678901234567890.5,.25,t,1970-01-02,1970-01-01 00:00:01,1970-01-01T00:00:00+01,"{""a"": [1,
                2]}","[1, ""2"",null]"
                 +7 , 3 ,1e3,1e-2,NO,0001-01-01,1970-01-01,1970-01-01 00:00, [] ,[]
                2147483648,,,,,,,,,
                ,9999.999,,,,,,,,
                ,,,x,,,,,,
                ,,,,maybe,,,,,
                ,,,,,2023-02-29,,,,
                ,,,,,,,,{,
                ,,,,,,,,,"{""a"":1}"
                """);
        assertThat(decoded.rows())
                .containsExactly(
                        List.of(
                                42L,
                                new BigDecimal("1.50"),
                                new BigDecimal("12345678901234567890.5"),
                                0.25,
                                true,
                                1L,
                                1_000_000L,
                                -3_600_000_000L,
                                "{\"a\": [1,\n2]}",
                                Arrays.asList(1L, 2L, null)),
                        List.of(
                                7L,
                                new BigDecimal("3.00"),
                                new BigDecimal("1000.0"),
                                0.01,
                                false,
                                -719162L,
                                0L,
                                0L,
                                "[]",
                                List.of()));
        assertThat(decoded.malformed())
                .extracting(Decoded.Bad::code)
                .containsExactly(
                        "number_out_of_range",
                        "inexact_number",
                        "cast_failed",
                        "cast_failed",
                        "cast_failed",
                        "cast_failed",
                        "wrong_type");
    }

    @Test
    void raggedRowsAreRejectedWithTheNumbersOfFields() {
        Decoded decoded = decode("user,value,note\na,1\nb,2,x,y\nc,3,z\n");
        assertThat(decoded.rows()).containsExactly(List.of("c", 3L, "z"));
        assertThat(decoded.malformed())
                .extracting(Decoded.Bad::message)
                .containsExactly("expected 3 fields, found 2", "expected 3 fields, found 4");
        assertThat(decoded.malformed()).extracting(Decoded.Bad::code).containsOnly("wrong_field_count");
    }

    @Test
    void aStrayQuoteCostsItsLineOnly() {
        String header = "user,value,note\n";
        assertThat(decode(header + "a,1,\"open\nb,2,\"x\"\nc,3,z\n").rows())
                .containsExactly(List.of("b", 2L, "x"), List.of("c", 3L, "z"));
        assertThat(decode(header + "a,1,\"x\"y\nb,2,z\n").rows()).containsExactly(List.of("b", 2L, "z"));
        assertThat(decode(header + "a,1,x\"y\nb,2,z\n").rows()).containsExactly(List.of("b", 2L, "z"));
        Decoded swallowing = decode(header + "a,1,\"open\nb,2,x\nc,3,z\n");
        assertThat(swallowing.rows()).containsExactly(List.of("b", 2L, "x"), List.of("c", 3L, "z"));
        assertThat(swallowing.malformed()).extracting(Decoded.Bad::code).containsExactly("malformed_csv");
        assertThat(swallowing.malformed().getFirst().message()).isEqualTo("byte 5: a quote that is not closed");
    }

    @Test
    void anOpenQuoteIsNotLookedForBeyondTheLimit() {
        Csv csv = new Csv(',', '"', true, List.of(), 16, 64);
        String rows = "b,2,x\n".repeat(20);
        Decoded decoded = Decoded.of(csv, USERS, "user,value,note\na,1,\"open\n" + rows + "c,3,\"z\"\n");
        assertThat(decoded.rows()).hasSize(21);
        assertThat(decoded.malformed())
                .extracting(Decoded.Bad::message)
                .containsExactly("byte 5: a quote that is not closed within 64 bytes");
        String longLine = "a,1,\"" + "x".repeat(200) + "\"\n";
        assertThat(Decoded.of(csv, USERS, "user,value,note\n" + longLine).rows())
                .hasSize(1);
    }

    @Test
    void theBeginningOfARowAtTheEndIsTorn() {
        String whole = "user,value,note\na,1,x\n";
        for (String torn : List.of("b", "b,2", "b,2,\"x", "b,2,\"x\ny", "b,2,\"x\"\"")) {
            Decoded decoded = decode(whole + torn);
            assertThat(decoded.torn()).as(torn).isTrue();
            assertThat(decoded.consumed()).isEqualTo(whole.length());
            assertThat(decoded.malformed()).isEmpty();
            assertThat(decoded.rows()).hasSize(1);
        }
        assertThat(decode(whole + "b,2,").rows()).hasSize(2);
        assertThat(decode(whole + "b,2,\"x\"").rows()).hasSize(2);
    }

    @Test
    void bytesThatAreNotUtf8AreRejectedWhereverTheyAre() {
        byte[] input = "user,value,note\na,1,x\nb,2,?\nc,?,y\n".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < input.length; i++) {
            if (input[i] == '?') {
                input[i] = (byte) 0xff;
            }
        }
        Decoded decoded = Decoded.of(new Csv(), projection(field("user", Type.VARCHAR)), input);
        assertThat(decoded.rows()).containsExactly(List.of("a"));
        assertThat(decoded.malformed()).extracting(Decoded.Bad::code).containsOnly("invalid_utf8");
        assertThat(decoded.malformed().getFirst().message()).startsWith("byte 5: ");
    }

    @Test
    void nullsAreRejectedWhereThereMustBeAValue() {
        Decoded decoded = decode("user,value,note\n,1,x\n\"\",2,y\n");
        assertThat(decoded.rows()).containsExactly(List.of("", 2L, "y"));
        assertThat(decoded.malformed().getFirst().code()).isEqualTo("null_field");
        assertThat(decoded.malformed().getFirst().field()).isEqualTo("user");
    }

    @Test
    void whatDoesNotFitTogetherIsRefused() {
        assertThatThrownBy(() -> Decoded.of(new Csv(), USERS, "user,note\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no column value; the columns are user, note");
        assertThatThrownBy(() -> Decoded.of(new Csv(), USERS, "user,value,note,user\n"))
                .hasMessageContaining("several columns user");
        assertThatThrownBy(() -> Decoded.of(new Csv(), projection(field("a.b", Type.JSON)), "a\n"))
                .hasMessageContaining("no fields within fields");
        assertThatThrownBy(() -> new Csv(',', '"', false, List.of())).hasMessageContaining("needs the names");
        assertThatThrownBy(() -> new Csv(',', ',', true, List.of())).hasMessageContaining("the quote");
        assertThat(decode("").rows()).isEmpty();
    }

    @Test
    void theHeaderEndsWhereItsRowEnds() {
        Csv csv = new Csv();
        byte[] input = "\ufeff\"a\nb\",c\r\n1,2\n".getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < 12; length++) {
            assertThat(csv.headerLength(input, length, false))
                    .as("%d bytes", length)
                    .isEqualTo(-1);
        }
        assertThat(csv.headerLength(input, 12, false)).isEqualTo(12);
        assertThat(csv.headerLength(input, input.length, true)).isEqualTo(12);
        assertThat(csv.headerLength("a,b".getBytes(StandardCharsets.UTF_8), 3, true))
                .isEqualTo(3);
    }

    @Test
    void chunksOfAnySizeGiveTheSameRows() {
        Random random = new Random(11);
        Csv csv = new Csv(',', '"', false, List.of("user", "value", "note"), 5, 40);
        String[] parts = {"a", "1", "22", ",", ",", ",", "\"", "\"\"", "\n", "\r\n", "é", "\"x,y\"", " ", "b,3,z\n"};
        for (int round = 0; round < 2000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i >= 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            byte[] input = text.toString().getBytes(StandardCharsets.UTF_8);
            Decoded whole = Decoded.of(csv.decoder(USERS, new byte[0]), input, 0);
            Decoded chunked = Chunks.of(csv.decoder(USERS, new byte[0]), input, 0, random);
            assertThat(chunked).as(text.toString()).isEqualTo(whole);
        }
    }

    @Test
    void whatAWriterWroteIsReadBack() {
        Random random = new Random(5);
        String[] pieces = {"a", "\"", ",", "\n", "\r\n", "\r", "é", "😀", " ", "xyz", ""};
        for (int round = 0; round < 500; round++) {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            StringBuilder text = new StringBuilder("note,user,value\r\n");
            for (int i = random.nextInt(20); i >= 0; i--) {
                String user = text(random, pieces);
                String note = random.nextInt(4) == 0 ? null : text(random, pieces);
                Long value = random.nextInt(4) == 0 ? null : random.nextLong();
                rows.add(Arrays.asList(user, value, note));
                text.append(note == null ? "" : quoted(note)).append(',').append(quoted(user));
                text.append(',').append(value == null ? "" : value).append(random.nextBoolean() ? "\n" : "\r\n");
            }
            Decoded decoded = decode(text.toString());
            assertThat(decoded.malformed()).isEmpty();
            assertThat(decoded.rows()).isEqualTo(rows);
        }
    }

    private static String text(Random random, String[] pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }
}
