package io.millrace.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.Set;

/** Makes access tokens in the form of RFC 9068. Who asks has been checked before. Safe for use by many threads. */
final class TokenIssuer {

    private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");
    private static final int ID_BYTES = 16;

    /** When the client that a token is for was added, in milliseconds since 1970: tells it from others of its name. */
    static final String CLIENT_SINCE = "client_since";

    private final AuthConfig.BuiltIn config;
    private final SigningKeys keys;
    private final InstantSource clock;
    private final SecureRandom random;

    TokenIssuer(AuthConfig.BuiltIn config, SigningKeys keys, InstantSource clock, SecureRandom random) {
        this.config = config;
        this.keys = keys;
        this.clock = clock;
        this.random = random;
    }

    /** @param created when the client was added */
    IssuedToken issue(String clientId, Instant created, Set<Scope> scopes) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        SigningKeys.Signer key = keys.current()
                .signer(now)
                .orElseThrow(() -> new IllegalStateException(
                        "There is no key to sign with: " + keys.problem().orElse("the file of keys is empty")));
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        String tokenId = Base64.getUrlEncoder().withoutPadding().encodeToString(id);
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(config.issuer())
                .subject(clientId)
                .audience(config.audience())
                .claim("client_id", clientId)
                .claim(CLIENT_SINCE, created.toEpochMilli())
                .claim("scope", Scope.join(scopes))
                .jwtID(tokenId)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(config.tokenLifetime())))
                .build();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(SigningKey.ALGORITHM)
                        .type(TYPE)
                        .keyID(key.keyId())
                        .build(),
                claims);
        try {
            token.sign(key.signer());
        } catch (JOSEException e) {
            throw new IllegalStateException("The key " + key.keyId() + " can't sign", e);
        }
        return new IssuedToken(token.serialize(), tokenId, scopes, config.tokenLifetime());
    }
}
