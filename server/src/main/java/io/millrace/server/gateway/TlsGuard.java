package io.millrace.server.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Ends handshakes of TLS that take too long. Helidon shakes hands before it tells anybody of the connection; so that the
 * sockets it asks for are watched from here. Also finds the plain socket under a connection: closing one of TLS in good
 * order waits for the client, who may be the one that does not move.
 *
 * <p>Thread-safe.
 */
final class TlsGuard {

    private static final System.Logger LOG = System.getLogger(TlsGuard.class.getName());

    private final Watch watch;
    private final Duration longest;
    private final SSLContext real;

    /** The plain sockets, by the address of the client. */
    private final Map<SocketAddress, Socket> sockets = new ConcurrentHashMap<>();

    TlsGuard(KeyManager key, Watch watch, Duration longest) throws GeneralSecurityException {
        this.watch = watch;
        this.longest = longest;
        real = SSLContext.getInstance("TLS");
        real.init(new KeyManager[] {key}, null, null);
    }

    /** Makes sockets that are watched. */
    SSLContext context() {
        return new SSLContext(new Spi(), real.getProvider(), real.getProtocol()) {};
    }

    /** Closes the plain socket of a client, where it has one. */
    boolean cut(SocketAddress client) {
        Socket socket = sockets.get(client);
        if (socket == null) {
            return false;
        }
        close(socket);
        return true;
    }

    /** The connection of a client has ended. */
    void forget(SocketAddress client) {
        sockets.remove(client);
    }

    int watched() {
        return sockets.size();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Whatever it was, the socket is of no use to anybody now.
            LOG.log(System.Logger.Level.TRACE, "A connection could not be closed in good order", e);
        }
    }

    private Socket guard(Socket plain, SSLSocket socket) {
        SocketAddress client = plain.getRemoteSocketAddress();
        Watch.Deadline deadline = watch.open(() -> {
            sockets.remove(client, plain);
            close(plain);
        });
        sockets.put(client, plain);
        deadline.in(longest.toMillis());
        socket.addHandshakeCompletedListener(event -> deadline.close());
        return socket;
    }

    /** As the real one, but for the sockets. */
    private final class Spi extends SSLContextSpi {

        @Override
        protected void engineInit(
                KeyManager @Nullable [] keys, TrustManager @Nullable [] trust, @Nullable SecureRandom random) {
            throw new IllegalStateException("It has its key");
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return new Factory(real.getSocketFactory());
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return real.getServerSocketFactory();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return real.createSSLEngine();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return real.createSSLEngine(host, port);
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return real.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return real.getClientSessionContext();
        }
    }

    /** Wraps sockets that were accepted; it opens none. */
    private final class Factory extends SSLSocketFactory {
        private final SSLSocketFactory factory;

        Factory(SSLSocketFactory factory) {
            this.factory = factory;
        }

        @Override
        public Socket createSocket(Socket plain, @Nullable InputStream consumed, boolean autoClose) throws IOException {
            return guard(plain, (SSLSocket) factory.createSocket(plain, consumed, autoClose));
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return factory.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return factory.getSupportedCipherSuites();
        }

        @Override
        public Socket createSocket(Socket plain, String host, int port, boolean autoClose) throws IOException {
            return factory.createSocket(plain, host, port, autoClose);
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return factory.createSocket(host, port);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            return factory.createSocket(host, port, local, localPort);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return factory.createSocket(host, port);
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            return factory.createSocket(host, port, local, localPort);
        }
    }
}
