package io.millrace.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.http.Answer;
import io.millrace.server.http.Operation;
import io.millrace.server.http.Route;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/1.1 byte for byte, HTTP/2, compression, and the end. */
class ConnectionTest {

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

    private String post(String body, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length);
        return Raw.head(server.token, all.toArray(new String[0])) + "\r\n" + body;
    }

    @Test
    void oneConnectionTakesManyRequestsOneAfterTheOther() throws Exception {
        try (Raw raw = new Raw(server.port())) {
            for (int i = 0; i < 5; i++) {
                assertThat(raw.say(post("{\"n\":" + i + "}")).hear().status()).isEqualTo(202);
            }
            assertThat(raw.say(post("nonsense")).hear().status()).isEqualTo(400);
            assertThat(raw.say(post("{\"n\":5}")).hear().status()).isEqualTo(202);
        }
        assertThat(server.records()).hasSize(6);
    }

    @Test
    void aConnectionEndsWhereTheClientSaysThatItWill() throws Exception {
        try (Raw raw = new Raw(server.port())) {
            Raw.Heard heard = raw.say(post("{\"n\":1}", "Connection: close")).hear();
            assertThat(heard.status()).isEqualTo(202);
            assertThat(heard.head()).containsIgnoringCase("Connection: close");
            assertThat(raw.rest()).isEmpty();
        }
    }

    @Test
    void twoRequestsInOnePacketAreAnsweredInOrder() throws Exception {
        try (Raw raw = new Raw(server.port())) {
            raw.say(post("{\"n\":1}", "X-Request-Id: one")
                    + post("{\"n\":2}", "X-Request-Id: two")
                    + post("?", "X-Request-Id: three"));
            assertThat(raw.hear().head()).contains("202").contains("X-Request-Id: one");
            assertThat(raw.hear().head()).contains("202").contains("X-Request-Id: two");
            assertThat(raw.hear().head()).contains("400").contains("X-Request-Id: three");
        }
        assertThat(server.records()).containsExactly("{\"n\":1}", "{\"n\":2}");
    }

    @Test
    void aRequestMayComeInAnyPieces() throws Exception {
        byte[] bytes = post("{\"n\":\"é\"}").getBytes(StandardCharsets.UTF_8);
        try (Raw raw = new Raw(server.port())) {
            raw.socket.setTcpNoDelay(true);
            for (byte one : bytes) {
                raw.say(new byte[] {one});
            }
            assertThat(raw.hear().status()).isEqualTo(202);
        }
        assertThat(server.records()).hasSize(1);
    }

    @Test
    void aChunkedBodyIsPutTogether() throws Exception {
        try (Raw raw = new Raw(server.port())) {
            String head = Raw.head(server.token, "Transfer-Encoding: chunked") + "\r\n";
            raw.say(head + "3\r\n{\"n\r\n6\r\n\":123}\r\n0\r\n\r\n");
            assertThat(raw.hear().status()).isEqualTo(202);
            raw.say(head + "0\r\n\r\n");
            assertThat(raw.hear().status()).isEqualTo(400);
            raw.say(head + "zz\r\n");
            Raw.Heard wrong = raw.hear();
            assertThat(wrong.status()).isEqualTo(400);
            assertThat(wrong.head()).contains("application/problem+json");
        }
        assertThat(server.records()).containsExactly("{\"n\":123}");
    }

    @Test
    void aChunkedBodyIsBoundedToo() throws Exception {
        try (Raw raw = new Raw(server.port())) {
            raw.say(Raw.head(server.token, "Transfer-Encoding: chunked") + "\r\n");
            String chunk = "8000\r\n" + " ".repeat(0x8000) + "\r\n";
            for (int i = 0; i < 7; i++) {
                raw.say(chunk);
            }
            raw.say("0\r\n\r\n");
            assertThat(raw.hear().status()).isEqualTo(413);
        }
        try (Raw raw = new Raw(server.port())) {
            // One chunk that says that it is a gigabyte: refused when a body's worth of it has come.
            raw.say(Raw.head(server.token, "Transfer-Encoding: chunked") + "\r\n40000000\r\n" + " ".repeat(300_000));
            assertThat(raw.hear().status()).isEqualTo(413);
        }
    }

    @Test
    void whoAsksBeforeItSendsIsToldToGoOnOrNot() throws Exception {
        try (Raw raw = new Raw(server.port())) {
            raw.say(Raw.head(server.token, "Expect: 100-continue", "Content-Length: 7") + "\r\n");
            assertThat(raw.hear().status()).isEqualTo(100);
            assertThat(raw.say("{\"n\":1}").hear().status()).isEqualTo(202);
        }
        try (Raw raw = new Raw(server.port())) {
            raw.say(Raw.head("no.such.token", "Expect: 100-continue", "Content-Length: 7") + "\r\n");
            Raw.Heard heard = raw.hear();
            assertThat(heard.status()).isEqualTo(401);
            assertThat(heard.head()).containsIgnoringCase("Connection: close");
            assertThat(raw.rest()).isEmpty();
        }
        try (Raw raw = new Raw(server.port())) {
            raw.say(Raw.head(server.token, "Expect: 100-continue", "Content-Length: 300000") + "\r\n");
            assertThat(raw.hear().status()).isEqualTo(413);
        }
    }

    @Test
    void anAnswerIsReadThoughTheBodyIsTooLong() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Raw raw = new Raw(server.port())) {
                raw.say(Raw.head(server.token, "Content-Length: 2000000") + "\r\n");
                raw.say(" ".repeat(2_000_000));
                assertThat(raw.hear().status()).isEqualTo(413);
                assertThat(raw.rest()).isEmpty();
            }
        }
    }

    @Test
    void whatIsNoHttpIsAProblemOrTheEnd() throws Exception {
        for (String wrong : List.of(
                "nonsense\r\n\r\n",
                "GET /é HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET / HTTP/1.1\r\nno colon\r\n\r\n",
                Raw.head(server.token, "Content-Length: -1") + "\r\n",
                Raw.head(server.token, "Content-Length: 1", "Transfer-Encoding: chunked") + "\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(20_000) + "\r\n\r\n",
                "GET /" + "y".repeat(5_000) + " HTTP/1.1\r\nHost: x\r\n\r\n")) {
            try (Raw raw = new Raw(server.port())) {
                Raw.Heard heard = raw.say(wrong).hear();
                assertThat(heard.status()).as(wrong).isBetween(400, 431);
                assertThat(heard.head()).contains("application/problem+json");
                assertThat(heard.body()).contains("urn:millrace:request:").doesNotContain("yyy");
            }
        }
        assertThat(server.json("{}").statusCode()).isEqualTo(202);
    }

    @Test
    void aClientThatGoesAwayWithinARequestLeavesNothing() throws Exception {
        for (String part : List.of(
                "", "POS", "POST /events HTTP/1.1\r\nHo", post("{\"n\":1}").replace("}", ""))) {
            try (Raw raw = new Raw(server.port())) {
                raw.say(part);
            }
        }
        assertThat(server.json("{\"whole\":1}").statusCode()).isEqualTo(202);
        assertThat(server.records()).containsExactly("{\"whole\":1}");
    }

    @Test
    void http2IsSpokenAfterAnUpgradeAndAtOnce() throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            // The first request upgrades, which it can without a body only; then all go over one connection.
            HttpResponse<String> first =
                    client.send(server.request("/events/_progress").build(), HttpResponse.BodyHandlers.ofString());
            assertThat(first.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(first.statusCode()).isEqualTo(200);
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 100)
                    .mapToObj(i -> client.sendAsync(
                            server.request("/events")
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString("{\"n\":" + i + "}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString()))
                    .toList();
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().statusCode()).isEqualTo(202);
                assertThat(answer.get().version()).isEqualTo(HttpClient.Version.HTTP_2);
            }
            assertThat(server.records()).hasSize(100).doesNotHaveDuplicates();
            HttpResponse<String> large = client.send(
                    server.request("/events")
                            .header("Content-Type", "application/x-ndjson")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"n\":1}\n".repeat(20_000)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(large.body()).contains("\"accepted\":20000");
            for (String body : List.of(" ".repeat(250_000), "", "?")) {
                HttpResponse<String> refused = client.send(
                        server.request("/events")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(refused.statusCode()).isEqualTo(body.length() > 1 ? 413 : 400);
                assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
            }
        }
    }

    private static byte[] gzip(byte[] bytes) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void gzipIsTakenOffWithinBounds() throws Exception {
        byte[] two = gzip("{\"n\":1}\n{\"n\":2}\n".getBytes(StandardCharsets.UTF_8));
        assertThat(server.post("application/x-ndjson", two, "Content-Encoding", "gzip")
                        .statusCode())
                .isEqualTo(202);
        assertThat(server.records()).containsExactly("{\"n\":1}", "{\"n\":2}");
        byte[] bomb = gzip(new byte[50_000_000]);
        assertThat(bomb.length).isLessThan(200_000);
        assertThat(server.post("application/x-ndjson", bomb, "Content-Encoding", "gzip")
                        .statusCode())
                .isEqualTo(413);
        byte[] cut = java.util.Arrays.copyOf(two, two.length - 5);
        assertThat(server.post("application/x-ndjson", cut, "Content-Encoding", "gzip")
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.json("{}", "Content-Encoding", "gzip").statusCode()).isEqualTo(400);
        assertThat(server.json("{}", "Content-Encoding", "identity").statusCode())
                .isEqualTo(202);
        try (Raw raw = new Raw(server.port())) {
            raw.say(Raw.head(server.token, "Content-Encoding: gzip", "Transfer-Encoding: chunked") + "\r\n"
                    + Integer.toHexString(two.length) + "\r\n");
            raw.say(two).say("\r\n0\r\n\r\n");
            assertThat(raw.hear().status()).isEqualTo(400); // NDJSON, though it says JSON
        }
    }

    @Test
    void closingEndsWhatIsUnderWayAndRefusesTheRest() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        server.gateway.routes(
                server.gateway.routes().and(new Route("GET", "/slow", null, Operation.of("test", "A test"), request -> {
                    began.countDown();
                    end.await();
                    return Answer.of(204);
                })));
        CompletableFuture<HttpResponse<String>> slow =
                server.http.sendAsync(server.request("/slow").build(), HttpResponse.BodyHandlers.ofString());
        began.await();
        try (Raw idle = new Raw(server.port())) {
            assertThat(idle.say(post("{\"n\":1}")).hear().status()).isEqualTo(202);
            Thread closing = Thread.ofVirtual().start(server.gateway::close);
            assertThat(idle.rest()).isEmpty();
            end.countDown();
            assertThat(slow.get().statusCode()).isEqualTo(204);
            closing.join();
        }
    }
}
