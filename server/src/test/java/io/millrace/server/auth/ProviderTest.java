package io.millrace.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProviderTest {

    private static RSAKey first;
    private static RSAKey second;

    private final TestHome home = new TestHome();

    @BeforeAll
    static void keys() throws JOSEException {
        first = Forge.newKey("first");
        second = Forge.newKey("second");
    }

    @AfterEach
    void close() {
        home.close();
    }

    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(20);

    /** Looks again only when asked, and then at once. */
    private static final ProviderKeys.Timing WHEN_ASKED =
            new ProviderKeys.Timing(LONG, SHORT, SHORT, Duration.ZERO, Duration.ofSeconds(10), Duration.ofSeconds(10));

    private Auth open(FakeProvider provider) throws AuthException {
        return open(AuthConfig.Provider.of(provider.issuer(), "millrace"), WHEN_ASKED);
    }

    private Auth open(AuthConfig.Provider config, ProviderKeys.Timing timing) throws AuthException {
        return Auth.provider(home.path, config, timing, home.clock);
    }

    private static void awaitReady(Auth auth) {
        await().untilAsserted(() -> assertThat(auth.readiness()).isEqualTo(new Readiness.Ready()));
    }

    private Forge forge(FakeProvider provider, RSAKey key) {
        return Forge.of("producer", key.getKeyID(), home.clock.instant())
                .header("typ", "JWT")
                .claim("iss", provider.issuer().toString());
    }

    private static Decision check(Auth auth, String token) {
        return auth.tokens().check("Bearer " + token);
    }

    private static void refused(Auth auth, String token, Refusal kind) {
        assertThat(check(auth, token))
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused -> assertThat(refused.kind()).isEqualTo(kind));
    }

    private static Set<Scope> scopes(Auth auth, String token) {
        return check(auth, token) instanceof Decision.Allowed allowed ? allowed.scopes() : Set.of();
    }

    @Test
    void tokensOfTheProviderAreLetInAndOthersAreNot() throws Exception {
        try (FakeProvider provider = new FakeProvider(0)) {
            provider.keys = List.of(first);
            try (Auth auth = open(provider)) {
                awaitReady(auth);
                assertThat(auth.issuer()).isEmpty();
                assertThat(check(auth, forge(provider, first).signed(first))).isInstanceOf(Decision.Allowed.class);
                refused(auth, forge(provider, first).signed(second), Refusal.BAD_SIGNATURE);
                refused(auth, forge(provider, second).signed(second), Refusal.UNKNOWN_KEY);
                refused(auth, forge(provider, first).claim("aud", "other").signed(first), Refusal.WRONG_AUDIENCE);
                refused(
                        auth,
                        forge(provider, first)
                                .claim("iss", provider.issuer() + "/")
                                .signed(first),
                        Refusal.WRONG_ISSUER);
                refused(auth, forge(provider, first).header("typ", "logout+jwt").signed(first), Refusal.MALFORMED);
                home.clock.advance(Duration.ofHours(2));
                refused(
                        auth,
                        forge(provider, first)
                                .claim("exp", TestClock.START.getEpochSecond())
                                .signed(first),
                        Refusal.EXPIRED);
            }
        }
    }

    @Test
    void scopesComeFromScopeAndScpAndFromRolesWhereTheyAreConfigured() throws Exception {
        try (FakeProvider provider = new FakeProvider(0)) {
            provider.keys = List.of(first);
            AuthConfig.Provider roles = new AuthConfig.Provider(
                    provider.issuer(),
                    "millrace",
                    LONG,
                    "realm_access.roles",
                    Map.of("operator", Set.of(Scope.OPS_RUN, Scope.DATA_READ)),
                    false);
            Map<String, Object> realmAccess = Map.of("roles", List.of("operator", "offline_access", 7));
            try (Auth with = open(roles, WHEN_ASKED);
                    Auth without = open(provider)) {
                awaitReady(with);
                awaitReady(without);
                Forge forge = forge(provider, first);
                assertThat(scopes(
                                without,
                                forge.claim("scope", "openid data:read").signed(first)))
                        .containsExactly(Scope.DATA_READ);
                assertThat(scopes(
                                without,
                                forge.claim("scope", null)
                                        .claim("scp", "admin events:write")
                                        .signed(first)))
                        .containsExactlyInAnyOrder(Scope.ADMIN, Scope.EVENTS_WRITE);
                assertThat(scopes(
                                without, forge.claim("scp", List.of("admin", 5)).signed(first)))
                        .containsExactly(Scope.ADMIN);
                forge.claim("scp", null).claim("realm_access", realmAccess);
                assertThat(scopes(without, forge.signed(first))).isEmpty();
                assertThat(scopes(with, forge.signed(first))).containsExactlyInAnyOrder(Scope.OPS_RUN, Scope.DATA_READ);
                assertThat(scopes(with, forge.claim("realm_access", "x").signed(first)))
                        .isEmpty();
            }
        }
    }

    @Test
    void theClientIsNamedByClientIdOrAzpOrSub() throws Exception {
        try (FakeProvider provider = new FakeProvider(0)) {
            provider.keys = List.of(first);
            try (Auth auth = open(provider)) {
                awaitReady(auth);
                Forge forge = forge(provider, first)
                        .claim("client_id", null)
                        .claim("azp", "from-azp")
                        .claim("jti", null);
                assertThat(check(auth, forge.signed(first))).isInstanceOfSatisfying(Decision.Allowed.class, allowed -> {
                    assertThat(allowed.clientId()).isEqualTo("from-azp");
                    assertThat(allowed.tokenId()).matches("[0-9a-f]{16}");
                });
                assertThat(check(
                                auth,
                                forge.claim("azp", null)
                                        .claim("sub", "from-sub")
                                        .signed(first)))
                        .isInstanceOfSatisfying(
                                Decision.Allowed.class,
                                allowed -> assertThat(allowed.clientId()).isEqualTo("from-sub"));
                refused(auth, forge.claim("sub", null).signed(first), Refusal.MALFORMED);
            }
        }
    }

    @Test
    void aNewKeyIsFetchedWhenATokenNamesItAndAnOldOneIsForgotten() throws Exception {
        try (FakeProvider provider = new FakeProvider(0)) {
            provider.keys = List.of(first);
            try (Auth auth = open(provider)) {
                awaitReady(auth);
                String old = forge(provider, first).signed(first);
                assertThat(check(auth, old)).isInstanceOf(Decision.Allowed.class);
                provider.keys = List.of(second);
                assertThat(check(auth, forge(provider, second).signed(second))).isInstanceOf(Decision.Allowed.class);
                refused(auth, old, Refusal.UNKNOWN_KEY);
            }
        }
    }

    @Test
    void aFloodOfMadeUpKeysDoesNotBecomeAFloodAtTheProvider() throws Exception {
        try (FakeProvider provider = new FakeProvider(0)) {
            provider.keys = List.of(first);
            ProviderKeys.Timing timing =
                    new ProviderKeys.Timing(LONG, SHORT, SHORT, LONG, Duration.ofSeconds(10), Duration.ofSeconds(10));
            try (Auth auth = open(AuthConfig.Provider.of(provider.issuer(), "millrace"), timing)) {
                awaitReady(auth);
                for (int i = 0; i < 1000; i++) {
                    refused(auth, forge(provider, first).header("kid", "k" + i).signed(first), Refusal.UNKNOWN_KEY);
                }
                assertThat(provider.keyReads).hasValue(1);
            }
        }
    }

    @Test
    void aRequestDoesNotWaitLongForAProviderThatHangs() throws Exception {
        try (FakeProvider provider = new FakeProvider(0)) {
            provider.keys = List.of(first);
            ProviderKeys.Timing timing = new ProviderKeys.Timing(
                    LONG, SHORT, SHORT, Duration.ZERO, Duration.ofMillis(50), Duration.ofSeconds(10));
            try (Auth auth = open(AuthConfig.Provider.of(provider.issuer(), "millrace"), timing)) {
                awaitReady(auth);
                provider.hanging = new CountDownLatch(1);
                long began = System.nanoTime();
                refused(auth, forge(provider, second).signed(second), Refusal.UNKNOWN_KEY);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
                // Known keys are not held up by it.
                assertThat(check(auth, forge(provider, first).signed(first))).isInstanceOf(Decision.Allowed.class);
            }
        }
    }

    @Test
    void whileTheProviderIsAwayTheKeysKnownLastAreUsed() throws Exception {
        try (FakeProvider provider = new FakeProvider(0)) {
            provider.keys = List.of(first);
            ProviderKeys.Timing timing = new ProviderKeys.Timing(
                    SHORT, SHORT, SHORT, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(10));
            try (Auth auth = open(AuthConfig.Provider.of(provider.issuer(), "millrace"), timing)) {
                awaitReady(auth);
                for (int status : new int[] {503, 404, 302}) {
                    provider.status = status;
                    await().untilAsserted(() -> assertThat(auth.readiness())
                            .isInstanceOfSatisfying(
                                    Readiness.Degraded.class,
                                    degraded -> assertThat(degraded.reason())
                                            .contains("answered with the status " + status)
                                            .contains("keys known last")));
                    assertThat(check(
                                    auth,
                                    forge(provider, first)
                                            .claim("jti", "t" + status)
                                            .signed(first)))
                            .isInstanceOf(Decision.Allowed.class);
                }
                provider.status = 200;
                awaitReady(auth);
            }
        }
    }

    @Test
    void aStartWhileTheProviderIsAwayIsNotReadyAndRecovers() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (Auth auth = open(AuthConfig.Provider.of(FakeProvider.issuer(port), "millrace"), WHEN_ASKED)) {
            await().untilAsserted(() -> assertThat(auth.readiness())
                    .isInstanceOfSatisfying(
                            Readiness.NotReady.class,
                            notReady -> assertThat(notReady.reason())
                                    .contains("http://127.0.0.1:" + port + "/realm")
                                    .contains("can't be read (ConnectException")));
            assertThat(check(auth, "any")).isInstanceOfSatisfying(Decision.Refused.class, refused -> {
                assertThat(refused.kind()).isEqualTo(Refusal.NOT_READY);
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.challenge()).isEmpty();
            });
            try (FakeProvider provider = new FakeProvider(port)) {
                provider.keys = List.of(first);
                awaitReady(auth);
                assertThat(check(auth, forge(provider, first).signed(first))).isInstanceOf(Decision.Allowed.class);
            }
        }
    }

    @Test
    void aProviderThatIsNotWhatItShouldBeIsNotTrusted() throws Exception {
        try (FakeProvider provider = new FakeProvider(0);
                Auth auth = open(provider)) {
            provider.keys = List.of(first);
            awaitReady(auth);
            provider.issuerInDocument = "https://evil.example";
            notReady(provider, "it calls itself https://evil.example");
            provider.issuerInDocument = provider.issuer().toString();
            provider.jwksUri = "file:///etc/passwd";
            notReady(provider, "its jwks_uri is file:///etc/passwd");
            provider.jwksUri = provider.issuer() + "/keys";
            provider.keys = List.of();
            notReady(provider, "it publishes no key");
            // None of these may check a signature: a secret one, one for encryption, a short one, an unusual curve.
            provider.keys = List.of(
                    new OctetSequenceKey.Builder(new byte[32]).keyID("oct").build(),
                    new RSAKey.Builder(first).keyUse(KeyUse.ENCRYPTION).build(),
                    new RSAKeyGenerator(1024, true).keyID("short").generate(),
                    new ECKeyGenerator(Curve.SECP256K1)
                            .provider(new BouncyCastleProvider())
                            .keyID("k1")
                            .generate());
            notReady(provider, "it publishes no key");
        }
    }

    private void notReady(FakeProvider provider, String reason) throws AuthException {
        try (Auth auth = open(provider)) {
            await().untilAsserted(() -> assertThat(auth.readiness())
                    .isInstanceOfSatisfying(
                            Readiness.NotReady.class,
                            notReady -> assertThat(notReady.reason()).contains(reason)));
        }
    }

    @Test
    void closingDoesNotWaitForAProviderThatHangs() throws Exception {
        try (FakeProvider provider = new FakeProvider(0)) {
            provider.hanging = new CountDownLatch(1);
            Auth auth = open(provider);
            await().until(() -> provider.keyReads.get() > 0);
            long began = System.nanoTime();
            auth.close();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void ellipticCurvesAreTakenWithTheirOwnAlgorithmOnly() throws Exception {
        var p256 = new ECKeyGenerator(Curve.P_256).keyID("p256").generate();
        try (FakeProvider provider = new FakeProvider(0)) {
            provider.keys = List.of(p256, first);
            try (Auth auth = open(provider)) {
                awaitReady(auth);
                Forge forge = forge(provider, first).header("kid", "p256").header("alg", "ES256");
                String right = forge.with(input -> new ECDSASigner(p256)
                        .sign(new JWSHeader(JWSAlgorithm.ES256), input.getBytes(StandardCharsets.US_ASCII))
                        .toString());
                assertThat(check(auth, right)).isInstanceOf(Decision.Allowed.class);
                // CVE-2022-21449: a signature of zeros fits everything where nobody looks.
                refused(auth, forge.with(input -> Base64URL.encode(new byte[64]).toString()), Refusal.BAD_SIGNATURE);
                refused(auth, forge.with(input -> Base64URL.encode(new byte[3]).toString()), Refusal.BAD_SIGNATURE);
                refused(auth, forge.header("kid", "first").with(input -> "AAAA"), Refusal.ALGORITHM_NOT_ALLOWED);
                refused(auth, forge.header("kid", null).with(input -> "AAAA"), Refusal.UNKNOWN_KEY);
            }
        }
    }

    @Test
    void aTokenWithoutAKeyIdMeansTheOnlyKey() throws Exception {
        try (FakeProvider provider = new FakeProvider(0)) {
            provider.keys = List.of(first);
            try (Auth auth = open(provider)) {
                awaitReady(auth);
                assertThat(check(
                                auth, forge(provider, first).header("kid", null).signed(first)))
                        .isInstanceOf(Decision.Allowed.class);
            }
        }
    }

    @Test
    void theHomeFolderHoldsOnlyTheAuditLogThen() throws IOException, AuthException {
        try (TestHome untouched = TestHome.untouched();
                FakeProvider provider = new FakeProvider(0)) {
            Auth.provider(
                            untouched.path,
                            AuthConfig.Provider.of(provider.issuer(), "millrace"),
                            WHEN_ASKED,
                            untouched.clock)
                    .close();
            assertThat(untouched.path).isDirectoryContaining("glob:**audit").isDirectoryNotContaining("glob:**auth");
        }
    }
}
