package io.millrace.formats;

import static io.millrace.formats.Decoded.lenient;
import static io.millrace.formats.Decoded.projection;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Projection;
import io.millrace.api.Type;
import io.millrace.testkit.MalformedJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The decoder is held to the verdicts of {@link MalformedJson}. */
class MalformedJsonTest {
    private static final Projection READ = projection(lenient("a", Type.JSON));
    private static final Projection PASSED_OVER = projection(lenient("z", Type.VARCHAR));

    /** Alone, and after neighbours from which the decoder has learnt a pattern that the record begins like. */
    @Test
    void theVerdictIsTheSameWithAndWithoutNeighbours() {
        MalformedJson.verdicts().forEach(verdict -> {
            for (Projection projection : List.of(READ, PASSED_OVER)) {
                for (int neighbours : new int[] {0, 1, 5}) {
                    String good = "{\"a\":1}\n{\"a\":\"x\"}\n".repeat(neighbours);
                    check(verdict, projection, good);
                }
            }
        });
    }

    private static void check(MalformedJson.Verdict verdict, Projection projection, String good) {
        byte[] around = good.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        input.writeBytes(around);
        input.writeBytes(verdict.record());
        input.write('\n');
        input.writeBytes(around);
        Decoded decoded = Decoded.of(new Ndjson().decoder(projection, new byte[0]), input.toByteArray(), 0);
        int rows = (int) good.lines().count() * 2;
        String what = verdict.line() + " after " + good;
        if (verdict.at() == 0) {
            assertThat(decoded.malformed()).as(what).isEmpty();
            assertThat(decoded.rows()).as(what).hasSize(rows + (verdict.code().equals("blank") ? 0 : 1));
        } else {
            assertThat(decoded.malformed()).as(what).hasSize(1);
            assertThat(decoded.malformed().getFirst().code()).as(what).isEqualTo(verdict.code());
            assertThat(decoded.malformed().getFirst().message()).as(what).startsWith("byte " + verdict.at() + ": ");
            assertThat(decoded.rows()).as(what).hasSize(rows);
        }
    }

    /** What the gateway reads bodies by agrees; that a record is an object, it checks itself. */
    @Test
    void theReaderOfTextsAgrees() {
        JsonText text = new JsonText();
        MalformedJson.verdicts().forEach(verdict -> {
            byte[] padded = Arrays.copyOf(verdict.record(), verdict.record().length + 32);
            text.over(padded, verdict.record().length);
            int end = text.value(text.space(0), 0);
            boolean right = end >= 0 && text.end(end) >= 0;
            if (verdict.code().equals("blank")) {
                assertThat(right).as(verdict.line()).isFalse();
            } else if (verdict.at() == 0 || verdict.code().equals("not_an_object")) {
                assertThat(right).as(verdict.line()).isTrue();
            } else {
                assertThat(right).as(verdict.line()).isFalse();
                assertThat(text.code().code()).as(verdict.line()).isEqualTo(verdict.code());
                assertThat(text.message(0)).as(verdict.line()).startsWith("byte " + verdict.at() + ": ");
            }
        });
    }
}
