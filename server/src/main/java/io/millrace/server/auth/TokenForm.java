package io.millrace.server.auth;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request for a token, read (RFC 6749, sections 2.3.1, 3.2 and 4.4.2).
 *
 * <p>By hand, since it is four parameters and a header: the OpenID SDK beside our JOSE library would do it, with three
 * further libraries, and its errors would have to be told apart and put into other words all the same.
 *
 * @param grantType never empty
 * @param scope as it was asked for; null where it was not
 * @param clientId who asks; null, together with the secret, where nobody said who they are
 * @param secret what was shown
 */
record TokenForm(
        String grantType,
        @Nullable String scope,
        @Nullable String clientId,
        @Nullable String secret) {

    /** More than any client sends. */
    private static final int MOST_CHARACTERS = 8 * 1024;

    /** A request that is not as it must be. The message is made of the characters that RFC 6749 lets errors have. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;
        private final TokenAnswer.Kind kind;

        Malformed(TokenAnswer.Kind kind, String message) {
            super(message);
            this.kind = kind;
        }

        Malformed(String message) {
            this(TokenAnswer.Kind.INVALID_REQUEST, message);
        }

        TokenAnswer.Kind kind() {
            return kind;
        }
    }

    private record Login(String clientId, String secret) {}

    static TokenForm read(@Nullable String authorization, @Nullable String contentType, String body) throws Malformed {
        if (contentType == null
                || !contentType
                        .split(";", 2)[0]
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .equals("application/x-www-form-urlencoded")) {
            throw new Malformed("The body must be of the type application/x-www-form-urlencoded.");
        }
        if (body.length() > MOST_CHARACTERS) {
            throw new Malformed("The body is longer than " + MOST_CHARACTERS + " characters.");
        }
        Map<String, String> parameters = parameters(body);
        String grantType = parameters.get("grant_type");
        if (grantType == null) {
            throw new Malformed("The parameter grant_type is missing.");
        }
        Optional<Login> login = login(authorization, parameters);
        return new TokenForm(
                grantType,
                parameters.get("scope"),
                login.map(Login::clientId).orElse(null),
                login.map(Login::secret).orElse(null));
    }

    private static Map<String, String> parameters(String body) throws Malformed {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            // One without a value counts as left out (RFC 6749, section 3.2).
            if (!value.isEmpty() && parameters.put(name, value) != null) {
                throw new Malformed("A parameter is there twice.");
            }
        }
        return parameters;
    }

    private static Optional<Login> login(@Nullable String authorization, Map<String, String> parameters)
            throws Malformed {
        String id = parameters.get("client_id");
        String secret = parameters.get("client_secret");
        if (authorization == null) {
            return id == null || secret == null ? Optional.empty() : Optional.of(new Login(id, secret));
        }
        Login basic = basic(authorization);
        if (secret != null || (id != null && !id.equals(basic.clientId()))) {
            throw new Malformed("The client authenticates in two ways; it must choose one.");
        }
        return Optional.of(basic);
    }

    private static Login basic(String authorization) throws Malformed {
        String scheme = "Basic ";
        if (!authorization.regionMatches(true, 0, scheme, 0, scheme.length())) {
            throw new Malformed(
                    TokenAnswer.Kind.INVALID_CLIENT, "Clients authenticate by HTTP Basic or by form parameters.");
        }
        try {
            byte[] bytes = Base64.getDecoder()
                    .decode(authorization.substring(scheme.length()).strip());
            String login = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            int colon = login.indexOf(':');
            if (colon > 0) {
                return new Login(decode(login.substring(0, colon)), decode(login.substring(colon + 1)));
            }
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw unreadable();
        }
        throw unreadable();
    }

    private static Malformed unreadable() {
        return new Malformed(TokenAnswer.Kind.INVALID_CLIENT, "The Authorization header can not be read.");
    }

    private static String decode(String text) throws Malformed {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Malformed("Something is not encoded as a form.");
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "TokenForm[grantType=" + grantType + ", scope=" + scope + "]";
    }
}
