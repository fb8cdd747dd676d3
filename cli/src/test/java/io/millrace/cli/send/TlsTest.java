package io.millrace.cli.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose certificate no public authority has signed. */
@Timeout(60)
class TlsTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void anAuthorityOfOnesOwnIsTrustedWhenItIsNamed() throws Exception {
        try (ScriptedGateway gateway = new ScriptedGateway(request -> ScriptedGateway.TAKE, tls())) {
            HttpRequest request = HttpRequest.newBuilder(gateway.uri()).build();
            try (Http http = Http.open(null, Duration.ofSeconds(20))) {
                assertThatThrownBy(() -> http.send(request))
                        .isInstanceOf(NoAnswerException.class)
                        .hasMessageContaining("no secure connection")
                        .hasMessageContaining("--cacert");
            }
            keytool("-exportcert", "-rfc", "-file", folder.resolve("own.pem").toString());
            try (Http http = Http.open(folder.resolve("own.pem"), Duration.ofSeconds(20))) {
                assertThat(http.send(request).statusCode()).isEqualTo(202);
            }
        }
    }

    @Test
    void aFileThatHoldsNoCertificateIsNamed() throws IOException {
        for (String content : new String[] {"", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n", "x"}) {
            Path file = Files.writeString(folder.resolve("wrong.pem"), content);

            assertThatThrownBy(() -> Http.open(file, Duration.ofSeconds(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("wrong.pem: ");
        }
    }

    private SSLContext tls() throws IOException, InterruptedException, GeneralSecurityException {
        keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=gateway", "-ext", "SAN=ip:127.0.0.1");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("keys.p12"))) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** The JDK's own tool, since the JDK has no API that makes a certificate. */
    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-alias",
                "own",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                folder.resolve("keys.p12").toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream printed = process.getInputStream()) {
            String text = new String(printed.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(text).isZero();
        }
    }
}
