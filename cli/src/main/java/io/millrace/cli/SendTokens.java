package io.millrace.cli;

import io.millrace.cli.send.ClientCredentials;
import io.millrace.cli.send.Http;
import io.millrace.cli.send.TokenSource;
import io.millrace.server.auth.AuthConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;

/** Where {@code millrace send} has its tokens from: what the user gives, or what this machine's own Millrace gives. */
final class SendTokens {

    /** Tokens for a gateway on this machine, for a user who has given none. */
    interface Local {

        /**
         * A source of tokens that the home folder has.
         *
         * @param home it may not be there
         * @param config who issues tokens, as the configuration in force has it
         * @throws UserException where the user has to bring a token
         */
        Optional<TokenSource> in(Path home, AuthConfig config) throws UserException;
    }

    private static final String TOKEN = "MILLRACE_TOKEN";
    private static final String CLIENT = "MILLRACE_CLIENT";
    private static final String SECRET = "MILLRACE_CLIENT_SECRET";
    private static final String ISSUER = "/oauth2/token";

    private final Map<String, String> environment;
    private final Local local;

    SendTokens(Map<String, String> environment, Local local) {
        this.environment = environment;
        this.local = local;
    }

    /** What the user gave comes first: a client on the command line, then a token, then a client in the environment. */
    Optional<TokenSource> of(ParseResult given, URI target, Http http) throws IOException, UserException {
        String client = given.matchedOptionValue(SendArguments.CLIENT, "");
        String token = environment.getOrDefault(TOKEN, "").strip();
        if (client.isEmpty() && !token.isEmpty()) {
            return Optional.of(ready(token));
        }
        if (client.isEmpty()) {
            client = environment.getOrDefault(CLIENT, "");
        }
        if (!client.isEmpty()) {
            URI issuer = given.hasMatchedOption(SendArguments.TOKEN_URL)
                    ? SendArguments.url(given, SendArguments.TOKEN_URL)
                    : target.resolve(ISSUER);
            return Optional.of(new ClientCredentials(http, issuer, client, secret(given), InstantSource.system()));
        }
        for (String option : new String[] {SendArguments.SECRET_FILE, SendArguments.TOKEN_URL}) {
            if (given.hasMatchedOption(option)) {
                throw UserException.usage(option + " is for a client; name it with " + SendArguments.CLIENT + " ID");
            }
        }
        return loopback(target)
                ? local.in(
                        PipelineArguments.home(given, environment),
                        ConfigArguments.inForce(given, environment).auth())
                : Optional.empty();
    }

    private static TokenSource ready(String token) throws UserException {
        try {
            return TokenSource.ready(token);
        } catch (IllegalArgumentException e) {
            throw UserException.usage(TOKEN + ": " + e.getMessage());
        }
    }

    private String secret(ParseResult given) throws IOException, UserException {
        Path file = given.<@Nullable Path>matchedOptionValue(SendArguments.SECRET_FILE, null);
        String secret = file == null
                ? environment.getOrDefault(SECRET, "")
                : Files.readString(file).strip();
        if (secret.isEmpty()) {
            throw UserException.usage(
                    file == null
                            ? "the client's secret is missing; set " + SECRET + ", or give " + SendArguments.SECRET_FILE
                                    + " FILE"
                            : file + ": there is no secret in it");
        }
        return secret;
    }

    /** Whether nobody on the way to the target can read what is sent. */
    static boolean secret(URI target) {
        return target.getScheme().equalsIgnoreCase("https") || loopback(target);
    }

    /** Whether the target is on this machine. No name is looked up but {@code localhost}, which needs no looking up. */
    static boolean loopback(URI target) {
        String host = target.getHost();
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            // A name.
            return false;
        }
    }
}
