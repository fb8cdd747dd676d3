package io.millrace.server.auth;

import static io.millrace.server.auth.TestHome.basic;
import static io.millrace.server.auth.TestHome.issuer;
import static io.millrace.server.auth.TestHome.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers of RFC 6749, sections 5.1 and 5.2. */
class TokenEndpointTest {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String GRANT = "grant_type=client_credentials";

    private final TestHome home = new TestHome();
    private Auth auth;
    private String secret;

    @BeforeEach
    @BeforeProperty
    void open() throws AuthException, InterruptedException {
        auth = home.open();
        secret = issuer(auth)
                .clients()
                .add("producer", Set.of(Scope.EVENTS_WRITE, Scope.DATA_READ))
                .secret();
    }

    @AfterEach
    @AfterProperty
    void close() {
        auth.close();
        home.close();
    }

    private TokenAnswer ask(@Nullable String authorization, @Nullable String contentType, String body)
            throws InterruptedException {
        return issuer(auth)
                .endpoint()
                .answer(new Call(authorization, "192.0.2.1", "POST", "/oauth2/token", "r1"), contentType, body);
    }

    private TokenAnswer ask(String body) throws InterruptedException {
        return ask(basic("producer", secret), FORM, body);
    }

    private static void refused(TokenAnswer answer, int status, String error, String description) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(json(answer)).isEqualTo(Map.of("error", error, "error_description", description));
        assertThat(answer.headers())
                .containsEntry("Content-Type", "application/json;charset=UTF-8")
                .containsEntry("Cache-Control", "no-store")
                .containsEntry("Pragma", "no-cache");
        assertThat(answer.headers().containsKey("WWW-Authenticate")).isEqualTo(status == 401);
    }

    @Test
    void theSecretByHttpBasicGetsATokenThatIsLetIn() throws InterruptedException {
        TokenAnswer answer = ask(GRANT);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers())
                .containsEntry("Content-Type", "application/json;charset=UTF-8")
                .containsEntry("Cache-Control", "no-store")
                .containsEntry("Pragma", "no-cache");
        Map<String, Object> body = json(answer);
        assertThat(body.keySet()).containsExactlyInAnyOrder("access_token", "token_type", "expires_in", "scope");
        assertThat(body)
                .containsEntry("token_type", "Bearer")
                .containsEntry("expires_in", 3600L)
                .containsEntry("scope", "events:write data:read");
        assertThat(auth.tokens().check("Bearer " + body.get("access_token")))
                .isInstanceOfSatisfying(Decision.Allowed.class, allowed -> {
                    assertThat(allowed.clientId()).isEqualTo("producer");
                    assertThat(allowed.scopes()).containsExactlyInAnyOrder(Scope.EVENTS_WRITE, Scope.DATA_READ);
                });
        assertThat(answer.toString()).doesNotContain(String.valueOf(body.get("access_token")));
    }

    @Test
    void theSecretAsFormParametersDoesAsWell() throws InterruptedException {
        String body = GRANT + "&client_id=producer&client_secret=" + secret;
        assertThat(ask(null, FORM + "; charset=UTF-8", body).status()).isEqualTo(200);
        assertThat(ask(basic("producer", secret), FORM, GRANT + "&client_id=producer")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aScopeNarrowsWhatTheTokenMayDo() throws InterruptedException {
        TokenAnswer answer = ask(GRANT + "&scope=data%3Aread");
        assertThat(json(answer)).containsEntry("scope", "data:read");
        assertThat(auth.tokens().check("Bearer " + json(answer).get("access_token")))
                .isInstanceOfSatisfying(
                        Decision.Allowed.class,
                        allowed -> assertThat(allowed.scopes()).containsExactly(Scope.DATA_READ));
        assertThat(json(ask(GRANT + "&scope=data:read+events:write"))).containsEntry("scope", "events:write data:read");
        assertThat(json(ask(GRANT + "&scope="))).containsEntry("scope", "events:write data:read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin", "data:read+admin", "weather:read", "DATA:READ", "+", "data:read%09events:write"})
    void aScopeThatTheClientDoesNotHaveIsInvalid(String scope) throws InterruptedException {
        refused(ask(GRANT + "&scope=" + scope), 400, "invalid_scope", "The client may have: events:write data:read.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"password", "authorization_code", "refresh_token", "CLIENT_CREDENTIALS"})
    void anotherGrantIsUnsupported(String grant) throws InterruptedException {
        refused(
                ask("grant_type=" + grant),
                400,
                "unsupported_grant_type",
                "The only grant_type here is client_credentials.");
    }

    @Test
    void aRequestThatIsNotAsItMustBeIsInvalid() throws InterruptedException {
        refused(ask(""), 400, "invalid_request", "The parameter grant_type is missing.");
        refused(ask("grant_type="), 400, "invalid_request", "The parameter grant_type is missing.");
        refused(ask(GRANT + "&" + GRANT), 400, "invalid_request", "A parameter is there twice.");
        refused(ask(GRANT + "&scope=a&scope=b"), 400, "invalid_request", "A parameter is there twice.");
        refused(ask(GRANT + "&x=%ZZ"), 400, "invalid_request", "Something is not encoded as a form.");
        refused(
                ask(GRANT + "&x=" + "x".repeat(9000)),
                400,
                "invalid_request",
                "The body is longer than 8192 characters.");
        String type = "The body must be of the type application/x-www-form-urlencoded.";
        refused(ask(basic("producer", secret), null, GRANT), 400, "invalid_request", type);
        refused(ask(basic("producer", secret), "application/json", GRANT), 400, "invalid_request", type);
    }

    @Test
    void twoWaysToAuthenticateAreOneTooMany() throws InterruptedException {
        String message = "The client authenticates in two ways; it must choose one.";
        refused(ask(GRANT + "&client_id=producer&client_secret=" + secret), 400, "invalid_request", message);
        refused(ask(GRANT + "&client_id=other"), 400, "invalid_request", message);
    }

    @Test
    void nobodyLearnsWhetherItWasTheClientOrTheSecret() throws Exception {
        String message = "The client or its secret is not known.";
        refused(ask(basic("producer", "wrong"), FORM, GRANT), 401, "invalid_client", message);
        refused(ask(basic("nobody", secret), FORM, GRANT), 401, "invalid_client", message);
        refused(ask(null, FORM, GRANT + "&client_id=producer&client_secret=wrong"), 401, "invalid_client", message);
        issuer(auth).clients().disable("producer");
        refused(ask(GRANT), 401, "invalid_client", message);
        assertThat(ask(GRANT).headers())
                .containsEntry("WWW-Authenticate", "Basic realm=\"millrace\", charset=\"UTF-8\"");
    }

    @Test
    void withoutCredentialsTheClientIsInvalid() throws InterruptedException {
        String message = "The client must authenticate by HTTP Basic or by client_id and client_secret.";
        refused(ask(null, FORM, GRANT), 401, "invalid_client", message);
        refused(ask(null, FORM, GRANT + "&client_id=producer"), 401, "invalid_client", message);
        refused(ask(null, FORM, GRANT + "&client_id=producer&client_secret="), 401, "invalid_client", message);
        refused(
                ask("Bearer abc", FORM, GRANT),
                401,
                "invalid_client",
                "Clients authenticate by HTTP Basic or by form parameters.");
        for (String broken :
                List.of("Basic", "Basic ", "Basic !!", "Basic cHJvZHVjZXI=", "Basic /w==", "Basic OnNlY3JldA==")) {
            TokenAnswer answer = ask(broken, FORM, GRANT);
            assertThat(answer.kind()).as(broken).isEqualTo(TokenAnswer.Kind.INVALID_CLIENT);
        }
    }

    @Test
    void whoGuessesIsSlowedDownAndToldForHowLong() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            assertThat(ask(basic("producer", "wrong" + i), FORM, GRANT).status())
                    .isEqualTo(401);
        }
        TokenAnswer limited = ask(basic("producer", "wrong"), FORM, GRANT);
        refused(limited, 429, "too_many_attempts", "There were too many wrong secrets. Try again later.");
        assertThat(limited.headers()).containsEntry("Retry-After", "6");
        assertThat(TestHome.ask(auth, "producer", secret, "198.51.100.7").status())
                .isEqualTo(200);
        home.clock.advance(Duration.ofSeconds(6));
        assertThat(ask(GRANT).status()).isEqualTo(200);
    }

    @Property(tries = 200)
    void whateverComesTheAnswerIsOneOfTheProtocol(
            @ForAll String authorization, @ForAll String name, @ForAll String value) throws InterruptedException {
        String body = GRANT + "&" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "=" + value;
        for (String header : new String[] {authorization, "Basic " + authorization, basic(name, value)}) {
            TokenAnswer answer = ask(header, FORM, body);
            assertThat(answer.kind())
                    .isIn(
                            TokenAnswer.Kind.INVALID_REQUEST,
                            TokenAnswer.Kind.INVALID_CLIENT,
                            TokenAnswer.Kind.TOO_MANY_ATTEMPTS);
            assertThat(String.valueOf(json(answer).get("error_description"))).matches("[ !#-\\[\\]-~]*");
        }
    }

    @Test
    void namesThatNoClientCanHaveAreGuessesAsWell() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            assertThat(ask(basic("no client " + i, "x" + i), FORM, GRANT).status())
                    .isEqualTo(401);
        }
        assertThat(ask(basic("no client", "x"), FORM, GRANT).status()).isEqualTo(429);
        assertThat(ask(GRANT).status()).isEqualTo(200);
    }

    @Test
    void theAuditLogHoldsNoSecretAndNothingThatAStrangerSent() throws Exception {
        String token = String.valueOf(json(ask(GRANT)).get("access_token"));
        ask(basic("producer", "wrongsecret"), FORM, GRANT);
        ask(basic("secret-in-the-wrong-place", "x"), FORM, GRANT);
        ask(GRANT + "&scope=admin");
        auth.close();
        assertThat(home.everythingIn("audit"))
                .doesNotContain(secret)
                .doesNotContain(token)
                .doesNotContain("wrongsecret")
                .doesNotContain("secret-in-the-wrong-place");
        assertThat(home.audit())
                .extracting(line -> line.get("kind") + " " + line.get("client") + " " + line.get("reason"))
                .containsExactlyInAnyOrder(
                        "client_changed producer added with events:write data:read",
                        "token_issued producer events:write data:read",
                        "refusal producer wrong_secret",
                        "refusal null unknown_client",
                        "refusal producer invalid_scope");
        assertThat(home.audit())
                .filteredOn(line -> "token_issued".equals(line.get("kind")))
                .first()
                .satisfies(line -> assertThat(line)
                        .containsEntry("address", "192.0.2.1")
                        .containsEntry("method", "POST")
                        .containsEntry("route", "/oauth2/token")
                        .containsEntry("request", "r1"));
    }
}
