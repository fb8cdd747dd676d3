package io.millrace.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Against a real Keycloak, which is started once and stopped by the last test. */
@Tag("keycloak")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KeycloakIT {

    private static final String REALM = "factory";

    private static final ProviderKeys.Timing TIMING = new ProviderKeys.Timing(
            Duration.ofHours(1),
            Duration.ofMillis(100),
            Duration.ofMillis(100),
            Duration.ZERO,
            Duration.ofSeconds(20),
            Duration.ofSeconds(20));

    private static final TestHome HOME = new TestHome();
    private static Keycloak keycloak;
    private static Auth auth;

    @BeforeAll
    static void start() throws IOException, InterruptedException, ParseException, AuthException {
        keycloak = Keycloak.start();
        keycloak.make("", Map.of("realm", REALM, "id", REALM, "enabled", true));
        keycloak.makeScope(REALM, "events:write", "millrace");
        keycloak.makeScope(REALM, "other:write", "other");
        keycloak.make(
                "/" + REALM + "/clients",
                Map.of(
                        "clientId",
                        "producer",
                        "secret",
                        "s3cret",
                        "serviceAccountsEnabled",
                        true,
                        "standardFlowEnabled",
                        false,
                        "optionalClientScopes",
                        List.of("events:write", "other:write")));
        auth = open("millrace");
    }

    @AfterAll
    static void stop() {
        // The start may have failed at any step; a Keycloak that runs must not outlive it.
        if (auth != null) {
            auth.close();
        }
        if (keycloak != null) {
            keycloak.close();
        }
        HOME.close();
    }

    private static Auth open(String audience) throws AuthException {
        AuthConfig.Provider config = AuthConfig.Provider.of(keycloak.issuer(REALM), audience);
        Auth opened = Auth.provider(HOME.path, config, TIMING, InstantSource.system());
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(opened.readiness()).isEqualTo(new Readiness.Ready()));
        return opened;
    }

    private static String token(String scope) throws IOException, InterruptedException, ParseException {
        return keycloak.token(
                REALM,
                Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        "producer",
                        "client_secret",
                        "s3cret",
                        "scope",
                        scope));
    }

    private static String keyOf(String token) throws ParseException {
        return SignedJWT.parse(token).getHeader().getKeyID();
    }

    private static Decision check(String token) {
        return auth.tokens().check("Bearer " + token);
    }

    private static void letIn(String token) {
        assertThat(check(token)).isInstanceOfSatisfying(Decision.Allowed.class, allowed -> {
            assertThat(allowed.clientId()).isEqualTo("producer");
            assertThat(allowed.scopes()).isEqualTo(Set.of(Scope.EVENTS_WRITE));
        });
    }

    private static void refused(Decision decision, Refusal kind) {
        assertThat(decision)
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused -> assertThat(refused.kind()).isEqualTo(kind));
    }

    @Test
    @Order(1)
    void aTokenByClientCredentialsIsLetInWithItsScope() throws Exception {
        letIn(token("events:write"));
    }

    @Test
    @Order(2)
    void aTokenForAnotherAudienceIsRefused() throws Exception {
        refused(check(token("other:write")), Refusal.WRONG_AUDIENCE);
        try (Auth elsewhere = open("other")) {
            refused(elsewhere.tokens().check("Bearer " + token("events:write")), Refusal.WRONG_AUDIENCE);
        }
    }

    @Test
    @Order(3)
    void aTokenOfAnotherRealmOrWithAChangedSignatureIsRefused() throws Exception {
        refused(
                check(keycloak.token(
                        "master",
                        Map.of(
                                "grant_type",
                                "password",
                                "client_id",
                                "admin-cli",
                                "username",
                                "admin",
                                "password",
                                "admin"))),
                Refusal.UNKNOWN_KEY);
        String token = token("events:write");
        String signature = token.substring(token.lastIndexOf('.') + 1);
        String other = token("events:write");
        refused(check(other.substring(0, other.lastIndexOf('.') + 1) + signature), Refusal.BAD_SIGNATURE);
    }

    @Test
    @Order(4)
    void aRotatedKeyIsPickedUpAndOlderTokensStayGood() throws Exception {
        String before = token("events:write");
        keycloak.make(
                "/" + REALM + "/components",
                Map.of(
                        "name",
                        "next",
                        "providerId",
                        "rsa-generated",
                        "providerType",
                        "org.keycloak.keys.KeyProvider",
                        "parentId",
                        REALM,
                        "config",
                        Map.of(
                                "priority",
                                List.of("200"),
                                "enabled",
                                List.of("true"),
                                "active",
                                List.of("true"),
                                "algorithm",
                                List.of("RS256"))));
        String after = token("events:write");
        assertThat(keyOf(after)).isNotEqualTo(keyOf(before));
        letIn(after);
        letIn(before);
    }

    @Test
    @Order(5)
    void whatItSignedIsStillLetInAfterItWasStopped() throws Exception {
        String checked = token("events:write");
        String unchecked = token("events:write");
        letIn(checked);
        keycloak.close();
        letIn(checked);
        letIn(unchecked);
        // This one makes it look for a new key, which Keycloak can't give any more.
        String unknown = Forge.of("producer", "unknown", InstantSource.system().instant())
                .header("typ", "JWT")
                .signed(Forge.newKey("unknown"));
        refused(check(unknown), Refusal.UNKNOWN_KEY);
        assertThat(auth.readiness()).isInstanceOf(Readiness.Degraded.class);
        letIn(unchecked);
    }
}
