package io.millrace.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** Whatever comes on a connection of which a head is known is answered as it is on a new one, byte for byte. */
class SmugglingTest {

    private static final TestGateway server = TestGateway.shared("smuggling");

    @AfterContainer
    static void stop() throws Exception {
        server.close();
    }

    private static String post(String body, String... headers) {
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return Raw.head(server.token, "Content-Length: " + body.length()) + more + "\r\n" + body;
    }

    private static final String GOOD = post("{\"n\":1}");

    /** What a client hears that says something and then no more. */
    private static String heard(String before, String... then) throws Exception {
        try (Raw raw = new Raw(server.port())) {
            raw.socket.setTcpNoDelay(true);
            if (!before.isEmpty()) {
                assertThat(raw.say(before).hear().status()).isEqualTo(202);
            }
            for (String each : then) {
                raw.say(each);
            }
            raw.socket.shutdownOutput();
            return Requests.told(raw.rest());
        } catch (SocketException e) {
            // Bytes that nobody has read make the end of a connection an abrupt one.
            return "broken";
        }
    }

    /** The lines that tell the status of each answer. */
    private static List<String> answers(String heard) {
        return heard.lines()
                .filter(line -> line.startsWith("HTTP/1.1 "))
                .map(line -> line.substring(9, 12))
                .toList();
    }

    private static String same(String... then) throws Exception {
        String fresh = heard("", then);
        assertThat(heard(GOOD, then))
                .as(String.join("|", then).replace(server.token, "..."))
                .isEqualTo(fresh);
        return fresh;
    }

    @Example
    void aRequestWithinABodyIsABody() throws Exception {
        assertThat(answers(same(post(GOOD)))).containsExactly("400");
        assertThat(answers(same(post(GOOD), GOOD))).containsExactly("400", "202");
        String ndjson = GOOD.replace("application/json", "application/x-ndjson");
        assertThat(answers(same(ndjson))).containsExactly("202");
        // Whatever is refused before its body has come: the body is passed over, though it comes by itself.
        for (String path : List.of("/nothing", "/events/_progress", "/openapi.json")) {
            for (String method : List.of("POST", "GET", "HEAD")) {
                String head = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + GOOD.length()
                        + "\r\n\r\n";
                assertThat(answers(same(head + GOOD))).hasSize(1);
                assertThat(answers(same(head, GOOD))).hasSize(1);
                assertThat(answers(same(head, GOOD, GOOD))).hasSize(2);
            }
        }
    }

    /** As before, where the client waits for each answer, so that a body comes when the connection seems idle. */
    @Example
    void aBodyThatComesAfterItsAnswerIsNoRequest() throws Exception {
        for (String target :
                List.of("POST /nothing", "GET /nothing", "GET /openapi.json", "GET /.well-known/jwks.json")) {
            try (Raw raw = new Raw(server.port())) {
                for (int i = 0; i < 2; i++) {
                    assertThat(raw.say(GOOD).hear().status()).isEqualTo(202);
                }
                int before = server.records().size();
                int status = raw.say(target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + GOOD.length()
                                + "\r\n\r\n")
                        .hear()
                        .status();
                raw.say(GOOD);
                assertThat(raw.say("GET /after HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .hear()
                                .status())
                        .as(target + " was " + status)
                        .isEqualTo(404);
                assertThat(server.records()).hasSize(before);
            }
        }
    }

    @Example
    void lengthsThatAreOddOrContradictEachOtherAreRefusedAsOnANewConnection() throws Exception {
        for (String length : List.of(
                "07",
                "+7",
                "-7",
                " 7",
                "7 ",
                "7\t",
                "7, 7",
                "7,7",
                "7;",
                "",
                " ",
                "0x7",
                "7e0",
                "99999999999999999999",
                "6",
                "8",
                "7\r\nContent-Length: 7",
                "7\r\nContent-Length: 6",
                "7\r\nTransfer-Encoding: chunked",
                "7\r\nTransfer-Encoding: identity",
                "7\r\nTransfer-Encoding : chunked",
                "7\r\n\tTransfer-Encoding: chunked",
                "7\r\n 1",
                "7\nX: y",
                "7\rX: y",
                "7\r\nExpect: 100-continue",
                "7\r\nUpgrade: h2c")) {
            String odd = GOOD.replace("Content-Length: 7", "Content-Length: " + length);
            same(odd);
            same(odd + GOOD);
        }
        String chunked = GOOD.replace("Content-Length: 7", "Transfer-Encoding: chunked")
                .replace("\r\n\r\n{\"n\":1}", "\r\n\r\n7\r\n{\"n\":1}\r\n0\r\n\r\n");
        assertThat(answers(same(chunked))).containsExactly("202");
        assertThat(answers(same(chunked + GOOD, GOOD))).containsExactly("202", "202", "202");
        assertThat(answers(same(GOOD.replace("HTTP/1.1", "HTTP/1.0")))).hasSize(1);
    }

    @Example
    void requestsOneBehindTheOtherAreEachAnsweredOnce() throws Exception {
        assertThat(answers(same(GOOD, GOOD, GOOD))).hasSize(3);
        assertThat(answers(same(GOOD + GOOD + GOOD))).hasSize(3);
        String refused = "POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
        assertThat(answers(same(refused + GOOD, GOOD))).containsExactly("404", "202", "202");
        assertThat(answers(same(refused + GOOD + refused, GOOD, GOOD + refused)))
                .containsExactly("404", "202", "404", "202", "202", "404");
        assertThat(answers(same(GOOD + GOOD.substring(0, 30), GOOD.substring(30) + GOOD)))
                .hasSize(3);
    }

    @Example
    void aConnectionDoesNotBecomeAnotherProtocolsWhenAHeadIsKnown() throws Exception {
        String other = post("{\"n\":1}", "X: y");
        for (String next : List.of(
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                Requests.get(
                        "/openapi.json",
                        "Connection: Upgrade, HTTP2-Settings",
                        "Upgrade: h2c",
                        "HTTP2-Settings: AAMAAABkAAQAAP__"),
                GOOD.replace("Host:", "Connection: Upgrade\r\nUpgrade: h2c\r\nHost:"))) {
            // The last one before is answered directly, or parsed.
            assertThat(heard(GOOD, GOOD, next)).isEqualTo(heard(other, GOOD, next));
        }
    }

    @Provide
    Arbitrary<String> mutants() {
        Arbitrary<String> parts = Arbitraries.of(
                "\r\n",
                "\n",
                "\r",
                " ",
                "\t",
                ":",
                ",",
                "0",
                "7",
                "8",
                "\u0000",
                "\r\n\r\n",
                "Content-Length: 7",
                "chunked",
                "Transfer-Encoding: chunked\r\n",
                "Content-Length: 3\r\n",
                "X: y\r\n",
                "HTTP/1.0",
                GOOD);
        Arbitrary<Integer> at = Arbitraries.integers().between(0, GOOD.length());
        return Combinators.combine(parts, at, Arbitraries.integers().between(0, 2))
                .as((part, where, less) ->
                        GOOD.substring(0, where) + part + GOOD.substring(Math.min(GOOD.length(), where + less)));
    }

    @Property(tries = 300)
    void whateverIsSaidIsAnsweredAsOnANewConnection(@ForAll("mutants") String mutant) throws Exception {
        same(new String(mutant.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1));
    }
}
