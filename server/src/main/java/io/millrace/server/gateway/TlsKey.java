package io.millrace.server.gateway;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The server's certificate and key, read from their files and again when these change. New handshakes use the newest that
 * belong together; while the files don't, as between two writes, those before.
 *
 * <p>Thread-safe. One thread of its own, which ends with {@link #close}.
 */
final class TlsKey extends X509ExtendedKeyManager implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(TlsKey.class.getName());
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Pattern PEM_KEY =
            Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([A-Za-z0-9+/=\\s]*)-----END \\1PRIVATE KEY-----");
    private static final char[] NO_PASSWORD = {};

    private final GatewayConfig.Tls files;
    private final Thread thread;
    private volatile X509ExtendedKeyManager current;

    /** Confined to the thread, once it runs. */
    private List<Object> seen;

    /** @throws IOException where the files can't be read, or are no certificate and its key; the message says why */
    TlsKey(GatewayConfig.Tls files) throws IOException {
        this.files = files;
        this.seen = stamps();
        this.current = load();
        this.thread = Thread.ofVirtual().name("gateway-tls-key").start(this::watch);
    }

    private void watch() {
        String known = null;
        while (true) {
            try {
                Thread.sleep(LOOK_EVERY);
            } catch (InterruptedException e) {
                // Nobody but close interrupts this thread.
                return;
            }
            try {
                List<Object> stamps = stamps();
                if (!stamps.equals(seen) || known != null) {
                    current = load();
                    seen = stamps;
                    known = null;
                    LOG.log(System.Logger.Level.INFO, "The certificate in " + files.certificate() + " was read again");
                }
            } catch (IOException e) {
                // The last good ones hold. It is looked at again until it is in order, and said once for each reason.
                if (!String.valueOf(e.getMessage()).equals(known)) {
                    known = String.valueOf(e.getMessage());
                    LOG.log(System.Logger.Level.WARNING, known + " The one before is used on.");
                }
            }
        }
    }

    /** Tells one content of the files from the next. */
    private List<Object> stamps() throws IOException {
        List<Object> stamps = new ArrayList<>();
        for (Path file : List.of(files.certificate(), files.key())) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                stamps.add(attributes.lastModifiedTime());
                stamps.add(attributes.size());
                stamps.add(String.valueOf(attributes.fileKey()));
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }
        return stamps;
    }

    private X509ExtendedKeyManager load() throws IOException {
        List<X509Certificate> chain = certificates(files.certificate());
        PrivateKey key = key(files.key(), chain.getFirst());
        try {
            mustMatch(key, chain.getFirst());
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            store.setKeyEntry("server", key, NO_PASSWORD, chain.toArray(new Certificate[0]));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, NO_PASSWORD);
            return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
        } catch (GeneralSecurityException e) {
            throw new IOException("The key in " + files.key() + " can't be used: " + e.getMessage() + ".", e);
        }
    }

    private static List<X509Certificate> certificates(Path file) throws IOException {
        try {
            List<X509Certificate> chain = new ArrayList<>();
            byte[] content = read(file);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(content))) {
                chain.add((X509Certificate) certificate);
            }
            if (chain.isEmpty()) {
                throw new IOException("The file " + file + " has no certificate; expected PEM, BEGIN CERTIFICATE.");
            }
            return chain;
        } catch (GeneralSecurityException e) {
            throw new IOException("The file " + file + " is no certificate in PEM: " + e.getMessage() + ".", e);
        }
    }

    private static PrivateKey key(Path file, X509Certificate certificate) throws IOException {
        Matcher matcher = PEM_KEY.matcher(new String(read(file), StandardCharsets.ISO_8859_1));
        if (!matcher.find() || !matcher.group(1).isEmpty()) {
            throw new IOException(
                    "The file " + file + " has no key as PKCS #8 without a passphrase (BEGIN PRIVATE KEY)."
                            + " Make one of yours with: openssl pkcs8 -topk8 -nocrypt -in yours.pem -out key.pem");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(matcher.group(2));
            return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("The key in " + file + " is not the one of the certificate, or damaged.", e);
        }
    }

    /** Signs something with the one and verifies it with the other. */
    private void mustMatch(PrivateKey key, X509Certificate certificate) throws IOException, GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update((byte) 1);
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(certificate.getPublicKey());
        verifier.update((byte) 1);
        if (!verifier.verify(signer.sign())) {
            throw new IOException(
                    "The key in " + files.key() + " is not the one of the certificate in " + files.certificate() + ".");
        }
    }

    private static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static IOException unreadable(Path file, IOException e) {
        return new IOException(
                "The file " + file + " can't be read: " + e.getClass().getSimpleName() + ".", e);
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return current.getServerAliases(keyType, issuers);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return current.chooseServerAlias(keyType, issuers, socket);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return current.chooseEngineServerAlias(keyType, issuers, engine);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return current.getCertificateChain(alias);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return current.getPrivateKey(alias);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
