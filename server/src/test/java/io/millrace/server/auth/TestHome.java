package io.millrace.server.auth;

import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A home folder of a test, with a clock; removed at the end. */
final class TestHome implements AutoCloseable {

    /** The test is not about how long a hash takes. */
    static final SecretHash.Cost CHEAP = new SecretHash.Cost(64, 1);

    /** Made once, since it takes a while, and only where the test is not about making keys. */
    private static final SigningKey FIRST_KEY =
            SigningKey.make(TestClock.START, Duration.ofHours(1), new SecureRandom());

    final Path path;
    final TestClock clock = new TestClock();
    final SecureRandom random = new SecureRandom();

    TestHome() {
        this(true);
    }

    private TestHome(boolean withKey) {
        try {
            path = Files.createTempDirectory("millrace-auth");
            if (withKey) {
                PrivateFolder.open(path.resolve("auth/keys"))
                        .replace("keys.json", new Json().write(SigningKey.InFile.of(List.of(FIRST_KEY))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (AuthException e) {
            throw new AssertionError(e);
        }
    }

    /** As on a machine where Millrace has never run. */
    static TestHome untouched() {
        return new TestHome(false);
    }

    Auth open() throws AuthException, InterruptedException {
        return open(AuthConfig.BuiltIn.defaults());
    }

    Auth open(AuthConfig.BuiltIn config) throws AuthException, InterruptedException {
        return Auth.builtIn(path, config, CHEAP, clock, random);
    }

    /** The newest key, with its private half, as an attacker who has broken in would have it. */
    RSAKey newestKey() throws IOException, ParseException {
        return keys().getLast();
    }

    List<RSAKey> keys() throws IOException, ParseException {
        Map<String, Object> file = JSONObjectUtils.parse(Files.readString(path.resolve("auth/keys/keys.json")));
        List<RSAKey> keys = new ArrayList<>();
        for (Map<String, Object> key : JSONObjectUtils.getJSONObjectArray(file, "keys")) {
            keys.add(RSAKey.parse(JSONObjectUtils.getJSONObject(key, "jwk")));
        }
        return keys;
    }

    /** All of the audit log. Complete once what writes it is closed. */
    List<Map<String, Object>> audit() throws IOException, ParseException {
        List<Map<String, Object>> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(path.resolve("audit"))) {
            for (Path file : files.sorted().toList()) {
                for (String line : Files.readAllLines(file)) {
                    if (!line.isEmpty()) {
                        lines.add(JSONObjectUtils.parse(line));
                    }
                }
            }
        }
        return lines;
    }

    /** Everything in all files below a folder, to look for what must not be there. */
    String everythingIn(String folder) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(path.resolve(folder))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }

    /** A request for a token by form parameters. */
    static TokenAnswer ask(Auth auth, String client, String secret) throws InterruptedException {
        return ask(auth, client, secret, "192.0.2.1");
    }

    static TokenAnswer ask(Auth auth, String client, String secret, String address) throws InterruptedException {
        return issuer(auth)
                .endpoint()
                .answer(
                        new Call(null, address, "POST", "/oauth2/token", "r1"),
                        "application/x-www-form-urlencoded",
                        "grant_type=client_credentials&client_id=" + client + "&client_secret=" + secret);
    }

    static BuiltInIssuer issuer(Auth auth) {
        return auth.issuer().orElseThrow();
    }

    /** Adds a client and gets it a token. */
    static String token(Auth auth, String client, Set<Scope> scopes) throws AuthException, InterruptedException {
        issuer(auth).clients().add(client, scopes);
        return issuer(auth).token(client).token();
    }

    static String basic(String client, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    static Map<String, Object> json(TokenAnswer answer) {
        try {
            return JSONObjectUtils.parse(answer.body());
        } catch (ParseException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
