package io.millrace.cli;

import io.millrace.server.auth.Auth;
import io.millrace.server.auth.AuthConfig;
import io.millrace.server.auth.AuthException;
import io.millrace.server.auth.BuiltInIssuer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;

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
        if (!Files.isRegularFile(home.resolve("auth").resolve("clients.json"))) {
            throw UserException.failed("there are no clients in " + home + ": 'millrace client add' makes one, and the"
                    + " first start of a server makes demo; --home names another home folder");
        }
        return open(home, config);
    }

    /** Makes what is not there. */
    static HomeAuth open(Path home, AuthConfig config) throws AuthException, InterruptedException, UserException {
        return switch (config) {
            case AuthConfig.BuiltIn builtIn -> {
                Auth auth = Auth.open(home, builtIn, InstantSource.system(), new SecureRandom());
                yield new HomeAuth(auth, auth.issuer().orElseThrow(), builtIn.secretGrace());
            }
            case AuthConfig.Provider provider ->
                throw UserException.failed("clients and tokens are the business of " + provider.issuer()
                        + ", since the configuration says auth.provider; 'millrace config' tells where");
        };
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
}
