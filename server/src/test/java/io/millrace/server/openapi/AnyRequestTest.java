package io.millrace.server.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.auth.Scope;
import io.millrace.server.openapi.Contract.Op;
import io.millrace.server.openapi.RawHttp.Ask;
import io.millrace.server.openapi.RawHttp.Got;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever is asked, made from /openapi.json, is answered as it says: never with 5xx, with a status that is documented, and
 * with a problem where it is refused. Against a whole server and the real PostgreSQL.
 */
@SuppressWarnings("NullAway.Init") // set before the container
class AnyRequestTest {

    private static RunningServer server;
    private static RawHttp http;
    private static Contract contract;
    private static String token;

    /** Whether the requests get anywhere at all. */
    private static final Set<Integer> SEEN = new TreeSet<>();

    @BeforeContainer
    static void start() throws Exception {
        Path folder = Files.createTempDirectory("millrace-openapi");
        server = new RunningServer(folder, null, RunningServer.TYPED, RunningServer.MEANS, RunningServer.PAIRS);
        assertThat(server.warnings).isEmpty();
        contract = server.contract();
        token = server.token("tester", EnumSet.allOf(Scope.class));
        for (String path : List.of("/typed", "/liveEvent")) {
            String event = contract.operation("POST", path)
                    .bodies()
                    .path("application/json")
                    .path("examples")
                    .path("array")
                    .path("value")
                    .toString();
            assertThat(server.post(
                                    path,
                                    "application/json",
                                    event.replace("\"name\":\"abc\"", "\"name\":\"add_revenue\""),
                                    token)
                            .status())
                    .isEqualTo(202);
        }
        for (String row : List.of("/userRevenue/abc", "/typed/abc", "/means/1", "/pairs/abc/2026-11-21")) {
            server.await(row, token);
        }
        http = new RawHttp(server.port());
    }

    @AfterContainer
    static void stop() throws Exception {
        assertThat(SEEN).contains(200, 202, 304, 400, 401, 404, 405, 415, 422);
        http.close();
        server.close();
    }

    record Sent(Op op, Ask ask) {
        @Override
        public String toString() {
            return op + ": " + ask;
        }
    }

    @Provide
    Arbitrary<Sent> valid() {
        return Arbitraries.randomValue(random -> new Requests(contract, token, random).valid());
    }

    @Provide
    Arbitrary<Sent> invalid() {
        return Arbitraries.randomValue(random -> new Requests(contract, token, random).odd());
    }

    @Provide
    Arbitrary<Sent> wrongMethods() {
        return Arbitraries.randomValue(random -> new Requests(contract, token, random).wrongMethod());
    }

    @Property(tries = 1500)
    void whatIsAsDocumentedIsDone(@ForAll("valid") Sent sent) throws Exception {
        Got got = http.send(sent.ask());
        SEEN.add(got.status());
        contract.check(sent.op(), got, sent.ask());
        if (sent.op().path().equals("/oauth2/token")) {
            assertThat(got.status()).isIn(200, 400, 401, 429);
        } else if (sent.ask().method().equals("POST")) {
            assertThat(got.status()).as("%s: %s", sent, got).isEqualTo(202);
            assertThat(got.text()).as("%s", sent).contains("\"refused\":[]");
        } else {
            assertThat(got.status()).as("%s: %s", sent, got).isIn(200, 304, 404);
        }
    }

    @Property(tries = 3000)
    void whateverElseIsAskedIsAnsweredAsDocumented(@ForAll("invalid") Sent sent) throws Exception {
        Got got = http.send(sent.ask());
        SEEN.add(got.status());
        assertThat(got.status()).as("%s: %s", sent, got).isLessThan(500);
        contract.check(sent.op(), got, sent.ask());
    }

    @Property(tries = 300)
    void otherMethodsAreToldWhichThereAre(@ForAll("wrongMethods") Sent sent) throws Exception {
        Got got = http.send(sent.ask());
        SEEN.add(got.status());
        assertThat(got.status()).as("%s: %s", sent, got).isEqualTo(405);
        assertThat(got.type()).isEqualTo("application/problem+json");
        Set<String> documented = contract.document.path("paths").path(sent.op().path()).propertyNames().stream()
                .map(name -> name.toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());
        assertThat(Arrays.stream(got.headers().getOrDefault("allow", "").split(", ", -1))
                        .collect(Collectors.toSet()))
                .isEqualTo(documented);
    }
}
