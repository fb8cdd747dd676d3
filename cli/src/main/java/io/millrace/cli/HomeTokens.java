package io.millrace.cli;

import io.millrace.cli.send.Http;
import io.millrace.cli.send.TokenException;
import io.millrace.cli.send.TokenSource;
import io.millrace.server.auth.Auth;
import io.millrace.server.auth.AuthConfig;
import io.millrace.server.auth.AuthException;
import io.millrace.server.auth.BuiltInIssuer;
import io.millrace.server.auth.Clients;
import io.millrace.server.auth.IssuedToken;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tokens made with the keys of a home folder, without any secret: whoever can read the folder could make them anyway.
 * Thread-safe.
 */
final class HomeTokens implements TokenSource {

    /** A token is made anew so long before it runs out. */
    private static final Duration MARGIN = Duration.ofSeconds(60);

    private final Path home;
    private final String client;
    private final InstantSource clock;

    /** Guarded by this. */
    private @Nullable String token;

    /** Guarded by this. */
    private Instant until = Instant.MIN;

    HomeTokens(Path home, String client, InstantSource clock) {
        this.home = home;
        this.client = client;
        this.clock = clock;
    }

    /** The {@code demo} client's, where a server has run on the folder. */
    static Optional<TokenSource> demo(Path home, URI target, Http http) {
        return Files.isDirectory(home.resolve("auth"))
                ? Optional.of(new HomeTokens(home, Clients.DEMO, InstantSource.system()))
                : Optional.empty();
    }

    @Override
    public synchronized Optional<String> token() throws TokenException, InterruptedException {
        if (token == null || clock.instant().isAfter(until)) {
            try (Auth auth = Auth.open(home, AuthConfig.BuiltIn.defaults(), clock, new SecureRandom())) {
                BuiltInIssuer issuer = auth.issuer().orElseThrow();
                IssuedToken issued = issuer.token(client);
                token = issued.token();
                until = clock.instant().plus(issued.lifetime()).minus(MARGIN);
            } catch (AuthException e) {
                throw TokenException.refused(String.valueOf(e.getMessage()));
            }
        }
        return Optional.of(token);
    }

    @Override
    public synchronized void rejected(String rejected) {
        if (rejected.equals(token)) {
            token = null;
        }
    }
}
