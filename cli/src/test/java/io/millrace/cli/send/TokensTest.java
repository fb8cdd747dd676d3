package io.millrace.cli.send;

import static io.millrace.cli.send.ScriptedGateway.TAKE;
import static io.millrace.cli.send.ScriptedGateway.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.send.ScriptedGateway.Page;
import io.millrace.cli.send.ScriptedGateway.Reply;
import io.millrace.cli.send.ScriptedGateway.Request;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TokensTest {

    private static final String SECRET = "s3cret:with/all & sorts";
    private static final String TOKENS = "/oauth2/token";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T10:00:00Z"));

    @Test
    void aReadyTokenGoesWithEachRequest() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = ScriptedGateway.taking()) {
            Trial.to(gateway)
                    .file(events(30))
                    .batch(10)
                    .tokens(TokenSource.ready("abc.def"))
                    .run();

            assertThat(gateway.requests())
                    .hasSize(3)
                    .allSatisfy(request ->
                            assertThat(request.header("Authorization")).isEqualTo("Bearer abc.def"));
        }
    }

    @Test
    void aReadyTokenThatIsNotTakenIsFinal() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = new ScriptedGateway(request -> status(401))) {
            SendSummary summary = Trial.to(gateway)
                    .file(events(1))
                    .tokens(TokenSource.ready("abc"))
                    .run();

            assertThat(gateway.requests()).hasSize(1);
            assertThat(summary.kept().getFirst().reasons().getFirst().reason()).contains("401 (unauthorized");
        }
    }

    @Test
    void aTokenIsAskedForOnceAndKept() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = ScriptedGateway.taking().with(TOKENS, TokensTest::numbered)) {
            Trial trial = Trial.to(gateway).file(events(50)).single();
            trial.tokens(client(trial, gateway)).run();

            assertThat(gateway.requests(TOKENS)).isEqualTo(1);
            assertThat(gateway.requests())
                    .hasSize(50)
                    .allSatisfy(request ->
                            assertThat(request.header("Authorization")).isEqualTo("Bearer token-1"));
        }
    }

    @Test
    void theIssuerIsAskedAsTheStandardHasIt() throws IOException, InterruptedException {
        AtomicReference<Request> asked = new AtomicReference<>();
        try (ScriptedGateway gateway = ScriptedGateway.taking().with(TOKENS, request -> {
            asked.set(request);
            return numbered(request);
        })) {
            Trial trial = Trial.to(gateway).file(events(1));
            trial.tokens(client(trial, gateway)).run();

            Request request = asked.get();
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.body()).isEqualTo("grant_type=client_credentials");
            assertThat(request.header("Content-type")).isEqualTo("application/x-www-form-urlencoded");
            byte[] basic =
                    Base64.getDecoder().decode(request.header("Authorization").replace("Basic ", ""));
            assertThat(new String(basic, StandardCharsets.UTF_8)).isEqualTo("my+client:s3cret%3Awith%2Fall+%26+sorts");
        }
    }

    @Test
    void aTokenThatIsNotTakenIsRenewedOnce() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = new ScriptedGateway(
                        request -> request.header("Authorization").equals("Bearer token-2") ? TAKE : status(401))
                .with(TOKENS, TokensTest::numbered)) {
            Trial trial = Trial.to(gateway).file(events(30)).batch(10).parallel(1);
            SendSummary summary = trial.tokens(client(trial, gateway)).run();

            assertThat(gateway.requests(TOKENS)).isEqualTo(2);
            assertThat(gateway.requests()).hasSize(4);
            assertThat(gateway.requests().get(1).key())
                    .isEqualTo(gateway.requests().getFirst().key());
            assertThat(summary.counts().accepted()).isEqualTo(30);
            assertThat(summary.counts().retries()).isZero();
        }
    }

    @Test
    void aClientThatIsNotAllowedIsNotAskedForEver() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = new ScriptedGateway(request -> status(401)).with(TOKENS, TokensTest::numbered)) {
            Trial trial = Trial.to(gateway).file(events(1));
            SendSummary summary = trial.tokens(client(trial, gateway)).run();

            assertThat(gateway.requests()).hasSize(2);
            assertThat(summary.counts().kept()).isEqualTo(1);
        }
    }

    @Test
    void aTokenIsRenewedShortlyBeforeItExpires() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = ScriptedGateway.taking().with(TOKENS, TokensTest::numbered);
                Http http = Http.open(null, Duration.ofSeconds(10))) {
            TokenSource tokens = client(http, gateway.uri());

            assertThat(tokens.token()).contains("token-1");
            now.updateAndGet(instant -> instant.plusSeconds(3539));
            assertThat(tokens.token()).contains("token-1");
            now.updateAndGet(instant -> instant.plusSeconds(1));
            assertThat(tokens.token()).contains("token-2");
            tokens.rejected("token-1");
            assertThat(tokens.token()).as("the rejection came late").contains("token-2");
            tokens.rejected("token-2");
            assertThat(tokens.token()).contains("token-3");
        }
    }

    @Test
    void anIssuerThatRefusesEndsItBeforeAnythingIsSent() throws IOException {
        Reply.Status refusal = new Reply.Status(
                401, Map.of(), "{\"error\":\"invalid_client\",\"error_description\":\"unknown client\"}");
        try (ScriptedGateway gateway = ScriptedGateway.taking().with(TOKENS, request -> refusal)) {
            Trial trial = Trial.to(gateway).file(events(1));
            trial.tokens(client(trial, gateway));

            assertThatThrownBy(trial::run)
                    .isInstanceOf(TokenException.class)
                    .hasMessageContaining("invalid_client unknown client")
                    .hasMessageContaining(TOKENS)
                    .message()
                    .doesNotContain("s3cret");
            assertThat(gateway.requests()).isEmpty();
        }
    }

    @Test
    void anIssuerThatIsBusyIsAskedAgain() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = ScriptedGateway.taking()
                .with(
                        TOKENS,
                        request -> request.number() <= 3
                                ? new Reply.Status(503, Map.of("Retry-After", "0"), "")
                                : numbered(request))) {
            Trial trial = Trial.to(gateway).file(events(1));
            SendSummary summary = trial.tokens(client(trial, gateway)).run();

            assertThat(summary.counts().accepted()).isEqualTo(1);
            assertThat(trial.retried)
                    .isNotEmpty()
                    .allSatisfy(reason ->
                            assertThat(reason).startsWith("no token: ").contains("503"));
        }
    }

    @Test
    void anAnswerThatIsNoTokenIsSaid() throws IOException {
        for (String body : new String[] {
            "",
            "{}",
            "{\"access_token\":\"a b\",\"token_type\":\"Bearer\"}",
            "{\"access_token\":\"a\",\"token_type\":\"mac\"}"
        }) {
            Page page = request -> new Reply.Status(200, Map.of(), body);
            try (ScriptedGateway gateway = ScriptedGateway.taking().with(TOKENS, page);
                    Http http = Http.open(null, Duration.ofSeconds(10))) {
                assertThatThrownBy(() -> client(http, gateway.uri()).token())
                        .isInstanceOf(TokenException.class)
                        .hasMessageContaining("no bearer token");
            }
        }
    }

    @Test
    void whatCanNotBeATokenIsRefused() {
        assertThatThrownBy(() -> TokenSource.ready("a\r\nX: y"))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("X: y");
    }

    /** Another token for each request. */
    private static Reply.Status numbered(Request request) {
        return new Reply.Status(
                200,
                Map.of(),
                "{\"access_token\":\"token-" + request.number() + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}");
    }

    private TokenSource client(Trial trial, ScriptedGateway gateway) throws IOException {
        return client(trial.http(), gateway.uri());
    }

    private TokenSource client(Http http, URI gateway) {
        return new ClientCredentials(http, gateway.resolve(TOKENS), "my client", SECRET, now::get);
    }

    private Path events(int count) throws IOException {
        return Files.write(
                folder.resolve("events.jsonl"),
                IntStream.range(0, count).mapToObj(i -> "{\"i\":" + i + "}").toList());
    }
}
