package io.millrace.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.formats.JsonText;
import io.millrace.server.http.ProblemException;
import io.millrace.testkit.MalformedJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Bodies are held to the same verdicts as records, {@link MalformedJson}. */
class MalformedBodyTest {

    private static final int LIMIT = 1 << 20;

    private static Records json(byte[] body) throws ProblemException {
        return BodyReader.json(new JsonText(), Arrays.copyOf(body, body.length + 1), body.length, LIMIT);
    }

    private static boolean startsWithMark(byte[] b) {
        return b.length >= 3 && b[0] == (byte) 0xef && b[1] == (byte) 0xbb && b[2] == (byte) 0xbf;
    }

    /** With two differences: a body may begin with a byte order mark, and may be an array of records. */
    @Test
    void aBodyIsRefusedWhereAndForTheReasonThatARecordIs() throws Exception {
        for (MalformedJson.Verdict verdict : MalformedJson.verdicts()) {
            byte[] record = verdict.record();
            String line = verdict.line();
            String place = "byte " + verdict.at() + ": ";
            if (verdict.code().equals("ok")) {
                assertThat(json(record).count()).as(line).isEqualTo(1);
            } else if (verdict.code().equals("blank")) {
                assertThat(json(record).count()).as(line).isZero();
            } else if (verdict.code().equals("not_an_object") && record[0] != '[') {
                refused(record, line, "bad-request", place, null);
            } else if (record[0] != '[' && !startsWithMark(record)) {
                refused(record, line, "malformed-json", place, verdict.code());
            }
        }
    }

    /** Each record as the second of two: one byte that is wrong refuses the whole body. */
    @Test
    void anArrayIsRefusedWithAnyOfItsElements() throws Exception {
        for (MalformedJson.Verdict verdict : MalformedJson.verdicts()) {
            String line = verdict.line();
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes("[{\"a\":1},".getBytes(StandardCharsets.UTF_8));
            body.writeBytes(verdict.record());
            body.write(']');
            boolean deep = line.startsWith("ok") && line.contains("%(51");
            if ((verdict.code().equals("ok") || verdict.code().equals("not_an_object")) && !deep) {
                assertThat(json(body.toByteArray()).count()).as(line).isEqualTo(2);
            } else if (!insideOfAnArray(line)) {
                assertThatThrownBy(() -> json(body.toByteArray())).as(line).isInstanceOf(ProblemException.class);
            }
        }
    }

    /** What is wrong as a record, and right between the brackets of an array. */
    private static boolean insideOfAnArray(String line) {
        return line.endsWith("{\"a\":1},{\"b\":2}");
    }

    private static void refused(
            byte[] record, String line, String type, String place, @org.jspecify.annotations.Nullable String code) {
        assertThatThrownBy(() -> json(record)).as(line).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().status()).as(line).isEqualTo(400);
            assertThat(e.problem().type()).as(line).contains(type);
            assertThat(e.problem().detail()).as(line).startsWith(place);
            if (code != null) {
                assertThat(e.problem().members()).as(line).containsEntry("code", code);
            }
        });
    }
}
