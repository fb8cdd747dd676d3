package io.millrace.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.server.http.Answer;
import io.millrace.server.http.Operation;
import io.millrace.server.http.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TlsTest {

    @TempDir
    Path folder;

    private TestGateway server(GatewayConfig.Tls tls) throws Exception {
        return new TestGateway(folder, TestGateway.Setting.usual().with(tls));
    }

    private static HttpResponse<String> send(HttpClient client, TestGateway server) throws Exception {
        return client.send(
                server.request("/events")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpClient client(Certificate trusted, HttpClient.Version version) throws Exception {
        return HttpClient.newBuilder()
                .sslContext(trusted.trusting())
                .version(version)
                .build();
    }

    @Test
    void bothVersionsAreSpokenAndChosenByTheHandshake() throws Exception {
        for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
            Certificate certificate = Certificate.make(folder, "first", algorithm);
            try (TestGateway server = server(certificate.writeTo(folder))) {
                for (HttpClient.Version version : List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
                    try (HttpClient client = client(certificate, version)) {
                        HttpResponse<String> answer = send(client, server);
                        assertThat(answer.statusCode()).isEqualTo(202);
                        assertThat(answer.version()).isEqualTo(version);
                        List<CompletableFuture<HttpResponse<String>>> many = IntStream.range(0, 20)
                                .mapToObj(i -> client.sendAsync(
                                        server.request("/events/_progress").build(),
                                        HttpResponse.BodyHandlers.ofString()))
                                .toList();
                        for (CompletableFuture<HttpResponse<String>> one : many) {
                            assertThat(one.get().statusCode()).isEqualTo(200);
                        }
                    }
                }
                // Whoever speaks plain HTTP hears nothing that could be taken for an answer.
                try (Raw raw = new Raw(server.port())) {
                    raw.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                    assertThat(raw.hearAfter(Duration.ZERO)).doesNotContain("HTTP/1.1");
                }
            }
        }
    }

    @Test
    void aNewKeyIsTakenWithoutARestartAndHalfAKeyIsNot() throws Exception {
        Certificate first = Certificate.make(folder, "first", "EC");
        Certificate second = Certificate.make(folder, "second", "RSA");
        try (TestGateway server = server(first.writeTo(folder));
                HttpClient old = client(first, HttpClient.Version.HTTP_1_1)) {
            assertThat(send(old, server).statusCode()).isEqualTo(202);
            Files.writeString(folder.resolve("key.pem"), "half a key");
            GatewayConfig.Tls files = second.writeTo(folder);
            assertThat(files.key()).exists();
            await().ignoreExceptions().untilAsserted(() -> {
                try (HttpClient fresh = client(second, HttpClient.Version.HTTP_1_1)) {
                    assertThat(send(fresh, server).statusCode()).isEqualTo(202);
                }
            });
            // A connection that was open goes on.
            assertThat(send(old, server).statusCode()).isEqualTo(202);
            try (HttpClient behind = client(first, HttpClient.Version.HTTP_1_1)) {
                assertThatThrownBy(() -> send(behind, server)).isInstanceOf(IOException.class);
            }
            // Only the certificate of the first: it and the key don't belong together.
            Files.write(
                    folder.resolve("cert.pem"),
                    List.of(
                            "-----BEGIN CERTIFICATE-----",
                            java.util.Base64.getEncoder()
                                    .encodeToString(first.certificate().getEncoded()),
                            "-----END CERTIFICATE-----"));
            try (HttpClient fresh = client(second, HttpClient.Version.HTTP_1_1)) {
                await().during(Duration.ofMillis(2500))
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> send(fresh, server).statusCode() == 202);
            }
        }
    }

    @Test
    void filesThatAreNoCertificateAndKeyAreSaidToBeSo() throws Exception {
        Certificate certificate = Certificate.make(folder, "first", "EC");
        GatewayConfig.Tls files = certificate.writeTo(folder);
        GatewayConfig.Tls missing = new GatewayConfig.Tls(folder.resolve("none.pem"), files.key());
        assertThatThrownBy(() -> new TlsKey(missing))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none.pem");
        GatewayConfig.Tls swapped = new GatewayConfig.Tls(files.key(), files.certificate());
        assertThatThrownBy(() -> new TlsKey(swapped)).hasMessageContaining("certificate");
        Certificate other = Certificate.make(folder, "other", "EC");
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        GatewayConfig.Tls mixed = new GatewayConfig.Tls(
                files.certificate(), other.writeTo(elsewhere).key());
        assertThatThrownBy(() -> new TlsKey(mixed)).hasMessageContaining("not the one of the certificate");
        Files.writeString(files.key(), "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n");
        assertThatThrownBy(() -> new TlsKey(files)).hasMessageContaining("openssl pkcs8");
    }

    @Test
    void aHandshakeThatStopsIsCutAndAnAnswerThatNobodyTakesToo() throws Exception {
        Certificate certificate = Certificate.make(folder, "first", "EC");
        TestGateway.Setting setting = TestGateway.Setting.usual()
                .with(TestGateway.limits(Duration.ofMillis(800), null, 1000))
                .with(certificate.writeTo(folder));
        try (TestGateway server = new TestGateway(folder, setting)) {
            List<Raw> silent = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                // The beginning of a record of TLS: 512 bytes of a handshake are to follow.
                silent.add(new Raw(server.port()).say(i == 0 ? "" : "\u0016\u0003\u0001\u0002\u0000"));
            }
            for (Raw raw : silent) {
                raw.rest();
                raw.close();
            }
            server.gateway.routes(Routes.NONE.and(new Route(
                    "GET",
                    "/large",
                    null,
                    Operation.of("test", "A test"),
                    request -> Answer.text("text/plain", "x".repeat(50_000_000)))));
            try (Raw raw = new Raw(certificate
                    .trusting()
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), server.port()))) {
                raw.say("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(raw.hearAfter(Duration.ofSeconds(3)).length()).isLessThan(50_000_000);
            }
        }
    }
}
