package io.millrace.cli.send;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Tokens for a client that proves itself with a secret (RFC 6749, section 4.4). A token is kept until shortly before it
 * expires, or until it is rejected. Thread-safe: where several threads need a new one, one asks and the others wait.
 */
public final class ClientCredentials implements TokenSource {

    /** A token that is about to expire could do so on its way. */
    private static final Duration EARLY = Duration.ofSeconds(60);

    private static final int OK = 200;

    private final Http http;
    private final URI issuer;
    private final String authorization;
    private final InstantSource clock;

    /** Guarded by this. */
    private @Nullable String token;
    /** Until when the token is used; guarded by this. */
    private Instant until = Instant.MIN;

    /**
     * @param http is not closed
     * @param issuer the URL of the token endpoint
     * @param id the client
     * @param secret is shown to the issuer and to no one else
     */
    public ClientCredentials(Http http, URI issuer, String id, String secret, InstantSource clock) {
        this.http = http;
        this.issuer = issuer;
        this.authorization = "Basic "
                + Base64.getEncoder().encodeToString((form(id) + ":" + form(secret)).getBytes(StandardCharsets.UTF_8));
        this.clock = clock;
    }

    private static String form(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized Optional<String> token() throws TokenException, InterruptedException {
        if (token == null || !clock.instant().isBefore(until)) {
            renew();
        }
        return Optional.ofNullable(token);
    }

    @Override
    public synchronized void rejected(String refused) {
        // Another thread may have got a new one meanwhile.
        if (refused.equals(token)) {
            token = null;
        }
    }

    private void renew() throws TokenException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(issuer)
                .header("Authorization", authorization)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString("grant_type=client_credentials"))
                .build();
        HttpResponse<byte[]> response;
        try {
            response = http.send(request);
        } catch (NoAnswerException e) {
            throw TokenException.later("no token: " + e.getMessage(), Optional.empty());
        }
        if (response.statusCode() != OK) {
            throw refusal(response);
        }
        JsonNode answer = Json.object(response.body()).orElseThrow(this::unreadable);
        String given = Json.text(answer, "access_token");
        if (!ReadyToken.possible(given)
                || !Json.text(answer, "token_type").toLowerCase(Locale.ROOT).equals("bearer")) {
            throw unreadable();
        }
        token = given;
        // An issuer that does not say how long leaves it to us to find out by a 401.
        long seconds = Math.clamp(answer.path("expires_in").asLong(Integer.MAX_VALUE), 0, Integer.MAX_VALUE);
        Duration lifetime = Duration.ofSeconds(seconds);
        Duration early = lifetime.dividedBy(4).compareTo(EARLY) < 0 ? lifetime.dividedBy(4) : EARLY;
        until = clock.instant().plus(lifetime).minus(early);
    }

    private TokenException refusal(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        String message = "no token: " + issuer + " answers " + Statuses.text(status);
        if (Statuses.passing(status)) {
            return TokenException.later(message, RetryAfter.in(response.headers(), clock.instant()));
        }
        String error = Json.object(response.body())
                .map(body -> Json.text(body, "error") + " " + Json.text(body, "error_description"))
                .map(Discretion::oneLine)
                .orElse("");
        return TokenException.refused(error.isEmpty() ? message : message + ": " + error);
    }

    private TokenException unreadable() {
        return TokenException.refused("no token: " + issuer + " answers something that is no bearer token");
    }
}
