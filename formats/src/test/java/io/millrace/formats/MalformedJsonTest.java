package io.millrace.formats;

import static io.millrace.formats.Decoded.lenient;
import static io.millrace.formats.Decoded.projection;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Projection;
import io.millrace.api.Type;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Ways in which JSON can be malformed, each with its verdict, in {@code malformed-json/records.txt}. */
class MalformedJsonTest {
    private static final Projection READ = projection(lenient("a", Type.JSON));
    private static final Projection PASSED_OVER = projection(lenient("z", Type.VARCHAR));

    /** @param at where it is wrong, from 1; 0 where it is right */
    private record Verdict(String code, int at, byte[] record, String line) {}

    private static Stream<Verdict> verdicts() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(MalformedJsonTest.class.getResourceAsStream("/malformed-json/records.txt"))) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return all.lines().filter(line -> !line.startsWith("# ")).map(MalformedJsonTest::verdict);
        }
    }

    private static Verdict verdict(String line) {
        int space = line.indexOf(' ');
        List<String> words = List.of(line.substring(0, space).split(":", -1));
        byte[] record = bytes(line.substring(space + 1));
        int at = words.size() == 1 ? 0 : Integer.parseInt(words.get(1));
        return new Verdict(words.getFirst(), at, record, line);
    }

    private static byte[] bytes(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("%(", i)) {
                int star = text.indexOf('*', i);
                int end = text.indexOf(')', star);
                int times = Integer.parseInt(text.substring(i + 2, star));
                bytes.writeBytes(text.substring(star + 1, end).repeat(times).getBytes(StandardCharsets.UTF_8));
                i = end;
            } else if (text.charAt(i) == '%') {
                bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(text.charAt(i));
            }
        }
        return bytes.toByteArray();
    }

    /** Alone, and after neighbours from which the decoder has learnt a pattern that the record begins like. */
    @Test
    void theVerdictIsTheSameWithAndWithoutNeighbours() throws IOException {
        verdicts().forEach(verdict -> {
            for (Projection projection : List.of(READ, PASSED_OVER)) {
                for (int neighbours : new int[] {0, 1, 5}) {
                    String good = "{\"a\":1}\n{\"a\":\"x\"}\n".repeat(neighbours);
                    check(verdict, projection, good);
                }
            }
        });
    }

    private static void check(Verdict verdict, Projection projection, String good) {
        byte[] around = good.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        input.writeBytes(around);
        input.writeBytes(verdict.record);
        input.write('\n');
        input.writeBytes(around);
        Decoded decoded = Decoded.of(new Ndjson().decoder(projection, new byte[0]), input.toByteArray(), 0);
        int rows = (int) good.lines().count() * 2;
        String what = verdict.line + " after " + good;
        if (verdict.at == 0) {
            assertThat(decoded.malformed()).as(what).isEmpty();
            assertThat(decoded.rows()).as(what).hasSize(rows + (verdict.code.equals("blank") ? 0 : 1));
        } else {
            assertThat(decoded.malformed()).as(what).hasSize(1);
            assertThat(decoded.malformed().getFirst().code()).as(what).isEqualTo(verdict.code);
            assertThat(decoded.malformed().getFirst().message()).as(what).startsWith("byte " + verdict.at + ": ");
            assertThat(decoded.rows()).as(what).hasSize(rows);
        }
    }

    /** What the gateway reads bodies by agrees; that a record is an object, it checks itself. */
    @Test
    void theReaderOfTextsAgrees() throws IOException {
        JsonText text = new JsonText();
        verdicts().forEach(verdict -> {
            byte[] padded = Arrays.copyOf(verdict.record, verdict.record.length + 32);
            text.over(padded, verdict.record.length);
            int end = text.value(text.space(0), 0);
            boolean right = end >= 0 && text.end(end) >= 0;
            if (verdict.code.equals("blank")) {
                assertThat(right).as(verdict.line).isFalse();
            } else if (verdict.at == 0 || verdict.code.equals("not_an_object")) {
                assertThat(right).as(verdict.line).isTrue();
            } else {
                assertThat(right).as(verdict.line).isFalse();
                assertThat(text.code().code()).as(verdict.line).isEqualTo(verdict.code);
                assertThat(text.message(0)).as(verdict.line).startsWith("byte " + verdict.at + ": ");
            }
        });
    }
}
