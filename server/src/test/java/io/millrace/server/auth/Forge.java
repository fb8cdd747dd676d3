package io.millrace.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes tokens of any kind, right and wrong, from their parts. */
final class Forge {

    private final Map<String, Object> header = new LinkedHashMap<>();
    private final Map<String, Object> claims = new LinkedHashMap<>();

    /** Begins with a token as the built-in issuer would make it for {@code client}. */
    static Forge of(String client, String keyId, Instant now) {
        Forge forge = new Forge();
        return forge.header("alg", "RS256")
                .header("typ", "at+jwt")
                .header("kid", keyId)
                .claim("iss", "urn:millrace")
                .claim("aud", "millrace")
                .claim("sub", client)
                .claim("client_id", client)
                .claim("client_since", TestClock.START.toEpochMilli())
                .claim("scope", "events:write")
                .claim("jti", "t1")
                .claim("iat", now.getEpochSecond())
                .claim("exp", now.getEpochSecond() + 3600);
    }

    Forge header(String name, @Nullable Object value) {
        return put(header, name, value);
    }

    Forge claim(String name, @Nullable Object value) {
        return put(claims, name, value);
    }

    private Forge put(Map<String, Object> map, String name, @Nullable Object value) {
        if (value == null) {
            map.remove(name);
        } else {
            map.put(name, value);
        }
        return this;
    }

    String signed(RSAKey key) throws JOSEException {
        return signed(key, JSONObjectUtils.toJSONString(header), JSONObjectUtils.toJSONString(claims));
    }

    /** With the texts of header and claims as they are, JSON or not. */
    static String signed(RSAKey key, String header, String claims) throws JOSEException {
        String input = input(header, claims);
        Base64URL signature = new RSASSASigner(key)
                .sign(new JWSHeader(JWSAlgorithm.RS256), input.getBytes(StandardCharsets.US_ASCII));
        return input + "." + signature;
    }

    /** With any signature. */
    String with(Signature signature) throws JOSEException {
        String input = input();
        return input + "." + signature.of(input);
    }

    String input() {
        return input(JSONObjectUtils.toJSONString(header), JSONObjectUtils.toJSONString(claims));
    }

    private static String input(String header, String claims) {
        return Base64URL.encode(header) + "." + Base64URL.encode(claims);
    }

    String headerText() {
        return JSONObjectUtils.toJSONString(header);
    }

    String claimsText() {
        return JSONObjectUtils.toJSONString(claims);
    }

    interface Signature {
        String of(String input) throws JOSEException;
    }

    static RSAKey newKey(String id) throws JOSEException {
        return new RSAKeyGenerator(2048).keyID(id).generate();
    }
}
