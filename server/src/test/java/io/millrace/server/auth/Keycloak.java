package io.millrace.server.auth;

import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A real Keycloak, unpacked by the build, with its database in memory and what we need of its admin REST API. */
final class Keycloak implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final String ADMIN = "admin";

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final Process process;

    private Keycloak(int port, Process process) {
        this.port = port;
        this.process = process;
    }

    /** Starts it and returns when it answers. The first start after it was unpacked takes three times as long. */
    static Keycloak start() throws IOException {
        String folder = System.getProperty("millrace.keycloak");
        if (folder == null) {
            throw new IllegalStateException("The build unpacks Keycloak and says where: run this by ./mvnw verify.");
        }
        Path home = Path.of(folder);
        File log = home.resolveSibling("keycloak.log").toFile();
        int port = freePort();
        ProcessBuilder builder = new ProcessBuilder(
                        home.resolve("bin/kc.sh").toString(),
                        "start-dev",
                        "--http-host=127.0.0.1",
                        "--http-port=" + port,
                        "--cache=local",
                        "--db=dev-mem")
                .redirectErrorStream(true)
                .redirectOutput(log);
        builder.environment()
                .putAll(Map.of(
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "KC_BOOTSTRAP_ADMIN_USERNAME",
                        ADMIN,
                        "KC_BOOTSTRAP_ADMIN_PASSWORD",
                        ADMIN,
                        "JAVA_OPTS_KC_HEAP",
                        "-Xms256m -Xmx512m",
                        // It lives for seconds: what the optimising compiler would make is never used.
                        "JAVA_OPTS_APPEND",
                        "-XX:TieredStopAtLevel=1"));
        Keycloak keycloak = new Keycloak(port, builder.start());
        // Whoever interrupts the build is not left with a server.
        Runtime.getRuntime().addShutdownHook(new Thread(keycloak.process::destroy));
        try {
            await().atMost(START).pollInterval(Duration.ofMillis(200)).until(keycloak::answers);
            return keycloak;
        } catch (RuntimeException e) {
            keycloak.close();
            throw new IllegalStateException("Keycloak did not start:\n" + Files.readString(log.toPath()), e);
        }
    }

    private boolean answers() throws InterruptedException {
        if (!process.isAlive()) {
            throw new IllegalStateException("It ended with " + process.exitValue() + ".");
        }
        try {
            return send(HttpRequest.newBuilder(place("/realms/master"))).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private URI place(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    URI issuer(String realm) {
        return place("/realms/" + realm);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Makes something by the admin REST API. */
    void make(String path, Map<String, ?> what) throws IOException, InterruptedException, ParseException {
        String token = token(
                "master",
                Map.of("grant_type", "password", "client_id", "admin-cli", "username", ADMIN, "password", ADMIN));
        HttpResponse<String> answer = send(HttpRequest.newBuilder(place("/admin/realms" + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSONObjectUtils.toJSONString(what))));
        if (answer.statusCode() != 201) {
            throw new IOException("POST " + path + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    /** A client scope that goes into {@code scope} and brings an audience with it. */
    void makeScope(String realm, String name, String audience)
            throws IOException, InterruptedException, ParseException {
        make(
                "/" + realm + "/client-scopes",
                Map.of(
                        "name",
                        name,
                        "protocol",
                        "openid-connect",
                        "attributes",
                        Map.of("include.in.token.scope", "true"),
                        "protocolMappers",
                        List.of(Map.of(
                                "name",
                                "audience",
                                "protocol",
                                "openid-connect",
                                "protocolMapper",
                                "oidc-audience-mapper",
                                "config",
                                Map.of("included.custom.audience", audience, "access.token.claim", "true")))));
    }

    /** An access token by the token endpoint of a realm. */
    String token(String realm, Map<String, String> form) throws IOException, InterruptedException, ParseException {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(place("/realms/" + realm + "/protocol/openid-connect/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
        if (answer.statusCode() != 200) {
            throw new IOException("No token of " + realm + ": " + answer.statusCode() + " " + answer.body());
        }
        return JSONObjectUtils.getString(JSONObjectUtils.parse(answer.body()), "access_token");
    }

    /** Ends it, with the Java that its script has started. */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
        http.close();
    }
}
