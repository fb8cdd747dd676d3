package io.millrace.server.gateway;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for 127.0.0.1 that it signed itself, made by the JDK's own tool. */
record Certificate(X509Certificate certificate, byte[] key) {

    private static final char[] PASSWORD = "changeit".toCharArray();

    static Certificate make(Path folder, String name, String algorithm) throws Exception {
        Path store = folder.resolve(name + "-" + algorithm + ".p12");
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "it",
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        store.toString()))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new AssertionError(said);
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        return new Certificate(
                (X509Certificate) keys.getCertificate("it"),
                keys.getKey("it", PASSWORD).getEncoded());
    }

    /** Puts both in place, each by one rename. */
    GatewayConfig.Tls writeTo(Path folder) throws Exception {
        return new GatewayConfig.Tls(
                pem(folder.resolve("cert.pem"), "CERTIFICATE", certificate.getEncoded()),
                pem(folder.resolve("key.pem"), "PRIVATE KEY", key));
    }

    private static Path pem(Path file, String what, byte[] der) throws Exception {
        Path made = file.resolveSibling(file.getFileName() + ".new");
        try (OutputStream out = Files.newOutputStream(made)) {
            out.write(("-----BEGIN " + what + "-----\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            out.write(Base64.getMimeEncoder().encode(der));
            out.write(("\n-----END " + what + "-----\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        return Files.move(made, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** For a client that trusts this and nothing else. */
    SSLContext trusting() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSWORD);
        trusted.setCertificateEntry("it", certificate);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}
