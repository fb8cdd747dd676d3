package io.millrace.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.formats.JsonText;
import io.millrace.server.http.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bodies are held to the verdicts of the decoder's own corpus, {@code malformed-json/records.txt}. */
class MalformedBodyTest {

    private static final Path CORPUS = Path.of("../formats/src/test/resources/malformed-json/records.txt");
    private static final int LIMIT = 1 << 20;

    private interface Expectation {
        void hold(String verdict, byte[] record, String line) throws Exception;
    }

    private static void forEach(Expectation expectation) throws Exception {
        for (String line : Files.readAllLines(CORPUS)) {
            if (!line.startsWith("# ")) {
                int space = line.indexOf(' ');
                expectation.hold(line.substring(0, space), bytes(line.substring(space + 1)), line);
            }
        }
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

    private static Records json(byte[] body) throws ProblemException {
        return BodyReader.json(new JsonText(), Arrays.copyOf(body, body.length + 1), body.length, LIMIT);
    }

    private static boolean startsWithMark(byte[] b) {
        return b.length >= 3 && b[0] == (byte) 0xef && b[1] == (byte) 0xbb && b[2] == (byte) 0xbf;
    }

    /** With two differences: a body may begin with a byte order mark, and may be an array of records. */
    @Test
    void aBodyIsRefusedWhereAndForTheReasonThatARecordIs() throws Exception {
        forEach((verdict, record, line) -> {
            List<String> words = List.of(verdict.split(":", -1));
            if (words.getFirst().equals("ok")) {
                assertThat(json(record).count()).as(line).isEqualTo(1);
            } else if (words.getFirst().equals("blank")) {
                assertThat(json(record).count()).as(line).isZero();
            } else if (words.getFirst().equals("not_an_object") && record[0] != '[') {
                refused(record, line, "bad-request", "byte " + words.getLast() + ": ", null);
            } else if (record[0] != '[' && !startsWithMark(record)) {
                refused(record, line, "malformed-json", "byte " + words.getLast() + ": ", words.getFirst());
            }
        });
    }

    /** Each record as the second of two: one byte that is wrong refuses the whole body. */
    @Test
    void anArrayIsRefusedWithAnyOfItsElements() throws Exception {
        forEach((verdict, record, line) -> {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes("[{\"a\":1},".getBytes(StandardCharsets.UTF_8));
            body.writeBytes(record);
            body.write(']');
            boolean deep = line.startsWith("ok") && line.contains("%(51");
            if ((verdict.equals("ok") || verdict.startsWith("not_an_object")) && !deep) {
                assertThat(json(body.toByteArray()).count()).as(line).isEqualTo(2);
            } else if (!insideOfAnArray(line)) {
                assertThatThrownBy(() -> json(body.toByteArray())).as(line).isInstanceOf(ProblemException.class);
            }
        });
    }

    /** What is wrong as a record, and right between the brackets of an array. */
    private static boolean insideOfAnArray(String line) {
        return line.endsWith("{\"a\":1},{\"b\":2}");
    }

    private static void refused(
            byte[] record, String line, String type, String place, @org.jspecify.annotations.Nullable String code)
            throws IOException {
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
