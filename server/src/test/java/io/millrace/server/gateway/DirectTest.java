package io.millrace.server.gateway;

import static io.millrace.server.gateway.Requests.OPERATION;
import static io.millrace.server.gateway.Requests.direct;
import static io.millrace.server.gateway.Requests.get;
import static io.millrace.server.gateway.Requests.post;
import static io.millrace.server.gateway.Requests.request;
import static io.millrace.server.gateway.Requests.serve;
import static io.millrace.server.gateway.Requests.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.ByteSize;
import io.millrace.server.http.Answer;
import io.millrace.server.http.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A request with a head that is known is answered as it is on a new connection, where Helidon parses it. */
@Timeout(60)
class DirectTest {

    @TempDir
    Path folder;

    private TestGateway server() throws Exception {
        return Requests.server(folder, TestGateway.limits());
    }

    private static void same(TestGateway server, String again) throws Exception {
        same(server, again, again);
    }

    /** What comes after a request from which its head is known is answered as on a new connection, but directly. */
    private static void same(TestGateway server, String before, String then) throws Exception {
        try (Raw fresh = new Raw(server.port());
                Raw raw = new Raw(server.port())) {
            boolean bodiless = then.startsWith("HEAD");
            fresh.say(then);
            Raw.Heard parsed = bodiless ? fresh.hearHead() : fresh.hear();
            raw.say(before);
            Raw.Heard learned = bodiless ? raw.hearHead() : raw.hear();
            assertThat(learned.status()).as(learned.toString()).isLessThan(400);
            if (parsed.head().contains("Connection: close")) {
                assertThat(told(raw.say(then).hear())).isEqualTo(told(parsed));
                assertThat(raw.rest()).isEmpty();
                assertThat(fresh.rest()).isEmpty();
                return;
            }
            for (int i = 1; i <= 3; i++) {
                raw.say(then);
                Raw.Heard direct = bodiless ? raw.hearHead() : raw.hear();
                assertThat(told(direct)).isEqualTo(told(parsed));
            }
            assertThat(direct(raw)).isEqualTo(3);
            assertThat(direct(fresh)).isEqualTo(0);
        }
    }

    private static String gzip(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void eventsOfEveryKindAreTakenAsOnANewConnection() throws Exception {
        try (TestGateway server = server()) {
            same(server, post(server, "{\"n\":1}"));
            same(server, post(server, "[{\"n\":1},\n{\"n\":2}]"));
            String ndjson = post(server, "{\"n\":1}\n{\"n\":2}\n").replace("application/json", "application/x-ndjson");
            same(server, ndjson);
            String gzip = post(server, gzip("{\"n\":1}"), "Content-Encoding: gzip");
            same(server, gzip);
            String keyed = post(server, "{\"n\":1}", "Idempotency-Key: k1");
            try (Raw first = new Raw(server.port())) {
                assertThat(first.say(keyed).hear().body()).contains("\"repeated\":false");
            }
            same(server, keyed);
            same(server, post(server, "{\"n\":1}", "X-Request-Id: mine"));
        }
    }

    @Test
    void bodiesOfAnyLengthAreInTheLogAsTheyWereSent() throws Exception {
        try (TestGateway server = server();
                Raw raw = new Raw(server.port())) {
            List<String> sent = new ArrayList<>();
            for (int length : new int[] {0, 1, 9, 90, 900, 1, 2000, 8180, 8181, 9000, 3, 0}) {
                String record = "{\"x\":\"" + "y".repeat(length) + "\"}";
                sent.add(record);
                Raw.Heard heard = raw.say(post(server, record)).hear();
                assertThat(heard.status()).isEqualTo(202);
                assertThat(heard.body()).contains("\"accepted\":1");
            }
            // Those that one read of the socket does not bring are parsed, and so is the next.
            assertThat(direct(raw)).isGreaterThanOrEqualTo(7);
            assertThat(server.records()).isEqualTo(sent);
        }
    }

    @Test
    void whatIsAskedForIsAnsweredAsOnANewConnection() throws Exception {
        try (TestGateway server = server()) {
            String bearer = "Authorization: Bearer " + server.token;
            serve(
                    server,
                    new Route("GET", "/tagged", null, OPERATION, request -> {
                        Answer answer = "\"t\"".equals(request.header("If-None-Match"))
                                ? Answer.of(304)
                                : Answer.json("{\"n\":[1,2,3]}").with("X-Twice", "a");
                        return answer.with("ETag", "\"t\"");
                    }),
                    new Route("GET", "/large", null, OPERATION, r -> Answer.text("text/plain", "é".repeat(100_000))),
                    new Route(
                            "GET",
                            "/query",
                            null,
                            OPERATION,
                            r -> Answer.json(r.query().size() + "")),
                    new Route("DELETE", "/none", null, OPERATION, request -> Answer.of(204)),
                    new Route("GET", "/empty", null, OPERATION, request -> Answer.of(200)),
                    new Route(
                            "GET", "/away", null, OPERATION, r -> Answer.of(302).with("Location", "/tagged")));
            same(server, get("/events/_progress", bearer));
            same(server, get("/tagged"));
            same(server, get("/tagged", "If-None-Match: \"t\""));
            same(server, request("HEAD", "/tagged"));
            same(server, request("HEAD", "/tagged", "If-None-Match: \"t\""));
            same(server, request("HEAD", "/large"));
            same(server, get("/large"));
            same(server, get("/query?a=1&b=2"));
            same(server, get("/empty"));
            same(server, request("HEAD", "/empty"));
            same(server, request("DELETE", "/none"));
            same(server, get("/away"));
            same(server, get("/openapi.json"));
            // A body that nobody wants is passed over.
            same(server, get("/tagged", "Content-Length: 5") + "hello");
        }
    }

    @Test
    void whatIsWrongWithABodyIsToldAsOnANewConnection() throws Exception {
        GatewayConfig.Limits small = new GatewayConfig.Limits(
                new ByteSize(1000),
                new ByteSize(100),
                1000,
                new ByteSize(1 << 20),
                null,
                1,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                1000,
                Duration.ofSeconds(30));
        try (TestGateway server = Requests.server(folder, small)) {
            String good = post(server, "{\"n\":1}");
            for (String body : List.of(
                    "",
                    "?",
                    "{\"n\":",
                    "[]",
                    " ",
                    "{\"n\":1}{\"n\":2}",
                    "{\"x\":\"" + "y".repeat(200) + "\"}",
                    " ".repeat(1001),
                    "[" + "{\"n\":1},".repeat(500) + "{}]",
                    // It looks as a request does, and is a body.
                    good)) {
                same(server, good, post(server, body));
            }
            String zip = "Content-Encoding: gzip";
            same(server, post(server, gzip("{}"), zip), post(server, "no gzip", zip));
            same(server, post(server, gzip("{}"), zip), post(server, gzip("{\"n\":1}" + " ".repeat(5000)), zip));
            same(
                    server,
                    post(server, gzip("{}"), zip),
                    post(server, gzip("{\"n\":1}").substring(0, 20), zip));
            assertThat(String.join("", server.records())).doesNotContain("POST");
        }
    }

    @Test
    void aRequestInPiecesAndSeveralInOneAreAnsweredEachOnce() throws Exception {
        try (TestGateway server = server();
                Raw raw = new Raw(server.port())) {
            raw.socket.setTcpNoDelay(true);
            List<String> sent = new ArrayList<>();
            for (int cut = 1; cut < post(server, "{\"n\":100}").length(); cut += 13) {
                for (int i = 0; i < 2; i++) {
                    String record = "{\"n\":" + (100 + sent.size()) + "}";
                    sent.add(record);
                    String request = post(server, record);
                    raw.say(request.substring(0, cut)).say(request.substring(cut));
                    assertThat(raw.hear().status()).isEqualTo(202);
                }
                List<String> both = List.of("{\"a\":" + cut + "}", "{\"b\":" + cut + "}");
                sent.addAll(both);
                raw.say(post(server, both.get(0)) + post(server, both.get(1)));
                assertThat(raw.hear().status()).isEqualTo(202);
                assertThat(raw.hear().status()).isEqualTo(202);
            }
            assertThat(server.records()).isEqualTo(sent);
        }
    }

    @Test
    void aConnectionEndsWhereTheClientSaysThatItWill() throws Exception {
        try (TestGateway server = server();
                Raw raw = new Raw(server.port())) {
            for (int i = 0; i < 2; i++) {
                assertThat(raw.say(post(server, "{}")).hear().status()).isEqualTo(202);
            }
            Raw.Heard last = raw.say(post(server, "{}", "Connection: close")).hear();
            assertThat(last.status()).isEqualTo(202);
            assertThat(last.head()).containsIgnoringCase("Connection: close");
            assertThat(raw.rest()).isEmpty();
        }
    }

    @Test
    void aClientThatHasManyHeadsIsParsedEachTime() throws Exception {
        try (TestGateway server = server();
                Raw raw = new Raw(server.port())) {
            for (int i = 0; i < 100; i++) {
                String request = post(server, "{\"n\":" + i + "}", "X-Request-Id: id" + i);
                assertThat(raw.say(request).hear().head()).contains("X-Request-Id: id" + i + "\r\n");
            }
            assertThat(direct(raw)).isEqualTo(0);
            assertThat(server.records()).hasSize(100);
        }
    }

    @Test
    void itIsTheSameOverTls() throws Exception {
        Certificate certificate = Certificate.make(folder, "direct", "EC");
        try (TestGateway server =
                new TestGateway(folder, TestGateway.Setting.usual().with(certificate.writeTo(folder)))) {
            serve(server);
            try (Raw raw = new Raw(certificate
                    .trusting()
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), server.port()))) {
                String parsed = told(raw.say(post(server, "{}")).hear());
                assertThat(parsed).contains("202 Accepted");
                for (int i = 0; i < 3; i++) {
                    assertThat(told(raw.say(post(server, "{}")).hear())).isEqualTo(parsed);
                }
                assertThat(raw.say(post(server, "?")).hear().status()).isEqualTo(400);
                assertThat(direct(raw)).isEqualTo(4);
                assertThat(server.records()).hasSize(4);
            }
        }
    }
}
