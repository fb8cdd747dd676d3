package io.millrace.server.auth;

import static io.millrace.server.auth.TestHome.issuer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is let in, and all that is not. */
class TokensTest {

    private final TestHome home = new TestHome();
    private Auth auth;
    private RSAKey key;

    @BeforeEach
    void open() throws AuthException, InterruptedException, IOException, ParseException {
        auth = home.open();
        issuer(auth).clients().add("producer", Set.of(Scope.EVENTS_WRITE, Scope.DATA_READ));
        key = home.newestKey();
    }

    @AfterEach
    void close() {
        auth.close();
        home.close();
    }

    private Forge forge() {
        return Forge.of("producer", key.getKeyID(), home.clock.instant());
    }

    private final Tokens.Last last = new Tokens.Last();

    /** Twice over one connection and once over a new one: the decision is the same. */
    private Decision check(String token) {
        String header = "Bearer " + token;
        Decision decision = auth.tokens().check(header, last);
        assertThat(auth.tokens().check(header, last)).isEqualTo(decision);
        assertThat(auth.tokens().check(header)).isEqualTo(decision);
        return decision;
    }

    private Refusal refusal(String token) {
        return check(token) instanceof Decision.Refused refused ? refused.kind() : fail("was let in");
    }

    @Test
    void aTokenOfTheIssuerIsLetInWithItsClientAndScopes() throws AuthException {
        IssuedToken token = issuer(auth).token("producer");
        assertThat(check(token.token()))
                .isEqualTo(new Decision.Allowed(
                        "producer",
                        Set.of(Scope.EVENTS_WRITE, Scope.DATA_READ),
                        token.tokenId(),
                        TestClock.START.plus(Duration.ofHours(1))));
    }

    @Test
    void theForgeMakesTokensThatAreLetInWhenTheyAreRight() throws JOSEException {
        assertThat(check(forge().signed(key)))
                .isInstanceOfSatisfying(
                        Decision.Allowed.class,
                        allowed -> assertThat(allowed.scopes()).containsExactly(Scope.EVENTS_WRITE));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "Bearer", "Basic cHJvZHVjZXI6eA==", "Bearerabc", "Token abc", "abc"})
    void withoutABearerTokenTheAnswerAsksForOne(String header) {
        assertThat(auth.tokens().check(header)).isInstanceOfSatisfying(Decision.Refused.class, refused -> {
            assertThat(refused.kind()).isEqualTo(Refusal.MISSING);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.challenge()).contains("Bearer realm=\"millrace\"");
        });
    }

    @Test
    void theNameOfTheSchemeMayBeWrittenInAnyCase() throws JOSEException {
        assertThat(auth.tokens().check("bEARER " + forge().signed(key))).isInstanceOf(Decision.Allowed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a", "a.b", "a.b.c", "....", "a.b.c.d.e", "e30.e30.", "\u0000", "\u20ac.\u20ac.\u20ac"})
    void whatIsNoJwtIsMalformed(String token) {
        assertThat(refusal(token)).isEqualTo(Refusal.MALFORMED);
    }

    @Test
    void anExpiredTokenIsRefusedOnceTheClocksMayDifferNoMore() throws JOSEException {
        String token = forge().signed(key);
        home.clock.advance(Duration.ofHours(1).plusSeconds(29));
        assertThat(check(token)).isInstanceOf(Decision.Allowed.class);
        home.clock.advance(Duration.ofSeconds(1));
        assertThat(refusal(token)).isEqualTo(Refusal.EXPIRED);
        assertThat(check(token))
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused -> assertThat(refused.challenge())
                                .contains(
                                        "Bearer realm=\"millrace\", error=\"invalid_token\", error_description=\"The token has"
                                                + " expired.\""));
    }

    @Test
    void aTokenFromTheFutureIsNotValidYet() throws JOSEException {
        long now = home.clock.instant().getEpochSecond();
        assertThat(check(forge().claim("nbf", now + 30).signed(key))).isInstanceOf(Decision.Allowed.class);
        assertThat(refusal(forge().claim("nbf", now + 31).signed(key))).isEqualTo(Refusal.NOT_YET_VALID);
        assertThat(refusal(forge().claim("iat", now + 31).signed(key))).isEqualTo(Refusal.NOT_YET_VALID);
    }

    @Test
    void issuerAndAudienceMustBeOurs() throws JOSEException {
        assertThat(refusal(forge().claim("iss", "urn:other").signed(key))).isEqualTo(Refusal.WRONG_ISSUER);
        assertThat(refusal(forge().claim("iss", null).signed(key))).isEqualTo(Refusal.WRONG_ISSUER);
        assertThat(refusal(forge().claim("aud", "other").signed(key))).isEqualTo(Refusal.WRONG_AUDIENCE);
        assertThat(refusal(forge().claim("aud", null).signed(key))).isEqualTo(Refusal.WRONG_AUDIENCE);
        assertThat(check(forge().claim("aud", List.of("other", "millrace")).signed(key)))
                .isInstanceOf(Decision.Allowed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE"})
    void aTokenThatSaysItIsNotSignedIsRefused(String none) throws JOSEException {
        Forge forge = forge().header("alg", none);
        assertThat(refusal(forge.with(input -> ""))).isIn(Refusal.ALGORITHM_NOT_ALLOWED, Refusal.MALFORMED);
        assertThat(refusal(forge.with(input -> "AA"))).isIn(Refusal.ALGORITHM_NOT_ALLOWED, Refusal.MALFORMED);
        assertThat(refusal(forge.signed(key))).isIn(Refusal.ALGORITHM_NOT_ALLOWED, Refusal.MALFORMED);
    }

    @Test
    void algNoneIsRefusedForItsAlgorithm() throws JOSEException {
        assertThat(refusal(forge().header("alg", "none").with(input -> ""))).isEqualTo(Refusal.ALGORITHM_NOT_ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void anHmacWithThePublicKeyAsItsSecretIsRefused(String algorithm) throws JOSEException {
        byte[] encoded = key.toRSAPublicKey().getEncoded();
        byte[] jwk = key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
        for (byte[] secret : List.of(encoded, jwk)) {
            String token = forge().header("alg", algorithm)
                    .with(input -> new MACSigner(secret)
                            .sign(
                                    new JWSHeader(JWSAlgorithm.parse(algorithm)),
                                    input.getBytes(StandardCharsets.US_ASCII))
                            .toString());
            assertThat(refusal(token)).isEqualTo(Refusal.ALGORITHM_NOT_ALLOWED);
        }
    }

    @Test
    void anAlgorithmThatTheKeyIsNotForIsRefused() throws JOSEException {
        String rs512 = forge().header("alg", "RS512")
                .with(input -> new RSASSASigner(key)
                        .sign(new JWSHeader(JWSAlgorithm.RS512), input.getBytes(StandardCharsets.US_ASCII))
                        .toString());
        assertThat(refusal(rs512)).isEqualTo(Refusal.ALGORITHM_NOT_ALLOWED);
        String es256 = forge().header("alg", "ES256")
                .with(input -> new ECDSASigner(new ECKeyGenerator(Curve.P_256).generate())
                        .sign(new JWSHeader(JWSAlgorithm.ES256), input.getBytes(StandardCharsets.US_ASCII))
                        .toString());
        assertThat(refusal(es256)).isEqualTo(Refusal.ALGORITHM_NOT_ALLOWED);
    }

    @Test
    void aTokenSignedWithAnotherKeyUnderOurIdIsRefused() throws JOSEException {
        RSAKey other = Forge.newKey(key.getKeyID());
        assertThat(refusal(forge().signed(other))).isEqualTo(Refusal.BAD_SIGNATURE);
    }

    @Test
    void aTokenThatNamesAnotherOfOurKeysIsRefused() throws Exception {
        home.clock.advance(Duration.ofDays(29).plusMinutes(1));
        issuer(auth).jwks();
        List<RSAKey> both = home.keys();
        assertThat(both).hasSize(2);
        String swapped = Forge.of("producer", both.getFirst().getKeyID(), home.clock.instant())
                .signed(both.getLast());
        assertThat(refusal(swapped)).isEqualTo(Refusal.BAD_SIGNATURE);
        String right = Forge.of("producer", both.getLast().getKeyID(), home.clock.instant())
                .signed(both.getLast());
        home.clock.advance(Duration.ofSeconds(2));
        assertThat(check(right)).isInstanceOf(Decision.Allowed.class);
    }

    @Test
    void aKeyThatIsNotOursIsNotTakenFromTheToken() throws JOSEException {
        RSAKey mine = Forge.newKey("mine");
        Map<String, Object> jwk = mine.toPublicJWK().toJSONObject();
        assertThat(refusal(forge().header("kid", "mine").header("jwk", jwk).signed(mine)))
                .isEqualTo(Refusal.UNKNOWN_KEY);
        assertThat(refusal(forge().header("jwk", jwk).signed(mine))).isEqualTo(Refusal.BAD_SIGNATURE);
        assertThat(refusal(forge().header("jku", "https://evil.example/jwks").signed(mine)))
                .isEqualTo(Refusal.BAD_SIGNATURE);
    }

    @Test
    void anyCriticalHeaderIsRefused() throws JOSEException {
        assertThat(refusal(
                        forge().header("crit", List.of("exp")).header("exp", 1).signed(key)))
                .isEqualTo(Refusal.MALFORMED);
        assertThat(refusal(forge().header("crit", List.of("b64"))
                        .header("b64", false)
                        .signed(key)))
                .isEqualTo(Refusal.MALFORMED);
        assertThat(refusal(forge().header("b64", false).signed(key))).isEqualTo(Refusal.MALFORMED);
        assertThat(refusal(forge().header("crit", List.of()).signed(key))).isEqualTo(Refusal.MALFORMED);
    }

    @Test
    void namesThatAreThereTwiceAreRefused() throws JOSEException {
        String claims = forge().claimsText();
        String twice = claims.substring(0, claims.length() - 1) + ",\"client_id\":\"admin\"}";
        assertThat(refusal(Forge.signed(key, forge().headerText(), twice))).isEqualTo(Refusal.MALFORMED);
        String header = forge().headerText();
        String twiceInHeader = header.substring(0, header.length() - 1) + ",\"alg\":\"none\"}";
        assertThat(refusal(Forge.signed(key, twiceInHeader, claims))).isEqualTo(Refusal.MALFORMED);
    }

    @Test
    void onlyAccessTokensAreTaken() throws JOSEException {
        assertThat(refusal(forge().header("typ", "JWT").signed(key))).isEqualTo(Refusal.MALFORMED);
        assertThat(refusal(forge().header("typ", null).signed(key))).isEqualTo(Refusal.MALFORMED);
        assertThat(check(forge().header("typ", "application/AT+JWT").signed(key)))
                .isInstanceOf(Decision.Allowed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp", "iat", "client_id", "client_since", "scope"})
    void aTokenWithoutWhatItMustHaveIsMalformed(String claim) throws JOSEException {
        assertThat(refusal(forge().claim(claim, null).signed(key))).isEqualTo(Refusal.MALFORMED);
        assertThat(refusal(forge().claim(claim, Map.of("a", 1)).signed(key))).isEqualTo(Refusal.MALFORMED);
    }

    @Test
    void claimsThatAreNoObjectAreMalformed() throws JOSEException {
        for (String claims : List.of("", "null", "[]", "\"x\"", "{", "{}x", "[".repeat(5000), "{\"a\":".repeat(2000))) {
            assertThat(refusal(Forge.signed(key, forge().headerText(), claims)))
                    .as(claims.length() > 20 ? claims.substring(0, 20) : claims)
                    .isIn(Refusal.MALFORMED, Refusal.WRONG_ISSUER);
        }
    }

    @Test
    void aHugeTokenIsRefusedUnread() throws JOSEException {
        String token = forge().claim("pad", "x".repeat(20_000)).signed(key);
        assertThat(refusal(token)).isEqualTo(Refusal.MALFORMED);
        assertThat(refusal("x".repeat(10_000_000))).isEqualTo(Refusal.MALFORMED);
    }

    @Test
    void anEncryptedTokenIsRefused() throws JOSEException {
        EncryptedJWT token = new EncryptedJWT(
                new JWEHeader.Builder(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A128GCM).build(),
                new JWTClaimsSet.Builder().issuer("urn:millrace").build());
        token.encrypt(new RSAEncrypter(key.toPublicJWK()));
        assertThat(refusal(token.serialize())).isEqualTo(Refusal.ALGORITHM_NOT_ALLOWED);
    }

    @Test
    void oneTokenHasOneSpelling() throws JOSEException {
        String token = forge().signed(key);
        assertThat(check(token)).isInstanceOf(Decision.Allowed.class);
        assertThat(refusal(token + "!")).isEqualTo(Refusal.MALFORMED);
        assertThat(refusal(token + "=")).isEqualTo(Refusal.MALFORMED);
        assertThat(refusal(token + "A")).isEqualTo(Refusal.BAD_SIGNATURE);
        // 342 characters for 2048 bits: the last one has four bits that say nothing.
        char last = token.charAt(token.length() - 1);
        char sibling = (char) (last + 1);
        Base64URL respelt = new Base64URL(token.substring(token.lastIndexOf('.') + 1, token.length() - 1) + sibling);
        assertThat(respelt.decode()).isEqualTo(new Base64URL(token.substring(token.lastIndexOf('.') + 1)).decode());
        assertThat(refusal(token.substring(0, token.length() - 1) + sibling)).isEqualTo(Refusal.BAD_SIGNATURE);
    }

    @Test
    void aDisabledClientIsShutOutWithinASecondThoughItsTokenIsRemembered() throws Exception {
        String token = issuer(auth).token("producer").token();
        assertThat(check(token)).isInstanceOf(Decision.Allowed.class);
        issuer(auth).clients().disable("producer");
        assertThat(refusal(token)).isEqualTo(Refusal.CLIENT_DISABLED);
        issuer(auth).clients().enable("producer");
        assertThat(check(token)).isInstanceOf(Decision.Allowed.class);
    }

    @Test
    void anotherProcessDisablesAClientAndItsTokensEndWithinASecond() throws Exception {
        String token = issuer(auth).token("producer").token();
        assertThat(check(token)).isInstanceOf(Decision.Allowed.class);
        try (Auth other = home.open()) {
            issuer(other).clients().disable("producer");
        }
        home.clock.advance(Watched.INTERVAL);
        assertThat(refusal(token)).isEqualTo(Refusal.CLIENT_DISABLED);
    }

    @Test
    void aTokenForAClientThatAnotherProcessHasJustMadeIsLetInAtOnce() throws Exception {
        String token;
        try (Auth other = home.open()) {
            token = TestHome.token(other, "late", Set.of(Scope.DATA_READ));
        }
        assertThat(check(token)).isInstanceOf(Decision.Allowed.class);
    }

    @Test
    void aClientOfTheSameNameDoesNotInheritTheTokensOfARemovedOne() throws Exception {
        String token = issuer(auth).token("producer").token();
        home.clock.advance(Duration.ofSeconds(5));
        issuer(auth).clients().remove("producer");
        assertThat(refusal(token)).isEqualTo(Refusal.CLIENT_DISABLED);
        issuer(auth).clients().add("producer", Set.of(Scope.ADMIN));
        assertThat(refusal(token)).isEqualTo(Refusal.CLIENT_DISABLED);
        assertThat(check(issuer(auth).token("producer").token())).isInstanceOf(Decision.Allowed.class);
    }

    @Test
    void aTokenMayDoNoMoreThanItsClientMayNow() throws JOSEException {
        assertThat(check(forge().claim("scope", "events:write admin weather:read")
                        .signed(key)))
                .isInstanceOfSatisfying(
                        Decision.Allowed.class,
                        allowed -> assertThat(allowed.scopes()).containsExactly(Scope.EVENTS_WRITE));
    }

    @Test
    void aScopeThatTheTokenDoesNotHaveIsRefusedWithItsName() throws JOSEException {
        Decision.Allowed allowed = (Decision.Allowed) check(forge().signed(key));
        assertThat(allowed.requires(Scope.EVENTS_WRITE)).isSameAs(allowed);
        assertThat(allowed.requires(Scope.ADMIN)).isInstanceOfSatisfying(Decision.Refused.class, refused -> {
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.clientId()).isEqualTo("producer");
            assertThat(refused.challenge())
                    .contains("Bearer realm=\"millrace\", error=\"insufficient_scope\", error_description=\"The token"
                            + " does not have the scope admin.\", scope=\"admin\"");
        });
    }

    @Test
    void issuedTokensHaveTheFormOfRfc9068() throws Exception {
        SignedJWT token = SignedJWT.parse(issuer(auth).token("producer").token());
        assertThat(token.getHeader().getType().getType()).isEqualTo("at+jwt");
        assertThat(token.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.RS256);
        assertThat(token.getHeader().getKeyID()).isEqualTo(key.getKeyID());
        assertThat(token.getJWTClaimsSet().getClaims().keySet())
                .containsExactlyInAnyOrder(
                        "iss", "sub", "aud", "client_id", "client_since", "scope", "jti", "iat", "exp");
        assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("producer");
        assertThat(token.getJWTClaimsSet().getAudience()).containsExactly("millrace");
    }
}
