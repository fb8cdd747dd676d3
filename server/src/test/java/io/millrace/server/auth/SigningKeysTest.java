package io.millrace.server.auth;

import static io.millrace.server.auth.TestHome.issuer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Files;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys over time: rotation every 30 days, published a day ahead, tokens of an hour. */
class SigningKeysTest {

    private static final Duration DAY = Duration.ofDays(1);

    private final TestHome home = new TestHome();

    @AfterEach
    void close() {
        home.close();
    }

    private static List<String> published(Auth auth) throws ParseException {
        return JWKSet.parse(issuer(auth).jwks()).getKeys().stream()
                .map(JWK::getKeyID)
                .toList();
    }

    private static String signer(String token) throws ParseException {
        return SignedJWT.parse(token).getHeader().getKeyID();
    }

    private static boolean letIn(Auth auth, String token) {
        return auth.tokens().check("Bearer " + token) instanceof Decision.Allowed;
    }

    @Test
    void theFirstStartMakesAKeyAndPublishesItsPublicHalfOnly() throws Exception {
        try (TestHome untouched = TestHome.untouched();
                Auth auth = untouched.open()) {
            JWKSet jwks = JWKSet.parse(issuer(auth).jwks());
            assertThat(jwks.containsNonPublicKeys()).isFalse();
            assertThat(issuer(auth).jwks()).doesNotContain("\"d\"").doesNotContain("\"p\"");
            JWK key = jwks.getKeys().getFirst();
            assertThat(key.getKeyUse()).isEqualTo(KeyUse.SIGNATURE);
            assertThat(key.getAlgorithm()).isEqualTo(JWSAlgorithm.RS256);
            assertThat(key.getKeyID()).isEqualTo(untouched.newestKey().getKeyID());
            assertThat(key.size()).isEqualTo(2048);
        }
    }

    @Test
    void theNextKeyIsPublishedADayAheadSignsThenAndTheOldOneGoesAfterItsLastToken() throws Exception {
        try (Auth auth = home.open()) {
            String before = TestHome.token(auth, "producer", Set.of(Scope.ADMIN));
            String old = signer(before);
            home.clock.advance(DAY.multipliedBy(29).minusSeconds(1));
            assertThat(published(auth)).containsExactly(old);

            home.clock.advance(Duration.ofSeconds(1));
            issuer(auth).jwks();
            home.clock.advance(Watched.INTERVAL);
            assertThat(published(auth)).hasSize(2).startsWith(old);
            String next = published(auth).getLast();

            home.clock.advance(DAY.minusSeconds(2));
            String lastOfOld = issuer(auth).token("producer").token();
            assertThat(signer(lastOfOld)).isEqualTo(old);

            home.clock.advance(Duration.ofSeconds(1));
            String firstOfNext = issuer(auth).token("producer").token();
            assertThat(signer(firstOfNext)).isEqualTo(next);
            assertThat(letIn(auth, firstOfNext)).isTrue();
            assertThat(letIn(auth, lastOfOld)).isTrue();

            home.clock.advance(Duration.ofHours(1).plusSeconds(28));
            assertThat(letIn(auth, lastOfOld)).isTrue();
            home.clock.advance(Duration.ofMinutes(2));
            issuer(auth).jwks();
            home.clock.advance(Watched.INTERVAL);
            assertThat(published(auth)).containsExactly(next);
            assertThat(letIn(auth, lastOfOld)).isFalse();
            assertThat(letIn(auth, issuer(auth).token("producer").token())).isTrue();
        }
        assertThat(home.audit())
                .filteredOn(line -> "key_rotated".equals(line.get("kind")))
                .extracting(line -> String.valueOf(line.get("reason")).replaceAll("key \\S+ ", ""))
                .containsExactly("made, signs from 2026-12-21T10:00:00Z", "dropped");
    }

    @Test
    void aServerThatWasOffForLongPublishesAheadAllTheSame() throws Exception {
        String old = home.newestKey().getKeyID();
        home.clock.advance(DAY.multipliedBy(100));
        try (Auth auth = home.open()) {
            assertThat(published(auth)).hasSize(2).startsWith(old);
            assertThat(signer(TestHome.token(auth, "producer", Set.of(Scope.ADMIN))))
                    .isEqualTo(old);
            home.clock.advance(DAY);
            assertThat(signer(issuer(auth).token("producer").token())).isNotEqualTo(old);
        }
    }

    @Test
    void aKeyThatSignedLongTokensStaysUntilTheyExpireThoughNewOnesAreShort() throws Exception {
        AuthConfig.BuiltIn longTokens =
                new AuthConfig.BuiltIn("urn:millrace", "millrace", DAY, Duration.ofDays(2), Duration.ZERO, DAY);
        AuthConfig.BuiltIn shortTokens = new AuthConfig.BuiltIn(
                "urn:millrace", "millrace", Duration.ofMinutes(1), Duration.ofDays(2), Duration.ZERO, DAY);
        String token;
        try (Auth auth = home.open(longTokens)) {
            home.clock.advance(DAY.multipliedBy(2).minusSeconds(5));
            token = TestHome.token(auth, "producer", Set.of(Scope.ADMIN));
        }
        home.clock.advance(Duration.ofSeconds(10));
        try (Auth auth = home.open(shortTokens)) {
            assertThat(published(auth)).hasSize(2);
            home.clock.advance(DAY.minusSeconds(10));
            assertThat(letIn(auth, token)).isTrue();
            home.clock.advance(Duration.ofMinutes(5));
            issuer(auth).jwks();
            home.clock.advance(Watched.INTERVAL);
            assertThat(published(auth)).hasSize(1);
        }
    }

    @Test
    void aTokenIsRefusedAsSoonAsItsKeyIsGoneThoughItIsRemembered() throws Exception {
        try (Auth auth = home.open()) {
            String token = TestHome.token(auth, "producer", Set.of(Scope.ADMIN));
            assertThat(letIn(auth, token)).isTrue();
            // What somebody does whose key was stolen.
            Files.delete(home.path.resolve("auth/keys/keys.json"));
            home.clock.advance(Watched.INTERVAL);
            issuer(auth).jwks();
            home.clock.advance(Watched.INTERVAL);
            assertThat(auth.tokens().check("Bearer " + token))
                    .isInstanceOfSatisfying(
                            Decision.Refused.class,
                            refused -> assertThat(refused.kind()).isEqualTo(Refusal.UNKNOWN_KEY));
            assertThat(letIn(auth, issuer(auth).token("producer").token())).isTrue();
        }
    }

    @Test
    void aClockThatWasSetBackBeforeTheFirstKeyStillSigns() throws Exception {
        home.clock.set(TestClock.START.minus(DAY));
        try (Auth auth = home.open()) {
            assertThat(letIn(auth, TestHome.token(auth, "producer", Set.of(Scope.ADMIN))))
                    .isTrue();
        }
    }

    @Test
    void aFileOfKeysThatCanNotBeReadStopsTheStart() throws Exception {
        Files.writeString(home.path.resolve("auth/keys/keys.json"), "{\"version\": 1, \"keys\": [{}]}");
        assertThatThrownBy(home::open)
                .isInstanceOf(AuthException.class)
                .hasMessageContaining("keys.json is not as Millrace wrote it");
    }

    @Test
    void aKeyDoesNotShowItsPrivateHalf() {
        SigningKey key = SigningKey.make(TestClock.START, DAY, home.random);
        assertThat(key.toString()).isEqualTo("SigningKey[" + key.id() + " from 2026-11-21T10:00:00Z]");
    }
}
