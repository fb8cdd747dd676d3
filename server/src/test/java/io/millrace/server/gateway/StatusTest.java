package io.millrace.server.gateway;

import static io.millrace.server.gateway.TestGateway.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Projection;
import io.millrace.api.Type;
import io.millrace.formats.Ndjson;
import io.millrace.server.auth.Scope;
import io.millrace.server.gateway.Intake.Progress;
import io.millrace.server.http.Answer;
import io.millrace.server.http.Operation;
import io.millrace.server.http.Problem;
import io.millrace.server.http.ProblemException;
import io.millrace.server.http.Route;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every status that the gateway answers with, and why. */
class StatusTest {

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

    private static void isProblem(HttpResponse<String> answer, int status, String type) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(object(answer.body()))
                .containsEntry("status", status)
                .containsEntry("type", "urn:millrace:problem:" + type)
                .containsKeys("title", "instance");
    }

    @Test
    void withoutATokenItIs401() throws Exception {
        HttpResponse<String> answer = server.send(HttpRequest.newBuilder(server.uri("/events"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"Ada\"}")));
        isProblem(answer, 401, "unauthorized");
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"millrace\"");
        answer = server.json("{}", "Authorization", "Bearer x.y.z");
        isProblem(answer, 401, "unauthorized");
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
                .contains("error=\"invalid_token\"");
        assertThat(server.records()).isEmpty();
    }

    @Test
    void withoutTheScopeItIs403() throws Exception {
        String reader = server.token("reader", Set.of(Scope.DATA_READ));
        HttpResponse<String> answer = server.json("{}", "Authorization", "Bearer " + reader);
        isProblem(answer, 403, "forbidden");
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
                .contains("scope=\"events:write\"");
    }

    @Test
    void anUnknownPathIs404AndAnotherMethod405() throws Exception {
        isProblem(server.get("/nothing"), 404, "no-such-path");
        isProblem(server.get("/events/"), 404, "no-such-path");
        HttpResponse<String> answer = server.get("/events");
        isProblem(answer, 405, "no-such-method");
        assertThat(answer.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void aKeyThatWasUsedWithOtherBytesIs409() throws Exception {
        server.json("{\"a\":1}", "Idempotency-Key", "k1");
        isProblem(server.json("{\"a\":2}", "Idempotency-Key", "k1"), 409, "key-in-use");
        isProblem(server.json("{}", "Idempotency-Key", "k".repeat(256)), 400, "bad-request");
        assertThat(server.records()).containsExactly("{\"a\":1}");
    }

    @Test
    void aRepeatedRequestIsAcknowledgedAndNotStoredAgainAlsoAfterARestart() throws Exception {
        String first =
                server.ndjson("{\"a\":1}\n{\"a\":2}\n", "Idempotency-Key", "k1").body();
        assertThat(first).contains("\"repeated\":false");
        String again = first.replace("\"repeated\":false", "\"repeated\":true");
        assertThat(server.ndjson("{\"a\":1}\n{\"a\":2}\n", "Idempotency-Key", "k1")
                        .body())
                .isEqualTo(again);
        server.restart();
        assertThat(server.ndjson("{\"a\":1}\n{\"a\":2}\n", "Idempotency-Key", "k1")
                        .body())
                .isEqualTo(again);
        String other = server.token("other", Set.of(Scope.EVENTS_WRITE));
        assertThat(server.ndjson("{\"a\":3}", "Idempotency-Key", "k1", "Authorization", "Bearer " + other)
                        .body())
                .contains("\"repeated\":false");
        assertThat(server.records()).containsExactly("{\"a\":1}", "{\"a\":2}", "{\"a\":3}");
    }

    @Test
    void aBodyOrARecordThatIsTooLargeIs413() throws Exception {
        HttpResponse<String> answer = server.ndjson(" ".repeat(200_001));
        isProblem(answer, 413, "body-too-large");
        assertThat(object(answer.body())).containsEntry("limit", 200_000);
        answer = server.ndjson("{}\n\n" + "x".repeat(10_001) + "\n");
        isProblem(answer, 413, "record-too-large");
        assertThat(object(answer.body())).containsEntry("limit", 10_000).containsEntry("line", 3);
        answer = server.json("[1,\"" + "x".repeat(10_000) + "\"]");
        isProblem(answer, 413, "record-too-large");
        assertThat(object(answer.body())).containsEntry("line", 2);
        assertThat(server.records()).isEmpty();
        assertThat(server.ndjson("x".repeat(10_000)).statusCode()).isEqualTo(202);
    }

    @Test
    void anotherTypeOrCompressionIs415() throws Exception {
        isProblem(server.post("text/csv", "a,b"), 415, "unsupported-type");
        isProblem(server.post("application/json; charset=latin1", "{}"), 415, "unsupported-type");
        HttpResponse<String> answer = server.json("{}", "Content-Encoding", "br");
        isProblem(answer, 415, "unsupported-encoding");
        assertThat(answer.headers().firstValue("Accept-Encoding")).contains("gzip");
        isProblem(
                server.send(server.request("/events").POST(HttpRequest.BodyPublishers.ofString("{}"))),
                415,
                "unsupported-type");
    }

    @Test
    void withAContractThatRejectsBadRecordsAreToldAndTheOthersStored() throws Exception {
        Projection projection = new Projection(List.of(
                new Projection.Field(List.of("userId"), Type.VARCHAR, false, false),
                new Projection.Field(List.of("value"), Type.BIGINT, true, false)));
        server.gateway.routes(Routes.NONE.and(new Intake(
                "/events",
                server.stream,
                List.of(),
                List.of(new Intake.Demand(() -> new Ndjson().decoder(projection, new byte[0]), null)),
                List::of)));
        HttpResponse<String> answer = server.ndjson("{\"userId\":\"a\"}\n\n{\"userId\":7}\nnonsense\n"
                + "{\"userId\":\"b\",\"value\":1.5}\n{\"userId\":\"c\"}");
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(object(answer.body())).containsEntry("accepted", 2);
        assertThat(object(answer.body()).get("refused"))
                .isEqualTo(List.of(
                        Map.of(
                                "line",
                                3,
                                "code",
                                "wrong_type",
                                "field",
                                "userId",
                                "message",
                                "byte 11: expected VARCHAR, found a number"),
                        Map.of("line", 4, "code", "malformed_json", "message", "byte 2: expected null, found a letter"),
                        Map.of(
                                "line",
                                5,
                                "code",
                                "inexact_number",
                                "field",
                                "value",
                                "message",
                                "byte 23: the number has more digits after the point than BIGINT keeps")));
        assertThat(server.records()).containsExactly("{\"userId\":\"a\"}", "{\"userId\":\"c\"}");
        HttpResponse<String> none = server.json("[{\"userId\":null},\n{\"value\":1}]");
        isProblem(none, 422, "all-refused");
        assertThat(object(none.body())).containsEntry("accepted", 0);
        assertThat((List<?>) object(none.body()).get("refused")).hasSize(2);
        assertThat(server.json("[{\"userId\":null}, {\"userId\":\"d\"} , 3]").body())
                .contains("\"accepted\":1")
                .contains("\"line\":1")
                .contains("not_an_object");
        assertThat(server.records()).endsWith("{\"userId\":\"d\"}");
    }

    @Test
    void aBugIs500WithoutAnyDetail() throws Exception {
        server.gateway.routes(Routes.NONE
                .and(new Route("GET", "/bug", null, Operation.of("test", "A test"), request -> {
                    throw new IllegalStateException("Ada's secret");
                }))
                .and(new Route("GET", "/teapot", null, Operation.of("test", "A test"), request -> {
                    throw new ProblemException(new Problem(418, "teapot", "No coffee", null));
                })));
        HttpResponse<String> answer = server.get("/bug");
        isProblem(answer, 500, "internal");
        assertThat(answer.body()).doesNotContain("Ada");
        isProblem(server.get("/teapot"), 418, "teapot");
        isProblem(server.json("{}"), 404, "no-such-path");
    }

    @Test
    void routesCanBeReplacedAndGetTheirParametersAndScopes() throws Exception {
        server.gateway.routes(server.gateway
                .routes()
                .and(new Route(
                        "GET",
                        "/open/{a}/x/{b}",
                        null,
                        Operation.of("test", "A test"),
                        request -> Answer.text(
                                "text/plain",
                                request.parameter("a") + "|" + request.parameter("b") + "|" + request.query())))
                .and(new Route(
                        "PUT", "/closed", Scope.ADMIN, Operation.of("test", "A test"), request -> Answer.of(204)))
                .and(new Route(
                        "PUT",
                        "/body",
                        Scope.DATA_READ,
                        Operation.of("test", "A test"),
                        request -> Answer.text(
                                        "text/plain",
                                        request.client() + new String(request.body(10), StandardCharsets.UTF_8))
                                .with("X-Extra", "1"))));
        HttpResponse<String> open = server.get("/open/a%2Fb+c/x/%C3%A9?q=1&q=%20&r");
        assertThat(open.body()).isEqualTo("a/b+c|é|{q=[1,  ], r=[]}");
        assertThat(server.send(server.request("/open/1/x/2").HEAD()).headers().firstValue("Content-Length"))
                .contains("6");
        isProblem(server.send(server.request("/closed").PUT(HttpRequest.BodyPublishers.noBody())), 403, "forbidden");
        HttpResponse<String> body = server.send(server.request("/body").PUT(HttpRequest.BodyPublishers.ofString("x")));
        assertThat(body.body()).isEqualTo("testerx");
        assertThat(body.headers().firstValue("X-Extra")).contains("1");
        isProblem(
                server.send(server.request("/body").PUT(HttpRequest.BodyPublishers.ofString("x".repeat(11)))),
                413,
                "body-too-large");
        assertThat(server.json("{}").statusCode()).isEqualTo(202);
    }

    @Test
    void progressIsToldByThoseWhoKnowIt() throws Exception {
        server.gateway.routes(Routes.NONE.and(new Intake(
                "/events",
                server.stream,
                List.of(),
                List.of(),
                () -> List.of(
                        new Progress("p", null, Map.of("0-0", 7L)),
                        new Progress("q", "the database is away", Map.of())))));
        HttpResponse<String> answer = server.get("/events/_progress");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("{\"pipelines\":[{\"pipeline\":\"p\",\"committed\":{\"0-0\":7}},"
                        + "{\"pipeline\":\"q\",\"failure\":\"the database is away\",\"committed\":{}}]}");
    }

    @Test
    void tokensAreIssuedAndKeysPublished() throws Exception {
        String secret = server.auth
                .issuer()
                .orElseThrow()
                .clients()
                .add("app", Set.of(Scope.EVENTS_WRITE))
                .secret();
        HttpResponse<String> answer = server.send(HttpRequest.newBuilder(server.uri("/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "grant_type=client_credentials&client_id=app&client_secret=" + secret)));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        String token = (String) object(answer.body()).get("access_token");
        assertThat(server.json("{}", "Authorization", "Bearer " + token).statusCode())
                .isEqualTo(202);
        HttpResponse<String> wrong = server.send(HttpRequest.newBuilder(server.uri("/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "grant_type=client_credentials&client_id=app&client_secret=wrong")));
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(object(wrong.body())).containsEntry("error", "invalid_client");
        assertThat(server.get("/.well-known/jwks.json").body()).contains("\"keys\"");
    }
}
