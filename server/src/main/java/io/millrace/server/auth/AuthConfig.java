package io.millrace.server.auth;

import io.millrace.api.Doc;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who issues the tokens that are taken. */
public sealed interface AuthConfig {

    /**
     * Millrace issues tokens itself.
     *
     * @param issuer the {@code iss} of tokens
     * @param audience the {@code aud} of tokens
     * @param tokenLifetime how long a token is good for
     * @param keyRotation how long a key signs
     * @param keyPublishedAhead how long a key is published before it signs
     * @param secretGrace how long the old secret of a client works after a new one was made
     */
    @Doc("Millrace issues tokens itself, at `POST /oauth2/token`, to the clients in the home folder.")
    record BuiltIn(
            @Doc(
                    value = "What tokens name as their issuer: a URL where other systems check them, too.",
                    byDefault = "urn:millrace")
            String issuer,

            @Doc(value = "What tokens name as their audience.", byDefault = "millrace")
            String audience,

            @Doc(value = "How long a token is good for.", byDefault = "1h")
            Duration tokenLifetime,

            @Doc(value = "How long a key signs before the next one takes over.", byDefault = "30d")
            Duration keyRotation,

            @Doc(
                    value = "How long before its first use a key is published, for those who keep a copy of the keys.",
                    byDefault = "1d")
            Duration keyPublishedAhead,

            @Doc(
                    value = "How long the old secret of a client still works after it was given a new one.",
                    byDefault = "1d")
            Duration secretGrace)
            implements AuthConfig {

        public BuiltIn {
            text("issuer", issuer);
            text("audience", audience);
            positive("token_lifetime", tokenLifetime);
            positive("key_rotation", keyRotation);
            if (keyPublishedAhead.isNegative() || keyPublishedAhead.compareTo(keyRotation) >= 0) {
                throw new IllegalArgumentException("key_published_ahead is " + keyPublishedAhead
                        + "; it must not be negative and must be less than key_rotation, which is " + keyRotation
                        + ".");
            }
            if (secretGrace.isNegative()) {
                throw new IllegalArgumentException("secret_grace is " + secretGrace + "; it must not be negative.");
            }
        }

        /** What holds where nothing is configured. */
        public static BuiltIn defaults() {
            return new BuiltIn(
                    "urn:millrace",
                    "millrace",
                    Duration.ofHours(1),
                    Duration.ofDays(30),
                    Duration.ofDays(1),
                    Duration.ofDays(1));
        }
    }

    /**
     * An OpenID provider issues them.
     *
     * @param issuer its URL
     * @param audience the {@code aud} that says that a token is for us
     * @param keyRefresh how often its keys are read again
     * @param rolesClaim where a token lists roles; null where roles don't count
     * @param roles what each role lets its bearer do
     * @param allowHttp whether the URL may be one of plain HTTP
     */
    @Doc("Tokens come from an OpenID provider (Keycloak, Entra ID, Auth0 and others).")
    record Provider(
            @Doc("The provider's issuer URL; `/.well-known/openid-configuration` below it tells the rest.")
            URI issuer,

            @Doc("The audience that a token must name to be for this server.")
            String audience,

            @Doc(
                    value = "How often the provider's keys are read again. A token with a key that is not known yet"
                            + " makes that happen at once.",
                    byDefault = "10m")
            Duration keyRefresh,

            @Doc("Where a token lists the roles of its bearer, with dots into nested objects: `realm_access.roles`."
                    + " Without it only `scope` and `scp` count.")
            @Nullable
            String rolesClaim,

            @Doc(value = "What each role lets its bearer do, beside what the token's scopes say.", byDefault = "{}")
            Map<String, Set<Scope>> roles,

            @Doc(
                    value = "Take a provider by plain HTTP on another machine. Whoever sits on the way can then make"
                            + " tokens.",
                    byDefault = "false")
            boolean allowHttp)
            implements AuthConfig {

        public Provider {
            text("audience", audience);
            positive("key_refresh", keyRefresh);
            roles = Map.copyOf(roles);
            String scheme = issuer.getScheme();
            if (issuer.getHost() == null || issuer.getQuery() != null || issuer.getFragment() != null) {
                throw new IllegalArgumentException("issuer is " + issuer
                        + "; expected the URL of an OpenID provider, like https://login.example.com/realms/main.");
            }
            if (!"https".equals(scheme)
                    && !("http".equals(scheme) && (allowHttp || ServingRules.loopbackName(issuer.getHost())))) {
                throw new IllegalArgumentException("issuer is " + issuer
                        + "; expected a URL with https. Whoever sits on the way of plain HTTP can make tokens; set"
                        + " allow_http to true to take it all the same.");
            }
        }

        /** A provider with everything else as it is by default. */
        public static Provider of(URI issuer, String audience) {
            return new Provider(issuer, audience, Duration.ofMinutes(10), null, Map.of(), false);
        }
    }

    private static void text(String name, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " is empty.");
        }
    }

    private static void positive(String name, Duration value) {
        // Tokens and keys count in seconds.
        if (value.compareTo(Duration.ofSeconds(1)) < 0
                || !value.truncatedTo(ChronoUnit.SECONDS).equals(value)) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be whole seconds, one or more.");
        }
    }
}
