package io.millrace.formats;

import static io.millrace.formats.Decoded.field;
import static io.millrace.formats.Decoded.lenient;
import static io.millrace.formats.Decoded.projection;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Projection;
import io.millrace.api.Type;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What RFC 8259 and RFC 3629 say about hundreds of texts, wherever in a record they stand. */
class JsonVerdictTest {

    private record Verdict(String code, byte[] text, String line) {}

    private static Stream<Verdict> verdicts(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(JsonVerdictTest.class.getResourceAsStream(resource))) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return all.lines().filter(line -> !line.startsWith("# ")).map(JsonVerdictTest::verdict);
        }
    }

    private static Verdict verdict(String line) {
        int space = line.indexOf(' ');
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int i = space + 1; i < line.length(); i++) {
            if (line.charAt(i) == '%') {
                text.write(Integer.parseInt(line.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                text.write(line.charAt(i));
            }
        }
        return new Verdict(line.substring(0, space), text.toByteArray(), line);
    }

    private static byte[] join(Object... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Object part : parts) {
            all.writeBytes(
                    part instanceof byte[] bytes ? bytes : part.toString().getBytes(StandardCharsets.UTF_8));
        }
        return all.toByteArray();
    }

    /** Checks a value first in a record of a shape not seen before, then in one that begins like the one before it. */
    private static void check(Verdict verdict, Projection projection, String before, String after) {
        List<String> earlier = List.of("", before + "0" + after + "\n", before + "\"1\"" + after + "\n");
        check(verdict, projection, before, after, earlier);
    }

    private static void check(
            Verdict verdict, Projection projection, String before, String after, List<String> earlierRecords) {
        for (String earlier : earlierRecords) {
            byte[] record = join(before, verdict.text, after);
            byte[] input = join(earlier, record, "\n{}\n", "{}\n".repeat(20));
            Decoded decoded = Decoded.of(new Ndjson().decoder(projection, new byte[0]), input, 0);
            String what = verdict.line + " in " + before + after + " after " + earlier;
            int rows = earlier.isEmpty() ? 21 : 22;
            if (verdict.code.equals("ok")) {
                assertThat(decoded.malformed()).as(what).isEmpty();
                assertThat(decoded.rows()).as(what).hasSize(rows + 1);
            } else {
                assertThat(decoded.malformed()).as(what).hasSize(1);
                Decoded.Bad bad = decoded.malformed().getFirst();
                assertThat(bad.code()).as(what).isEqualTo(verdict.code);
                assertThat(bad.start()).as(what).isEqualTo(earlier.length());
                assertThat(bad.message()).as(what).startsWith("byte ").contains("expected ", ", found ");
                assertThat(decoded.rows()).as(what).hasSize(rows);
            }
        }
    }

    @Test
    void valuesThatArePassedOver() throws IOException {
        verdicts("json-values.txt").forEach(verdict -> {
            check(verdict, projection(field("a", Type.BIGINT)), "{\"x\":", "}");
            check(verdict, projection(field("a", Type.BIGINT)), "{\"a\":1,\"x\":", ",\"b\":2}");
            check(verdict, projection(field("a", Type.BIGINT)), "{ \"x\" : ", " , \"a\" : 5 } ");
        });
    }

    @Test
    void valuesThatAreRead() throws IOException {
        verdicts("json-values.txt").forEach(verdict -> {
            check(verdict, projection(field("x", Type.JSON)), "{\"x\":", "}");
            check(verdict, projection(lenient("x", Type.VARCHAR)), "{\"y\":1,\"x\":", ",\"b\":2}");
            check(verdict, projection(lenient("y.x", Type.VARCHAR)), "{\"y\":{\"x\":", "}}");
        });
    }

    @Test
    void valuesWithinOthers() throws IOException {
        verdicts("json-values.txt").forEach(verdict -> {
            check(verdict, projection(field("a", Type.BIGINT)), "{\"x\":[1,", ",[]],\"a\":2}");
            check(verdict, projection(field("a", Type.BIGINT)), "{\"x\":{\"a\":[],\"b\":", "},\"a\":2}");
            check(verdict, projection(lenient("x", Type.array(Type.VARCHAR))), "{\"x\":[", "]}");
        });
    }

    /** A number column must see through what only looks like a number at its beginning. */
    @Test
    void malformedValuesInANumberColumn() throws IOException {
        verdicts("json-values.txt")
                .filter(verdict -> !verdict.code.equals("ok"))
                .forEach(verdict -> {
                    check(verdict, projection(lenient("x", Type.BIGINT)), "{\"x\":", "}");
                    check(verdict, projection(lenient("x", Type.DOUBLE)), "{\"x\":", ",\"y\":1}");
                    check(verdict, projection(lenient("x", Type.decimal(12, 2))), "{\"y\":1,\"x\":", "}");
                });
    }

    @Test
    void records() throws IOException {
        verdicts("json-records.txt").forEach(verdict -> {
            List<String> earlier = List.of("", "{}\n", "{\"a\":0}\n", " {\"a\":1,\"b\":2} \n");
            check(verdict, projection(field("a", Type.BIGINT)), "", "", earlier);
            check(verdict, projection(field("b", Type.BIGINT)), "", "", earlier);
        });
    }

    @Test
    void nestingIsBoundedWhereverItIs() {
        Projection projection = projection(field("a", Type.JSON), field("b.c", Type.JSON));
        for (String name : List.of("a", "x")) {
            for (String open : List.of("[", "{\"y\":")) {
                String close = open.equals("[") ? "]" : "}";
                // The record itself is the first level.
                String deep = open.repeat(510) + (open.equals("[") ? "[]" : "{}") + close.repeat(510);
                String deeper = open + deep + close;
                Decoded decoded = Decoded.of(
                        new Ndjson(),
                        projection,
                        "{\"" + name + "\":" + deep + "}\n{\"" + name + "\":" + deeper + "}\n{\"a\":1}\n{\"b\":{\"c\":"
                                + deep + "}}\n");
                assertThat(decoded.rows()).hasSize(2);
                assertThat(decoded.malformed())
                        .extracting(Decoded.Bad::code)
                        .containsExactly("nesting_too_deep", "nesting_too_deep");
            }
        }
        Decoded million = Decoded.of(new Ndjson(), projection, "{\"x\":" + "[".repeat(1_000_000) + "\n{}\n");
        assertThat(million.malformed()).extracting(Decoded.Bad::code).containsExactly("nesting_too_deep");
        assertThat(million.rows()).hasSize(1);
    }
}
