package io.millrace.cli;

import io.millrace.cli.send.TokenException;
import io.millrace.cli.send.TokenSource;
import io.millrace.server.auth.Auth;
import io.millrace.server.auth.AuthConfig;
import io.millrace.server.auth.AuthException;
import io.millrace.server.auth.BuiltInIssuer;
import io.millrace.server.auth.Clients;
import io.millrace.server.auth.IssuedToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The clients and keys in a home folder, for commands of its owner: no server has to run, and one may. */
final class HomeAuth implements AutoCloseable {

    private final Auth auth;
    private final BuiltInIssuer issuer;
    private final Duration grace;

    private HomeAuth(Auth auth, BuiltInIssuer issuer, Duration grace) {
        this.auth = auth;
        this.issuer = issuer;
        this.grace = grace;
    }

    /** @throws UserException where nothing has been set up there, of which nothing is changed then */
    static HomeAuth existing(Path home, AuthConfig config) throws AuthException, InterruptedException, UserException {
        if (!isSetUp(home)) {
            throw UserException.failed("there are no clients in " + home + ": 'millrace client add' makes one, and the"
                    + " first start of a server makes demo; --home names another home folder");
        }
        return open(home, config);
    }

    /** Makes what is not there. */
    static HomeAuth open(Path home, AuthConfig config) throws AuthException, InterruptedException, UserException {
        return switch (config) {
            case AuthConfig.BuiltIn builtIn -> open(home, builtIn);
            case AuthConfig.Provider provider ->
                throw UserException.failed("clients and tokens are the business of " + provider.issuer()
                        + ", since the configuration says auth.provider; 'millrace config' tells where");
        };
    }

    private static HomeAuth open(Path home, AuthConfig.BuiltIn config) throws AuthException, InterruptedException {
        Auth auth = Auth.open(home, config, InstantSource.system(), new SecureRandom());
        return new HomeAuth(auth, auth.issuer().orElseThrow(), config.secretGrace());
    }

    /**
     * Tokens of the {@code demo} client, made without any secret: whoever can read the folder could make them anyway.
     *
     * @return empty where nothing has been set up there
     * @throws UserException where tokens are issued elsewhere, so that the user has to bring one
     */
    static Optional<TokenSource> demo(Path home, AuthConfig config) throws UserException {
        return switch (config) {
            case AuthConfig.BuiltIn builtIn ->
                isSetUp(home) ? Optional.of(new DemoTokens(home, builtIn)) : Optional.empty();
            case AuthConfig.Provider provider ->
                throw UserException.usage(
                        "a token has to be given, since the configuration says that " + provider.issuer()
                                + " issues them (auth.provider; 'millrace config' tells where): set MILLRACE_TOKEN to one, or"
                                + " name a client of its with " + SendArguments.CLIENT + " ID and "
                                + SendArguments.TOKEN_URL + " URL");
        };
    }

    private static boolean isSetUp(Path home) {
        return Files.isRegularFile(home.resolve("auth").resolve("clients.json"));
    }

    BuiltInIssuer issuer() {
        return issuer;
    }

    /** How long a secret works on when there is a newer one. */
    Duration grace() {
        return grace;
    }

    /** Writes what is left of the audit log. */
    @Override
    public void close() {
        auth.close();
    }

    /** Thread-safe. */
    private static final class DemoTokens implements TokenSource {

        /** A token is made anew so long before it runs out, or when half of its time is over. */
        private static final Duration MARGIN = Duration.ofSeconds(60);

        private final Path home;
        private final AuthConfig.BuiltIn config;

        /** Guarded by this. */
        private @Nullable String token;

        /** Guarded by this. */
        private Instant until = Instant.MIN;

        DemoTokens(Path home, AuthConfig.BuiltIn config) {
            this.home = home;
            this.config = config;
        }

        @Override
        public synchronized Optional<String> token() throws TokenException, InterruptedException {
            Instant now = Instant.now();
            if (token == null || now.isAfter(until)) {
                try (HomeAuth auth = open(home, config)) {
                    IssuedToken issued = auth.issuer().token(Clients.DEMO);
                    Duration half = issued.lifetime().dividedBy(2);
                    token = issued.token();
                    until = now.plus(issued.lifetime()).minus(MARGIN.compareTo(half) < 0 ? MARGIN : half);
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
}
