package io.millrace.server.auth;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An OpenID provider that does what a test wants of it, over real HTTP. {@link KeycloakIT} has a real one. */
final class FakeProvider implements AutoCloseable {

    final AtomicInteger discoveries = new AtomicInteger();
    final AtomicInteger keyReads = new AtomicInteger();
    volatile List<JWK> keys = List.of();
    volatile String issuerInDocument;
    volatile String jwksUri;
    volatile int status = 200;

    /** While it is more than zero no key read is answered. */
    volatile CountDownLatch hanging = new CountDownLatch(0);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    FakeProvider(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        issuerInDocument = issuer().toString();
        jwksUri = issuer() + "/keys";
        server.createContext("/realm/.well-known/openid-configuration", exchange -> {
            discoveries.incrementAndGet();
            answer(exchange, "{\"issuer\":\"" + issuerInDocument + "\",\"jwks_uri\":\"" + jwksUri + "\"}");
        });
        server.createContext("/realm/keys", exchange -> {
            keyReads.incrementAndGet();
            try {
                hanging.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            answer(exchange, new JWKSet(keys).toString());
        });
        server.start();
    }

    private void answer(HttpExchange exchange, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    URI issuer() {
        return issuer(port());
    }

    static URI issuer(int port) {
        return URI.create("http://127.0.0.1:" + port + "/realm");
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        hanging.countDown();
        server.stop(0);
        threads.close();
    }
}
