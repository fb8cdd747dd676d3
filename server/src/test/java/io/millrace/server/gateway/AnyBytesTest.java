package io.millrace.server.gateway;

import static io.millrace.server.gateway.TestGateway.object;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import tools.jackson.databind.JsonNode;

/** Whatever is posted, there is an answer that is no bug, and what it says was accepted is in the log, exactly. */
class AnyBytesTest {

    private static final TestGateway server = TestGateway.shared("any-bytes");
    private static int before;

    @AfterContainer
    static void stop() throws Exception {
        server.close();
    }

    @Provide
    Arbitrary<byte[]> bodies() {
        Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        Arbitrary<byte[]> nearlyJson = Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "\"a\"",
                        "\"\\u0041\\n\"",
                        "1",
                        "-0.5e3",
                        "true",
                        "null",
                        " ",
                        "\n",
                        "\r\n",
                        "\"é\"",
                        "\ufeff",
                        "{\"a\":1}",
                        "[]",
                        "{}")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts).getBytes(StandardCharsets.UTF_8));
        return Arbitraries.oneOf(bytes, nearlyJson);
    }

    @Property(tries = 1500)
    void whatIsAcceptedAsNdjsonIsInTheLogLineByLine(@ForAll("bodies") byte[] body) throws Exception {
        List<String> expected = new ArrayList<>();
        String text = new String(body, StandardCharsets.ISO_8859_1);
        String mark = new String(new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf}, StandardCharsets.ISO_8859_1);
        for (String line : (text.startsWith(mark) ? text.substring(3) : text).split("\n", -1)) {
            if (!line.matches("[ \t\r]*")) {
                expected.add(line);
            }
        }
        check(server.post("application/x-ndjson", body), expected);
    }

    @Property(tries = 1500)
    void whatIsAcceptedAsJsonMeansTheSameInTheLog(@ForAll("bodies") byte[] body) throws Exception {
        HttpResponse<String> answer = server.post("application/json", body);
        List<String> stored = check(answer, null);
        if (answer.statusCode() == 202) {
            // Jackson is the oracle for what the body means.
            String text = new String(body, StandardCharsets.UTF_8).replace("\ufeff", "");
            JsonNode sent = TestGateway.JSON.readTree(text);
            List<JsonNode> records = new ArrayList<>();
            if (sent.isArray()) {
                sent.forEach(records::add);
            } else {
                records.add(sent);
            }
            assertThat(stored.stream()
                            .map(line -> TestGateway.JSON.readTree(line.getBytes(StandardCharsets.ISO_8859_1)))
                            .toList())
                    .isEqualTo(records);
        }
    }

    /** What was stored by this request. */
    private static List<String> check(
            HttpResponse<String> answer, @org.jspecify.annotations.Nullable List<String> expected) throws Exception {
        assertThat(answer.statusCode()).isIn(202, 400);
        List<String> all = server.records();
        List<String> stored = all.subList(before, all.size());
        before = all.size();
        if (answer.statusCode() == 202) {
            assertThat(object(answer.body())).containsEntry("accepted", stored.size());
            assertThat(stored).isNotEmpty();
        } else {
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(stored).isEmpty();
        }
        if (expected != null) {
            assertThat(stored).isEqualTo(expected);
        }
        return List.copyOf(stored);
    }
}
