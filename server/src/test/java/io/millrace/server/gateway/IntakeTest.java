package io.millrace.server.gateway;

import static io.millrace.server.gateway.TestGateway.object;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bodies become records, and what is answered. */
class IntakeTest {

    @TempDir
    Path folder;

    private TestGateway server;

    @BeforeEach
    void start() throws Exception {
        server = new TestGateway(folder);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void anObjectIsARecord() throws Exception {
        HttpResponse<String> answer = server.json("{\"a\":1}");
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.body())
                .isEqualTo("{\"accepted\":1,\"refused\":[],\"repeated\":false,\"positions\":{\"0-0\":8}}");
        assertThat(server.records()).containsExactly("{\"a\":1}");
    }

    @Test
    void aPrettyObjectBecomesOneLine() throws Exception {
        assertThat(server.json(" {\r\n \"a\": [1,\n2], \"b\": \"\\n\"\n}\n").statusCode())
                .isEqualTo(202);
        assertThat(server.records()).containsExactly("{   \"a\": [1, 2], \"b\": \"\\n\" }");
    }

    @Test
    void theElementsOfAnArrayAreRecords() throws Exception {
        HttpResponse<String> answer = server.json("[ {\"a\":1},{\"a\":\n2}\n,3 ]");
        assertThat(object(answer.body())).containsEntry("accepted", 3);
        assertThat(object(answer.body())).containsEntry("positions", Map.of("0-0", 19));
        assertThat(server.records()).containsExactly("{\"a\":1}", "{\"a\": 2}", "3");
    }

    @Test
    void linesAreStoredAsTheyAre() throws Exception {
        HttpResponse<String> answer = server.ndjson("{\"a\":1}\r\n\n  \n{ not json \n{\"a\":2}");
        assertThat(object(answer.body())).containsEntry("accepted", 3);
        assertThat(server.records()).containsExactly("{\"a\":1}\r", "{ not json ", "{\"a\":2}");
        assertThat(server.post("application/jsonl; charset=utf-8", "{}\n").statusCode())
                .isEqualTo(202);
    }

    @Test
    void aByteOrderMarkIsPassedOver() throws Exception {
        server.ndjson("\ufeff{}\n");
        server.json("\ufeff{\"a\":1}");
        assertThat(server.records()).containsExactly("{}", "{\"a\":1}");
    }

    @Test
    void whatIsNoJsonIsRefusedWithItsPlace() throws Exception {
        for (Map.Entry<String, String> wrong : Map.of(
                        "{\"a\":1", "byte 7: expected ',' or '}', found the end of the record.",
                        "{\"a\":01}", "byte 7: expected a number without leading zeros, found a digit.",
                        "{} {}", "byte 4: expected nothing more, found '{'.",
                        "[{},]", "byte 5: expected a value, found ']'.",
                        "[{} {}]", "byte 5: expected ',' or ']', found '{'.",
                        "[{}", "byte 4: expected ',' or ']', found the end of the record.",
                        "[", "byte 2: expected a value, found the end of the record.",
                        "\"text\"", "byte 1: expected a JSON object, or an array of them, found another value.")
                .entrySet()) {
            HttpResponse<String> answer = server.json(wrong.getKey());
            assertThat(answer.statusCode()).as(wrong.getKey()).isEqualTo(400);
            assertThat(object(answer.body())).containsEntry("detail", wrong.getValue());
        }
        assertThat(server.records()).isEmpty();
    }

    @Test
    void aBodyWithoutRecordsIsRefused() throws Exception {
        assertThat(server.json("").statusCode()).isEqualTo(400);
        assertThat(server.json(" \n ").statusCode()).isEqualTo(400);
        assertThat(server.json("[ ]").statusCode()).isEqualTo(400);
        assertThat(server.ndjson("\n \r\n").statusCode()).isEqualTo(400);
        assertThat(server.records()).isEmpty();
    }

    @Test
    void problemsAreProblemDetails() throws Exception {
        HttpResponse<String> answer = server.json("", "X-Request-Id", "mine-7");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.headers().firstValue("X-Request-Id")).contains("mine-7");
        assertThat(object(answer.body()))
                .containsEntry("type", "urn:millrace:problem:no-records")
                .containsEntry("title", "The body has no records")
                .containsEntry("status", 400)
                .containsEntry("instance", "urn:millrace:request:mine-7")
                .containsKey("detail");
    }

    @Test
    void everyAnswerHasARequestId() throws Exception {
        List<String> ids = List.of(
                server.json("{}").headers().firstValue("X-Request-Id").orElseThrow(),
                server.json("").headers().firstValue("X-Request-Id").orElseThrow(),
                server.json("{}", "X-Request-Id", "x".repeat(129))
                        .headers()
                        .firstValue("X-Request-Id")
                        .orElseThrow());
        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-f]{8}-[0-9a-f]{10}"));
    }
}
